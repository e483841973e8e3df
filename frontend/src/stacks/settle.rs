//! From a plan to doing it: the foot below the plan, and the dialog with the last word.

use std::sync::Arc;

use leptos::prelude::*;
use longshore_api::{
    web::stack::{OnFailure, StackWish},
    words::{Words, say},
};

use super::{
    apply::carry_out,
    draft::{Draft, draft},
    plan::counts,
};
use crate::{
    api::{Answer, Failure},
    parts::{DeedDialog, Field, Show, Trouble, dynamic, memo},
    speech::{speech, w},
};

/// How much is done, and the button that does it.
#[component]
pub(super) fn Foot(settles: RwSignal<bool>) -> impl IntoView {
    let s = speech();
    let draft = draft();
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let may = memo(move || {
        // What changes nothing on the host may still be worth a release.
        let planned = draft.plan.with(|plan| plan.as_ref().is_some_and(|plan| !plan.digest.is_empty()));
        let does = draft.plan.with(|plan| plan.as_ref().is_some_and(|plan| !plan.rows.is_empty()));
        let rests = draft.applying().is_none() && !draft.planning.get() && !busy.get();
        planned && rests && (does || draft.is_changed())
    });
    // A return says of itself what it is: nothing is asked.
    let returns = move || {
        busy.set(true);
        failure.set(None);
        leptos::task::spawn_local(async move {
            if let Err(why) = settle(draft, shown(draft), String::new(), OnFailure::Undo).await {
                draft.session.noticed(&why);
                _ = failure.try_set(Some(why));
            }
            _ = busy.try_set(false);
        });
    };
    let next_step = move |_| match draft.returns_to.get_untracked() {
        Some(_) => returns(),
        None => settles.set(true),
    };
    let said = move || {
        let counts = draft.plan.with(|plan| plan.as_ref().map(counts)).unwrap_or_default();
        let of = |code: &str| counts.get(code).copied().unwrap_or_default();
        s.say(&say::plan_counts(of("change"), of("create"), of("remove")))
    };
    let next = move || {
        if let Some(number) = draft.applying() {
            return s.say(&say::release_applying_now(number));
        }
        if draft.adopts() {
            return s.words().stack_adopt().to_owned();
        }
        let newest = draft
            .stack
            .with(|stack| stack.as_ref().and_then(|it| it.row.release.as_ref().map(|head| head.number)));
        s.say(&say::apply_release(newest.unwrap_or_default() + 1))
    };
    // The files as one write it so, wherever it came from.
    let builds = memo(move || {
        draft.plan.with(|plan| {
            plan.as_ref().is_some_and(|plan| plan.resolved.lines().any(|line| line == "    build:"))
        })
    });
    view! {
        <Trouble failure />
        <div class="panel__foot row">
            <Tick name="pull" of=|wish| &mut wish.pull word=Words::stack_newer />
            <Show when=move || builds.get()>
                <Tick name="build" of=|wish| &mut wish.build word=Words::stack_builds_anew />
            </Show>
            <Show when=move || draft.plan.with(|plan| plan.as_ref().is_some_and(|plan| !plan.rows.is_empty()))>
                <span class="t3 sm no-phone">{dynamic(said)}</span>
            </Show>
            <span class="end row">
                <button
                    class="btn btn--primary"
                    type="button"
                    data-action="apply"
                    disabled=dynamic(move || !may.get())
                    on:click=next_step
                >
                    {dynamic(next)}
                </button>
            </span>
        </div>
    }
}

/// The digest of the plan that is shown.
fn shown(draft: Draft) -> String {
    draft.plan.with_untracked(|plan| plan.as_ref().map(|plan| plan.digest.clone())).unwrap_or_default()
}

/// Applies the plan that was shown.
async fn settle(draft: Draft, digest: String, message: String, on_failure: OnFailure) -> Answer<()> {
    let done = carry_out(draft, draft.question(), digest, message, on_failure).await;
    match &done {
        // What is written is what is there by then.
        Ok(()) => draft.settled(),
        // Something has changed since: the plan of now is shown.
        Err(_) => draft.look(),
    }
    done
}

/// Something that is wished for or not; each change is planned.
#[component]
fn Tick(
    name: &'static str,
    of: fn(&mut StackWish) -> &mut bool,
    word: fn(&Words) -> &'static str,
) -> impl IntoView {
    let s = speech();
    let draft = draft();
    view! {
        <label class="opt">
            <input
                class="box"
                type="checkbox"
                name=name
                prop:checked=dynamic(move || *of(&mut draft.wish.get()))
                on:change=move |_| {
                    draft.wish.update(|wish| *of(wish) = !*of(wish));
                    draft.look();
                }
            />
            {dynamic(move || word(s.words()))}
        </label>
    }
}

/// The last word before it is done: what the release says of itself, and what happens where something fails.
#[component]
pub(super) fn Settle(close: Callback<()>) -> impl IntoView {
    let s = speech();
    let draft = draft();
    let message = RwSignal::new(String::new());
    let stops = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let digest = shown(draft);
    let deed = Arc::new(move || {
        let on_failure = if stops.get_untracked() { OnFailure::Stop } else { OnFailure::Undo };
        let done = settle(draft, digest.clone(), message.get_untracked(), on_failure);
        Box::pin(done) as std::pin::Pin<Box<dyn Future<Output = Answer<()>>>>
    });
    // What changes nothing is taken over as it is.
    let adopts = untrack(|| draft.adopts());
    let title = Signal::derive(move || {
        let name = draft.name.get_value();
        s.say(&if adopts { say::adopt_name(name) } else { say::job_stack_up(name) })
    });
    view! {
        <DeedDialog title close deed failure ready=true>
            <Field
                name="message"
                label=Signal::derive(w!(s.release_message))
                value=message
                autocomplete="off"
                note=Signal::derive(move || Some(s.words().optional()))
                failure=Signal::derive(move || failure.get())
                first=true
            />
            <Show when=move || !adopts>
            <label class="opt">
                <input class="box" type="checkbox" name="stop" on:change=move |_| stops.update(|stops| *stops = !*stops) />
                {w!(s.stack_stop_on_failure)}
            </label>
            <p class="t2 sm">{dynamic(move || if stops.get() { s.words().stack_stops_more() } else { s.words().stack_undoes_more() })}</p>
            </Show>
        </DeedDialog>
    }
}
