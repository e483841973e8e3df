//! A container made as the form makes it, in the background, against the engine's own call.

use std::{path::Path, time::Instant};

use anyhow::{Context, Result, ensure};

use super::{
    live::Live,
    server::{Server, text_of},
    table::{Budget, Row, Table, median},
    wire::Door,
};
use crate::busybox;

const ROUNDS: usize = 15;
const NAME: &str = "bench-made";

/// From the click to the job's end, turn by turn with the bare call.
pub(super) fn measure(server: &Server, socket: &Path, table: &mut Table) -> Result<()> {
    let engine = Door::socket(socket);
    let mut live = Live::open(&server.page())?;
    live.send(r#"{"type":"subscribe","sub":1,"topic":{"topic":"jobs"}}"#)?;
    let image = busybox::IMAGE;
    let body =
        format!(r#"{{"Image":"{image}","Cmd":["sleep","1000"],"HostConfig":{{"NetworkMode":"none"}}}}"#);
    let form = format!(r#"{{"name":"{NAME}","start":false,"body":{body}}}"#);
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..=ROUNDS {
        let began = Instant::now();
        engine.ask("POST", &format!("/containers/create?name={NAME}"), &body)?;
        let bare = began.elapsed().as_secs_f64() * 1e3;
        engine.ask("DELETE", &format!("/containers/{NAME}"), "")?;

        let began = Instant::now();
        let job = server.page().ask("POST", "/api/v1/hosts/local/containers", &form)?;
        let id = text_of(&job, "id").context("no job")?;
        let ended = live.job_ended(&id)?;
        let ours = began.elapsed().as_secs_f64() * 1e3;
        ensure!(ended.contains(r#""state":"done""#), "the job: {ended}");
        engine.ask("DELETE", &format!("/containers/{NAME}"), "")?;
        if round > 0 {
            times[0].push(bare);
            times[1].push(ours);
        }
    }
    let [bare, ours] = times.map(|mut times| median(&mut times));
    table.add(Row {
        what: "a container made as a job, more than the engine's own call".to_owned(),
        budget: Budget::AtMost(50.0),
        figure: ours - bare,
        unit: "ms",
        from: format!("{ours:.1} ms, bare {bare:.1} ms, median of {ROUNDS}"),
    });
    Ok(())
}
