//! Where this run works, and what happens to its children when it is told to stop.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    iterator::Signals,
};

/// One run of xtask: the folder of the workspace and the signals that reached us.
///
/// A terminal sends Ctrl-C to us and to the child in front alike; a plain SIGTERM reaches only us, so it is passed on.
/// Either way the child ends first and what we own (a private engine) is put away after it.
pub(crate) struct Session {
    root: PathBuf,
    front: Arc<Mutex<Option<Pid>>>,
    interrupted: Arc<AtomicBool>,
}

impl Session {
    /// Finds the workspace and begins to watch for signals.
    pub(crate) fn start() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("xtask is not inside a workspace")?
            .to_owned();
        let front = Arc::new(Mutex::new(None));
        let interrupted = Arc::new(AtomicBool::new(false));
        let mut signals = Signals::new([SIGINT, SIGTERM]).context("signals cannot be watched")?;
        let (seen, child) = (interrupted.clone(), front.clone());
        thread::spawn(move || {
            for signal in signals.forever() {
                seen.store(true, Ordering::SeqCst);
                if signal == SIGTERM
                    && let Ok(front) = child.lock()
                    && let Some(pid) = *front
                {
                    // A child that has just ended needs no signal.
                    let _ = kill_process(pid, Signal::TERM);
                }
            }
        });
        Ok(Self { root, front, interrupted })
    }

    /// The folder of the workspace.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path inside `target/`, where everything we make stands.
    pub(crate) fn target(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.join("target").join(path)
    }

    /// Refuses to begin another step once somebody wants us to stop.
    pub(crate) fn go_on(&self) -> Result<()> {
        if self.was_interrupted() {
            bail!("stopped");
        }
        Ok(())
    }

    /// Whether SIGINT or SIGTERM has come.
    pub(crate) fn was_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::SeqCst)
    }

    /// Runs `work` while `child` is the one that gets our SIGTERM.
    pub(crate) fn with_front<T>(&self, child: u32, work: impl FnOnce() -> T) -> T {
        self.set_front(i32::try_from(child).ok().and_then(Pid::from_raw));
        let done = work();
        self.set_front(None);
        done
    }

    fn set_front(&self, pid: Option<Pid>) {
        if let Ok(mut front) = self.front.lock() {
            *front = pid;
        }
    }
}
