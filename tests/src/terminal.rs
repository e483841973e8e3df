//! A program on a terminal of its own, and somebody who sits there.

use std::{
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use longshore_api::ops::spec::join;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    process::{Child, ChildStdin, Command},
};

use crate::soon;

/// Ctrl-C, as a terminal takes it.
pub const CTRL_C: &str = "\u{3}";

/// The program, on a terminal of 30 rows and 100 columns, which `script` keeps for it.
pub struct Terminal {
    child: Child,
    typed: ChildStdin,
    seen: Arc<Mutex<String>>,
}

impl Terminal {
    /// Starts what a command says, with its folder and environment.
    pub fn start(command: &Command) -> Self {
        let wanted = command.as_std();
        let text = |word: &std::ffi::OsStr| word.to_str().expect("plain words").to_owned();
        let words: Vec<String> =
            [wanted.get_program()].into_iter().chain(wanted.get_args()).map(text).collect();
        let line = join(words.iter().map(String::as_str));
        let mut script = Command::new("script");
        script.args(["--quiet", "--return", "--command"]);
        script.arg(format!("stty rows 30 cols 100; exec {line}")).arg("/dev/null");
        for (name, value) in wanted.get_envs() {
            match value {
                Some(value) => script.env(name, value),
                None => script.env_remove(name),
            };
        }
        if let Some(folder) = wanted.get_current_dir() {
            script.current_dir(folder);
        }
        script.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = script.spawn().expect("script is of util-linux");
        let typed = child.stdin.take().expect("the input is piped");
        let mut output = child.stdout.take().expect("the output is piped");
        let seen = Arc::new(Mutex::new(String::new()));
        let shown = Arc::clone(&seen);
        tokio::spawn(async move {
            let mut piece = [0; 4096];
            while let Ok(n @ 1..) = output.read(&mut piece).await {
                let text = String::from_utf8_lossy(&piece[..n]).into_owned();
                shown.lock().expect("no reader panics").push_str(&text);
            }
        });
        Self { child, typed, seen }
    }

    /// All that is to be seen so far.
    pub fn seen(&self) -> String {
        self.seen.lock().expect("no reader panics").clone()
    }

    /// Waits until this is to be seen; bounded.
    pub async fn shows(&self, text: &str) {
        let mut again = tokio::time::interval(Duration::from_millis(10));
        soon(&format!("a terminal that shows {text}"), async {
            while !self.seen().contains(text) {
                again.tick().await;
            }
        })
        .await;
    }

    /// Types it.
    pub async fn types(&mut self, text: &str) {
        self.typed.write_all(text.as_bytes()).await.expect("the terminal takes it");
        self.typed.flush().await.expect("the terminal takes it");
    }

    /// Waits for the program's end; its exit code.
    pub async fn ended(&mut self) -> Option<i32> {
        soon("the program's end", self.child.wait()).await.expect("it is our child").code()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("---- the terminal showed\n{}\n----", self.seen());
        }
    }
}
