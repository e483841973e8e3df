//! A dialog that does one thing: a title, a body, a way out, one button that does it.

use std::{future::Future, pin::Pin, sync::Arc};

use leptos::prelude::*;

use super::{Close, FormTrouble, Layer, dynamic, submitted};
use crate::{
    api::{Answer, Failure},
    session::session,
    speech::{speech, w},
};

/// What the button does.
pub(crate) type Deed = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Answer<()>>>> + Send + Sync>;

/// A dialog that does one thing and closes when that is done; what was refused is said in it.
#[component]
pub(crate) fn DeedDialog(
    /// What it does: its title and the word of its button.
    #[prop(into)]
    title: Signal<String>,
    /// Called when the person wants out, and when it is done.
    close: Callback<()>,
    /// What is done.
    deed: Deed,
    /// What was refused last.
    failure: RwSignal<Option<Failure>>,
    /// Whether it can be done as things stand.
    #[prop(into)]
    ready: Signal<bool>,
    /// It destroys something.
    #[prop(optional)]
    danger: bool,
    children: Children,
) -> impl IntoView {
    let s = speech();
    let session = session();
    let busy = RwSignal::new(false);
    let go = move || {
        if busy.get_untracked() || !ready.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        let done = deed();
        leptos::task::spawn_local(async move {
            let outcome = done.await;
            // The page may have been left.
            if busy.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(()) => close.run(()),
                Err(why) => {
                    session.noticed(&why);
                    failure.set(Some(why));
                }
            }
        });
    };
    view! {
        <Layer class="dialog" label=title close>
            <form class="dialog__form" on:submit=submitted(go)>
                <div class="dialog__head">
                    <h2 class="grow cut">{dynamic(move || title.get())}</h2>
                    <Close close />
                </div>
                <div class="dialog__body">
                    {children()}
                </div>
                <div class="dialog__said">
                    <FormTrouble failure />
                </div>
                <div class="dialog__foot">
                    <button class="btn end" type="button" data-first=danger.then_some("") on:click=move |_| close.run(())>
                        {w!(s.cancel)}
                    </button>
                    <button
                        class="btn"
                        class=("btn--danger", danger)
                        class=("btn--primary", !danger)
                        type="submit"
                        data-action="confirm"
                        disabled=dynamic(move || busy.get() || !ready.get())
                    >
                        <span class="cut">{dynamic(move || title.get())}</span>
                    </button>
                </div>
            </form>
        </Layer>
    }
}
