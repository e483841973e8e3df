//! A command in a container of its own, made as a service is.

use std::sync::Arc;

use leptos::prelude::*;
use longshore_api::{line, web::once::RunOnce, words::say};

use super::draft::draft;
use crate::{
    api::{self, Failure},
    console::split,
    parts::{CodeLine, Deed, DeedDialog, Field},
    places::places,
    speech::{speech, w},
};

/// Asks for the command; what it says, and how it ends, stands in the log that is shown then.
#[component]
pub(super) fn RunOnceDialog(service: String, close: Callback<()>) -> impl IntoView {
    let s = speech();
    let (draft, places) = (draft(), places());
    let command = RwSignal::new(String::new());
    let failure = RwSignal::new(None::<Failure>);
    let of = StoredValue::new(service.clone());
    let deed: Deed = Arc::new(move || {
        let wish = RunOnce {
            service: of.get_value(),
            command: split(&command.get_untracked()),
            start: true,
            ..RunOnce::default()
        };
        let (host, stack) = (draft.host.get_value(), draft.name.get_value());
        Box::pin(async move {
            let made = api::run_once(&host, &stack, &wish).await?;
            places.go(places.logs([(host.as_str(), made.name.as_str())].into_iter()));
            Ok(())
        })
    });
    let line = Signal::derive(move || {
        let command = split(&command.get());
        line::runs(&draft.host.get_value(), &draft.name.get_value(), &of.get_value(), &command)
    });
    let title = Signal::derive(move || s.say(&say::run_once_as(of.get_value())));
    view! {
        <DeedDialog title close deed failure ready=true>
            <Field
                name="command"
                label=Signal::derive(w!(s.command))
                value=command
                autocomplete="off"
                help=Signal::derive(move || Some(s.words().run_once_help().to_owned()))
                failure=Signal::derive(|| None)
                first=true
            />
            <p class="t2 sm">{w!(s.run_once_more)}</p>
            <div class="stacks__line" data-panel="line">
                <p class="t3 sm">{w!(s.stack_line)}</p>
                <CodeLine text=line />
            </div>
        </DeedDialog>
    }
}
