//! Programs that run beside a test: their output is read to the end, kept for a failure, and awaited line by line.

use std::{
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::mpsc,
};

use crate::soon;

/// A program that ends with its test. When the test fails, everything it said is printed.
pub struct Program {
    name: String,
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
    lines: mpsc::Receiver<String>,
}

impl Program {
    /// Starts it with no input and its output read here.
    pub fn start(name: &str, command: &mut Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap_or_else(|why| panic!("{name} does not start: {why}"));
        let log = Arc::new(Mutex::new(Vec::new()));
        // Only the first lines are awaited by anyone; what comes later is in the log.
        let (first, lines) = mpsc::channel(64);
        drain(child.stdout.take(), log.clone(), Some(first));
        drain(child.stderr.take(), log.clone(), None);
        Self { name: name.to_owned(), child, log, lines }
    }

    /// The next line of its standard output that `take` has a use for; bounded.
    pub async fn line<T>(&mut self, what: &str, take: impl FnMut(&str) -> Option<T>) -> T {
        match self.line_or_end(what, take).await {
            Some(found) => found,
            None => panic!("{} ended without saying: {what}", self.name),
        }
    }

    /// The same of a program that may end instead: then none.
    pub async fn line_or_end<T>(&mut self, what: &str, mut take: impl FnMut(&str) -> Option<T>) -> Option<T> {
        let lines = &mut self.lines;
        soon(what, async {
            while let Some(line) = lines.recv().await {
                if let Some(found) = take(&line) {
                    return Some(found);
                }
            }
            None
        })
        .await
    }

    /// Its process id, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Everything it has said so far.
    pub fn log(&self) -> String {
        self.log.lock().expect("no reader panics").join("\n")
    }

    /// Waits until something that it says, on either output, has this text; bounded.
    pub async fn says(&self, text: &str) {
        let mut again = tokio::time::interval(Duration::from_millis(10));
        soon(&format!("{} saying: {text}", self.name), async {
            while !self.log().contains(text) {
                again.tick().await;
            }
        })
        .await;
    }

    /// Sends it a signal, if it still runs.
    pub fn signal(&self, signal: Signal) {
        if let Some(pid) = self.child.id().and_then(|id| Pid::from_raw(id.cast_signed())) {
            kill_process(pid, signal).expect("it is our child");
        }
    }

    /// Asks it to end and waits until it has; returns its exit code.
    pub async fn stop(&mut self) -> Option<i32> {
        self.signal(Signal::TERM);
        soon("the program's end", self.child.wait()).await.expect("it is our child").code()
    }

    /// Ends it as a power cut would.
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("it is our child");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("---- {} said\n{}\n----", self.name, self.log());
        }
    }
}

fn drain(
    output: Option<impl AsyncRead + Unpin + Send + 'static>,
    log: Arc<Mutex<Vec<String>>>,
    first: Option<mpsc::Sender<String>>,
) {
    let output = output.expect("the output is piped");
    tokio::spawn(async move {
        let mut lines = BufReader::new(output).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some(first) = &first {
                // Nobody waits for more: then the log is enough.
                let _ = first.try_send(line.clone());
            }
            log.lock().expect("no reader panics").push(line);
        }
    });
}
