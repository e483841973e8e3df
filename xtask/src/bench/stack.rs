//! A stack of many services from its plan to its containers, against the same calls on the engine itself.

use std::{
    fmt::Write as _,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Instant,
};

use anyhow::{Context, Result, anyhow, ensure};

use super::{
    live::Live,
    server::{Server, text_of},
    table::{Budget, Row, Table, median},
    wire::Door,
};
use crate::busybox;

const SERVICES: usize = 50;
const ROUNDS: usize = 3;
/// As many calls are under way at once as our own server has under way.
const AT_ONCE: usize = 8;

/// From the click on a plan to the job's end, turn by turn with the bare calls, as many of those at once.
pub(super) fn measure(server: &Server, socket: &Path, table: &mut Table) -> Result<()> {
    let mut live = Live::open(&server.page())?;
    live.send(r#"{"type":"subscribe","sub":1,"topic":{"topic":"jobs"}}"#)?;
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for round in 0..=ROUNDS {
        // What a run that was cut off has left is in nobody's way.
        let run = std::process::id();
        let stack = format!("bench-bare-{run}-{round}");
        let began = Instant::now();
        let bare = bare(socket, &stack).map(|()| began.elapsed().as_secs_f64() * 1e3);
        remove(socket, &stack, &name_of_bare)?;
        let bare = bare?;

        let stack = format!("bench-stack-{run}-{round}");
        let ours = deployed(server, &mut live, &stack);
        remove(socket, &stack, &name_of_ours)?;
        let (planned, ours) = ours?;
        if round > 0 {
            times[0].push(bare);
            times[1].push(ours);
            times[2].push(planned);
        }
    }
    let [bare, ours, planned] = times.map(|mut times| median(&mut times));
    table.add(Row {
        what: format!("{SERVICES} services deployed, by the engine's own time for the bare calls"),
        budget: Budget::AtMost(2.0),
        figure: ours / bare,
        unit: "times",
        from: format!(
            "{ours:.0} ms, bare {bare:.0} ms with {AT_ONCE} calls at once, planned in {planned:.0} ms, median of {ROUNDS}"
        ),
    });
    Ok(())
}

fn name_of_bare(stack: &str, n: usize) -> String {
    format!("{stack}-{n}")
}

fn name_of_ours(stack: &str, n: usize) -> String {
    format!("{stack}-s{n}-1")
}

/// A network, and containers in it that run.
fn bare(socket: &Path, stack: &str) -> Result<()> {
    let network = format!("{stack}_default");
    Door::socket(socket).ask("POST", "/networks/create", &format!(r#"{{"Name":"{network}"}}"#))?;
    let image = busybox::IMAGE;
    let body =
        format!(r#"{{"Image":"{image}","Cmd":["sleep","1000"],"HostConfig":{{"NetworkMode":"{network}"}}}}"#);
    each(socket, |engine, n| {
        let name = name_of_bare(stack, n);
        engine.ask("POST", &format!("/containers/create?name={name}"), &body)?;
        engine.ask("POST", &format!("/containers/{name}/start"), "").map(drop)
    })
}

/// So many milliseconds for the plan, and for what it says.
fn deployed(server: &Server, live: &mut Live, stack: &str) -> Result<(f64, f64)> {
    let mut file = "services:\\n".to_owned();
    for n in 0..SERVICES {
        let image = busybox::IMAGE;
        write!(file, "  s{n}:\\n    image: {image}\\n    command: [sleep, '1000']\\n")?;
    }
    let plan = format!(r#"{{"source":{{"files":{{"compose.yaml":"{file}"}}}},"wish":{{"deed":"up"}}}}"#);
    let path = format!("/api/v1/hosts/local/stacks/{stack}");
    let began = Instant::now();
    let planned = server.page().ask("POST", &format!("{path}/plan"), &plan)?;
    let digest = text_of(&planned, "digest").context("no digest")?;
    let took = began.elapsed().as_secs_f64() * 1e3;
    let began = Instant::now();
    let form = format!(r#"{{"plan":{plan},"digest":"{digest}"}}"#);
    let job = server.page().ask("POST", &format!("{path}/apply"), &form)?;
    let id = text_of(&job, "id").context("no job")?;
    let ended = live.job_ended(&id)?;
    let ours = began.elapsed().as_secs_f64() * 1e3;
    ensure!(ended.contains(r#""state":"done""#), "the job: {ended}");
    Ok((took, ours))
}

/// Takes away whatever is there of a round.
fn remove(socket: &Path, stack: &str, name: &(impl Fn(&str, usize) -> String + Sync)) -> Result<()> {
    each(socket, |engine, n| gone(engine, &format!("/containers/{}?force=1", name(stack, n))))?;
    gone(&Door::socket(socket), &format!("/networks/{stack}_default"))
}

/// Deletes what may not have been made. An engine that has much to end at once once in a while does not hear in time that
/// a container has, says so, and has removed it when it is asked again.
fn gone(engine: &Door, path: &str) -> Result<()> {
    let mut tries = 3;
    loop {
        match engine.ask("DELETE", path, "") {
            Err(why) if why.to_string().contains(": 404 ") => return Ok(()),
            Err(_) if tries > 0 => tries -= 1,
            done => return done.map(drop),
        }
    }
}

/// Does something for each service, as many at once as there may be.
fn each(socket: &Path, work: impl Fn(&Door, usize) -> Result<()> + Sync) -> Result<()> {
    let next = AtomicUsize::new(0);
    let run = || {
        let engine = Door::socket(socket);
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= SERVICES {
                return Ok(());
            }
            work(&engine, n)?;
        }
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(run)).collect();
        let ended = threads.into_iter().map(|it| it.join().map_err(|_| anyhow!("a thread panicked"))?);
        ended.collect::<Result<Vec<()>>>().map(drop)
    })
}
