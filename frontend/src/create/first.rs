//! What people fill in first.

use leptos::prelude::*;
use longshore_api::{
    ops::{Permission, spec::flag},
    words::{Words, say},
};

use super::{
    draft::{Kind, draft},
    labels::label,
    page::making,
    rows::{Env, Rows},
};
use crate::{
    parts::{Icon, dynamic, memo},
    shell::{HostSelect, hosts},
    speech::{speech, w},
};

/// The fields.
#[component]
pub(super) fn First() -> impl IntoView {
    let s = speech();
    view! {
        <section class="fset">
            <HostField />
            <Image />
            <Name />
            <Side name="command" label=|words| words.nc_command()>
                <Line value=draft().command name="command" hint=Signal::derive(move || s.words().nc_from_image()) />
            </Side>
        </section>
        <Rows kind=Kind::Ports />
        <Rows kind=Kind::Volumes />
        <Env />
        <section class="fset">
            <Network />
            <Restart />
            <Limit name="cpus" label=|words| words.nc_cpus() />
            <Limit name="memory" label=|words| words.nc_memory() />
            <Health />
            <Side name="label" label=|words| words.nc_labels()>
                <FlagInput name="label" />
            </Side>
        </section>
    }
}

/// A label beside its field, and below it what is wrong.
#[component]
pub(super) fn Side(
    name: &'static str,
    label: fn(&Words) -> &'static str,
    children: Children,
) -> impl IntoView {
    let s = speech();
    let making = making();
    view! {
        <div class="field field--side">
            <span class="field__label">{dynamic(move || label(s.words()))}</span>
            <div class="grow">
                {children()}
                {dynamic(move || {
                    making.wrong(name).map(|why| view! {
                        <div class="field__error" data-wrong=name role="alert">
                            <Icon name="warning" />
                            <span>{dynamic(move || s.say(&why))}</span>
                        </div>
                    })
                })}
            </div>
        </div>
    }
}

/// A line that is typed.
#[component]
fn Line(
    value: RwSignal<String>,
    name: &'static str,
    #[prop(into)] hint: Signal<&'static str>,
    #[prop(optional)] list: Option<&'static str>,
) -> impl IntoView {
    view! {
        <input
            class="input input--mono"
            name=name
            list=list
            autocomplete="off"
            spellcheck="false"
            aria-label=dynamic(move || label_of(name, speech_words()))
            placeholder=dynamic(move || hint.get())
            prop:value=dynamic(move || value.get())
            on:input=move |event| value.set(event_target_value(&event))
        />
    }
}

fn speech_words() -> &'static Words {
    speech().words()
}

fn label_of(name: &str, words: &Words) -> &'static str {
    if name == "image" { words.nc_image() } else { words.nc_command() }
}

/// The field of a flag: a line, several lines, or a choice.
#[component]
pub(super) fn FlagInput(name: &'static str, #[prop(optional)] list: Option<&'static str>) -> impl IntoView {
    let draft = draft();
    let making = making();
    let Some(flag) = flag(name) else { return ().into_any() };
    let s = speech();
    let label = dynamic(move || match label(name, s.words()) {
        "" => format!("--{name}"),
        word => format!("{word}, --{name}"),
    });
    let typed = move |event| draft.type_in(name, event_target_value(&event));
    let bad = memo(move || making.wrong(name).is_some());
    if flag.is_switch() {
        let options = [("", "–"), ("true", "true"), ("false", "false")];
        return view! {
            <select class="select" name=name aria-label=label prop:value=dynamic(move || draft.text(name)) on:change=typed>
                {options.map(|(value, word)| view! { <option value=value>{word}</option> })}
            </select>
        }
        .into_any();
    }
    if flag.is_many() {
        return view! {
            <textarea
                class="input input--mono"
                class:is-bad=bad
                name=name
                rows=dynamic(move || draft.text(name).lines().count().clamp(1, 8).to_string())
                aria-label=label
                spellcheck="false"
                placeholder=flag.sample
                prop:value=dynamic(move || draft.text(name))
                on:input=typed
            ></textarea>
        }
        .into_any();
    }
    view! {
        <input
            class="input input--mono"
            class:is-bad=bad
            name=name
            list=list
            autocomplete="off"
            spellcheck="false"
            aria-label=label
            aria-invalid=dynamic(move || bad.get().then_some("true"))
            placeholder=flag.sample
            prop:value=dynamic(move || draft.text(name))
            on:input=typed
        />
    }
    .into_any()
}

#[component]
fn HostField() -> impl IntoView {
    let making = making();
    let hosts = hosts();
    let field = move || {
        (hosts.all().len() > 1).then(|| {
            view! {
                <Side name="host" label=|words| words.host()>
                    <HostSelect host=making.host needs=Permission::Deploy />
                </Side>
            }
        })
    };
    dynamic(field)
}

#[component]
fn Image() -> impl IntoView {
    let s = speech();
    let making = making();
    let draft = draft();
    // A whole line of docker fills the whole form.
    Effect::new(move |_| {
        let text = draft.image.get();
        if text.trim_start().starts_with("docker ")
            && let Ok(pasted) = longshore_api::ops::spec::read_run(&text)
        {
            draft.fill(&pasted.spec);
        }
    });
    let said = move || {
        let here = making.checked.with(|checked| checked.image_here)?;
        Some(if here { s.words().nc_image_here() } else { s.words().nc_image_pull() })
    };
    view! {
        <Side name="image" label=|words| words.nc_image()>
            <Line value=draft.image name="image" hint=Signal::derive(|| "nginx:1.27") list="nc-images" />
            <datalist id="nc-images">
                {dynamic(move || offered(making.checked.with(|checked| checked.images.clone())))}
            </datalist>
            <div class="field__help" data-image="">{dynamic(said)}</div>
        </Side>
    }
}

/// Choices of a field.
pub(super) fn offered(values: Vec<String>) -> impl IntoView {
    values.into_iter().map(|value| view! { <option value=value></option> }).collect_view()
}

#[component]
fn Name() -> impl IntoView {
    let s = speech();
    let making = making();
    let draft = draft();
    let taken = memo(move || {
        let held = making.checked.with(|checked| checked.name.clone())?;
        Some((held, making.checked.with(|checked| checked.free_name.clone())))
    });
    view! {
        <Side name="name" label=|words| words.nc_name()>
            <FlagInput name="name" />
            {dynamic(move || {
                taken.get().map(|(held, free)| {
                    let other = free.clone();
                    view! {
                        <div class="field__error" data-taken="" role="alert">
                            <Icon name="warning" />
                            <span>
                                {dynamic(move || match &held.stack {
                                    Some(stack) => s.say(&say::nc_name_taken_by(stack)),
                                    None => s.words().nc_name_taken().to_owned(),
                                })}
                                " "
                                <button
                                    class="linkish"
                                    type="button"
                                    data-action="use-name"
                                    on:click=move |_| draft.type_in("name", other.clone())
                                >
                                    {dynamic(move || s.say(&say::nc_use(&free)))}
                                </button>
                            </span>
                        </div>
                    }
                })
            })}
        </Side>
    }
}

#[component]
fn Network() -> impl IntoView {
    let making = making();
    view! {
        <Side name="network" label=|words| words.nc_network()>
            <FlagInput name="network" list="nc-networks" />
            <div class="btns nc__picks">
                {dynamic(move || {
                    let names = making.checked.with(|checked| checked.networks.clone());
                    // The host's own is the managers' to use.
                    let may = |name: &String| name != "host" || making.manages();
                    names.into_iter().filter(may).take(12).map(pick_network).collect_view()
                })}
            </div>
        </Side>
        <Side name="network-alias" label=|words| words.nc_alias()>
            <FlagInput name="network-alias" />
        </Side>
    }
}

/// A click puts it into the field or takes it out.
fn pick_network(name: String) -> impl IntoView {
    let draft = draft();
    let (of_pressed, of_click) = (name.clone(), name.clone());
    let pressed = move || draft.text("network").lines().any(|line| line == of_pressed);
    let click = move |_| {
        let text = draft.text("network");
        let mut lines: Vec<&str> = text.lines().filter(|line| *line != of_click).collect();
        if lines.len() == text.lines().count() {
            lines.push(&of_click);
        }
        draft.type_in("network", lines.join("\n"));
    };
    view! {
        <button class="btn btn--sm" type="button" aria-pressed=dynamic(move || pressed().to_string()) on:click=click>
            {name}
        </button>
    }
}

#[component]
fn Restart() -> impl IntoView {
    let s = speech();
    let draft = draft();
    let choice = move |code: &'static str, word: fn(&Words) -> &'static str| {
        let pressed = move || {
            let text = draft.text("restart");
            let name = text.split(':').next().unwrap_or_default();
            name == code || (code == "no" && name.is_empty())
        };
        view! {
            <button
                type="button"
                data-restart=code
                aria-pressed=dynamic(move || pressed().to_string())
                on:click=move |_| draft.type_in("restart", if code == "no" { String::new() } else { code.to_owned() })
            >
                {dynamic(move || word(s.words()))}
            </button>
        }
    };
    view! {
        <Side name="restart" label=|words| words.nc_restart()>
            <span class="seg" role="group" aria-label=w!(s.nc_restart)>
                {choice("no", |words| words.policy_no())}
                {choice("on-failure", |words| words.policy_on_failure())}
                {choice("unless-stopped", |words| words.policy_unless_stopped())}
                {choice("always", |words| words.policy_always())}
            </span>
        </Side>
    }
}

#[component]
fn Limit(name: &'static str, label: fn(&Words) -> &'static str) -> impl IntoView {
    view! {
        <Side name label>
            <FlagInput name />
        </Side>
    }
}

#[component]
fn Health() -> impl IntoView {
    let more = [
        "health-interval",
        "health-timeout",
        "health-retries",
        "health-start-period",
        "health-start-interval",
        "no-healthcheck",
    ];
    view! {
        <Side name="health-cmd" label=|words| words.nc_health()>
            <FlagInput name="health-cmd" />
            <div class="nc__grid">
                {more.map(|name| view! { <super::folded::OneFlag name /> })}
            </div>
        </Side>
    }
}
