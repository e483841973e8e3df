//! What stands behind the code with which a container ended.

use super::Explanation;
use crate::words::say;

/// The explanation of an exit code. `oom` is the engine's word that the kernel ended it for lack of memory; `asked` that
/// somebody had asked for the end.
pub fn exit(code: i64, oom: bool, asked: bool) -> Option<Explanation> {
    let (what, next) = match (code, asked) {
        _ if oom => (say::ex_oom(), say::ex_oom_do()),
        (125, _) => (say::ex_exit_engine(), say::ex_see_log()),
        (126, _) => (say::ex_exit_barred(), say::ex_not_executable_do()),
        (127, _) => (say::ex_exit_missing(), say::ex_exit_missing_do()),
        (132, _) => (say::ex_illegal(), say::ex_illegal_do()),
        (134, _) => (say::ex_abort(), say::ex_see_log()),
        (137, true) => (say::ex_killed_asked(), say::ex_killed_do()),
        (137, false) => (say::ex_killed(), say::ex_killed_do()),
        (139, _) => (say::ex_segv(), say::ex_segv_do()),
        (143, _) => (say::ex_term(), say::ex_term_do()),
        _ => (say::ex_signal(signal(code)?), say::ex_see_log()),
    };
    Some(Explanation::new(what, next))
}

/// The name of the signal behind a code: a process that a signal ended has 128 and the signal's number.
fn signal(code: i64) -> Option<&'static str> {
    Some(match code {
        129 => "SIGHUP",
        130 => "SIGINT",
        131 => "SIGQUIT",
        133 => "SIGTRAP",
        135 => "SIGBUS",
        136 => "SIGFPE",
        138 => "SIGUSR1",
        140 => "SIGUSR2",
        141 => "SIGPIPE",
        142 => "SIGALRM",
        152 => "SIGXCPU",
        153 => "SIGXFSZ",
        _ => return None,
    })
}
