//! One question of a template, with the field that its kind asks for.

use leptos::prelude::*;
use longshore_api::words::say;
use longshore_templates::{secret, variable::Kind, words::Words};

use super::{
    form::{Question, form},
    gallery::said,
};
use crate::{
    browser,
    parts::{Icon, Show, dynamic, memo},
    speech::{speech, w},
};

/// The question.
#[component]
pub(super) fn Asked(question: Question) -> impl IntoView {
    let s = speech();
    let form = form();
    let (name, kind, required) = question
        .variable
        .with_value(|variable| (variable.name.clone(), variable.kind.clone(), variable.required));
    let (label, help) =
        question.variable.with_value(|variable| (variable.label.clone(), variable.help.clone()));
    let help = (!help.is_empty()).then(|| said(s, help));
    let label = match label.is_empty() {
        true => Signal::stored(name.clone()),
        false => said(s, label),
    };
    let wrong = memo(move || form.wrong(question));
    let bad = memo(move || wrong.with(Option::is_some));
    // Who has a port is said beside it, with the way out.
    let told = memo(move || {
        let held = form.checked.with(|checked| form.held(question, checked)).is_some();
        wrong.get().filter(|_| !held)
    });
    let optional =
        !required && !matches!(kind, Kind::Secret { .. } | Kind::Flag { .. } | Kind::Choice { .. });
    view! {
        <div class="field field--side" data-question=name.clone()>
            <label class="field__label" for=format!("q-{name}")>
                {dynamic(move || label.get())}
                {optional.then(|| view! { " " <small>{w!(s.optional)}</small> })}
            </label>
            <div class="grow">
                {input(question, &name, kind, bad)}
                {help.map(|help| view! { <div class="field__help tpl__help">{dynamic(move || help.get())}</div> })}
                {dynamic(move || told.get().map(|why| view! {
                    <div class="field__error" role="alert">
                        <Icon name="warning" />
                        <span>{dynamic(move || s.say(&why))}</span>
                    </div>
                }))}
            </div>
        </div>
    }
}

fn input(question: Question, name: &str, kind: Kind, bad: Memo<bool>) -> AnyView {
    match kind {
        Kind::Choice { of } => {
            choices(question, name, of.into_iter().map(|choice| (choice.value, choice.label)).collect())
        }
        Kind::Flag { on, off } => flag(question, name, on, off),
        Kind::Secret { length, alphabet } => {
            let make = move |_| {
                let made = secret::make(length, alphabet, &mut |bytes| browser::random(bytes));
                form().type_in(question, made);
            };
            let s = speech();
            view! {
                <div class="row tpl__short">
                    {line(question, name, bad, "input input--mono", Signal::derive(move || s.words().secret_is_made().to_owned()))}
                    <button class="btn btn--quiet" type="button" data-action="make-secret" on:click=make>
                        <Icon name="restart" />
                        {w!(s.make_secret)}
                    </button>
                </div>
            }
            .into_any()
        }
        Kind::Port { .. } => view! {
            <div class="row tpl__port">
                {line(question, name, bad, "input", Signal::stored(String::new()))}
                <Held question />
            </div>
        }
        .into_any(),
        Kind::Number { .. } | Kind::Memory | Kind::Cpus => {
            let hint = match kind {
                Kind::Memory => "512m",
                Kind::Cpus => "1.5",
                _ => "",
            };
            view! { <div class="tpl__port">{line(question, name, bad, "input", Signal::stored(hint.to_owned()))}</div> }
                .into_any()
        }
        Kind::Path => line(question, name, bad, "input input--mono", Signal::stored("/srv/…".to_owned())),
        Kind::Text { .. } => line(question, name, bad, "input", Signal::stored(String::new())),
    }
}

fn line(
    question: Question,
    name: &str,
    bad: Memo<bool>,
    class: &'static str,
    hint: Signal<String>,
) -> AnyView {
    let form = form();
    view! {
        <input
            class=class
            class:is-bad=bad
            id=format!("q-{name}")
            name=name.to_owned()
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            placeholder=dynamic(move || hint.get())
            aria-invalid=dynamic(move || bad.get().then_some("true"))
            prop:value=dynamic(move || question.answer.get())
            on:input=move |event| form.type_in(question, event_target_value(&event))
        />
    }
    .into_any()
}

fn choices(question: Question, name: &str, of: Vec<(String, Words)>) -> AnyView {
    let (s, form) = (speech(), form());
    let options = move || {
        let chosen = question.answer.get();
        let option = |(value, label): (String, Words)| {
            let is_chosen = value == chosen;
            let word = match label.is_empty() {
                true => value.clone(),
                false => label.of(s.locale()).clone(),
            };
            view! { <option value=value selected=is_chosen>{word}</option> }
        };
        of.clone().into_iter().map(option).collect_view()
    };
    view! {
        <select
            class="select tpl__choice"
            id=format!("q-{name}")
            name=name.to_owned()
            on:change=move |event| form.type_in(question, event_target_value(&event))
        >
            {dynamic(options)}
        </select>
    }
    .into_any()
}

fn flag(question: Question, name: &str, on: String, off: String) -> AnyView {
    let form = form();
    let yes = on.clone();
    let is_on = memo(move || question.answer.with(|answer| *answer == yes || answer == "true"));
    let flip = move |event| {
        let answer = if event_target_checked(&event) { on.clone() } else { off.clone() };
        form.type_in(question, answer);
    };
    view! {
        <input
            class="box"
            type="checkbox"
            id=format!("q-{name}")
            name=name.to_owned()
            prop:checked=dynamic(move || is_on.get())
            on:change=flip
        />
    }
    .into_any()
}

/// Whether somebody has the port, and the next one that is free.
#[component]
fn Held(question: Question) -> impl IntoView {
    let (s, form) = (speech(), form());
    let held = memo(move || {
        question.answer.track();
        form.checked.with(|checked| form.held(question, checked))
    });
    let who = move || {
        let port = question.answer.with(|answer| answer.trim().parse::<u32>().unwrap_or_default());
        held.get().map(|(by, _)| match by.is_empty() {
            true => s.say(&say::ex_port_taken(port)),
            false => s.say(&say::nc_port_held(by, port)),
        })
    };
    let next = memo(move || held.get().map(|(_, next)| next).filter(|next| *next != 0));
    view! {
        <Show when=move || held.with(Option::is_some)>
            <span class="row row--1 sm tpl__held" data-held="">
                <Icon name="warning" small=true />
                {dynamic(who)}
                {dynamic(move || next.get().map(|next| view! {
                    <button
                        class="linkish"
                        type="button"
                        data-action="take-free-port"
                        on:click=move |_| form.type_in(question, next.to_string())
                    >
                        {dynamic(move || s.say(&say::nc_use(next.to_string())))}
                    </button>
                }))}
            </span>
        </Show>
    }
}
