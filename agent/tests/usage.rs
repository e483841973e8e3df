//! What a reader makes of the file trees of four machines, see `trees/README.md`.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use longshore_agent::usage::{Figures, Machine, Reader, Roots, UsageError};

/// Keeps a core busy.
const BUSY: (&str, u32) = ("5ff71f954e219676ac1d5e1b17a1c8efcc742ad14038f79c564f5c56c75fe0ae", 23339);
/// Holds 50 MB, and may have 200.
const HOLDS: (&str, u32) = ("904ad7e91af97850df7b63898b05c479d4f8c9a837e80b7697388c72852e71ac", 24989);
/// Below a cgroup parent.
const PARENT: (&str, u32) = ("3779a6eaa465fa4f504a31b14bdf60fe11a1018baf680d57c06767b226e09153", 23486);
const ALL: [(&str, u32); 3] = [BUSY, HOLDS, PARENT];
const TREES: [&str; 4] = ["v1-cgroupfs", "v1-systemd", "v2-cgroupfs", "v2-systemd"];

fn roots(folder: &Path) -> Roots {
    Roots { proc: folder.join("proc"), cgroup: folder.join("cgroup") }
}

fn tree(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/trees").join(name)
}

fn reader(name: &str) -> Reader {
    Reader::open(roots(&tree(name))).expect(name)
}

/// A copy that a test may change.
fn copy(name: &str) -> tempfile::TempDir {
    fn copy_into(from: &Path, to: &Path) {
        fs::create_dir_all(to).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder") {
            let entry = entry.expect("an entry");
            let to = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy_into(&entry.path(), &to);
            } else {
                fs::copy(entry.path(), to).expect("a copy");
            }
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    copy_into(&tree(name), folder.path());
    folder
}

fn figures(reader: &mut Reader, (id, pid): (&str, u32)) -> Figures {
    reader.read(id, Some(pid)).expect("figures").expect("a container")
}

#[test]
fn figures_are_those_of_the_recording() {
    let mut reader = reader("v1-cgroupfs");
    let busy = figures(&mut reader, BUSY);
    assert_eq!(busy.cpu, Duration::from_nanos(18_430_123_490));
    assert_eq!((busy.memory, busy.memory_limit), (331_776, None));
    // 70.6 MiB charged, of which 3.25 are cache that can be given back.
    let holds = figures(&mut reader, HOLDS);
    assert_eq!((holds.memory, holds.memory_limit), (74_047_488 - 3_407_872, Some(200 * 1024 * 1024)));
    let parent = figures(&mut reader, PARENT);
    assert_eq!((parent.memory, parent.memory_limit), (32_665_600 - 3_145_728, None));
}

#[test]
fn version_2_says_the_same_in_its_own_way() {
    for name in ["v2-cgroupfs", "v2-systemd"] {
        let mut reader = reader(name);
        assert_eq!(figures(&mut reader, BUSY).cpu, Duration::from_micros(7_250_000));
        let holds = figures(&mut reader, HOLDS);
        assert_eq!((holds.memory, holds.memory_limit), (74_047_488 - 3_407_872, Some(200 * 1024 * 1024)));
    }
    // A limit of a cgroup further up holds too.
    assert_eq!(figures(&mut reader("v2-cgroupfs"), PARENT).memory_limit, Some(100 * 1024 * 1024));
}

#[test]
fn a_container_is_found_by_its_process_and_by_its_id_alone() {
    for name in TREES {
        for (id, pid) in ALL {
            let by_pid = reader(name).read(id, Some(pid)).expect(name).expect(name);
            let by_id = reader(name).read(id, None).expect(name).expect(name);
            // A process id that has long been given to another container leads nobody astray.
            let other = if pid == BUSY.1 { HOLDS.1 } else { BUSY.1 };
            let by_wrong_pid = reader(name).read(id, Some(other)).expect(name).expect(name);
            let what = |f: Figures| (f.cpu, f.memory, f.memory_limit);
            assert_eq!(what(by_pid), what(by_id), "{name}");
            assert_eq!(what(by_pid), what(by_wrong_pid), "{name}");
        }
    }
}

#[test]
fn a_container_of_another_machine_is_not_found() {
    for name in TREES {
        assert_eq!(reader(name).read(&"0".repeat(64), Some(BUSY.1)).expect(name), None, "{name}");
    }
}

#[test]
fn a_machine_that_is_a_container_itself_is_read_too() {
    let folder = copy("v1-cgroupfs");
    let (id, pid) = BUSY;
    let outer = "a".repeat(64);
    let lines = fs::read_to_string(tree("v1-cgroupfs").join(format!("proc/{pid}/cgroup"))).expect("lines");
    let at = folder.path().join(format!("proc/{pid}/cgroup"));
    // The path begins at the outer machine's root, the mount at our own cgroup.
    fs::write(&at, lines.replace("/docker/", &format!("/docker/{outer}/docker/"))).expect("a file");
    let mut nested = Reader::open(roots(folder.path())).expect("a reader");
    assert_eq!(figures(&mut nested, (id, pid)).memory, 331_776);
    // As seen from another cgroup namespace.
    fs::write(&at, lines.replace("/docker/", "/../")).expect("a file");
    let mut nested = Reader::open(roots(folder.path())).expect("a reader");
    assert_eq!(figures(&mut nested, (id, pid)).memory, 331_776);
}

#[test]
fn traffic_counts_networks_blocks_and_processes() {
    for name in ["v1-systemd", "v2-cgroupfs", "v2-systemd"] {
        let mut reader = reader(name);
        figures(&mut reader, HOLDS);
        let traffic = reader.traffic(HOLDS.0).expect(name).expect(name);
        assert_eq!((traffic.net_in, traffic.net_out), (Some(586), Some(0)), "{name}");
        assert_eq!((traffic.block_in, traffic.block_out), (Some(1_052_672), Some(5_242_880)), "{name}");
        assert_eq!(traffic.pids, Some(2), "{name}");
    }
    // Rootless Podman: its processes are further below.
    let mut podman = reader("v2-systemd");
    figures(&mut podman, PARENT);
    assert_eq!(podman.traffic(PARENT.0).expect("traffic").expect("a container").net_in, Some(586));
    // Not known before it was read once.
    assert_eq!(reader("v2-systemd").traffic(PARENT.0).expect("traffic"), None);
}

#[test]
fn cpu_share_is_of_one_core_and_none_when_the_counter_goes_backwards() {
    let earlier = figures(&mut reader("v1-cgroupfs"), BUSY);
    let later = |cpu, wall| Figures { cpu, at: earlier.at + wall, ..earlier };
    let two = Duration::from_secs(2);
    assert_eq!(later(earlier.cpu + Duration::from_secs(5), two).cpu_since(&earlier), Some(250.0));
    assert_eq!(later(earlier.cpu, two).cpu_since(&earlier), Some(0.0));
    assert_eq!(later(Duration::ZERO, two).cpu_since(&earlier), None, "started anew");
    assert_eq!(later(earlier.cpu, Duration::ZERO).cpu_since(&earlier), None, "no time has passed");
}

#[test]
fn a_container_that_ends_is_no_error_and_is_found_again_when_it_starts() {
    for (name, folder) in [("v1-cgroupfs", "cpuacct/docker"), ("v2-cgroupfs", "docker")] {
        let copy = copy(name);
        let at = copy.path().join("cgroup").join(folder).join(BUSY.0);
        let aside = copy.path().join("aside");
        let mut reader = Reader::open(roots(copy.path())).expect("a reader");
        figures(&mut reader, BUSY);
        fs::rename(&at, &aside).expect("a move");
        assert_eq!(reader.read(BUSY.0, Some(BUSY.1)).expect("no error"), None, "{name}");
        assert_eq!(reader.read(BUSY.0, None).expect("no error"), None, "{name}");
        fs::rename(&aside, &at).expect("a move");
        figures(&mut reader, BUSY);
        // Forgotten, and found again.
        reader.keep(|id| id != BUSY.0);
        figures(&mut reader, BUSY);
    }
}

#[test]
fn without_a_memory_controller_processes_tell() {
    let v1 = copy("v1-cgroupfs");
    fs::remove_dir_all(v1.path().join("cgroup/memory")).expect("no memory controller");
    let mut reader = Reader::open(roots(v1.path())).expect("a reader");
    let holds = figures(&mut reader, HOLDS);
    assert_eq!((holds.memory, holds.memory_limit), (51_324 * 1024, None));
}

#[test]
fn a_limit_that_is_none_or_not_below_the_machine_s_memory_is_none() {
    let copy = copy("v2-systemd");
    let mut reader = Reader::open(roots(copy.path())).expect("a reader");
    let max = copy.path().join(format!("cgroup/system.slice/docker-{}.scope/memory.max", HOLDS.0));
    for (text, limit) in [
        ("max\n", None),
        ("25276510208\n", None),
        ("9223372036854771712\n", None),
        ("25276510207\n", Some(25_276_510_207)),
    ] {
        fs::write(&max, text).expect("a file");
        assert_eq!(figures(&mut reader, HOLDS).memory_limit, limit, "{text}");
    }
    fs::remove_file(&max).expect("an old kernel");
    assert_eq!(figures(&mut reader, HOLDS).memory_limit, None);
}

#[test]
fn what_is_not_understood_is_an_error_that_names_the_file() {
    let copy = copy("v2-systemd");
    let mut reader = Reader::open(roots(copy.path())).expect("a reader");
    let file = copy.path().join(format!("cgroup/system.slice/docker-{}.scope/cpu.stat", BUSY.0));
    fs::write(&file, "user_usec 1\n").expect("a file");
    let error = reader.read(BUSY.0, None).expect_err("no usage_usec");
    assert_eq!(error.to_string(), format!("{} does not say usage_usec", file.display()));
}

#[test]
fn a_machine_without_a_cgroup_tree_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = Reader::open(roots(folder.path())).map(|_| ()).expect_err("no tree");
    assert!(matches!(error, UsageError::NoTree(path) if path == folder.path().join("cgroup")));
}

#[test]
fn the_machine_has_the_cores_that_it_may_use() {
    let copy = copy("v1-cgroupfs");
    let roots = roots(copy.path());
    let machine = Machine::read(&roots).expect("a machine");
    assert_eq!((machine.cores, machine.memory), (2, 24_684_092 * 1024));
    assert_eq!(machine.memory_used, (24_684_092 - 22_968_664) * 1024);
    // One of its two cores is busy for a second.
    let stat = fs::read_to_string(copy.path().join("proc/stat")).expect("stat");
    let stat = stat.replace("cpu0 72178 415 17371 222272", "cpu0 72278 415 17371 222272");
    fs::write(copy.path().join("proc/stat"), stat.replace(" 211987 ", " 212087 ")).expect("a file");
    let later = Machine::read(&roots).expect("a machine");
    assert_eq!(later.cpu_since(&machine), Some(100.0));
    assert_eq!(machine.cpu_since(&later), None);
    assert_eq!(machine.cpu_since(&machine), None);
    // A container that may use the second core only sees all of them in /proc/stat.
    fs::write(copy.path().join("proc/1/status"), "Cpus_allowed_list:\t1,4-63\n").expect("a file");
    let lxc = Machine::read(&roots).expect("a machine");
    assert_eq!((lxc.cores, lxc.busy), (1, later.busy - (72_278 + 415 + 17_371 + 41 + 107)));
}
