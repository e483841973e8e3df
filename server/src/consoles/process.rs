//! The process of a console's program, where it runs on this machine: found again for certain, and ended.

use std::{fs, io, os::fd::OwnedFd, sync::Arc};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, PidfdFlags, Signal, getpgid, kill_process_group, pidfd_open, pidfd_send_signal},
};
use tokio::task::spawn_blocking;

/// Between a hang-up, which shells take as the end, and the end of those that do not.
const HUP_GRACE: Timespec = Timespec { tv_sec: 2, tv_nsec: 0 };

/// A process that is certainly the one of an exec.
pub(super) struct Process {
    handle: Arc<OwnedFd>,
    /// What tells it from any other, now and after a restart of ours.
    pub(super) mark: Mark,
}

/// Names a process for as long as the machine is not started anew, and says when it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// Its number.
    pub(super) pid: u32,
    /// When it was started, as the kernel counts.
    pub(super) started: u64,
    /// Of which start of the machine.
    pub(super) boot: String,
}

impl Process {
    /// The process of this number, if it is one of the container's in our own `/proc`: the engine may be in another
    /// machine or see other numbers than we do.
    pub(super) fn of(pid: u32, container: &str) -> Option<Self> {
        let process = Self::open(pid)?;
        let groups = fs::read_to_string(format!("/proc/{pid}/cgroup")).ok()?;
        groups.contains(container).then_some(process)
    }

    /// The process that an earlier run of the server has noted, if it is still that one.
    pub(super) fn again(mark: &Mark) -> Option<Self> {
        Self::open(mark.pid).filter(|process| process.mark == *mark)
    }

    fn open(pid: u32) -> Option<Self> {
        let raw = Pid::from_raw(i32::try_from(pid).ok()?)?;
        // From here on the number cannot come to mean another one unnoticed.
        let handle = pidfd_open(raw, PidfdFlags::NONBLOCK).ok()?;
        let started = started(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)?;
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().to_owned();
        Some(Self { handle: Arc::new(handle), mark: Mark { pid, started, boot } })
    }

    /// Ends it: a hang-up, as when a terminal is closed; what goes on all the same is killed.
    pub(super) async fn end(&self) {
        if self.signal(Signal::HUP).is_ok() && !self.has_ended().await {
            let _ = self.signal(Signal::KILL);
            self.has_ended().await;
        }
    }

    /// Whether it ends within the grace.
    async fn has_ended(&self) -> bool {
        let handle = Arc::clone(&self.handle);
        let ended = spawn_blocking(move || {
            let mut watched = [PollFd::new(&*handle, PollFlags::IN)];
            poll(&mut watched, Some(&HUP_GRACE)).is_ok_and(|ready| ready > 0)
        });
        ended.await.unwrap_or_default()
    }

    fn signal(&self, signal: Signal) -> io::Result<()> {
        // What it has begun hears the end of a terminal from the kernel, and without one from nobody. Engines make each exec
        // the leader of a group of its own; as long as it is there, that number is nobody else's.
        let raw = Pid::from_raw(i32::try_from(self.mark.pid).unwrap_or_default());
        if let Some(pid) =
            raw.filter(|pid| self.is_there() && getpgid(Some(*pid)).is_ok_and(|group| group == *pid))
        {
            kill_process_group(pid, signal)?;
        }
        Ok(pidfd_send_signal(&*self.handle, signal)?)
    }

    fn is_there(&self) -> bool {
        let mut watched = [PollFd::new(&*self.handle, PollFlags::IN)];
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        poll(&mut watched, Some(&now)).is_ok_and(|ended| ended == 0)
    }
}

/// When a process was started, from its `stat`: the 22nd field. The second is its name in parentheses, and may be
/// anything.
fn started(stat: &str) -> Option<u64> {
    stat.rsplit_once(')')?.1.split_ascii_whitespace().nth(19)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::process::{Child, Command, Stdio};

    use super::*;

    /// A shell that says when it has done what it was told.
    fn shell(script: &str) -> Child {
        let mut child = Command::new("sh").args(["-c", script]).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = [0; 1];
        io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut said).unwrap();
        child
    }

    #[test]
    fn the_start_is_found_behind_any_name() {
        let rest = "S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20";
        assert_eq!(started(&format!("12 (a) b (c)) {rest}")), Some(4_711));
        assert_eq!(started("12 (a"), None);
    }

    #[tokio::test]
    async fn a_shell_ends_by_a_hang_up_and_what_hears_none_is_killed() {
        for script in ["echo; read x", "trap '' HUP; echo; read x; read x"] {
            let mut child = shell(script);
            let process = Process::open(child.id()).unwrap();
            process.end().await;
            let status = child.wait().unwrap();
            assert!(!status.success(), "{script}: {status}");
            assert!(Process::again(&process.mark).is_none(), "{script}");
        }
    }

    #[tokio::test]
    async fn another_process_is_left_alone() {
        let mut child = shell("echo; read x");
        let mark = Process::open(child.id()).unwrap().mark;
        assert!(Process::again(&mark).is_some());
        for other in [
            Mark { started: mark.started + 1, ..mark.clone() },
            Mark { boot: "another start".to_owned(), ..mark.clone() },
        ] {
            assert!(Process::again(&other).is_none());
        }
        assert!(Process::of(child.id(), &"0".repeat(64)).is_none(), "it is in no container");
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
