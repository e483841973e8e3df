//! The log of one container as its engine gives it: found, opened, read line by line.

use std::{collections::VecDeque, time::Duration};

use http::StatusCode;
use http_body_util::BodyExt as _;
use longshore_api::web::{container::State as Shown, log::LogPlace};
use serde::Deserialize;
use tokio::time::timeout;

use super::frames::{Line, Lines};
use crate::{
    access::Pass,
    call::{Call, operation},
    containers,
    fault::Fault,
    hosts::{Flow, INSPECTION_MAX, LineError, Question},
    house::House,
};

/// Lines of the two streams may be written in another order than their times: so many nanoseconds are looked back.
const BACK: i64 = 2_000_000;
/// The inventory hears of an end so soon.
const HEARD_WITHIN: Duration = Duration::from_secs(5);

/// A container whose log is read.
pub struct Source<'a> {
    house: &'a House,
    pass: &'a Pass,
    slug: String,
    /// Its full id.
    pub id: String,
    name: String,
    tty: bool,
}

/// Whether a container runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Runs,
    /// It does not.
    Stopped {
        /// How it ended.
        exit_code: Option<i32>,
        /// The kernel ended it.
        out_of_memory: bool,
    },
    /// There is no such container any more.
    Removed,
}

/// Which lines are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Span {
    /// Not before, nanoseconds since 1970.
    pub since: Option<i64>,
    /// Not after.
    pub until: Option<i64>,
    /// Only the last so many.
    pub tail: Option<u32>,
    /// And those to come.
    pub follow: bool,
    /// Only the standard error.
    pub stderr_only: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Inspected {
    config: Config,
    state: State,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Config {
    #[serde(default)]
    tty: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct State {
    #[serde(default)]
    running: bool,
    exit_code: Option<i32>,
    #[serde(default, rename = "OOMKilled")]
    oom_killed: bool,
}

impl<'a> Source<'a> {
    /// Finds the container on the host of the pass, by its name or its full id.
    ///
    /// # Errors
    /// The host does not answer, or has no such container.
    pub async fn find(house: &'a House, pass: &'a Pass, named: &str) -> Result<Self, Fault> {
        let (id, name) = containers::find(house, pass, named)?;
        let host = house.hosts.get(pass.host()?)?;
        let mut source = Self { house, pass, slug: host.slug.clone(), id, name, tty: false };
        let inspected = source.inspect().await.map_err(|why| host.line.fault(why))?;
        source.tty = inspected.config.tty;
        Ok(source)
    }

    async fn inspect(&self) -> Result<Inspected, LineError> {
        let host = self.house.hosts.get(&self.slug).map_err(|why| LineError::Garbled(why.to_string()))?;
        host.line.ask_json(Question::Container(&self.id), INSPECTION_MAX).await
    }

    /// Whether it runs.
    ///
    /// # Errors
    /// The engine does not say.
    pub async fn standing(&self) -> Result<Standing, Fault> {
        match self.inspect().await {
            Ok(Inspected { state, .. }) if state.running => Ok(Standing::Runs),
            Ok(Inspected { state, .. }) => {
                Ok(Standing::Stopped { exit_code: state.exit_code, out_of_memory: state.oom_killed })
            }
            Err(LineError::Refused { status: StatusCode::NOT_FOUND, .. }) => Ok(Standing::Removed),
            Err(why) => Err(self.house.hosts.get(&self.slug)?.line.fault(why)),
        }
    }

    /// Whether its end was a failure, as every page says it: what somebody asked for is none, and only the inventory knows of
    /// that. Of an end that it does not hear of, the code has to do.
    pub async fn has_failed(&self, exit_code: Option<i32>) -> bool {
        let mut changes = self.house.inventory.listen();
        let heard = async {
            loop {
                match self.house.inventory.container_state(&self.slug, &self.id) {
                    Some(Shown::Failed | Shown::Dead) => return Some(true),
                    Some(Shown::Exited) => return Some(false),
                    Some(state) if state.is_up() => {}
                    _ => return None,
                }
                changes.changed().await.ok()?;
            }
        };
        let heard = timeout(HEARD_WITHIN, heard).await.ok().flatten();
        heard.unwrap_or_else(|| exit_code.is_some_and(|code| code != 0))
    }

    /// Waits until it may run again, or may be gone: until the inventory says so.
    pub async fn stirs(&self) {
        let mut changes = self.house.inventory.listen();
        loop {
            let state = self.house.inventory.container_state(&self.slug, &self.id);
            if state.is_none_or(|state| state.is_up()) || changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Opens the log.
    ///
    /// # Errors
    /// The engine refuses, or does not answer.
    pub async fn open(&self, span: Span) -> Result<Reading<'_>, Fault> {
        let log = operation("container-logs");
        let name = format!("container {}", self.name);
        let mut call = Call::new(self.house, self.pass, log, Some(&self.id), name)?
            .with("stdout", !span.stderr_only)
            .with("stderr", true)
            .with("timestamps", true)
            .with("follow", span.follow);
        if let Some(since) = span.since {
            call = call.with("since", seconds(since));
        }
        if let Some(until) = span.until {
            call = call.with("until", seconds(until));
        }
        if let Some(tail) = span.tail {
            call = call.with("tail", tail);
        }
        let body = call.flow().await?.into_body();
        let lines = Lines::new(!self.tty);
        Ok(Reading { source: self, body, lines, ready: VecDeque::new(), read: 0, over: false, place: None })
    }

    /// Opens the log as it is, without times, for who wants all of it.
    ///
    /// # Errors
    /// As [`Source::open`].
    pub async fn whole(&self) -> Result<(Flow, bool), Fault> {
        let name = format!("container {}", self.name);
        let call = Call::new(self.house, self.pass, operation("container-logs"), Some(&self.id), name)?;
        let flow = call.with("stdout", true).with("stderr", true).flow().await?;
        Ok((flow.into_body(), !self.tty))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn broken(&self, why: LineError) -> Fault {
        self.house.hosts.get(&self.slug).map_or_else(|fault| fault, |host| host.line.fault(why))
    }
}

/// As engines read a time.
fn seconds(nanos: i64) -> String {
    const SECOND: i64 = 1_000_000_000;
    format!("{}.{:09}", nanos.div_euclid(SECOND), nanos.rem_euclid(SECOND))
}

/// An open log.
pub struct Reading<'a> {
    source: &'a Source<'a>,
    body: Flow,
    lines: Lines,
    /// Of the last piece that came.
    pub ready: VecDeque<Line>,
    /// Bytes that were read.
    pub read: u64,
    over: bool,
    /// Behind the last line that was handed out.
    pub place: Option<LogPlace>,
}

impl Reading<'_> {
    /// A line that is here already.
    pub fn ready(&mut self) -> Option<Line> {
        let line = self.ready.pop_front()?;
        self.place = Some(match self.place {
            Some(LogPlace { at, nth }) if at == line.at => LogPlace { at, nth: nth + 1 },
            _ => LogPlace { at: line.at, nth: 1 },
        });
        Some(line)
    }

    /// Reads on; false at the end. May be dropped without losing anything.
    ///
    /// # Errors
    /// The engine broke off, or what it says is no log.
    pub async fn more(&mut self) -> Result<bool, Fault> {
        if self.over {
            return Ok(false);
        }
        let ready = &mut self.ready;
        match self.body.frame().await {
            Some(Ok(frame)) => {
                if let Ok(bytes) = frame.into_data() {
                    self.read += bytes.len() as u64;
                    let fed = self.lines.feed(&bytes, |line| ready.push_back(line));
                    fed.map_err(|why| self.source.broken(LineError::Garbled(why.to_string())))?;
                }
            }
            Some(Err(why)) => return Err(self.source.broken(LineError::Flow(why))),
            None => {
                self.over = true;
                self.lines.end(|line| ready.push_back(line));
            }
        }
        Ok(true)
    }
}

/// Where reading begins to go on behind a place.
pub fn since(place: LogPlace) -> i64 {
    place.at.saturating_sub(BACK)
}

/// Leaves out what the browser has already.
pub struct Behind {
    place: LogPlace,
    seen: u32,
    found: bool,
}

/// What a line is, seen from behind a place.
#[derive(Debug, PartialEq, Eq)]
pub enum Side {
    /// The browser has it.
    Known,
    /// It is new.
    New,
    /// It is new, and the line before it, which the browser has, is not in the log any more.
    NewAfterGap,
}

impl Behind {
    /// Of this place.
    pub fn new(place: LogPlace) -> Self {
        Self { place, seen: 0, found: false }
    }

    /// Looks at the next line of the log.
    pub fn side(&mut self, line: &Line) -> Side {
        if self.found {
            return Side::New;
        }
        // No line is known there, only a time.
        if self.place.nth == 0 {
            self.found = line.at > self.place.at;
            return if self.found { Side::New } else { Side::Known };
        }
        if line.at == self.place.at {
            self.seen += 1;
            self.found = self.seen >= self.place.nth;
        }
        if line.at <= self.place.at.saturating_add(BACK) {
            return Side::Known;
        }
        self.found = true;
        // Some that bear its time were there.
        if self.seen > 0 { Side::New } else { Side::NewAfterGap }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_again() {
        let line = |at| Line { at, ..Line::default() };
        let sides = |place, all: &[i64]| {
            let mut behind = Behind::new(place);
            all.iter().map(|at| behind.side(&line(*at))).collect::<Vec<_>>()
        };
        use Side::{Known, New, NewAfterGap};
        let place = LogPlace { at: 1_000, nth: 2 };
        assert_eq!(sides(place, &[900, 1_000, 1_000, 1_000, 990]), [Known, Known, Known, New, New]);
        assert_eq!(sides(place, &[1_000, 1_200, 1_000, 1_100]), [Known, Known, Known, New]);
        assert_eq!(sides(place, &[9_000_000, 9_000_001]), [NewAfterGap, New]);
        assert_eq!(sides(place, &[1_000, 9_000_000]), [Known, New]);
        assert_eq!(sides(LogPlace { at: 1_000, nth: 0 }, &[999, 1_000, 1_001]), [Known, Known, New]);
    }

    #[test]
    fn times_are_written_as_engines_read_them() {
        assert_eq!(seconds(1_700_000_000_000_000_001), "1700000000.000000001");
        assert_eq!(seconds(-1), "-1.999999999");
    }
}
