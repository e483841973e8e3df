//! Everything else that the engine takes, by the flags of `docker run`, folded at first.

use leptos::prelude::*;
use longshore_api::{
    ops::spec::{FLAGS, Flag, Group},
    words::{Words, say},
};

use super::{
    draft::draft,
    first::{FlagInput, Side},
    labels::label,
    page::making,
};
use crate::{
    parts::{Icon, Show, dynamic, memo},
    speech::{speech, w},
};

fn word(group: Group, words: &Words) -> &'static str {
    match group {
        Group::Process => words.nc_group_process(),
        Group::Resources => words.nc_group_resources(),
        Group::Network => words.nc_group_network(),
        Group::Storage => words.nc_group_storage(),
        Group::Security => words.nc_group_security(),
        Group::Engine | Group::First | Group::Terminal => words.nc_group_engine(),
    }
}

/// The groups, and what has no flag.
#[component]
pub(super) fn Folded() -> impl IntoView {
    view! {
        {Group::FOLDED.map(|group| view! { <OneGroup group /> })}
        <Rest />
    }
}

#[component]
fn OneGroup(group: Group) -> impl IntoView {
    let s = speech();
    let draft = draft();
    let flags: Vec<&'static Flag> = FLAGS.iter().filter(|flag| flag.group == group).collect();
    let making = making();
    let manages = memo(move || making.manages());
    // What a copy brings along is shown, so that it can be taken out.
    let is_left_out =
        move |flag: &Flag| flag.is_for_managers() && !manages.get() && draft.text(flag.name).is_empty();
    let left_out = {
        let flags = flags.clone();
        memo(move || flags.iter().filter(|flag| is_left_out(flag)).count())
    };
    let fields = flags.iter().map(|flag| {
        let flag = *flag;
        view! { <Show when=move || !is_left_out(flag)><OneFlag name=flag.name /></Show> }
    });
    let fields = fields.collect_view();
    let filled = move || {
        let filled = draft.filled(&flags);
        (filled > 0).then(|| view! { <span class="badge badge--info">{filled.to_string()}</span> })
    };
    view! {
        <details class="fset nc__fold" data-group=format!("{group:?}").to_lowercase()>
            <summary>
                <Icon name="chev-right" />
                <h2>{dynamic(move || word(group, s.words()))}</h2>
                {dynamic(filled)}
            </summary>
            <div class="nc__grid">{fields}</div>
            <Show when=move || { left_out.get() > 0 }>
                <p class="t3 sm" data-left-out=dynamic(move || left_out.get().to_string())>
                    {dynamic(move || s.say(&say::nc_for_managers(left_out.get())))}
                </p>
            </Show>
        </details>
    }
}

/// A flag by its name, its field and what is wrong with it.
#[component]
pub(super) fn OneFlag(name: &'static str) -> impl IntoView {
    let s = speech();
    let making = making();
    view! {
        <div class="field nc__flag">
            <span class="field__label">
                {dynamic(move || label(name, s.words()))} " " <span class="mono xs t3">"--" {name}</span>
            </span>
            <FlagInput name />
            {dynamic(move || {
                making.wrong(name).map(|why| view! {
                    <div class="field__error" data-wrong=name role="alert">
                        <Icon name="warning" />
                        <span>{dynamic(move || s.say(&why))}</span>
                    </div>
                })
            })}
        </div>
    }
}

#[component]
fn Rest() -> impl IntoView {
    let s = speech();
    let draft = draft();
    view! {
        <details class="fset nc__fold" data-group="rest">
            <summary>
                <Icon name="chev-right" />
                <h2>{w!(s.nc_rest)}</h2>
            </summary>
            <Side name="rest" label=|words| words.nc_api_body()>
                <textarea
                    class="input input--mono"
                    name="rest"
                    rows="6"
                    spellcheck="false"
                    aria-label=w!(s.nc_rest)
                    placeholder="{\"HostConfig\": {}}"
                    prop:value=dynamic(move || draft.rest.get())
                    on:input=move |event| draft.rest.set(event_target_value(&event))
                ></textarea>
            </Side>
        </details>
    }
}
