//! One reading, from what the browser asks to its end: first what is there, then what comes.

use std::{sync::Arc, time::Duration};

use hyper::upgrade::OnUpgrade;
use longshore_api::web::{
    Millis,
    log::{BATCH_LINES_MAX, LAST_MAX, LogBatch, LogLine, LogMissed, LogPlace, LogQuery, LogTell},
};
use tokio::time::{Instant, sleep};

use super::{
    frames::Line,
    sift::{Last, Sift},
    source::{Behind, Reading, Side, Source, Span, Standing, since},
    wire::{Stop, Wire},
};
use crate::{access::Pass, fault::Fault, house::House};

/// A batch has no more text than this, and one line.
const BATCH_BYTES: usize = 48 * 1024;
/// A log that is followed is first looked for so near its end.
const NEAR_END: u32 = 1_000;
/// Older lines are first looked for so many nanoseconds back.
const NEAR_BEFORE: i64 = 600 * 1_000_000_000;
/// An engine that ends a log at once is asked again after this.
const AGAIN: Duration = Duration::from_millis(300);
/// A long search says so often how far it is.
const PROGRESS_EVERY: Duration = Duration::from_millis(300);

/// Serves a reading of a container, by its name or its full id.
pub async fn run(house: Arc<House>, pass: Pass, container: String, upgrade: OnUpgrade) {
    let mut wire = match Wire::open(upgrade).await {
        Ok(wire) => wire,
        Err(error) => {
            tracing::debug!(request.id = pass.request_id(), %error, "the line of a log was not completed");
            return;
        }
    };
    let _open = house.metrics.stream();
    let end = tokio::select! {
        end = serve(&house, &pass, &container, &mut wire) => end,
        () = house.until_over(&pass) => Err(Stop::Gone),
    };
    let last = match end {
        Ok(last) => Some(last),
        Err(Stop::Gone) => None,
        Err(Stop::Fault(fault)) => {
            tracing::debug!(request.id = pass.request_id(), %fault, "a log could not be read on");
            Some(LogTell::Problem(fault.problem(pass.request_id())))
        }
    };
    wire.close(last).await;
}

async fn serve(house: &House, pass: &Pass, container: &str, wire: &mut Wire) -> Result<LogTell, Stop> {
    let query = wire.query().await?;
    let source = tokio::select! {
        source = Source::find(house, pass, container) => source?,
        stop = wire.listen() => return Err(stop),
    };
    let sift = Sift::new(query.find.as_ref())?;
    let mut session =
        Session { source: &source, wire, sift, place: query.after, batch: Vec::new(), bytes: 0 };
    session.what_is_there(&query).await?;
    if !query.follow || query.until.is_some() || query.before.is_some() {
        return Ok(LogTell::Over);
    }
    session.what_comes(&query).await
}

struct Session<'a> {
    source: &'a Source<'a>,
    wire: &'a mut Wire,
    sift: Sift,
    /// Behind the last line that was read.
    place: Option<LogPlace>,
    batch: Vec<LogLine>,
    bytes: usize,
}

impl<'a> Session<'a> {
    /// What the log holds now.
    async fn what_is_there(&mut self, query: &LogQuery) -> Result<(), Stop> {
        let last = query.last.map(|last| last.clamp(1, LAST_MAX));
        let since = self.place.map(since).max(query.since.map(nanos));
        let until = query.before.or(query.until.map(nanos));
        let mut span = Span { since, until, tail: None, follow: false, stderr_only: query.stderr_only };
        let Some(last) = last else {
            self.forward(span).await?;
            return self.caught(false).await;
        };
        // The engine finds the end by itself; not so where lines are left out.
        if query.after.is_none() && until.is_none() && !query.stderr_only && !self.sift.chooses() {
            span.tail = Some(last);
        }
        let near =
            query.before.map(|before| before.saturating_sub(NEAR_BEFORE)).filter(|near| since < Some(*near));
        let kept = match near {
            None => self.backward(span, query, last).await?,
            Some(near) => {
                let kept = self.backward(Span { since: Some(near), ..span }, query, last).await?;
                if kept.is_full() {
                    kept
                } else {
                    self.sift = Sift::new(query.find.as_ref())?;
                    self.backward(span, query, last).await?
                }
            }
        };
        let gone = kept.gone;
        let lines = kept.into_lines();
        if let (Some(after), Some(first)) = (query.after, lines.front())
            && gone > 0
        {
            let missed = LogMissed { lines: Some(gone), from: after.at, until: first.at };
            self.wire.tell(&LogTell::Missed(missed)).await?;
        }
        let full = span.tail.is_some_and(|tail| lines.len() >= tail as usize);
        for line in lines {
            self.add(line).await?;
        }
        self.flush().await?;
        self.caught(gone > 0 || full).await
    }

    async fn caught(&mut self, more: bool) -> Result<(), Stop> {
        self.wire.tell(&LogTell::Caught { more, found: self.sift.found() }).await
    }

    /// Reads to the end of what is there, and keeps the last lines.
    async fn backward(&mut self, span: Span, query: &LogQuery, last: u32) -> Result<Last, Stop> {
        let mut kept = Last::new(last as usize);
        let mut reading = self.open(span).await?;
        let mut behind = query.after.map(Behind::new);
        let mut said = Instant::now();
        loop {
            while let Some(line) = reading.ready() {
                match behind.as_mut().map(|behind| behind.side(&line)) {
                    Some(Side::Known) => continue,
                    Some(Side::NewAfterGap) => self.gap(query.after, &line).await?,
                    Some(Side::New) | None => {}
                }
                if query.before.is_none_or(|before| line.at < before) {
                    self.sift.take(line, |line| kept.take(line));
                }
            }
            self.place = reading.place.or(self.place);
            if !self.more(&mut reading).await? {
                return Ok(kept);
            }
            if said.elapsed() > PROGRESS_EVERY {
                said = Instant::now();
                self.wire.tell(&LogTell::Progress { read: reading.read }).await?;
            }
        }
    }

    /// Says all of it, from the front.
    async fn forward(&mut self, span: Span) -> Result<(), Stop> {
        let mut reading = self.open(span).await?;
        let behind = self.place.map(Behind::new);
        self.say(&mut reading, behind).await
    }

    /// Says what a reading brings, until its end. What has been read is said before more is waited for.
    async fn say(&mut self, reading: &mut Reading<'_>, mut behind: Option<Behind>) -> Result<(), Stop> {
        let mut said = Instant::now();
        loop {
            while let Some(line) = reading.ready() {
                match behind.as_mut().map(|behind| behind.side(&line)) {
                    Some(Side::Known) => continue,
                    Some(Side::NewAfterGap) => self.gap(self.place, &line).await?,
                    Some(Side::New) | None => {}
                }
                self.place = reading.place;
                let mut passed = Vec::new();
                self.sift.take(line, |line| passed.push(line));
                for line in passed {
                    self.add(line).await?;
                }
            }
            self.flush().await?;
            if !self.more(reading).await? {
                return Ok(());
            }
            if self.sift.chooses() && said.elapsed() > PROGRESS_EVERY {
                said = Instant::now();
                self.wire.tell(&LogTell::Progress { read: reading.read }).await?;
            }
        }
    }

    /// What is written from now on, over every stop and start.
    async fn what_comes(&mut self, query: &LogQuery) -> Result<LogTell, Stop> {
        loop {
            let begun = Instant::now();
            self.follow(query).await?;
            match self.heed(self.source.standing()).await? {
                Standing::Removed => return Ok(LogTell::Removed),
                // The engine may be a little ahead of itself, or have a log that cannot be followed.
                Standing::Runs if begun.elapsed() < AGAIN => self.wait(AGAIN).await?,
                Standing::Runs => {}
                Standing::Stopped { exit_code, out_of_memory } => {
                    let source = self.source;
                    let failed = self.heed(async { Ok(source.has_failed(exit_code).await) }).await?;
                    self.wire.tell(&LogTell::Stopped { exit_code, out_of_memory, failed }).await?;
                    loop {
                        tokio::select! {
                            () = self.source.stirs() => {}
                            stop = self.wire.listen() => return Err(stop),
                        }
                        match self.heed(self.source.standing()).await? {
                            Standing::Removed => return Ok(LogTell::Removed),
                            Standing::Runs => break,
                            // The inventory has not heard it yet.
                            Standing::Stopped { .. } => self.wait(AGAIN).await?,
                        }
                    }
                    self.wire.tell(&LogTell::Started).await?;
                }
            }
        }
    }

    /// Follows until the engine ends it.
    async fn follow(&mut self, query: &LogQuery) -> Result<(), Stop> {
        let stderr_only = query.stderr_only;
        let far = self.place.map(since).max(query.since.map(nanos));
        let span = Span { since: far, until: None, tail: None, follow: true, stderr_only };
        let near = Span { tail: Some(NEAR_END), ..span };
        let Some(place) = self.place else {
            let mut reading = self.open(span).await?;
            return self.say(&mut reading, None).await;
        };
        let mut reading = self.open(near).await?;
        // Near the end is the quick way; where so much has been written meanwhile, all of it is looked through.
        while reading.ready.is_empty() && self.more(&mut reading).await? {}
        let within = reading.ready.front().is_none_or(|line| Behind::new(place).side(line) == Side::Known);
        if within {
            return self.say(&mut reading, Some(Behind::new(place))).await;
        }
        drop(reading);
        let mut reading = self.open(span).await?;
        self.say(&mut reading, Some(Behind::new(place))).await
    }

    /// The engine has thrown away lines that the browser has not seen.
    async fn gap(&mut self, from: Option<LogPlace>, line: &Line) -> Result<(), Stop> {
        self.flush().await?;
        let Some(from) = from else { return Ok(()) };
        self.wire.tell(&LogTell::Missed(LogMissed { lines: None, from: from.at, until: line.at })).await
    }

    async fn add(&mut self, line: LogLine) -> Result<(), Stop> {
        self.bytes += line.text.len();
        self.batch.push(line);
        if self.bytes >= BATCH_BYTES || self.batch.len() >= BATCH_LINES_MAX {
            self.flush().await?;
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), Stop> {
        if self.batch.is_empty() {
            return Ok(());
        }
        self.wire.room().await?;
        self.bytes = 0;
        let lines = std::mem::take(&mut self.batch);
        self.wire.tell(&LogTell::Lines(LogBatch { lines, place: self.place })).await
    }

    /// What the engine answers, unless the browser goes first.
    async fn heed<T>(&mut self, answer: impl Future<Output = Result<T, Fault>>) -> Result<T, Stop> {
        tokio::select! {
            answer = answer => Ok(answer?),
            stop = self.wire.listen() => Err(stop),
        }
    }

    async fn wait(&mut self, long: Duration) -> Result<(), Stop> {
        self.heed(async {
            sleep(long).await;
            Ok(())
        })
        .await
    }

    async fn open(&mut self, span: Span) -> Result<Reading<'a>, Stop> {
        let source = self.source;
        self.heed(source.open(span)).await
    }

    async fn more(&mut self, reading: &mut Reading<'_>) -> Result<bool, Stop> {
        self.heed(reading.more()).await
    }
}

fn nanos(at: Millis) -> i64 {
    at.saturating_mul(1_000_000)
}
