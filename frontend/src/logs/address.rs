//! What is read, as the address says it: which containers (`of=HOST/NAME,HOST/NAME`), from when to when, and what is
//! searched for.

use js_sys::Date;
use longshore_api::web::{
    API, Millis,
    log::{LogFind, LogQuery},
};
use wasm_bindgen::JsValue;

use crate::{browser, live};

/// So many logs at most are shown in one.
pub(super) const MERGED_MAX: usize = 8;
/// So many lines are asked for at first, of all logs together.
const FIRST: u32 = 1_500;
/// And of one.
const FIRST_OF_ONE: u32 = 500;

/// A container of which the log is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The slug of its host.
    pub(super) host: String,
    /// Its name.
    pub(super) name: String,
}

impl Named {
    /// Where its log is read.
    pub(super) fn url(&self) -> String {
        live::url(&format!("hosts/{}/containers/{}/logs/live", self.host, self.name))
    }

    /// Where its whole log is.
    pub(super) fn file(&self) -> String {
        browser::below_base(&format!("{API}/hosts/{}/containers/{}/logs", self.host, self.name))
    }
}

/// Those that an address names, each once, as far as they are shown in one; how many are left out.
pub(super) fn read(of: &str) -> (Vec<Named>, usize) {
    let mut all = Vec::new();
    for one in of.split(',') {
        let Some((host, name)) = one.split_once('/') else { continue };
        let named = Named { host: host.to_owned(), name: name.to_owned() };
        if !host.is_empty() && !name.is_empty() && !all.contains(&named) {
            all.push(named);
        }
    }
    let left_out = all.len().saturating_sub(MERGED_MAX);
    all.truncate(MERGED_MAX);
    (all, left_out)
}

/// From when to when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Range {
    /// All there is, and what follows.
    #[default]
    All,
    /// The last so many minutes, and what follows.
    Last(i64),
    /// Between two times. Without the second, what follows too.
    Between(Millis, Option<Millis>),
}

/// Those that are offered, in minutes.
pub(super) const LAST: [i64; 3] = [15, 60, 24 * 60];

/// Everything that is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// From when to when.
    pub(super) range: Range,
    /// What is searched for; empty for nothing.
    pub(super) text: String,
    /// It is a regular expression.
    pub(super) regex: bool,
    /// With so many lines around; none to mark only.
    pub(super) around: Option<u8>,
    /// Only the standard error.
    pub(super) stderr_only: bool,
}

impl Asked {
    /// As the address says it.
    pub(super) fn read(query: impl Fn(&str) -> Option<String>) -> Self {
        let number = |name: &str| query(name)?.parse::<i64>().ok();
        let range = match (number("last"), number("from")) {
            (Some(last), _) if last > 0 => Range::Last(last),
            (_, Some(from)) => Range::Between(from, number("to")),
            _ => Range::All,
        };
        let around = match query("around").as_deref() {
            Some("all") => None,
            Some(lines) => Some(lines.parse().unwrap_or(0)),
            None => Some(0),
        };
        Self {
            range,
            text: query("q").unwrap_or_default(),
            regex: query("regex").is_some(),
            around,
            stderr_only: query("stderr").is_some(),
        }
    }

    /// As it stands in the address.
    pub(super) fn write(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        match self.range {
            Range::All => {}
            Range::Last(minutes) => pairs.push(("last", minutes.to_string())),
            Range::Between(from, to) => {
                pairs.push(("from", from.to_string()));
                pairs.extend(to.map(|to| ("to", to.to_string())));
            }
        }
        if !self.text.is_empty() {
            pairs.push(("q", self.text.clone()));
        }
        if self.regex {
            pairs.push(("regex", "1".to_owned()));
        }
        match self.around {
            Some(0) => {}
            Some(lines) => pairs.push(("around", lines.to_string())),
            None => pairs.push(("around", "all".to_owned())),
        }
        if self.stderr_only {
            pairs.push(("stderr", "1".to_owned()));
        }
        pairs
    }

    /// The question for each of so many logs.
    pub(super) fn query(&self, logs: usize) -> LogQuery {
        let (since, until) = match self.range {
            Range::All => (None, None),
            Range::Last(minutes) => (Some(browser::now() - minutes * 60_000), None),
            Range::Between(from, to) => (Some(from), to),
        };
        let logs = u32::try_from(logs.max(1)).unwrap_or(1);
        let find = (!self.text.is_empty()).then(|| LogFind {
            text: self.text.clone(),
            regex: self.regex,
            around: self.around,
        });
        LogQuery {
            since,
            until,
            // What has an end is read from its front.
            last: until.is_none().then_some((FIRST / logs).min(FIRST_OF_ONE)),
            follow: until.is_none(),
            stderr_only: self.stderr_only,
            find,
            ..LogQuery::default()
        }
    }
}

/// The value of a field for a local time.
pub(super) fn field_of(at: Millis) -> String {
    let date = Date::new(&JsValue::from_f64(at as f64));
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes()
    )
}

/// The time that such a field holds.
pub(super) fn of_field(value: &str) -> Option<Millis> {
    let at = Date::parse(value);
    at.is_finite().then_some(at as Millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_each_container_once() {
        let named = |host: &str, name: &str| Named { host: host.to_owned(), name: name.to_owned() };
        let both = vec![named("local", "web"), named("depot", "db")];
        assert_eq!(read("local/web,depot/db,local/web"), (both, 0));
        assert_eq!(read(",x,/y,z/,"), (vec![], 0));
        let many: Vec<String> = (0..20).map(|n| format!("local/web-{n}")).collect();
        let (shown, left_out) = read(&many.join(","));
        assert_eq!((shown.len(), left_out), (MERGED_MAX, 20 - MERGED_MAX));
    }

    #[test]
    fn what_is_asked_is_read_as_it_is_written() {
        let all = [
            Asked { around: Some(0), ..Asked::default() },
            Asked { range: Range::Last(60), text: "a b".into(), regex: true, ..Asked::default() },
            Asked { range: Range::Between(5, None), around: Some(3), stderr_only: true, ..Asked::default() },
            Asked { range: Range::Between(5, Some(9)), around: Some(0), ..Asked::default() },
        ];
        for asked in all {
            let written = asked.write();
            let read = Asked::read(|name| {
                written.iter().find(|(one, _)| *one == name).map(|(_, value)| value.clone())
            });
            assert_eq!(read, asked);
        }
    }
}
