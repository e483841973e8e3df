//! Longshore in a container of the engine that tests share.

use std::process::Stdio;

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpListener,
};

use crate::{
    Engine, Person,
    engine::IMAGE,
    http::Http,
    person::{ADA, PASSWORD},
    soon,
};

/// The path of the engine's socket.
pub fn socket(engine: &Engine) -> String {
    engine.address().trim_start_matches("unix://").to_owned()
}

/// The engine's networks are not seen from where tests run, so each connection to the returned port goes through a
/// `docker exec` into the same network as the container.
pub async fn forward(engine: &Engine, to: &str) -> u16 {
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

/// Makes the first account by the link in a container's log.
pub async fn set_up(engine: &Engine, container: &str) -> Person {
    let mut logs = engine.docker().command(["logs", "--follow", container]);
    let mut logs = logs.stderr(Stdio::null()).spawn().expect("docker is on the path");
    let mut lines = BufReader::new(logs.stdout.take().expect("piped")).lines();
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
    let port = forward(engine, container).await;
    let http = Http::new(&format!("http://127.0.0.1:{port}/"));
    Person::nobody(http.clone()).set_up(secret).await.expect(200);
    let mut ada = Person::nobody(http);
    ada.sign_in(ADA, PASSWORD).await.expect(200);
    ada
}
