//! The bar above the table: find, narrow by state, group, choose columns.

use leptos::prelude::*;
use longshore_api::{
    format,
    web::container::{Column, Grouping, State, Totals},
    words::Words,
};

use super::{
    address::{COLUMNS, View},
    head::column_word,
};
use crate::{
    parts::{Find, Icon, Menu, MenuCheck, Show, StateMark, dynamic, memo, state_word},
    speech::{speech, w},
};

/// The bar.
#[component]
pub(super) fn FilterBar(
    view: Memo<View>,
    /// Counts by state for the menu.
    totals: Signal<Totals>,
    /// Takes over the changed view as a new entry of the history.
    #[prop(into)]
    change: Callback<View>,
    /// The same in place of the current entry.
    #[prop(into)]
    settle: Callback<View>,
) -> impl IntoView {
    let s = speech();
    let text = memo(move || view.with(|view| view.text.clone()));
    let typed = move |text: String| settle.run(View { text, ..view.get_untracked() });
    view! {
        <div class="bar">
            <Find text hint=w!(s.filter_containers) typed />
            <StateFilter view totals change />
            <span class="grow no-phone"></span>
            <span class="seg" role="group" aria-label=w!(s.grouping)>
                {group_button(view, change, Grouping::Stack, |words| words.by_stack())}
                {group_button(view, change, Grouping::Host, |words| words.by_host())}
                {group_button(view, change, Grouping::Flat, |words| words.flat())}
            </span>
            <ColumnMenu view totals settle />
        </div>
    }
}

/// Which states are shown: a chip while there are some chosen, a menu to choose.
#[component]
fn StateFilter(view: Memo<View>, totals: Signal<Totals>, change: Callback<View>) -> impl IntoView {
    let s = speech();
    let chosen = memo(move || view.with(|view| view.states.clone()));
    let set = move |states: Vec<State>| change.run(View { states, ..view.get_untracked() });
    let words = move || {
        let words = chosen.get().into_iter().map(|state| state_word(state, s.words())).collect::<Vec<_>>();
        words.join(s.words().list_comma())
    };
    let count = move |state: State| {
        totals.with(|totals| totals.states.iter().find(|(other, _)| *other == state).map_or(0, |(_, n)| *n))
    };
    let flip = move |state: State| {
        let mut states = chosen.get_untracked();
        match states.iter().position(|other| *other == state) {
            Some(at) => drop(states.remove(at)),
            None => states.push(state),
        }
        set(states);
    };
    view! {
        <Show when=move || !chosen.with(Vec::is_empty)>
            <span class="fchip">
                <span>{w!(s.col_state)}</span>
                {dynamic(words)}
                <button
                    type="button"
                    aria-label=w!(s.remove_filter)
                    title=w!(s.remove_filter)
                    on:click=move |_| set(Vec::new())
                >
                    <Icon name="close" />
                </button>
            </span>
        </Show>
        <Menu
            class="fchip fchip--add"
            label=Signal::derive(move || s.words().filter_by_state().to_owned())
            button=move || view! { <Icon name="plus" /> {w!(s.col_state)} }
            rightwards=true
            stays=true
        >
            {State::ALL.map(|state| view! {
                <MenuCheck on=Signal::derive(move || chosen.with(|chosen| chosen.contains(&state))) flip=move |()| flip(state)>
                    <StateMark state />
                    {dynamic(move || state_word(state, s.words()))}
                    <span class="end">{dynamic(move || format::count(count(state).into()))}</span>
                </MenuCheck>
            })}
        </Menu>
    }
}

/// Which columns are shown; the name always is.
#[component]
fn ColumnMenu(view: Memo<View>, totals: Signal<Totals>, settle: Callback<View>) -> impl IntoView {
    let s = speech();
    let owned = memo(move || totals.with(|totals| totals.owned));
    let flip = move |column| {
        let mut view = view.get_untracked();
        match view.hidden.iter().position(|other| *other == column) {
            Some(at) => drop(view.hidden.remove(at)),
            None => view.hidden.push(column),
        }
        settle.run(view);
    };
    view! {
        <span class="no-phone">
            <Menu
                class="btn"
                label=Signal::derive(move || s.words().columns().to_owned())
                button=move || view! { <Icon name="columns" /> {w!(s.columns)} }
                stays=true
            >
                {COLUMNS[1..]
                    .iter()
                    .map(|column| {
                        let column = *column;
                        // Where nothing is anybody's there is nothing to say of owners.
                        view! {
                            <Show when=move || column != Column::Owner || owned.get()>
                                <MenuCheck
                                    on=Signal::derive(move || view.with(|view| !view.hidden.contains(&column)))
                                    flip=move |()| flip(column)
                                >
                                    {dynamic(move || column_word(column, s.words()))}
                                </MenuCheck>
                            </Show>
                        }
                    })
                    .collect_view()}
            </Menu>
        </span>
    }
}

fn group_button(
    view: Memo<View>,
    change: Callback<View>,
    group: Grouping,
    word: fn(&Words) -> &'static str,
) -> impl IntoView {
    let s = speech();
    let press = move |_| {
        let mut view = view.get_untracked();
        view.group = group;
        view.folded.clear();
        change.run(view);
    };
    view! {
        <button type="button" aria-pressed=dynamic(move || (view.with(|view| view.group) == group).to_string()) on:click=press>
            {dynamic(move || word(s.words()))}
        </button>
    }
}
