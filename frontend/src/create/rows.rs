//! Ports, volumes and environment: rows that come and go.

use leptos::prelude::*;
use longshore_api::{
    ops::spec::{EnvRow, read_env},
    web::create::NEW_CONTAINER_MAX,
    words::{Words, say},
};

use super::{
    draft::{Draft, Kind, Row, draft},
    first::offered,
    page::making,
};
use crate::{
    parts::{Icon, Show, dynamic, each, memo},
    speech::{speech, w},
};

fn type_cell(draft: Draft, kind: Kind, key: u32, cell: usize, text: String) {
    draft.rows(kind).update(|rows| {
        if let Some(row) = rows.iter_mut().find(|row| row.key == key) {
            row.cells[cell] = text;
        }
    });
}

/// A cell of a row.
fn cell(
    kind: Kind,
    row: &Row,
    at: usize,
    label: fn(&Words) -> &'static str,
    hint: fn(&Words) -> &'static str,
) -> impl IntoView + use<> {
    let s = speech();
    let draft = draft();
    let (key, value) = (row.key, row.cells[at].clone());
    let list = (kind == Kind::Volumes && at == 0).then_some("nc-volumes");
    view! {
        <input
            class="input input--mono"
            data-cell=at.to_string()
            list=list
            autocomplete="off"
            spellcheck="false"
            aria-label=dynamic(move || label(s.words()))
            placeholder=dynamic(move || hint(s.words()))
            prop:value=value
            on:input=move |event| type_cell(draft, kind, key, at, event_target_value(&event))
        />
    }
}

fn choice(
    kind: Kind,
    row: &Row,
    at: usize,
    label: fn(&Words) -> &'static str,
    options: &'static [&'static str],
) -> impl IntoView + use<> {
    let s = speech();
    let draft = draft();
    let (key, value) = (row.key, row.cells[at].clone());
    // A mode of more words than these is offered too.
    let other = (!options.contains(&value.as_str())).then(|| value.clone());
    let option = move |word: String| {
        let selected = word == value;
        view! { <option value=word.clone() selected=selected>{if word.is_empty() { "rw".to_owned() } else { word.clone() }}</option> }
    };
    let words = options.iter().map(|word| (*word).to_owned()).chain(other);
    view! {
        <select
            class="select"
            aria-label=dynamic(move || label(s.words()))
            on:change=move |event| type_cell(draft, kind, key, at, event_target_value(&event))
        >
            {words.map(option).collect_view()}
        </select>
    }
}

fn remove(kind: Kind, key: u32) -> impl IntoView {
    let s = speech();
    let draft = draft();
    view! {
        <button
            class="btn btn--quiet btn--icon"
            type="button"
            data-action="remove-row"
            aria-label=w!(s.nc_remove_row)
            title=w!(s.nc_remove_row)
            on:click=move |_| draft.rows(kind).update(|rows| rows.retain(|row| row.key != key))
        >
            <Icon name="close" />
        </button>
    }
}

fn line(kind: Kind, row: Row) -> AnyView {
    // Folders of the host are the managers' to mount.
    let manages = untrack(|| making().manages());
    let from: fn(&Words) -> &'static str =
        if manages { |words| words.nc_from() } else { |words| words.one_volume() };
    match kind {
        Kind::Ports => view! {
            <div class="kv__row kv__row--port" data-row="port">
                {cell(kind, &row, 0, |words| words.nc_host_port(), |words| words.nc_any_free())} <span>":"</span>
                {cell(kind, &row, 1, |words| words.nc_container_port(), |_| "80")}
                {choice(kind, &row, 2, |words| words.nc_protocol(), &["tcp", "udp", "sctp"])} {remove(kind, row.key)}
            </div>
            <Clash row=row.key />
        }
        .into_any(),
        Kind::Volumes => view! {
            <div class="kv__row nc__vol" data-row="volume">
                {cell(kind, &row, 0, from, |words| words.nc_anonymous())} <span>":"</span>
                {cell(kind, &row, 1, |words| words.nc_to(), |_| "/data")}
                {choice(kind, &row, 2, |words| words.nc_mode(), &["", "ro"])} {remove(kind, row.key)}
            </div>
        }
        .into_any(),
        Kind::Env => view! {
            <div class="kv__row" data-row="env">
                {cell(kind, &row, 0, |words| words.nc_env_name(), |_| "NAME")}
                {cell(kind, &row, 1, |words| words.nc_env_value(), |_| "")} {remove(kind, row.key)}
            </div>
        }
        .into_any(),
    }
}

/// Who has the port of a row, and the next that is free.
#[component]
fn Clash(row: u32) -> impl IntoView {
    let s = speech();
    let draft = draft();
    let making = making();
    let held = memo(move || {
        let cells = draft
            .rows(Kind::Ports)
            .with(|rows| rows.iter().find(|one| one.key == row).map(|one| one.cells.clone()))?;
        let port: u16 = cells[0].rsplit(':').next()?.trim().parse().ok()?;
        making.checked.with(|checked| {
            checked.ports.iter().find(|held| held.port == port && held.protocol == cells[2]).cloned()
        })
    });
    let free = move |next: u16| {
        draft.rows(Kind::Ports).update(|rows| {
            if let Some(one) = rows.iter_mut().find(|one| one.key == row) {
                let ip = one.cells[0].rsplit_once(':').map_or_else(String::new, |(ip, _)| format!("{ip}:"));
                // Another key: the line is made anew with what is in it now.
                one.cells[0] = format!("{ip}{next}");
                one.key += 1_000_000;
            }
        });
    };
    dynamic(move || {
        held.get().map(|held| {
            let (port, by, next) = (held.port, held.by, held.next);
            view! {
                <div class="field__error" data-clash=port.to_string() role="alert">
                    <Icon name="warning" />
                    <span>
                        {dynamic(move || {
                            let port = u32::from(port);
                            s.say(&if by.is_empty() { say::ex_port_taken(port) } else { say::nc_port_held(&by, port) })
                        })} " "
                        <button class="linkish" type="button" data-action="use-port" on:click=move |_| free(next)>
                            {dynamic(move || s.say(&say::nc_use(next.to_string())))}
                        </button>
                    </span>
                </div>
            }
        })
    })
}

/// What a kind of rows is called, and how one is added.
fn words_of(kind: Kind, words: &Words) -> (&'static str, &'static str) {
    match kind {
        Kind::Ports => (words.nc_ports(), words.nc_add_port()),
        Kind::Volumes => (words.nc_volumes(), words.nc_add_volume()),
        Kind::Env => (words.nc_env(), words.nc_add_env()),
    }
}

fn lines(kind: Kind) -> impl IntoView {
    let draft = draft();
    view! {
        <div class="kv">
            {each(
                move || draft.rows(kind).get(),
                |row| row.key.to_string(),
                move |row| line(kind, row),
            )}
        </div>
    }
}

#[component]
fn Add(kind: Kind) -> impl IntoView {
    let s = speech();
    let draft = draft();
    let cells = move || {
        let third = if kind == Kind::Ports { "tcp" } else { "" };
        [String::new(), String::new(), third.to_owned()]
    };
    view! {
        <div class="nc__add">
            <button
                class="btn btn--quiet btn--sm"
                type="button"
                data-add=format!("{kind:?}").to_lowercase()
                on:click=move |_| draft.add(kind, cells())
            >
                <Icon name="plus" />
                {dynamic(move || words_of(kind, s.words()).1)}
            </button>
        </div>
    }
}

fn wrong(field: &'static str) -> impl IntoView {
    let s = speech();
    let making = making();
    dynamic(move || {
        making.wrong(field).map(|why| {
            view! {
                <div class="field__error" data-wrong=field role="alert">
                    <Icon name="warning" />
                    <span>{dynamic(move || s.say(&why))}</span>
                </div>
            }
        })
    })
}

/// Ports or volumes.
#[component]
pub(super) fn Rows(kind: Kind) -> impl IntoView {
    let s = speech();
    let making = making();
    let field = if kind == Kind::Ports { "publish" } else { "volume" };
    view! {
        <section class="fset">
            <div class="fset__head">
                <h2>{dynamic(move || words_of(kind, s.words()).0)}</h2>
            </div>
            {lines(kind)}
            {(kind == Kind::Volumes)
                .then(|| {
                    view! {
                        <datalist id="nc-volumes">
                            {dynamic(move || offered(making.checked.with(|checked| checked.volumes.clone())))}
                        </datalist>
                    }
                })}
            {wrong(field)}
            <Add kind />
        </section>
    }
}

/// Variables, as rows or as the text of a file.
#[component]
pub(super) fn Env() -> impl IntoView {
    let s = speech();
    let draft = draft();
    let file = RwSignal::new(None::<String>);
    let why = draft.unread_env;
    let as_rows = move |_| {
        // What cannot be read would be lost.
        if why.with_untracked(Option::is_none) {
            file.set(None);
        }
    };
    let as_file = move |_| {
        if file.with_untracked(Option::is_some) {
            return;
        }
        let text = |row: &EnvRow| format!("{}\n", row_text(row));
        file.set(Some(untrack(|| draft.env()).iter().map(text).collect()));
    };
    let typed = move |event| {
        let text = event_target_value(&event);
        if text.len() > NEW_CONTAINER_MAX {
            why.set(Some(say::body_too_large(NEW_CONTAINER_MAX)));
            return;
        }
        match read_env(&text) {
            Ok(rows) => {
                draft.set_env(&rows);
                why.set(None);
            }
            Err(found) => why.set(Some(found)),
        }
    };
    view! {
        <section class="fset">
            <div class="fset__head">
                <h2>{w!(s.nc_env)}</h2>
                <span class="seg seg--sm">
                    <button
                        type="button"
                        aria-pressed=dynamic(move || file.with(Option::is_none).to_string())
                        disabled=dynamic(move || why.with(Option::is_some))
                        on:click=as_rows
                    >
                        {w!(s.nc_rows)}
                    </button>
                    <button
                        type="button"
                        data-action="env-file"
                        aria-pressed=dynamic(move || file.with(Option::is_some).to_string())
                        on:click=as_file
                    >
                        ".env"
                    </button>
                </span>
            </div>
            <Show
                when=move || file.with(Option::is_some)
                fallback=move || view! {
                    {lines(Kind::Env)}
                    <Add kind=Kind::Env />
                }
            >
                <textarea
                    class="input input--mono"
                    name="env-file"
                    rows="8"
                    spellcheck="false"
                    aria-label=".env"
                    prop:value=file.get_untracked().unwrap_or_default()
                    on:input=typed
                ></textarea>
                {dynamic(move || {
                    why.get().map(|why| view! {
                        <div class="field__error" data-wrong="env-file" role="alert">
                            <Icon name="warning" />
                            <span>{dynamic(move || s.say(&why))}</span>
                        </div>
                    })
                })}
            </Show>
            {wrong("env")}
        </section>
    }
}

/// A variable as a file has it.
fn row_text(row: &EnvRow) -> String {
    match &row.value {
        Some(value) if value.contains(['\n', '"', '#', '\'', ' ']) => {
            let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            format!("{}=\"{value}\"", row.name)
        }
        _ => row.entry(),
    }
}
