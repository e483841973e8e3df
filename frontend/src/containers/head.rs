//! The head of the table: press a column to sort by it.

use leptos::prelude::*;
use longshore_api::{web::container::Column, words::Words};

use super::{
    address::{COLUMNS, View},
    rows::Rows,
    selection::selection,
};
use crate::{
    live::Live,
    parts::{Icon, dynamic, memo},
    speech::{speech, w},
};

/// What a column is called.
pub(super) fn column_word(column: Column, words: &Words) -> &'static str {
    match column {
        Column::Name => words.col_name(),
        Column::State => words.col_state(),
        Column::Image => words.col_image(),
        Column::Cpu => words.cpu(),
        Column::Memory => words.memory(),
        Column::Ports => words.col_ports(),
        Column::Ip => words.col_ip(),
        Column::Owner => words.owner(),
        Column::Created => words.col_created(),
    }
}

/// Figures stand right.
fn is_figure(column: Column) -> bool {
    matches!(column, Column::Cpu | Column::Memory | Column::Created)
}

/// The order a first press asks for: of figures the highest first, as one looks for those.
fn falls_first(column: Column) -> bool {
    matches!(column, Column::Cpu | Column::Memory)
}

/// Ticks all that the table finds, or nothing.
#[component]
pub(super) fn PickAll(rows: Rows, view: Memo<View>) -> impl IntoView {
    let s = speech();
    let selection = selection();
    let live = expect_context::<Live>();
    let ticked = memo(move || selection.len());
    let found = memo(move || rows.totals().with(|totals| totals.found as usize));
    let all = move || ticked.get() > 0 && ticked.get() >= found.get();
    let some = move || ticked.get() > 0 && !all();
    let press = move |_| match ticked.get_untracked() {
        0 => view.with_untracked(|view| selection.all(live, view)),
        _ => selection.clear(),
    };
    view! {
        <th class="tbl__pick" scope="col">
            <input
                class="box"
                class:is-some=dynamic(some)
                type="checkbox"
                aria-label=w!(s.select_all)
                prop:checked=dynamic(all)
                on:change=press
            />
        </th>
    }
}

/// One cell of the head for each column.
#[component]
pub(super) fn HeadCells(
    view: Memo<View>,
    /// Whether a column is shown.
    shown: Callback<Column, bool>,
    /// Takes over the changed view.
    #[prop(into)]
    change: Callback<View>,
) -> impl IntoView {
    COLUMNS.map(|column| view! { <HeadCell column view shown change /> })
}

#[component]
fn HeadCell(
    column: Column,
    view: Memo<View>,
    shown: Callback<Column, bool>,
    change: Callback<View>,
) -> impl IntoView {
    let s = speech();
    let sorted = memo(move || view.with(|view| (view.sort == column).then_some(view.descending)));
    let press = move |_| {
        let mut view = view.get_untracked();
        view.descending = match view.sort == column {
            true => !view.descending,
            false => falls_first(column),
        };
        view.sort = column;
        change.run(view);
    };
    view! {
        <th
            scope="col"
            class:num=is_figure(column)
            class:is-hidden=dynamic(move || !shown.run(column))
            aria-sort=dynamic(move || sorted.get().map(|falls| if falls { "descending" } else { "ascending" }))
        >
            <button type="button" on:click=press>
                {dynamic(move || column_word(column, s.words()))}
                {dynamic(move || sorted.get().map(|falls| view! { <Icon name=if falls { "down" } else { "up" } /> }))}
            </button>
        </th>
    }
}
