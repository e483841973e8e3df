//! What ships: the image around the static binary, on a real engine, from its first start to a signed-in person.

use std::{path::PathBuf, process::Stdio};

use longshore_tests::{
    Engine, Live, Person,
    engine::IMAGE,
    fake::link_becomes,
    http::Http,
    person::{ADA, PASSWORD},
    soon,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpListener,
};

/// The folder that `cargo xtask dist` has laid out.
fn image_folder() -> PathBuf {
    std::env::var_os("LONGSHORE_TEST_IMAGE")
        .expect("LONGSHORE_TEST_IMAGE is set: run cargo xtask test dist")
        .into()
}

/// The engine's networks are not seen from where tests run, so each connection to the returned port goes through a
/// `docker exec` into the same network as the container.
async fn forward(engine: &Engine, to: &str) -> u16 {
    let sidecar = engine.name("sidecar");
    let network = format!("container:{to}");
    let label = engine.label();
    let words =
        ["run", "-d", "--name", &sidecar, "--label", &label, "--network", &network, IMAGE, "sleep", "1000"];
    engine.docker().ok(words).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let mut link = engine.docker().command(["exec", "-i", &sidecar, "nc", "127.0.0.1", "7420"]);
    link.stdin(Stdio::piped()).stderr(Stdio::null());
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut exec = link.spawn().expect("docker is on the path");
            let (stdin, stdout) = (exec.stdin.take().expect("piped"), exec.stdout.take().expect("piped"));
            tokio::spawn(async move {
                let mut far = tokio::io::join(stdout, stdin);
                // Whichever side ends it, the other sees the end.
                let _ = tokio::io::copy_bidirectional(&mut client, &mut far).await;
                drop(exec);
            });
        }
    });
    port
}

#[tokio::test]
async fn dist_image_runs_and_a_person_signs_in() {
    let engine = Engine::shared();
    let docker = engine.docker();
    let tag = engine.name("longshore");
    // The classic builder is the one that every engine has.
    let mut build = docker.command(["build", "--quiet", "--label", &engine.label(), "--tag", &tag]);
    build.env("DOCKER_BUILDKIT", "0").arg(image_folder());
    longshore_tests::cli::succeeded(build).await;
    let size: u64 = docker.ok(["image", "inspect", "--format", "{{.Size}}", &tag]).await.parse().unwrap();
    assert!(size < 64 << 20, "one file and the certificates: {size} bytes");

    let socket = engine.address().trim_start_matches("unix://").to_owned();
    let name = engine.name("shipped");
    let volumes = [
        format!("{socket}:/var/run/docker.sock"),
        "/proc:/host/proc:ro".to_owned(),
        "/sys/fs/cgroup:/host/sys/fs/cgroup:ro".to_owned(),
    ];
    let mut run = docker.command(["run", "--detach", "--name", &name, "--label", &engine.label()]);
    for volume in &volumes {
        run.args(["--volume", volume]);
    }
    longshore_tests::cli::succeeded({
        run.arg(&tag);
        run
    })
    .await;

    let mut logs = docker.command(["logs", "--follow", &name]).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(logs.stdout.take().unwrap()).lines();
    let link = soon("the set-up link in the log", async {
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some(link) = line.strip_prefix("Set up the first account: ") {
                return link.to_owned();
            }
        }
        panic!("the container ended without a set-up link");
    })
    .await;
    let secret = link.split_once('#').expect("the secret travels in the fragment").1;

    let port = forward(&engine, &name).await;
    let http = Http::new(&format!("http://127.0.0.1:{port}/"));
    let page = http.get("").await.expect(200).text();
    let script = page.split("assets/boot-").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    http.get(&format!("assets/boot-{script}")).await.expect(200);
    Person::nobody(http.clone()).set_up(secret).await.expect(200);
    let mut ada = Person::nobody(http);
    ada.sign_in(ADA, PASSWORD).await.expect(200);
    let mut live = Live::open(&ada).await.unwrap();
    link_becomes(&mut live, "local", "up").await;
    live.subscribe_containers(&name).await;
    live.until("itself in the list", |m| {
        let rows = m["body"]["rows"].as_array()?;
        rows.iter().any(|row| row["name"] == name.as_str() && row["state"] == "running").then_some(())
    })
    .await;

    docker.ok(["rm", "--force", &engine.name("sidecar")]).await;
    docker.ok(["stop", &name]).await;
    assert_eq!(engine.inspect(&name).await["State"]["ExitCode"], 0, "a stop is no failure");
    docker.ok(["rm", "--volumes", &name]).await;
    docker.ok(["image", "rm", &tag]).await;
}
