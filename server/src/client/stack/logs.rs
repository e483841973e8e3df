//! What the containers of a stack have written: through the host's Docker Engine API, with the rights of the key.

use std::io::{self, Write as _};

use anyhow::Context as _;
use futures_util::future::join_all;
use http::StatusCode;
use http_body_util::BodyExt as _;
use longshore_api::{
    ansi,
    web::stack::{Stack, StackContainer},
    words::say,
};
use tokio::sync::mpsc;

use super::{Ended, Misused, far::Far, print};
use crate::{
    logs::{Line, Lines},
    settings::LogsArgs,
};

/// So many lines wait to be printed; then the engine waits.
const WAITING: usize = 256;

/// Prints them: what is there by time, what comes as it comes.
pub(super) async fn run(far: &Far, name: &str, args: &LogsArgs) -> anyhow::Result<Ended> {
    let stack = far.stack(name).await?.ok_or_else(|| anyhow::anyhow!(say::stack_unknown(name)))?;
    let containers = meant(&stack, &args.services)?;
    let label = |it: &StackContainer| {
        let short = it.name.strip_prefix(name).map(|rest| rest.trim_start_matches(['-', '_']));
        short.filter(|rest| !rest.is_empty()).unwrap_or(&it.name).to_owned()
    };
    let labels: Vec<String> = containers.iter().map(|it| print::plain(label(it))).collect();
    let width = labels.iter().map(|label| label.chars().count()).max().unwrap_or_default();
    let (sender, mut lines) = mpsc::channel::<(usize, Line)>(WAITING);
    let reads = containers.iter().enumerate().map(|(place, it)| {
        let sender = sender.clone();
        async move { read(far, it, args, place, sender).await.with_context(|| it.name.clone()) }
    });
    let reads = join_all(reads);
    drop(sender);
    let show = |(place, line): &(usize, Line)| {
        // Whoever reads no further is no trouble.
        let text = print::plain(ansi::plain(&line.text));
        writeln!(io::stdout(), "{:<width$}  | {text}", labels[*place]).is_ok()
    };
    let print = async {
        let mut kept = Vec::new();
        while let Some(line) = lines.recv().await {
            if !args.follow {
                kept.push(line);
            } else if !show(&line) {
                return;
            }
        }
        kept.sort_by_key(|(_, line)| line.at);
        let _ = kept.iter().all(show);
    };
    let (read, ()) = tokio::select! {
        both = async { tokio::join!(reads, print) } => both,
        _ = tokio::signal::ctrl_c() => return Ok(Ended::Left),
    };
    let mut ended = Ended::Done;
    for error in read.into_iter().filter_map(Result::err) {
        print::aside(format_args!("longshore: {error:#}"));
        ended = Ended::Failed;
    }
    Ok(ended)
}

/// The containers of these services, or of all.
fn meant<'a>(stack: &'a Stack, services: &[String]) -> anyhow::Result<Vec<&'a StackContainer>> {
    let none = |name: &&String| !stack.services.iter().any(|service| service.name == **name);
    if let Some(unknown) = services.iter().find(none) {
        return Err(Misused::because(say::plan_no_service(unknown).to_string()));
    }
    let of = stack.services.iter().filter(|it| services.is_empty() || services.contains(&it.name));
    Ok(of.flat_map(|service| &service.containers).collect())
}

/// Reads the log of one to its end. Nobody listening any more is an end, too.
async fn read(
    far: &Far,
    it: &StackContainer,
    args: &LogsArgs,
    place: usize,
    sender: mpsc::Sender<(usize, Line)>,
) -> anyhow::Result<()> {
    let path = |rest: &str| far.path(&format!("/docker/containers/{}/{rest}", it.id));
    let (status, body) = far.remote.get(&path("json")).await?;
    if status != StatusCode::OK {
        return Err(far.remote.refusal(status, &body).into());
    }
    let inspected: serde_json::Value = serde_json::from_slice(&body)?;
    let mut lines = Lines::new(inspected["Config"]["Tty"] != true);
    let query =
        format!("logs?stdout=1&stderr=1&timestamps=1&tail={}&follow={}", args.tail, u8::from(args.follow));
    let mut body = far.remote.open(&path(&query)).await?;
    let mut whole = Vec::new();
    while let Some(frame) = body.frame().await {
        if let Ok(bytes) = frame?.into_data() {
            lines.feed(&bytes, |line| whole.push(line))?;
        }
        for line in whole.drain(..) {
            if sender.send((place, line)).await.is_err() {
                return Ok(());
            }
        }
    }
    lines.end(|line| whole.push(line));
    for line in whole {
        if sender.send((place, line)).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}
