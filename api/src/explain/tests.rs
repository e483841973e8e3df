//! The real words of several versions: Docker 20.10 as its daemon said them, later ones, Podman with runc and crun,
//! containerd.

use super::*;
use crate::words::Locale;

/// What happened, in English; empty where nothing is explained.
fn what(engine: &str) -> String {
    words(engine).map(|explained| explained.what.render(Locale::En)).unwrap_or_default()
}

/// All of these are explained by the same sentence, which names this.
#[track_caller]
fn same(code: &str, named: &str, all: &[&str]) {
    for engine in all {
        let explained = words(engine).unwrap_or_else(|| panic!("not explained: {engine}"));
        assert_eq!(explained.what.code, code, "{engine}");
        for locale in [Locale::En, Locale::ZhCn] {
            let text = explained.what.render(locale);
            assert!(text.contains(named), "{text:?} does not name {named:?}: {engine}");
            assert!(!explained.next.render(locale).is_empty());
        }
    }
}

#[test]
fn a_port_that_is_taken() {
    let all = [
        "driver failed programming external connectivity on endpoint b1 (ad8749b30bba): Bind for 0.0.0.0:8080 failed: port is already allocated",
        "driver failed programming external connectivity on endpoint c1 (b4393289440f): Error starting userland proxy: listen tcp4 0.0.0.0:8080: bind: address already in use",
        "driver failed programming external connectivity on endpoint c1 (b4): Bind for :::8080 failed: port is already allocated",
        "failed to set up container networking: driver failed programming external connectivity on endpoint web (03b0): failed to bind host port for 0.0.0.0:8080:172.17.0.2:80/tcp: address already in use",
        "failed to set up container networking: driver failed programming external connectivity on endpoint web (03b0): failed to bind host port 0.0.0.0:8080/tcp: address already in use",
        "Ports are not available: exposing port TCP 0.0.0.0:8080 -> 0.0.0.0:0: listen tcp 0.0.0.0:8080: bind: Only one usage of each socket address (protocol/network address/port) is normally permitted.",
        "rootlessport listen tcp 0.0.0.0:8080: bind: address already in use",
        "cannot listen on the TCP port: listen tcp4 :8080: bind: address already in use",
        "Error starting userland proxy: listen tcp6 [::]:8080: bind: address already in use",
    ];
    same("ex-port-taken", "8080", &all);
    for engine in all {
        let see = words(engine).and_then(|explained| explained.see);
        assert_eq!(see, Some(See::Port { port: 8080, protocol: "tcp" }), "{engine}");
    }
    let udp = words("Error starting userland proxy: listen udp4 0.0.0.0:53: bind: address already in use");
    assert_eq!(udp.and_then(|explained| explained.see), Some(See::Port { port: 53, protocol: "udp" }));
    same("ex-port-taken-some", "", &["port is already allocated"]);
    same(
        "ex-address-missing",
        "1.2.3.4",
        &["Error starting userland proxy: listen tcp4 1.2.3.4:8082: bind: cannot assign requested address"],
    );
    same(
        "ex-port-low",
        "80",
        &[
            "Error starting userland proxy: listen tcp4 0.0.0.0:80: bind: permission denied",
            "rootlessport cannot expose privileged port 80, you can add 'net.ipv4.ip_unprivileged_port_start=80' to /etc/sysctl.conf",
        ],
    );
}

#[test]
fn a_name_that_is_taken() {
    let all = [
        "Conflict. The container name \"/a1\" is already in use by container \"a3fe2a3544169f0dac90\". You have to remove (or rename) that container to be able to reuse that name.",
        "Error when allocating new name: Conflict. The container name \"/a1\" is already in use by container \"a3fe2a354416\". You have to remove (or rename) that container to be able to reuse that name.",
        "creating container storage: the container name \"a1\" is already in use by 3f2c. You have to remove that container to be able to reuse that name: that name is already in use",
    ];
    same("ex-name-taken", "a1", &all);
    for engine in all {
        let see = words(engine).and_then(|explained| explained.see);
        assert_eq!(see, Some(See::Container("a1".to_owned())), "{engine}");
    }
}

#[test]
fn an_image_that_is_not_there_or_not_for_us() {
    same(
        "ex-image-denied",
        "nosuch",
        &[
            "pull access denied for nosuch, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
            "failed to resolve reference \"docker.io/library/nosuch:1\": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
            "initializing source docker://nosuch:latest: reading manifest latest in docker.io/library/nosuch: requested access to the resource is denied",
        ],
    );
    same("ex-image-denied-some", "", &["denied: requested access to the resource is denied"]);
    same(
        "ex-tag-missing",
        "nginx:9",
        &[
            "manifest for nginx:9 not found: manifest unknown: manifest unknown",
            "failed to resolve reference \"docker.io/library/nginx:9\": docker.io/library/nginx:9: not found",
            "initializing source docker://nginx:9: reading manifest 9 in docker.io/library/nginx: manifest unknown",
            "reading manifest 9 in docker.io/library/nginx: manifest unknown",
        ],
    );
    same(
        "ex-image-absent",
        "nosuch:1",
        &[
            "No such image: nosuch:1",
            "no such image: nosuch:1: image not known",
            "Error: nosuch:1: image not known",
        ],
    );
    same(
        "ex-rate-limit",
        "",
        &[
            "toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit",
        ],
    );
    same(
        "ex-platform",
        "linux/arm64/v8",
        &[
            "no matching manifest for linux/arm64/v8 in the manifest list entries",
            "no matching manifest for linux/arm64/v8 in the manifest list entries: no match for platform in manifest: not found",
        ],
    );
    same(
        "ex-platform-some",
        "",
        &[
            "image with reference bb:1 was found but does not match the specified platform: wanted linux/arm64, actual: linux/amd64",
        ],
    );
}

#[test]
fn a_registry_that_speaks_http_has_a_strange_certificate_or_is_not_reached() {
    same(
        "ex-plain-http",
        "registry.lan:5000",
        &[
            "Get \"https://registry.lan:5000/v2/\": http: server gave HTTP response to HTTPS client",
            "Get https://registry.lan:5000/v2/: http: server gave HTTP response to HTTPS client",
            "failed to resolve reference \"registry.lan:5000/app:1\": failed to do request: Head \"https://registry.lan:5000/v2/app/manifests/1\": http: server gave HTTP response to HTTPS client",
            "initializing source docker://registry.lan:5000/app:1: pinging container registry registry.lan:5000: Get \"https://registry.lan:5000/v2/\": http: server gave HTTP response to HTTPS client",
        ],
    );
    same(
        "ex-certificate",
        "registry.lan",
        &[
            "Get \"https://registry.lan/v2/\": x509: certificate signed by unknown authority",
            "Get \"https://registry.lan/v2/\": tls: failed to verify certificate: x509: certificate has expired or is not yet valid",
        ],
    );
    same(
        "ex-registry-lost",
        "registry-1.docker.io",
        &[
            "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io on 10.255.255.53:53: dial udp 10.255.255.53:53: connect: network is unreachable",
            "Get \"https://registry-1.docker.io/v2/\": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)",
            "Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host",
        ],
    );
    same(
        "ex-registry-lost",
        "localhost:5",
        &["Get \"http://localhost:5/v2/\": dial tcp 127.0.0.1:5: connect: connection refused"],
    );
}

#[test]
fn a_disk_that_is_full() {
    same(
        "ex-no-space",
        "",
        &[
            "failed to register layer: write /usr/lib/libx.so: no space left on device",
            "failed to register layer: Error processing tar file(exit status 1): write /x: no space left on device",
            "mkdir /var/lib/docker/overlay2/3f: no space left on device",
            "writing blob: storing blob to file \"/var/tmp/storage1\": write /var/tmp/storage1: no space left on device",
        ],
    );
}

#[test]
fn a_program_that_does_not_start() {
    same(
        "ex-command-missing",
        "nope",
        &[
            "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"nope\": executable file not found in $PATH: unknown",
            "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: \"nope\": executable file not found in $PATH: unknown",
            "OCI runtime create failed: container_linux.go:380: starting container process caused: exec: \"/nope\": stat /nope: no such file or directory: unknown",
            "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"/bin/nope\": stat /bin/nope: no such file or directory: unknown",
            "OCI runtime exec failed: exec failed: unable to start container process: exec: \"nope\": executable file not found in $PATH: unknown",
            "crun: executable file `nope` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found",
        ],
    );
    same(
        "ex-not-executable",
        "/bin/plain",
        &[
            "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"/bin/plain\": permission denied: unknown",
            "OCI runtime create failed: container_linux.go:380: starting container process caused: exec: \"/bin/plain\": permission denied: unknown",
        ],
    );
    same("ex-not-executable-some", "", &["crun: open executable: Permission denied: OCI permission denied"]);
    same(
        "ex-exec-format",
        "/bin/garbage",
        &["exec /bin/garbage: exec format error", "exec container process `/bin/garbage`: Exec format error"],
    );
    same(
        "ex-exec-format-some",
        "",
        &["standard_init_linux.go:228: exec user process caused: exec format error"],
    );
    same("ex-interpreter", "/bin/badscript", &["exec /bin/badscript: no such file or directory"]);
    same(
        "ex-interpreter-some",
        "",
        &["standard_init_linux.go:228: exec user process caused: no such file or directory"],
    );
}

#[test]
fn a_working_folder_that_cannot_be_entered() {
    same(
        "ex-folder",
        "/nodir",
        &[
            "OCI runtime exec failed: exec failed: unable to start container process: chdir to cwd (\"/nodir\") set in config.json failed: no such file or directory: unknown",
            "OCI runtime create failed: container_linux.go:380: starting container process caused: chdir to cwd (\"/nodir\") set in config.json failed: permission denied: unknown",
            "crun: chdir to `/nodir`: No such file or directory: OCI runtime attempted to invoke a command that was not found",
            "workdir \"/nodir\" does not exist on container 3f2c",
            "Cannot mkdir: /nodir is not a directory",
        ],
    );
}

#[test]
fn mounts_users_and_devices_that_do_not_fit() {
    let runc = "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting \"/srv/app.conf\" to rootfs at \"/etc/app\": mount /srv/app.conf:/etc/app (via /proc/self/fd/6), flags: 0x5000: not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type";
    same(
        "ex-mount-kind",
        "/srv/app.conf",
        &[runc, "crun: mount `/srv/app.conf` to `etc/app`: Not a directory: OCI runtime error"],
    );
    same("ex-mount-kind", "etc/app", &[runc]);
    same(
        "ex-source-missing",
        "/no/such",
        &[
            "invalid mount config for type \"bind\": bind source path does not exist: /no/such",
            "statfs /no/such: no such file or directory",
        ],
    );
    same("ex-user-missing", "nobody", &["unable to find user nobody: no matching entries in passwd file"]);
    same("ex-group-missing", "staff", &["unable to find group staff: no matching entries in group file"]);
    same("ex-gpu", "", &["could not select device driver \"\" with capabilities: [[gpu]]"]);
    same(
        "ex-device-missing",
        "/dev/nonono",
        &[
            "error gathering device information while adding custom device \"/dev/nonono\": no such file or directory",
        ],
    );
    same("ex-subnet-taken", "", &["Pool overlaps with other one on this address space"]);
    same(
        "ex-subnets-gone",
        "",
        &[
            "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network",
        ],
    );
    same(
        "ex-oom-start",
        "",
        &[
            "runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?): unknown",
        ],
    );
}

#[test]
fn what_is_not_known_is_not_explained() {
    for engine in [
        "",
        "No such container: nosuch",
        "network nonet not found",
        "You cannot remove a running container a3fe. Stop the container before attempting removal or force remove",
        "permission denied while trying to connect to the Docker daemon socket",
        "open /srv/x: no such file or directory",
        "exec: \"",
        "bind: cannot assign requested address",
        "the container name ",
        "server gave HTTP response to HTTPS client",
    ] {
        assert_eq!(what(engine), "", "{engine}");
    }
}

#[test]
fn hostile_words_are_cut_and_arrange_nothing() {
    let long = format!("No such image: {}", "x".repeat(100_000));
    assert!(what(&long).chars().count() < 300);
    let turned = what("No such image: a\u{202e}b\u{7}c");
    assert!(turned.contains("abc"), "{turned:?}");
    let braces = what("No such image: {image}<b>");
    assert!(braces.contains("{image}<b>"), "{braces:?}");
    for cut in 0..40 {
        // Words that break off anywhere are no reason to fall over.
        let text = "é Bind for [é failed: port is already allocated é";
        _ = words(&text[..text.floor_char_boundary(cut)]);
    }
    assert_eq!(what("Bind for [::1 failed: port is already allocated"), what("port is already allocated"));
    assert_eq!(
        what("Bind for 0.0.0.0:99999 failed: port is already allocated"),
        what("port is already allocated")
    );
}

#[test]
fn last_words_of_the_runtime_and_not_of_the_program() {
    let code = |log| last_words(log).map(|explained| explained.what.code);
    assert_eq!(code("exec /bin/garbage: exec format error"), Some("ex-exec-format".into()));
    assert_eq!(code("before\nexec /x.sh: no such file or directory\n"), Some("ex-interpreter".into()));
    let old = "standard_init_linux.go:228: exec user process caused: exec format error";
    assert_eq!(code(old), Some("ex-exec-format-some".into()));
    for own in [
        "listen tcp 0.0.0.0:8080: bind: address already in use",
        "write /data/x: no space left on device",
        "worker: exec: \"ffmpeg\": executable file not found in $PATH",
        "",
    ] {
        assert_eq!(code(own), None, "{own}");
    }
}

#[test]
fn exit_codes() {
    let code = |code, oom, asked| exit(code, oom, asked).map(|explained| explained.what.code);
    let is = |name: &'static str| Some(name.into());
    assert_eq!(code(137, true, false), is("ex-oom"));
    assert_eq!(code(1, true, false), is("ex-oom"));
    assert_eq!(code(137, false, false), is("ex-killed"));
    assert_eq!(code(137, false, true), is("ex-killed-asked"));
    assert_eq!(code(125, false, false), is("ex-exit-engine"));
    assert_eq!(code(126, false, false), is("ex-exit-barred"));
    assert_eq!(code(127, false, false), is("ex-exit-missing"));
    assert_eq!(code(139, false, false), is("ex-segv"));
    assert_eq!(code(143, false, true), is("ex-term"));
    assert_eq!(code(130, false, false), is("ex-signal"));
    for unknown in [0, 1, 2, 128, 200, 255, -1, i64::MAX, i64::MIN] {
        assert_eq!(code(unknown, false, false), None, "{unknown}");
    }
}
