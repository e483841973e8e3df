//! The bar above the log: the search, the range, how lines are shown, copy and download.

use leptos::prelude::*;
use longshore_api::words::{Words, say};
use web_sys::KeyboardEvent;

use super::{
    address::{Asked, LAST, Named, Range, field_of, of_field},
    feed::Feed,
};
use crate::{
    browser,
    parts::{Icon, Menu, MenuCheck, Show, dynamic},
    speech::{speech, w},
};

/// Lines around each hit, where some are wanted.
const AROUND: u8 = 3;

/// What the bar changes.
#[derive(Clone, Copy)]
pub(super) struct Change {
    /// What is asked now.
    pub(super) asked: Memo<Asked>,
    /// To ask something else.
    pub(super) ask: Callback<Asked>,
}

impl Change {
    fn by(self, f: impl FnOnce(&mut Asked)) {
        let mut asked = self.asked.get_untracked();
        f(&mut asked);
        self.ask.run(asked);
    }
}

/// The search: what is typed is searched for with Enter; once it is, Enter goes to the next hit.
#[component]
pub(super) fn Search(change: Change, feed: Feed) -> impl IntoView {
    let s = speech();
    let asked = change.asked;
    let searches = move || asked.with(|asked| !asked.text.is_empty());
    let pressed = move |event: KeyboardEvent| {
        if event.key() != "Enter" {
            return;
        }
        event.prevent_default();
        let text = event_target_value(&event);
        if asked.with_untracked(|asked| asked.text == text) {
            feed.to_hit(!event.shift_key());
        } else {
            change.by(|asked| asked.text = text);
        }
    };
    // The cross in the field empties it without a key.
    let emptied = move |event: web_sys::Event| {
        if event_target_value(&event).is_empty() && untrack(searches) {
            change.by(|asked| asked.text = String::new());
        }
    };
    let hits = move || {
        feed.found()
            .filter(|_| searches())
            .map(|found| s.say(&say::log_hits(i64::try_from(found).unwrap_or(i64::MAX))))
    };
    let around = move |lines: Option<u8>, word: fn(&Words) -> &'static str| {
        view! {
            <button
                type="button"
                aria-pressed=dynamic(move || asked.with(|asked| asked.around == lines).to_string())
                on:click=move |_| change.by(|asked| asked.around = lines)
            >
                {s.word(word)}
            </button>
        }
    };
    view! {
        <label class="find logs__find">
            <Icon name="search" small=true />
            <input
                name="filter"
                type="search"
                class="mono"
                autocomplete="off"
                spellcheck="false"
                aria-label=w!(s.logs_search)
                placeholder=w!(s.logs_search)
                prop:value=dynamic(move || asked.with(|asked| asked.text.clone()))
                on:keydown=pressed
                on:input=emptied
            />
            <span class="t3 sm nowrap" data-found="" role="status">{dynamic(hits)}</span>
        </label>
        <span class="btns">
            <button
                class="btn btn--icon"
                type="button"
                data-action="previous-hit"
                aria-label=w!(s.logs_previous_hit)
                title=w!(s.logs_previous_hit)
                disabled=dynamic(move || !searches())
                on:click=move |_| feed.to_hit(false)
            >
                <Icon name="chev-up" />
            </button>
            <button
                class="btn btn--icon"
                type="button"
                data-action="next-hit"
                aria-label=w!(s.logs_next_hit)
                title=w!(s.logs_next_hit)
                disabled=dynamic(move || !searches())
                on:click=move |_| feed.to_hit(true)
            >
                <Icon name="chev-down" />
            </button>
            <button
                class="btn btn--icon"
                type="button"
                data-action="regex"
                aria-label=w!(s.logs_regex)
                title=w!(s.logs_regex)
                aria-pressed=dynamic(move || asked.with(|asked| asked.regex).to_string())
                on:click=move |_| change.by(|asked| asked.regex = !asked.regex)
            >
                <Icon name="regex" />
            </button>
        </span>
        <Show when=searches>
            <span class="seg">
                {around(None, |words| words.logs_mark())}
                {around(Some(0), |words| words.logs_only())}
                {around(Some(AROUND), |words| words.logs_around())}
            </span>
        </Show>
    }
}

/// From when to when, and of which stream.
#[component]
pub(super) fn Which(change: Change) -> impl IntoView {
    let s = speech();
    let asked = change.asked;
    let range = Memo::new(move |_| asked.with(|asked| asked.range));
    let between = move || match range.get() {
        Range::Between(from, to) => Some((from, to)),
        _ => None,
    };
    let choice = move |one: Range, word: fn(&Words) -> &'static str| {
        let same = move || std::mem::discriminant(&range.get()) == std::mem::discriminant(&one);
        let on = move || if matches!(one, Range::Between(..)) { same() } else { range.get() == one };
        let choose = move |()| {
            let one = match one {
                Range::Between(..) => Range::Between(browser::now() - 3_600_000, Some(browser::now())),
                one => one,
            };
            change.by(|asked| asked.range = one);
        };
        view! { <MenuCheck on=Signal::derive(on) flip=choose>{s.word(word)}</MenuCheck> }
    };
    let word = move |range: Range, words: &Words| match range {
        Range::All => words.logs_range_all(),
        Range::Last(15) => words.logs_range_15(),
        Range::Last(60) => words.logs_range_60(),
        Range::Last(_) => words.logs_range_day(),
        Range::Between(..) => words.logs_range_between(),
    };
    view! {
        <button
            class="count"
            type="button"
            data-action="stderr"
            aria-pressed=dynamic(move || asked.with(|asked| asked.stderr_only).to_string())
            on:click=move |_| change.by(|asked| asked.stderr_only = !asked.stderr_only)
        >
            {w!(s.logs_stderr)}
        </button>
        <Show when=move || between().is_some()>
            <input
                class="input logs__time"
                type="datetime-local"
                name="from"
                aria-label=w!(s.logs_from)
                prop:value=dynamic(move || between().map(|(from, _)| field_of(from)).unwrap_or_default())
                on:change=move |event| {
                    if let (Some(from), Some((_, to))) = (of_field(&event_target_value(&event)), untrack(between)) {
                        change.by(|asked| asked.range = Range::Between(from, to));
                    }
                }
            />
            <input
                class="input logs__time"
                type="datetime-local"
                name="until"
                aria-label=w!(s.logs_until)
                prop:value=dynamic(move || between().and_then(|(_, to)| to).map(field_of).unwrap_or_default())
                on:change=move |event| {
                    if let Some((from, _)) = untrack(between) {
                        let to = of_field(&event_target_value(&event));
                        change.by(|asked| asked.range = Range::Between(from, to));
                    }
                }
            />
        </Show>
        <Menu
            class="btn"
            label=Signal::derive(move || s.say(&say::log_range_now(word(range.get(), s.words()))))
            button=move || view! {
                <Icon name="clock" />
                {dynamic(move || word(range.get(), s.words()))}
            }
        >
            {choice(Range::All, |words| words.logs_range_all())}
            {choice(Range::Last(LAST[0]), |words| words.logs_range_15())}
            {choice(Range::Last(LAST[1]), |words| words.logs_range_60())}
            {choice(Range::Last(LAST[2]), |words| words.logs_range_day())}
            {choice(Range::Between(0, None), |words| words.logs_range_between())}
        </Menu>
    }
}

/// The way to the whole log of each as a file.
#[component]
pub(super) fn Download(named: Memo<Vec<Named>>) -> impl IntoView {
    dynamic(move || named.get().into_iter().map(file).collect_view())
}

fn file(one: Named) -> impl IntoView {
    let s = speech();
    let href = one.file();
    let title = move || s.say(&say::log_download(&one.name));
    let label = title.clone();
    view! {
        <a
            class="btn btn--icon"
            data-action="download"
            download=""
            href=href
            title=dynamic(title)
            aria-label=dynamic(label)
        >
            <Icon name="download" />
        </a>
    }
}
