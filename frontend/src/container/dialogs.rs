//! What is asked in a dialog: a new name, a signal.

use leptos::prelude::*;
use longshore_api::words::say;

use super::follow::{One, one};
use crate::{
    api::{self, Answer, Failure},
    parts::{Close, Field, FormTrouble, Layer, dynamic, submitted},
    speech::{speech, w},
};

/// A dialog of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialog {
    /// A new name.
    Rename,
    /// A signal.
    Signal,
    /// Whether it is made anew, and of which image.
    Recreate,
}

/// Those that people send; another can be typed.
const SIGNALS: [&str; 8] =
    ["SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGTERM", "SIGWINCH", "SIGKILL"];

/// The dialog that is open, where one is.
#[component]
pub(super) fn Dialogs(open: RwSignal<Option<Dialog>>) -> impl IntoView {
    let close = Callback::new(move |()| open.set(None));
    dynamic(move || {
        open.get().map(|dialog| match dialog {
            Dialog::Rename => view! { <Rename close /> }.into_any(),
            Dialog::Signal => view! { <Signals close /> }.into_any(),
            Dialog::Recreate => view! { <Recreate close /> }.into_any(),
        })
    })
}

#[component]
fn Rename(close: Callback<()>) -> impl IntoView {
    let s = speech();
    let one = one();
    let before = one.part(|detail| detail.name.clone()).get_untracked();
    let failure = RwSignal::new(None::<Failure>);
    let name = RwSignal::new(before.clone());
    let title = Signal::derive(move || s.say(&say::verb_name(before.clone(), s.words().rename())));
    let go = Callback::new(move |()| {
        let name = name.get_untracked().trim().to_owned();
        let asked = async move { api::rename_container(&one.host(), &one.id(), name).await };
        leptos::task::spawn_local(async move { ended(one, asked.await, failure, close) });
    });
    view! {
        <Form title close go failure button=Signal::derive(move || s.words().rename())>
            <Field name="name" label=w!(s.new_name) value=name autocomplete="off" failure first=true />
        </Form>
    }
}

#[component]
fn Signals(close: Callback<()>) -> impl IntoView {
    let s = speech();
    let one = one();
    let name = one.part(|detail| detail.name.clone()).get_untracked();
    let failure = RwSignal::new(None::<Failure>);
    let signal = RwSignal::new("SIGHUP".to_owned());
    let title = Signal::derive(move || s.say(&say::verb_name(name.clone(), s.words().send_signal())));
    let go = Callback::new(move |()| {
        let signal = signal.get_untracked().trim().to_owned();
        let asked = async move { api::signal_container(&one.host(), &one.id(), signal).await };
        leptos::task::spawn_local(async move { ended(one, asked.await, failure, close) });
    });
    let choices = move || {
        SIGNALS
            .map(|each| {
                view! {
                    <button
                        class="btn btn--sm"
                        type="button"
                        aria-pressed=dynamic(move || signal.with(|signal| signal == each).to_string())
                        on:click=move |_| signal.set(each.to_owned())
                    >
                        {each}
                    </button>
                }
            })
            .collect_view()
    };
    view! {
        <Form title close go failure button=Signal::derive(move || s.words().send())>
            <Field name="signal" label=w!(s.signal) value=signal autocomplete="off" failure first=true />
                    <div class="row row--wrap container__signals">{choices()}</div>
        </Form>
    }
}

#[component]
fn Recreate(close: Callback<()>) -> impl IntoView {
    let s = speech();
    let one = one();
    let name = one.part(|detail| detail.name.clone()).get_untracked();
    let failure = RwSignal::new(None::<Failure>);
    let newer = RwSignal::new(false);
    let called = name.clone();
    let title = Signal::derive(move || s.say(&say::recreate_name(called.clone())));
    let go = Callback::new(move |()| {
        let (name, newer) = (name.clone(), newer.get_untracked());
        leptos::task::spawn_local(async move {
            match api::recreate_container(&one.host(), &one.id(), newer).await {
                Ok(job) => {
                    one.recreated_by(job.id, name);
                    close.try_run(());
                }
                Err(why) => {
                    one.noticed(&why);
                    failure.try_set(Some(why));
                }
            }
        });
    });
    let choice = move |newest: bool| {
        view! {
            <button
                class="pick"
                type="button"
                role="radio"
                data-newer=newest.to_string()
                aria-checked=dynamic(move || (newer.get() == newest).to_string())
                on:click=move |_| newer.set(newest)
            >
                <b class="b">{dynamic(move || if newest { s.words().recreate_newer() } else { s.words().recreate_same() })}</b>
                <span class="t2 sm">
                    {dynamic(move || if newest { s.words().recreate_newer_more() } else { s.words().recreate_same_more() })}
                </span>
            </button>
        }
    };
    view! {
        <Form title close go failure button=Signal::derive(move || s.words().recreate())>
            <div class="col" role="radiogroup" aria-label=title>{choice(false)} {choice(true)}</div>
            <p class="t2 container__means">{w!(s.recreate_means)}</p>
        </Form>
    }
}

/// A dialog with a form: what is typed stays when it is refused, and the reason stands below it.
#[component]
fn Form(
    title: Signal<String>,
    close: Callback<()>,
    go: Callback<()>,
    #[prop(into)] button: Signal<&'static str>,
    failure: RwSignal<Option<Failure>>,
    children: Children,
) -> impl IntoView {
    let s = speech();
    view! {
        <Layer class="dialog" label=title close>
            <form on:submit=submitted(move || go.run(()))>
                <div class="dialog__head">
                    <h2 class="grow cut">{title}</h2>
                    <Close close />
                </div>
                <div class="dialog__body">{children()} <FormTrouble failure /></div>
                <div class="dialog__foot">
                    <button class="btn end" type="button" on:click=move |_| close.run(())>
                        {w!(s.cancel)}
                    </button>
                    <button class="btn btn--primary" type="submit">
                        {dynamic(move || button.get())}
                    </button>
                </div>
            </form>
        </Layer>
    }
}

fn ended(one: One, answer: Answer<()>, failure: RwSignal<Option<Failure>>, close: Callback<()>) {
    match answer {
        Ok(()) => {
            close.try_run(());
            one.look();
        }
        Err(why) => {
            one.noticed(&why);
            failure.try_set(Some(why));
        }
    }
}
