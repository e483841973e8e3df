//! What a stack is to be called, asked in a dialog.

use leptos::prelude::*;
use longshore_compose::load::is_stack_name;

use crate::{
    parts::{Field, memo},
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
    }
}
