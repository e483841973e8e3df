//! The form of a console that is not just a shell: a program of one's own, as somebody, somewhere, or the container's own.

use leptos::prelude::*;
use longshore_api::{web::console::Run, words::say};

use super::words::split;
use crate::{
    parts::{Close, Field, Layer, dynamic, submitted},
    speech::{Speech, speech, w},
};

/// What is to be run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Shell,
    Command,
    Attach,
}

impl What {
    const ALL: [Self; 3] = [Self::Shell, Self::Command, Self::Attach];

    fn code(self) -> &'static str {
        match self {
            Self::Shell => "shell",
            Self::Command => "command",
            Self::Attach => "attach",
        }
    }

    fn words(self, s: Speech) -> (&'static str, &'static str) {
        let words = s.words();
        match self {
            Self::Shell => (words.console_shell, words.console_shell_more),
            Self::Command => (words.console_command, words.console_command_more),
            Self::Attach => (words.console_attach, words.console_attach_more),
        }
    }
}

/// The dialog. `open` is called with what is to be run.
#[component]
pub(super) fn NewConsole(
    /// The container's name.
    name: String,
    /// Called when the person wants out.
    #[prop(into)]
    close: Callback<()>,
    /// Called with what is to be run.
    #[prop(into)]
    open: Callback<Run>,
) -> impl IntoView {
    let s = speech();
    let what = RwSignal::new(What::Shell);
    let [command, user, folder, env] = [(); 4].map(|()| RwSignal::new(String::new()));
    let no_failure = Signal::derive(|| None);
    let title = Signal::derive(move || s.say(&say::console_in(&name)));
    let go = move || {
        let mut run = Run::default();
        match what.get_untracked() {
            What::Attach => run.attach = true,
            What::Command => run.command = split(&command.get_untracked()),
            What::Shell => {}
        }
        if !run.attach {
            run.user = user.get_untracked().trim().to_owned();
            run.folder = folder.get_untracked().trim().to_owned();
            run.env = env
                .get_untracked()
                .lines()
                .map(str::trim)
                .filter(|line| line.contains('=') && !line.starts_with('#'))
                .map(str::to_owned)
                .collect();
        }
        close.run(());
        open.run(run);
    };
    let unready = move || what.get() == What::Command && split(&command.get()).is_empty();
    view! {
        <Layer class="dialog" label=title close>
            <form class="dialog__form" on:submit=submitted(move || {
                if !untrack(unready) {
                    go();
                }
            })>
                <div class="dialog__head">
                    <h2 class="grow cut">{title}</h2>
                    <Close close />
                </div>
                <div class="dialog__body" tabindex="0">
                    <div class="console__what" role="radiogroup" aria-label=w!(s.console_what)>
                        {What::ALL.map(|each| view! {
                            <label class="opt" data-what=each.code()>
                                <input
                                    type="radio"
                                    name="what"
                                    value=each.code()
                                    data-first=(each == What::Shell).then_some("")
                                    prop:checked=dynamic(move || what.get() == each)
                                    on:change=move |_| what.set(each)
                                />
                                <span>
                                    <b class="b">{dynamic(move || each.words(s).0)}</b>
                                    <br />
                                    <span class="t2 sm">{dynamic(move || each.words(s).1)}</span>
                                </span>
                            </label>
                        })}
                    </div>
                    {dynamic(move || (what.get() == What::Command).then(|| view! {
                        <Field name="command" label=w!(s.command) value=command autocomplete="off" failure=no_failure first=true />
                    }))}
                    {dynamic(move || (what.get() != What::Attach).then(|| view! {
                        <Field name="user" label=w!(s.runs_as) note=Signal::derive(w!(s.optional)) value=user autocomplete="off" failure=no_failure />
                        <Field name="folder" label=w!(s.working_folder) note=Signal::derive(w!(s.optional)) value=folder autocomplete="off" failure=no_failure />
                        <label class="field">
                            <span class="field__label">{w!(s.environment)} <small>{w!(s.optional)}</small></span>
                            <textarea
                                class="input input--mono"
                                name="env"
                                rows="3"
                                spellcheck="false"
                                placeholder="NAME=value"
                                prop:value=dynamic(move || env.get())
                                on:input=move |event| env.set(event_target_value(&event))
                            ></textarea>
                        </label>
                    }))}
                </div>
                <div class="dialog__foot">
                    <button class="btn end" type="button" on:click=move |_| close.run(())>
                        {w!(s.cancel)}
                    </button>
                    <button class="btn btn--primary" type="submit" data-action="open-console" disabled=dynamic(unready)>
                        {w!(s.console_open)}
                    </button>
                </div>
            </form>
        </Layer>
    }
}
