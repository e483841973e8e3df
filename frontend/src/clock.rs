//! The time as pages show it: one tick a second for all ages, hours in the reader's zone.

use js_sys::Date;
use leptos::prelude::*;
use longshore_api::web::Millis;
use wasm_bindgen::JsValue;

use crate::browser;

/// The time of this browser, a second fine. In the context.
#[derive(Clone, Copy)]
pub(crate) struct Clock(RwSignal<Millis>);

impl Clock {
    /// Starts ticking.
    pub(crate) fn start() -> Self {
        let now = RwSignal::new(browser::now());
        let _ = set_interval_with_handle(move || now.set(browser::now()), std::time::Duration::from_secs(1));
        Self(now)
    }

    /// Milliseconds since a moment, now and every second from now on.
    pub(crate) fn since(self, moment: Millis) -> Millis {
        self.0.get() - moment
    }

    /// Milliseconds until a moment, none below zero.
    pub(crate) fn until(self, moment: Millis) -> Millis {
        (moment - self.0.get()).max(0)
    }
}

/// The clock of the pages, from the context.
pub(crate) fn clock() -> Clock {
    expect_context()
}

/// `14:31:52`, in the reader's zone.
pub(crate) fn time_of_day(moment: Millis) -> String {
    let date = Date::new(&JsValue::from_f64(moment as f64));
    format!("{:02}:{:02}:{:02}", date.get_hours(), date.get_minutes(), date.get_seconds())
}

/// `2026-11-24 14:31:52`, in the reader's zone.
pub(crate) fn full_time(moment: Millis) -> String {
    let date = Date::new(&JsValue::from_f64(moment as f64));
    format!(
        "{}-{:02}-{:02} {}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        time_of_day(moment)
    )
}
