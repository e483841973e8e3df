//! The beginning of a console: an exec on a terminal, in a container, or an attachment to its own program.

use std::{
    io,
    sync::PoisonError,
    time::{Duration, Instant},
};

use http::StatusCode;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use longshore_api::{
    web::console::{FRAME_MAX, Run},
    words::say,
};
use serde::{Deserialize, Serialize};
use tokio::{io::AsyncReadExt as _, time::sleep};

use super::{process::Process, run::Console};
use crate::{
    audit::first_word,
    call::{Call, operation},
    fault::Fault,
    hosts::{Host, INSPECTION_MAX, LineError, Question},
};

/// Tried in this order where nobody says what to run.
const SHELLS: [&str; 6] = ["bash", "ash", "sh", "/bin/bash", "/bin/sh", "/busybox/sh"];
/// What the page's terminal is.
const TERM: &str = "TERM=xterm-256color";
/// The engine takes a sequence of keys for itself, and swallows what may begin it. Nobody types this one, and no key that
/// begins another does: the engine's own choice would hold back Ctrl-P.
pub const DETACH_KEYS: &str = "ctrl-@,d,e,t,a,c,h,ctrl-@";
/// Between two looks whether it runs, at first and at last.
const FIRST_LOOK: Duration = Duration::from_millis(4);
const LAST_LOOK: Duration = Duration::from_millis(200);
/// An engine says that it runs a moment before it tries; then the process has no number yet. One that tells no numbers is
/// believed after so long.
const NO_PID: Duration = Duration::from_secs(2);
/// It must run so soon.
const START_DEADLINE: Duration = Duration::from_secs(20);
/// An engine's answer about an exec has at most so many bytes.
const ANSWER_MAX: usize = 256 * 1024;

/// The bytes of an exec, both ways.
pub(super) type Bytes = TokioIo<Upgraded>;

/// A console that runs, or has run already.
pub(super) struct Started {
    /// What runs.
    pub(super) ran: Ran,
    /// Its terminal.
    pub(super) stream: Bytes,
    /// Its process as the engine's machine counts; 0 where it does not say.
    pub(super) pid: u32,
    /// What it has put out already.
    pub(super) early: Vec<u8>,
    /// What was run.
    pub(super) command: String,
    /// Whether that is a shell that was found by trying.
    pub(super) found: bool,
}

/// What a console is on.
#[derive(Clone, Debug)]
pub(super) enum Ran {
    /// An exec, by its id.
    Exec(String),
    /// The container's own program, with a terminal or without, and whether it reads.
    Main { tty: bool, reads: bool },
}

/// What an engine says of an exec.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Look {
    #[serde(default)]
    running: bool,
    pub(super) exit_code: Option<i64>,
    #[serde(default)]
    pid: u32,
    /// The full id of its container.
    #[serde(default, rename = "ContainerID")]
    container: String,
}

impl Look {
    /// Whether the program is there, as far as the engine says.
    pub(super) fn runs(&self) -> bool {
        self.running
    }

    /// Whether it was there and is no more.
    pub(super) fn has_ended(&self) -> bool {
        !self.running && self.exit_code.is_some()
    }

    /// Whether the program was never there.
    fn never_ran(&self) -> bool {
        !self.running && self.pid == 0 && matches!(self.exit_code, Some(126 | 127))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Inspected {
    state: InspectedState,
    config: InspectedConfig,
    #[serde(default)]
    path: String,
    args: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InspectedConfig {
    #[serde(default)]
    tty: bool,
    #[serde(default)]
    open_stdin: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InspectedState {
    pub(super) running: bool,
    #[serde(default)]
    pub(super) exit_code: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Create<'a> {
    attach_stdin: bool,
    attach_stdout: bool,
    attach_stderr: bool,
    tty: bool,
    detach_keys: &'static str,
    cmd: &'a [String],
    env: Vec<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    user: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    working_dir: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Created {
    id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Start {
    detach: bool,
    tty: bool,
}

/// One attempt.
enum Attempt {
    Runs(Started),
    /// There is no such program, in the engine's words.
    Missing(String),
}

impl Console {
    /// Runs what is wanted, or the first shell that is there.
    pub(super) async fn start(&self, run: &Run) -> Result<Started, Fault> {
        if run.attach {
            return self.attach().await;
        }
        if !run.command.is_empty() {
            return match self.attempt(run, &run.command).await? {
                Attempt::Runs(started) => Ok(started),
                Attempt::Missing(words) => {
                    Err(Fault::bad_request(say::command_missing(&run.command[0], &self.name)).quoting(words))
                }
            };
        }
        let mut last = String::new();
        for shell in SHELLS {
            match self.attempt(run, &[shell.to_owned()]).await? {
                Attempt::Runs(started) => return Ok(Started { found: true, ..started }),
                Attempt::Missing(words) => last = words,
            }
        }
        Err(Fault::not_found(say::no_shell(&self.name)).quoting(last))
    }

    /// A call on the container or on an exec in it.
    pub(super) fn call(&self, id: &str, target: &str) -> Result<Call<'_>, Fault> {
        Call::new(&self.house, &self.pass, operation(id), Some(target), format!("container {}", self.name))
    }

    /// Asks the engine about an exec.
    pub(super) async fn look(&self, exec: &str) -> Result<Look, Fault> {
        self.call("exec-inspect", exec)?.json(ANSWER_MAX).await
    }

    /// Asks the engine how the container is.
    pub(super) async fn container_state(&self) -> Result<InspectedState, Fault> {
        Ok(self.inspect().await?.state)
    }

    async fn inspect(&self) -> Result<Inspected, Fault> {
        self.call("container-inspect", &self.container)?.json(INSPECTION_MAX).await
    }

    async fn attach(&self) -> Result<Started, Fault> {
        let Inspected { state, config, path, args } = self.inspect().await?;
        if !state.running {
            return Err(Fault::new(StatusCode::CONFLICT, say::console_container_stopped(&self.name)));
        }
        let call = self.call("container-attach", &self.container)?.with("detachKeys", DETACH_KEYS);
        let call =
            ["stream", "stdin", "stdout", "stderr"].into_iter().fold(call, |call, key| call.with(key, 1));
        let command: Vec<String> = [path].into_iter().chain(args.unwrap_or_default()).collect();
        Ok(Started {
            ran: Ran::Main { tty: config.tty, reads: config.open_stdin },
            stream: call.upgrade().await?,
            pid: 0,
            early: Vec::new(),
            command: command.join(" "),
            found: false,
        })
    }

    async fn attempt(&self, run: &Run, command: &[String]) -> Result<Attempt, Fault> {
        let create = Create {
            attach_stdin: true,
            attach_stdout: true,
            attach_stderr: true,
            tty: true,
            detach_keys: DETACH_KEYS,
            cmd: command,
            env: [TERM].into_iter().chain(run.env.iter().map(String::as_str)).collect(),
            user: &run.user,
            working_dir: &run.folder,
        };
        let call = self.call("exec-create", &self.container)?.noting(first_word(command));
        let created: Created = call.body(&create)?.json(ANSWER_MAX).await?;
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).replace(created.id.clone());
        let start = Start { detach: false, tty: true };
        let stream = self.call("exec-start", &created.id)?.body(&start)?.upgrade().await?;
        self.settle(created.id, stream, command.join(" ")).await
    }

    /// Ends what was begun for a console that came to nothing.
    pub(super) async fn end_begun(&self) {
        let Some(exec) = self.begun.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        if let Ok(host) = self.pass.host().and_then(|host| self.house.hosts.get(host)) {
            end_exec(&host, &exec).await;
        }
    }

    /// An engine takes the stream before it has started the program: waits until it is known whether it did.
    async fn settle(&self, exec: String, mut stream: Bytes, command: String) -> Result<Attempt, Fault> {
        let begun = Instant::now();
        let (mut early, mut buffer) = (Vec::new(), vec![0; 16 * 1024]);
        let (mut open, mut wait) = (true, FIRST_LOOK);
        loop {
            tokio::select! {
                read = stream.read(&mut buffer), if open && early.len() < FRAME_MAX => match read {
                    Ok(0) | Err(_) => open = false,
                    Ok(n) => early.extend_from_slice(&buffer[..n]),
                },
                () = sleep(wait) => wait = (wait * 2).min(LAST_LOOK),
            }
            let look = self.look(&exec).await?;
            if look.never_ran() {
                if open {
                    // Why it did not stands in the stream, and nothing else does.
                    let _ = tokio::time::timeout(LAST_LOOK, read_on(&mut stream, &mut early)).await;
                }
                return Ok(Attempt::Missing(String::from_utf8_lossy(&early).trim().to_owned()));
            }
            if look.runs() && (look.pid > 0 || begun.elapsed() > NO_PID) || look.has_ended() {
                return Ok(Attempt::Runs(Started {
                    ran: Ran::Exec(exec),
                    stream,
                    pid: look.pid,
                    early,
                    command,
                    found: false,
                }));
            }
            if begun.elapsed() > START_DEADLINE {
                return Err(Fault::new(StatusCode::GATEWAY_TIMEOUT, say::console_slow(&self.name)));
            }
        }
    }
}

/// Ends the program of an exec, where it is on this machine. The engine is asked on the server's own account: whoever has
/// lost the right may not ask, and what they began must not run on.
pub async fn end_exec(host: &Host, exec: &str) {
    let (mut wait, mut since) = (FIRST_LOOK, Instant::now());
    loop {
        match host.line.ask_json::<Look>(Question::Exec(exec), ANSWER_MAX).await {
            Ok(look) if look.has_ended() => return,
            Ok(look) if look.pid > 0 => {
                let process = Process::of(look.pid, &look.container).filter(|_| host.line.is_local());
                if let Some(process) = process {
                    process.end().await;
                }
                return;
            }
            // It was never begun.
            Ok(_) if since.elapsed() > START_DEADLINE => return,
            Ok(_) => {}
            Err(LineError::Refused { .. }) => return,
            Err(_) => since = Instant::now(),
        }
        sleep(wait).await;
        wait = (wait * 2).min(LAST_LOOK);
    }
}

async fn read_on(stream: &mut Bytes, early: &mut Vec<u8>) -> io::Result<()> {
    let mut buffer = vec![0; 4 * 1024];
    while early.len() < FRAME_MAX {
        match stream.read(&mut buffer).await? {
            0 => break,
            n => early.extend_from_slice(&buffer[..n]),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_ran_is_told_from_what_ended() {
        let look = |text| serde_json::from_str::<Look>(text).unwrap().never_ran();
        assert!(look(r#"{ "Running": false, "ExitCode": 126, "Pid": 0 }"#));
        assert!(look(r#"{ "Running": false, "ExitCode": 127, "Pid": 0 }"#));
        assert!(!look(r#"{ "Running": false, "ExitCode": 127, "Pid": 4711 }"#));
        assert!(!look(r#"{ "Running": true, "ExitCode": null, "Pid": 4711 }"#));
        assert!(!look(r#"{ "Running": false, "ExitCode": null, "Pid": 0 }"#));
        assert!(!look(r#"{ "Running": false, "ExitCode": 0, "Pid": 0 }"#));
    }
}
