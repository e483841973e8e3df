//! What is inside of a container: processes, and files that are not its image's.

use longshore_api::web::detail::{CHANGES_MAX, Change, ChangeKind, Changes, Process};
use serde::Deserialize;

/// A file as the engine tells it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Difference {
    path: Option<String>,
    kind: Option<i64>,
}

/// By path, no more than are told.
pub fn changes(all: Vec<Difference>) -> Changes {
    let mut changes: Vec<Change> = all
        .into_iter()
        .filter_map(|difference| {
            let kind = match difference.kind {
                Some(1) => ChangeKind::Added,
                Some(2) => ChangeKind::Removed,
                _ => ChangeKind::Changed,
            };
            Some(Change { kind, path: difference.path? })
        })
        .collect();
    let all = changes.len();
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    changes.truncate(CHANGES_MAX);
    Changes { changes, all }
}

/// The table of the host's `ps`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Top {
    titles: Option<Vec<String>>,
    processes: Option<Vec<Vec<String>>>,
}

impl Top {
    /// The processes by what the columns are called.
    pub fn processes(self) -> Vec<Process> {
        let titles = self.titles.unwrap_or_default();
        let column = |names: &[&str]| titles.iter().position(|title| names.contains(&title.as_str()));
        let pid = column(&["PID"]);
        let user = column(&["USER", "UID"]);
        let (cpu, rss) = (column(&["%CPU", "C"]), column(&["RSS"]));
        let (time, command) = (column(&["TIME", "CPU"]), column(&["COMMAND", "CMD", "ARGS"]));
        let read = |row: &Vec<String>| {
            let cell = |column: Option<usize>| column.and_then(|at| row.get(at)).cloned();
            Process {
                pid: cell(pid).unwrap_or_default(),
                user: cell(user).unwrap_or_default(),
                cpu: cell(cpu),
                memory: cell(rss).and_then(|kib| kib.parse::<u64>().ok()).map(|kib| kib.saturating_mul(1024)),
                time: cell(time).unwrap_or_default(),
                command: cell(command),
            }
        };
        self.processes.unwrap_or_default().iter().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn processes_are_read_whatever_columns_there_are() {
        let read = |value| serde_json::from_value::<Top>(value).expect("a table").processes();
        let ours = read(json!({
            "Titles": ["PID", "USER", "%CPU", "RSS", "TIME", "COMMAND"],
            "Processes": [["7", "root", "0.5", "2048", "00:00:01", "sh -c x"]],
        }));
        assert_eq!((ours[0].cpu.as_deref(), ours[0].memory), (Some("0.5"), Some(2048 * 1024)));
        let usual = read(json!({
            "Titles": ["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"],
            "Processes": [["root", "7", "1", "0", "08:00", "?", "00:00:01", "sh"], ["short"]],
        }));
        assert_eq!((usual[0].pid.as_str(), usual[0].command.as_deref()), ("7", Some("sh")));
        assert_eq!(usual[1].memory, None);
        assert_eq!(read(json!({"Titles": null, "Processes": null})), []);
    }

    #[test]
    fn of_many_changes_the_first_are_told_and_all_counted() {
        let one = |n: usize| Difference { path: Some(format!("/{n:06}")), kind: Some(1) };
        let told = changes((0..CHANGES_MAX + 7).rev().map(one).collect());
        assert_eq!((told.changes.len(), told.all), (CHANGES_MAX, CHANGES_MAX + 7));
        assert_eq!(told.changes[0].path, "/000000");
    }
}
