//! What the runtime could not start: runc, crun and their like, in the words of the engines around them.

use super::{
    Explanation,
    said::{Said, first_name},
};
use crate::words::say;

pub(super) fn explain(said: &Said) -> Option<Explanation> {
    begin(said).or_else(|| folder(said)).or_else(|| mount(said)).or_else(|| given(said))
}

/// Why a program did not begin.
pub(super) fn begin(said: &Said) -> Option<Explanation> {
    if said.has(&["exec format error"]) {
        let program = program(said).or_else(|| said.name_after(&["exec container process "]));
        let what = match program {
            Some(program) => say::ex_exec_format(program),
            None => say::ex_exec_format_some(),
        };
        return Some(Explanation::new(what, say::ex_exec_format_do()));
    }
    command(said)
}

/// The program of `exec: "nope": …` and `exec /bin/nope: …`.
fn program(said: &Said) -> Option<String> {
    said.name_after(&["exec: \"", "exec: "])
        .map(|name| name.trim_end_matches('"').to_owned())
        .or_else(|| said.after(&["exec /"]).and_then(|rest| first_name(&format!("/{rest}"))))
}

fn command(said: &Said) -> Option<Explanation> {
    let missing = |name| Explanation::new(say::ex_command_missing(name), say::ex_command_missing_do());
    if said.has(&["executable file", "not found in"]) {
        let name = said.name_after(&["executable file `"]).or_else(|| quoted_program(said))?;
        return Some(missing(name.trim_end_matches('`').to_owned()));
    }
    let no_file = said.has(&["no such file or directory"]);
    if no_file && said.has(&["exec: \"", "stat "]) {
        return quoted_program(said).map(missing);
    }
    let loads_not = said.has(&["exec /"]) || said.has(&["exec user process caused"]);
    if no_file && loads_not {
        let what = match program(said) {
            Some(program) => say::ex_interpreter(program),
            None => say::ex_interpreter_some(),
        };
        return Some(Explanation::new(what, say::ex_interpreter_do()));
    }
    let barred = said.has(&["permission denied"]);
    if barred && said.has(&["exec: \""]) {
        let name = quoted_program(said)?;
        return Some(Explanation::new(say::ex_not_executable(name), say::ex_not_executable_do()));
    }
    let barred_some =
        barred && said.has_any(&["open executable", "exec user process caused", "exec container process"]);
    barred_some.then(|| Explanation::new(say::ex_not_executable_some(), say::ex_not_executable_do()))
}

/// The program of `exec: "nope": …`.
fn quoted_program(said: &Said) -> Option<String> {
    let rest = said.after(&["exec: \""])?;
    first_name(&format!("\"{rest}"))
}

fn folder(said: &Said) -> Option<Explanation> {
    let before = ["chdir to cwd (", "chdir to ", "workdir ", "working directory "];
    let failed = ["chdir to", "does not exist on container"];
    let name = if said.has_any(&failed) {
        said.name_after(&before)?
    } else if said.has(&["cannot mkdir: ", "is not a directory"]) {
        said.name_after(&["cannot mkdir: "])?
    } else {
        return None;
    };
    Some(Explanation::new(say::ex_folder(name), say::ex_folder_do()))
}

fn mount(said: &Said) -> Option<Explanation> {
    if said.has_any(&["bind source path does not exist", "mount source path does not exist"]) {
        let source = said.name_after(&["path does not exist: "])?;
        return Some(Explanation::new(say::ex_source_missing(source), say::ex_source_missing_do()));
    }
    if said.has(&["statfs ", "no such file or directory"]) {
        let source = said.name_after(&["statfs "])?;
        return Some(Explanation::new(say::ex_source_missing(source), say::ex_source_missing_do()));
    }
    let unlike = said.has(&["mount a directory onto a file"]) || said.has(&["mount", "not a directory"]);
    if !unlike {
        return None;
    }
    let what = match (said.name_after(&["mounting ", "mount `"]), said.name_after(&["rootfs at ", "` to `"]))
    {
        (Some(source), Some(target)) => {
            say::ex_mount_kind(source.trim_end_matches('`'), target.trim_end_matches('`'))
        }
        _ => say::ex_mount_kind_some(),
    };
    Some(Explanation::new(what, say::ex_mount_kind_do()))
}

/// What was asked for by name and is not there.
fn given(said: &Said) -> Option<Explanation> {
    if said.has(&["could not select device driver", "gpu"]) || said.has(&["nvidia-container-cli"]) {
        return Some(Explanation::new(say::ex_gpu(), say::ex_gpu_do()));
    }
    if said.has(&["gathering device information", "no such file or directory"]) {
        let device = said.name_after(&["custom device "])?;
        return Some(Explanation::new(say::ex_device_missing(device), say::ex_device_missing_do()));
    }
    if said.has_any(&["no matching entries in passwd file", "no users found"]) {
        let user = said.name_after(&["unable to find user ", "user "])?;
        return Some(Explanation::new(say::ex_user_missing(user), say::ex_user_missing_do()));
    }
    if said.has_any(&["no matching entries in group file", "no groups found"]) {
        let group = said.name_after(&["unable to find group ", "group "])?;
        return Some(Explanation::new(say::ex_group_missing(group), say::ex_group_missing_do()));
    }
    said.has(&["oom-killed", "memory limit too low"])
        .then(|| Explanation::new(say::ex_oom_start(), say::ex_oom_do()))
}
