//! What a stack is to be called, asked in a dialog.

use leptos::prelude::*;
use longshore_api::words::say;
use longshore_compose::load::is_stack_name;

use crate::{
    parts::{Field, Icon, Show, dynamic, memo},
    speech::{speech, w},
};

/// Whether what was typed can be a stack's name.
pub(super) fn fits(name: RwSignal<String>) -> Memo<bool> {
    memo(move || name.with(|name| is_stack_name(name)))
}

/// The field.
#[component]
pub(super) fn NameField(value: RwSignal<String>) -> impl IntoView {
    let s = speech();
    let fits = fits(value);
    let wrong = move || !fits.get() && !value.with(String::is_empty);
    view! {
        <Field
            name="name"
            label=Signal::derive(w!(s.col_name))
            value
            autocomplete="off"
            help=Signal::derive(move || Some(s.words().stack_name_help().to_owned()))
            failure=Signal::derive(|| None)
            first=true
        />
        <Show when=wrong>
            <div class="field__error" role="alert" data-wrong="name">
                <Icon name="warning" />
                <span>{dynamic(move || s.say(&say::deploy_name_invalid()))}</span>
            </div>
        </Show>
    }
}
