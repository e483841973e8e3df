//! The filters of a prune, read as engines read them.

use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};
use longshore_api::ops::{self, Kind};
use serde_json::Value;

/// What is to be pruned of what is unused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filters {
    /// All of these it must have: `key` or `key=value`.
    labels: Vec<String>,
    /// What has all of these stays.
    without: Vec<String>,
    /// What was made later stays.
    until: Option<Timestamp>,
    /// Of images only those without a name.
    pub(super) dangling: bool,
    /// Of volumes also those that somebody named.
    pub(super) all: bool,
}

impl Filters {
    /// Reads the parameter of a prune of this kind.
    ///
    /// # Errors
    /// In words, which filter is none, or not understood.
    pub(super) fn read(kind: Kind, text: &str, now: Timestamp) -> Result<Self, String> {
        let mut filters = Self { dangling: true, ..Self::default() };
        // What steps of builds are filtered by is of no matter: none are removed.
        if text.is_empty() || kind == Kind::Build {
            return Ok(filters);
        }
        let invalid = |name: &str| format!("invalid filter '{name}'");
        let read = ops::body::read(text.as_bytes()).map_err(|_| invalid("filters"))?;
        for (name, values) in read.as_object().ok_or_else(|| invalid("filters"))? {
            let values: Vec<&str> = match values {
                // `{"label":["a"]}` as of old, `{"label":{"a":true}}` since.
                Value::Array(all) => {
                    all.iter().map(Value::as_str).collect::<Option<_>>().ok_or_else(|| invalid(name))?
                }
                Value::Object(all) => all.keys().map(String::as_str).collect(),
                _ => return Err(invalid(name)),
            };
            let owned = || values.iter().map(|value| (*value).to_owned()).collect();
            match (name.as_str(), kind) {
                ("label", _) => filters.labels = owned(),
                ("label!", _) => filters.without = owned(),
                ("until", Kind::Container | Kind::Image | Kind::Network) => {
                    let [one] = values[..] else {
                        return Err("more than one until filter specified".to_owned());
                    };
                    let until = time(one, now).ok_or_else(|| format!("invalid filter 'until={one}'"))?;
                    filters.until = Some(until);
                }
                ("dangling", Kind::Image) => {
                    filters.dangling = yes_or_no(&values).ok_or_else(|| invalid(name))?
                }
                ("all", Kind::Volume) => filters.all = yes_or_no(&values).ok_or_else(|| invalid(name))?,
                _ => return Err(invalid(name)),
            }
        }
        Ok(filters)
    }

    /// Whether something with these labels is to go.
    pub(super) fn fit(&self, labels: &Value) -> bool {
        let has = |wanted: &String| match wanted.split_once('=') {
            Some((key, value)) => labels[key] == value,
            None => labels.get(wanted).is_some(),
        };
        self.labels.iter().all(has) && (self.without.is_empty() || !self.without.iter().all(has))
    }

    /// Whether what was made at this time is old enough. Of what does not say when, nobody knows.
    pub(super) fn is_old(&self, made: &str) -> bool {
        let Some(until) = self.until else { return true };
        made.parse::<Timestamp>().is_ok_and(|made| made <= until)
    }

    /// The same of what says no more than the second.
    pub(super) fn is_old_second(&self, made: i64) -> bool {
        let Some(until) = self.until else { return true };
        made < until.as_second()
    }
}

fn yes_or_no(values: &[&str]) -> Option<bool> {
    match values {
        ["1" | "t" | "T" | "true" | "TRUE" | "True"] => Some(true),
        ["0" | "f" | "F" | "false" | "FALSE" | "False"] => Some(false),
        _ => None,
    }
}

/// A time as engines take it: how long ago (`1h30m`), seconds since 1970, or a date. Without a zone it is UTC.
fn time(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Some(ago) = go_duration(text) {
        return now.checked_sub(ago).ok();
    }
    if let Ok(seconds) = text.parse::<f64>() {
        return SignedDuration::try_from_secs_f64(seconds)
            .ok()
            .and_then(|since| Timestamp::UNIX_EPOCH.checked_add(since).ok());
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time);
    }
    let utc = |time: civil::DateTime| TimeZone::UTC.to_timestamp(time).ok();
    if let Ok(time) = text.parse::<civil::DateTime>() {
        return utc(time);
    }
    // `2026-11-29Z`
    let date = text.strip_suffix('Z')?.parse::<civil::Date>().ok()?;
    utc(date.at(0, 0, 0, 0))
}

/// `1h30m`, `10m`, `1.5s`: at least one number with a unit.
fn go_duration(text: &str) -> Option<SignedDuration> {
    let (mut rest, mut all) = (text, 0.0);
    while !rest.is_empty() {
        let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (count, after) = rest.split_at(number);
        let unit = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, next) = after.split_at(unit);
        let seconds = match unit {
            "h" => 3_600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        all += count.parse::<f64>().ok()? * seconds;
        rest = next;
    }
    if text.is_empty() { None } else { SignedDuration::try_from_secs_f64(all).ok() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn read(kind: Kind, filters: Value) -> Result<Filters, String> {
        Filters::read(kind, &filters.to_string(), at("2026-11-30T12:00:00Z"))
    }

    #[test]
    fn labels_are_all_to_be_there_and_what_has_all_of_the_others_stays() {
        let filters = json!({ "label": { "team=red": true, "keep": true }, "label!": ["old", "prod=1"] });
        let filters = read(Kind::Container, filters).expect("filters");
        assert!(filters.fit(&json!({ "team": "red", "keep": "" })));
        assert!(filters.fit(&json!({ "team": "red", "keep": "", "old": "" })), "one of the two");
        assert!(!filters.fit(&json!({ "team": "red", "keep": "", "old": "", "prod": "1" })));
        assert!(!filters.fit(&json!({ "team": "blue", "keep": "" })));
        assert!(!filters.fit(&Value::Null));
        assert!(Filters::default().fit(&Value::Null));
    }

    #[test]
    fn what_was_made_later_stays() {
        for (until, old, new) in [
            ("1h30m", "2026-11-30T10:29:59.5Z", "2026-11-30T10:30:00.5Z"),
            ("2026-11-30T11:00:00+01:00", "2026-11-30T09:59:59Z", "2026-11-30T10:00:01Z"),
            ("2026-11-30T10:00:00", "2026-11-30T09:59:59Z", "2026-11-30T10:00:01Z"),
            ("2026-11-30", "2026-11-29T23:59:59Z", "2026-11-30T00:00:01Z"),
            ("1764500400", "2025-11-30T10:59:59Z", "2025-11-30T11:00:01Z"),
        ] {
            let filters = read(Kind::Network, json!({ "until": [until] })).expect(until);
            assert!(filters.is_old(old) && !filters.is_old(new) && !filters.is_old(""), "{until}");
            assert!(filters.is_old_second(at(old).as_second() - 1), "{until}");
            assert!(!filters.is_old_second(at(new).as_second()), "{until}");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused() {
        for (kind, filters) in [
            (Kind::Container, json!({ "name": ["web"] })),
            (Kind::Container, json!({ "until": ["1h", "2h"] })),
            (Kind::Container, json!({ "until": ["yesterday"] })),
            (Kind::Container, json!({ "until": [""] })),
            (Kind::Container, json!({ "dangling": ["true"] })),
            (Kind::Volume, json!({ "until": ["1h"] })),
            (Kind::Image, json!({ "dangling": ["perhaps"] })),
            (Kind::Network, json!(["label"])),
            (Kind::Network, json!({ "label": "a" })),
            (Kind::Network, json!({ "label": [1] })),
        ] {
            assert!(read(kind, filters.clone()).is_err(), "{filters}");
        }
        assert!(Filters::read(Kind::Container, "{\"label\":[],\"label\":[]}", Timestamp::now()).is_err());
        assert!(!read(Kind::Image, json!({ "dangling": ["false"] })).expect("filters").dangling);
        assert!(read(Kind::Volume, json!({ "all": { "true": true } })).expect("filters").all);
    }
}
