//! The foot of the log: whether it follows, how much is kept, the zone of its times, and the button that holds it.

use js_sys::Date;
use leptos::prelude::*;
use longshore_api::words::say;

use super::{feed::Feed, source::Standing};
use crate::{
    parts::{Icon, Show, dynamic},
    speech::{speech, w},
};

/// What the log does now, for the eye and for tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Reads,
    Follows,
    Held,
    Away,
    Stopped,
    Over,
    Lost,
}

impl Doing {
    fn of(feed: Feed) -> Self {
        let standings = feed.standings();
        let all = |one: Standing| !standings.is_empty() && standings.iter().all(|standing| *standing == one);
        if standings.contains(&Standing::Lost) {
            Self::Lost
        } else if feed.is_paused() {
            Self::Held
        } else if feed.follows() && feed.is_away() {
            Self::Away
        } else if standings.contains(&Standing::Reading) {
            Self::Reads
        } else if all(Standing::Stopped) {
            Self::Stopped
        } else if all(Standing::Over) {
            Self::Over
        } else {
            Self::Follows
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::Follows => "follows",
            Self::Held => "paused",
            Self::Away => "away",
            Self::Stopped => "stopped",
            Self::Over => "over",
            Self::Lost => "lost",
        }
    }
}

/// The foot.
#[component]
pub(super) fn Foot(feed: Feed) -> impl IntoView {
    let s = speech();
    let doing = Memo::new(move |_| Doing::of(feed));
    let word = move || {
        let words = s.words();
        match doing.get() {
            Doing::Reads if feed.bytes_read() > 0 => {
                s.say(&say::log_searched(i64::try_from(feed.bytes_read()).unwrap_or(i64::MAX)))
            }
            Doing::Reads => words.logs_reading().to_owned(),
            Doing::Follows => words.logs_following().to_owned(),
            Doing::Held => words.logs_paused().to_owned(),
            Doing::Away => words.logs_scrolled().to_owned(),
            Doing::Stopped => words.logs_not_running().to_owned(),
            Doing::Over => words.logs_end().to_owned(),
            Doing::Lost => s.say(&say::log_line_lost()),
        }
    };
    let holds = move || matches!(doing.get(), Doing::Held | Doing::Away);
    view! {
        <div class="logv__foot" data-log=dynamic(move || doing.get().code())>
            <span class="logv__doing row row--1" role="status" class:is-on=dynamic(move || doing.get() == Doing::Follows)>
                <span class="live__dot"></span>
                {dynamic(word)}
            </span>
            <span class="no-phone" data-kept=dynamic(move || feed.kept().to_string())>
                {dynamic(move || s.say(&say::log_kept(i64::try_from(feed.kept()).unwrap_or(i64::MAX))))}
            </span>
            <span class="end no-phone">{zone()}</span>
            <Show when=holds>
                <button class="btn btn--sm" type="button" data-action="newest" on:click=move |_| feed.to_newest()>
                    <Icon name="chev-down" />
                    {w!(s.logs_newest)}
                </button>
            </Show>
            <Show when=move || feed.is_fetching()>
                <span class="t3" data-fetching="">{w!(s.logs_fetching)}</span>
            </Show>
            <button
                class="btn btn--sm"
                class:is-hidden=dynamic(move || !feed.follows())
                type="button"
                data-action="pause-log"
                aria-pressed=dynamic(move || feed.is_paused().to_string())
                on:click=move |_| feed.pause(!holds())
            >
                <Icon name=Signal::derive(move || if holds() { "play" } else { "pause" }) />
                {dynamic(move || if holds() { s.words().go_on() } else { s.words().verb_pause() })}
                <kbd>"Space"</kbd>
            </button>
        </div>
    }
}

/// The zone that times are shown in: `UTC+01:00`.
fn zone() -> String {
    let minutes = -(Date::new_0().get_timezone_offset() as i32);
    let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
    format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}
