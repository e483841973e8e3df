//! `longshore stack exec` and `run`: a command in a container of a service, or in one of its own. It speaks with this end
//! through the host's Docker Engine API, with the rights of the key.

use std::time::Duration;

use http::Method;
use http_body_util::BodyExt as _;
use longshore_api::{
    web::{
        once::RunOnce,
        stack::{Stack, StackContainer},
    },
    words::say,
};
use serde::Deserialize;
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::{
    Ended, Misused,
    far::Far,
    source::of_environment,
    talk::{Event, Events, is_terminal, size, talk},
};
use crate::{
    client::engine::hijack,
    consoles::DETACH_KEYS,
    settings::{CommandArgs, ExecArgs, RunArgs, Var},
};

/// An engine says a moment late that a command has ended: it is asked so often, and so long.
const LOOK_EVERY: Duration = Duration::from_millis(50);
const LOOK_FOR: Duration = Duration::from_secs(10);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Created {
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Look {
    running: bool,
    exit_code: Option<i64>,
}

/// What a wait answers.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Waited {
    status_code: i64,
}

/// Runs a command in a container of a service that runs.
pub(super) async fn exec(far: &Far, name: &str, args: &ExecArgs) -> anyhow::Result<Ended> {
    let stack = far.stack(name).await?.ok_or_else(|| anyhow::anyhow!(say::stack_unknown(name)))?;
    if args.how.command.is_empty() {
        return Err(Misused::because("name the command after --"));
    }
    let container = meant(far, &stack, args).await?;
    let terminal = !args.how.no_tty && is_terminal();
    let wish = json!({
        "AttachStdin": true, "AttachStdout": true, "AttachStderr": true, "Tty": terminal,
        "DetachKeys": DETACH_KEYS, "Cmd": args.how.command, "Env": env(&args.how)?,
        "User": args.how.user, "WorkingDir": args.workdir,
    });
    let Created { id } =
        far.engine(Method::POST, &format!("/containers/{container}/exec"), Some(&wish)).await?;
    let mut events = Events::new()?;
    let start = serde_json::to_vec(&json!({ "Detach": false, "Tty": terminal }))?;
    let stream = hijack(&far.remote, &far.host, &format!("/exec/{id}/start"), start).await?;
    let place = format!("/exec/{id}");
    if terminal {
        resize(far, &place).await;
    }
    let mut talk = std::pin::pin!(talk(stream, terminal));
    loop {
        tokio::select! {
            said = talk.as_mut() => break said?,
            event = events.next() => match event {
                Event::Resized => resize(far, &place).await,
                // The engine has no way to pass it on.
                Event::Asked(_) => return Ok(Ended::Left),
            }
        }
    }
    let begun = Instant::now();
    loop {
        let look: Look = far.engine(Method::GET, &format!("{place}/json"), None::<&()>).await?;
        match look.exit_code {
            Some(code) if !look.running => return Ok(Ended::With(code)),
            _ if begun.elapsed() > LOOK_FOR => anyhow::bail!("the engine does not say how the command ended"),
            _ => sleep(LOOK_EVERY).await,
        }
    }
}

/// The container of the service: the one with this number, or the first that runs.
async fn meant(far: &Far, stack: &Stack, args: &ExecArgs) -> anyhow::Result<String> {
    let of = stack.services.iter().find(|it| it.name == args.service);
    let of = of.ok_or_else(|| Misused::because(say::plan_no_service(&args.service).to_string()))?;
    let lasting = || of.containers.iter().filter(|it| !it.once);
    let Some(index) = args.index else {
        let runs = |it: &&StackContainer| it.state.is_up();
        let first = lasting().find(runs);
        return first
            .map(|it| it.id.clone())
            .ok_or_else(|| anyhow::anyhow!("no container of {} runs", of.name));
    };
    for it in lasting() {
        let path = format!("/containers/{}/json", it.id);
        let container: serde_json::Value = far.engine(Method::GET, &path, None::<&()>).await?;
        let number = &container["Config"]["Labels"][longshore_compose::labels::NUMBER];
        if number.as_str().and_then(|number| number.parse().ok()) == Some(index) {
            return Ok(it.id.clone());
        }
    }
    Err(Misused::because(format!("{} has no container {index}", of.name)))
}

/// Runs a command in a container of its own, made as the service is.
pub(super) async fn run(far: &Far, name: &str, args: &RunArgs) -> anyhow::Result<Ended> {
    let terminal = !args.how.no_tty && is_terminal();
    let wish = RunOnce {
        service: args.service.clone(),
        command: args.how.command.clone(),
        env: env(&args.how)?,
        user: args.how.user.clone(),
        ports: args.service_ports,
        tty: terminal,
        stdin: true,
        remove: args.rm,
        start: false,
    };
    let made = far.run_once(name, &wish).await?;
    let place = format!("/containers/{}", made.id);
    let mut events = Events::new()?;
    let begun = async {
        let query = format!("attach?stream=1&stdin=1&stdout=1&stderr=1&detachKeys={DETACH_KEYS}");
        let stream = hijack(&far.remote, &far.host, &format!("{place}/{query}"), Vec::new()).await?;
        // Waited for from before it starts: it may be gone the next moment.
        let condition = if args.rm { "removed" } else { "next-exit" };
        let path = far.path(&format!("/docker{place}/wait?condition={condition}"));
        let waited = far.remote.begin(Method::POST, &path).await?;
        far.order(Method::POST, &format!("{place}/start")).await?;
        anyhow::Ok((stream, waited))
    };
    let (stream, waited) = match begun.await {
        Ok(begun) => begun,
        Err(error) => {
            // It has not run: nobody has anything of it.
            if let Err(worse) = far.order(Method::DELETE, &format!("{place}?force=1&v=1")).await {
                eprintln!("longshore: {worse:#}");
            }
            return Err(error);
        }
    };
    if terminal {
        resize(far, &place).await;
    }
    let mut ended = std::pin::pin!(async {
        talk(stream, terminal).await?;
        // Its log may be over before it is.
        let Waited { status_code } = serde_json::from_slice(&waited.collect().await?.to_bytes())?;
        anyhow::Ok(status_code)
    });
    loop {
        tokio::select! {
            code = ended.as_mut() => return Ok(Ended::With(code?)),
            event = events.next() => match event {
                Event::Resized => resize(far, &place).await,
                Event::Asked(signal) => {
                    far.order(Method::POST, &format!("{place}/kill?signal={signal}")).await?;
                }
            }
        }
    }
}

/// The variables that are asked for, each with its value.
fn env(how: &CommandArgs) -> anyhow::Result<Vec<String>> {
    let one = |it: &Var| {
        let value = match &it.value {
            Some(value) => value.clone(),
            None => of_environment(&it.name, "--env")?,
        };
        Ok(format!("{}={value}", it.name))
    };
    how.env.iter().map(one).collect()
}

/// Tells the engine how large this end's terminal is. One that cannot be told is as it was.
async fn resize(far: &Far, place: &str) {
    let Some((height, width)) = size() else { return };
    let _ = far.order(Method::POST, &format!("{place}/resize?h={height}&w={width}")).await;
}
