//! A list that a person goes through before it goes: what is ticked is removed and nothing else, one by one, and what
//! cannot be removed says why.

use leptos::prelude::*;
use longshore_api::{ops::Permission, sentence::Sentence, words::say};

use super::{Close, Icon, Layer, Show, Trouble, dynamic, memo, submitted};
use crate::{
    api::{Answer, Failure},
    places::{Page, places},
    session::{Session, session},
    speech::{speech, w},
};

/// A thing that may go.
#[derive(Clone)]
pub(crate) struct Going<T> {
    /// The thing, as it was when the list was made.
    pub(crate) thing: T,
    ticked: RwSignal<bool>,
    /// What became of it; of what has gone, what is to be said besides.
    outcome: RwSignal<Option<Answer<Option<Sentence>>>>,
}

impl<T> Going<T> {
    /// It has not gone yet.
    pub(crate) fn new(thing: T, ticked: bool) -> Self {
        Self { thing, ticked: RwSignal::new(ticked), outcome: RwSignal::new(None) }
    }

    /// It has gone; tracked.
    pub(crate) fn has_gone(&self) -> bool {
        matches!(self.outcome.get(), Some(Ok(_)))
    }

    /// It is ticked and has not gone yet; tracked.
    pub(crate) fn is_left(&self) -> bool {
        self.ticked.get() && !self.has_gone()
    }
}

/// Removes them one by one, with `remove`. Whoever closes the dialog stops here: what has not been asked for yet stays.
pub(crate) fn let_go<T: 'static>(
    doomed: Vec<Going<T>>,
    busy: RwSignal<bool>,
    session: Session,
    remove: impl AsyncFn(&T) -> Answer<Option<Sentence>> + 'static,
) {
    busy.set(true);
    leptos::task::spawn_local(async move {
        for going in doomed {
            let outcome = remove(&going.thing).await;
            if let Err(why) = &outcome {
                session.noticed(why);
            }
            if going.outcome.try_set(Some(outcome)).is_some() {
                return;
            }
        }
        _ = busy.try_set(false);
    });
}

/// The dialog around the list.
#[component]
pub(crate) fn GoingDialog(
    /// What it does.
    #[prop(into)]
    title: Signal<String>,
    /// Called when the person wants out.
    close: Callback<()>,
    /// Why there is no list.
    failure: RwSignal<Option<Failure>>,
    /// How much becomes free, where that is known.
    #[prop(into)]
    frees: Signal<Option<String>>,
    /// The word of the button.
    #[prop(into)]
    deed: Signal<String>,
    /// Whether it can be done as things stand.
    #[prop(into)]
    ready: Signal<bool>,
    /// How many are left to go, and how many have gone.
    #[prop(into)]
    count: Signal<(usize, usize)>,
    /// Called to do it, while it is ready.
    #[prop(into)]
    go: Callback<()>,
    children: Children,
) -> impl IntoView {
    let s = speech();
    let over = memo(move || matches!(count.get(), (0, 1..)));
    let word = move || match count.get() {
        (0, _) => s.words().verb_remove().to_owned(),
        _ => deed.get(),
    };
    let go = move || {
        if ready.get_untracked() {
            go.run(());
        }
    };
    view! {
        <Layer class="dialog dialog--wide" label=title close>
            <form class="dialog__form" on:submit=submitted(go)>
                <div class="dialog__head">
                    <h2 class="grow cut">{dynamic(move || title.get())}</h2>
                    <Close close first=true />
                </div>
                <div class="dialog__body">
                    <Trouble failure />
                    {children()}
                </div>
                <div class="dialog__foot">
                    <span class="t2" role="status">
                        {dynamic(move || match count.get() {
                            (0, gone @ 1..) => Some(s.say(&say::have_gone(gone))),
                            _ => frees.get(),
                        })}
                    </span>
                    <button class="btn end" type="button" on:click=move |_| close.run(())>
                        {w!(s.close)}
                    </button>
                    <Show when=move || !over.get()>
                        <button
                            class="btn btn--danger"
                            type="submit"
                            data-action="confirm"
                            disabled=dynamic(move || !ready.get())
                        >
                            <span class="cut">{dynamic(word)}</span>
                        </button>
                    </Show>
                </div>
            </form>
        </Layer>
    }
}

/// Says of how many of those that are left to go nobody has measured the size, and leads to where that is done.
#[component]
pub(crate) fn Unmeasured(#[prop(into)] count: Signal<usize>) -> impl IntoView {
    let s = speech();
    let (session, places) = (session(), places());
    let may = memo(move || session.may_somewhere(Permission::Manage));
    view! {
        <Show when=move || count.get() != 0>
            <p class="t2 sm" data-unmeasured="">
                {dynamic(move || s.say(&say::sizes_unknown(count.get())))} " "
                <Show when=move || may.get()>
                    <a href=dynamic(move || places.address(Page::Disk))>{w!(s.measure_sizes)}</a>
                </Show>
            </p>
        </Show>
    }
}

/// A line of the list: the box with what stands beside it, what became of it, and what stands at the end.
pub(crate) fn going_line<T: Clone + Send + Sync + 'static>(
    going: &Going<T>,
    marked: String,
    busy: RwSignal<bool>,
    what: AnyView,
    end: AnyView,
) -> AnyView {
    let s = speech();
    let Going { ticked, outcome, .. } = *going;
    let gone = memo(move || matches!(outcome.get(), Some(Ok(_))));
    let why = move || match outcome.get() {
        Some(Err(failure)) => {
            Some(failure.engine().map_or_else(|| s.say(&failure.sentence()), str::to_owned))
        }
        Some(Ok(remark)) => remark.map(|remark| s.say(&remark)),
        None => None,
    };
    view! {
        <li data-goes=marked class:is-gone=dynamic(move || gone.get())>
            <label class="opt grow">
                <input
                    class="box"
                    type="checkbox"
                    prop:checked=dynamic(move || ticked.get())
                    disabled=dynamic(move || busy.get() || gone.get())
                    on:change=move |_| ticked.update(|ticked| *ticked = !*ticked)
                />
                {what}
            </label>
            {dynamic(move || why().map(|why| view! { <span class="prune__why" role="alert">{why}</span> }))}
            <Show when=move || gone.get()>
                <span role="status" aria-label=w!(s.removed)>
                    <Icon name="check" />
                </span>
            </Show>
            <span class="end nowrap">{end}</span>
        </li>
    }
    .into_any()
}
