//! The form of a console that is not just a shell: a program of one's own, as somebody, somewhere, or the container's own.

use leptos::prelude::*;
use longshore_api::{
    web::{console::Run, container::State},
    words::say,
};

use super::words::split;
use crate::{
    containers::Search,
    parts::{Close, Field, Layer, Show, dynamic, memo, submitted},
    shell::hosts,
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
            Self::Shell => (words.console_shell(), words.console_shell_more()),
            Self::Command => (words.console_command(), words.console_command_more()),
            Self::Attach => (words.console_attach(), words.console_attach_more()),
        }
    }
}

/// The container that a console is opened in: the one that was picked, or the only one that is called what was typed.
#[derive(Clone, Copy)]
struct Chosen {
    text: RwSignal<String>,
    picked: RwSignal<Option<(String, String)>>,
    search: Search,
}

impl Chosen {
    fn new(place: Option<(String, String)>) -> Self {
        let text = RwSignal::new(place.as_ref().map(|(_, name)| name.clone()).unwrap_or_default());
        let search =
            Search::start(text.into(), &[State::Running, State::Healthy, State::Unhealthy, State::Starting]);
        Self { text, picked: RwSignal::new(place), search }
    }

    fn get(self) -> Option<(String, String)> {
        let text = self.text.get();
        let is_meant = |(_, name): &(String, String)| name == text.trim();
        self.picked.get().filter(is_meant).or_else(|| {
            let found = self.search.found().into_iter().map(|row| (row.host, row.name));
            let mut meant = found.filter(is_meant);
            let only = meant.next()?;
            meant.next().is_none().then_some(only)
        })
    }

    fn pick(self, place: (String, String)) {
        self.text.set(place.1.clone());
        self.picked.set(Some(place));
    }
}

/// Where it is opened, found by a few letters.
#[component]
fn ContainerField(chosen: Chosen) -> impl IntoView {
    let s = speech();
    let hosts = hosts();
    let no_failure = Signal::derive(|| None);
    let found = memo(move || match chosen.get() {
        Some(_) => Vec::new(),
        None => chosen.search.found().into_iter().map(|row| (row.host, row.name)).collect::<Vec<_>>(),
    });
    view! {
        <Field name="container" label=w!(s.container) value=chosen.text autocomplete="off" failure=no_failure />
        <Show when=move || !found.with(Vec::is_empty)>
            <ul class="list console__found">
                {dynamic(move || {
                    let row = |(host, name): (String, String)| {
                        let (marked, of) = (name.clone(), hosts.name(&host));
                        let place = (host, name.clone());
                        view! {
                            <li>
                                <button
                                    class="btn btn--quiet grow"
                                    type="button"
                                    data-pick=marked
                                    on:click=move |_| chosen.pick(place.clone())
                                >
                                    <span class="b cut">{name}</span>
                                    <span class="t3">{of}</span>
                                </button>
                            </li>
                        }
                    };
                    found.get().into_iter().map(row).collect_view()
                })}
            </ul>
        </Show>
    }
}

/// The dialog. `open` is called with what is to be run.
#[component]
pub(super) fn NewConsole(
    /// The host and the name of the container that is meant where nobody says otherwise.
    place: Option<(String, String)>,
    /// Called when the person wants out.
    #[prop(into)]
    close: Callback<()>,
    /// Called with the host, the container's name, and what is to be run.
    #[prop(into)]
    open: Callback<(String, String, Run)>,
) -> impl IntoView {
    let s = speech();
    let what = RwSignal::new(What::Shell);
    let [command, user, folder, env] = [(); 4].map(|()| RwSignal::new(String::new()));
    let no_failure = Signal::derive(|| None);
    let chosen = Chosen::new(place);
    let title = Signal::derive(move || match chosen.get() {
        Some((_, name)) => s.say(&say::console_in(&name)),
        None => s.words().console_new().to_owned(),
    });
    let go = move || {
        let Some((host, name)) = untrack(|| chosen.get()) else { return };
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
        open.run((host, name, run));
    };
    let unready =
        move || chosen.get().is_none() || what.get() == What::Command && split(&command.get()).is_empty();
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
                    <div class="console__where"><ContainerField chosen /></div>
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
