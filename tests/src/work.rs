//! A session of real work by `docker` and `docker-compose`, whatever the way to the engine.

use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::{Docker, Engine, cli::succeeded, engine::IMAGE, soon};

/// Runs, feeds, enters, follows, copies, builds and composes; each result is what the engine itself would have given.
pub async fn all_of(engine: &Engine, docker: &Docker) {
    runs(engine, docker).await;
    let (name, label) = (engine.name("worker"), engine.label());
    let script = "echo one; trap 'exit 0' TERM; sleep 3600 & wait";
    docker.ok(["run", "-d", "--name", &name, "--label", &label, IMAGE, "sh", "-c", script]).await;
    enters(docker, &name).await;
    follows(docker, &name).await;
    copies(docker, &name).await;
    builds(engine, docker).await;
    composes(engine, docker).await;
}

/// The client half-closes at once, having no input: what is printed comes all the same.
async fn runs(engine: &Engine, docker: &Docker) {
    let label = engine.label();
    assert_eq!(docker.ok(["run", "--rm", "--label", &label, IMAGE, "echo", "hi"]).await, "hi");
    let failed = docker.run(["run", "--rm", "--label", &label, IMAGE, "sh", "-c", "exit 7"]).await;
    assert_eq!(failed.status.code(), Some(7));
    // The end of the input is passed on, or cat would never end; the whole of it comes back after that end.
    let input: Vec<u8> =
        (0..1_500_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24).to_le_bytes()[0]).collect();
    let said = docker.fed(["run", "--rm", "-i", "--label", &label, IMAGE, "cat"], input.clone()).await;
    assert!(said == input, "{} bytes came back of {}", said.len(), input.len());
    let late = docker
        .fed(["run", "--rm", "-i", "--label", &label, IMAGE, "sh", "-c", "cat >/dev/null; echo late"], input)
        .await;
    assert_eq!(said_of(&late), "late\n");
}

fn said_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

async fn enters(docker: &Docker, name: &str) {
    let done = docker.run(["exec", name, "sh", "-c", "echo out; echo err >&2; exit 3"]).await;
    assert_eq!(done.status.code(), Some(3));
    assert_eq!((said_of(&done.stdout), said_of(&done.stderr)), ("out\n".to_owned(), "err\n".to_owned()));
    let mut script = docker.program("script");
    let inside = format!("docker exec -it {name} sh -c 'tty; exit 5'");
    script.args(["--quiet", "--return", "--command", &inside, "/dev/null"]);
    let done = soon("the terminal's end", script.output()).await.expect("script is on the path");
    assert_eq!(done.status.code(), Some(5), "the shell's own exit code");
    assert!(said_of(&done.stdout).contains("/dev/pts/"), "it is a terminal: {}", said_of(&done.stdout));
}

async fn follows(docker: &Docker, name: &str) {
    let mut follow = docker.command(["logs", "-f", name]).spawn().expect("docker is on the path");
    let mut lines = BufReader::new(follow.stdout.take().expect("it is piped")).lines();
    let line = soon("a line that was there", lines.next_line()).await.expect("text");
    assert_eq!(line.as_deref(), Some("one"));
    docker.ok(["exec", name, "sh", "-c", "echo two > /proc/1/fd/1"]).await;
    let line = soon("a line that came later", lines.next_line()).await.expect("text");
    assert_eq!(line.as_deref(), Some("two"));
    follow.kill().await.expect("it runs");
}

async fn copies(docker: &Docker, name: &str) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (there, back) = (dir.path().join("there.bin"), dir.path().join("back.bin"));
    let content: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
    std::fs::write(&there, &content).expect("a file");
    docker.ok(["cp", there.to_str().expect("text"), &format!("{name}:/tmp/it")]).await;
    docker.ok(["cp", &format!("{name}:/tmp/it"), back.to_str().expect("text")]).await;
    assert!(std::fs::read(&back).expect("a file") == content, "4 MB came back changed");
}

async fn builds(engine: &Engine, docker: &Docker) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    // Its own from the first step on: what another test removes was in its cache as well.
    let file =
        format!("FROM {IMAGE}\nLABEL {}\nCOPY what /what\nRUN cat /what /what > /twice\n", engine.label());
    std::fs::write(dir.path().join("Dockerfile"), file).expect("a file");
    std::fs::write(dir.path().join("what"), "built").expect("a file");
    let tag = format!("{}:1", engine.name("built"));
    let mut build = docker.command(["build", "--tag", &tag]);
    build.arg(dir.path()).env("DOCKER_BUILDKIT", "0");
    succeeded(build).await;
    let said = docker.ok(["run", "--rm", "--label", &engine.label(), &tag, "cat", "/twice"]).await;
    assert_eq!(said, "builtbuilt");
    docker.ok(["rmi", "--force", &tag]).await;
}

async fn composes(engine: &Engine, docker: &Docker) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (label, project) = (engine.label(), engine.name("shop"));
    let compose = |words: &[&str]| {
        let mut compose = docker.program("docker-compose");
        compose.current_dir(dir.path()).env("COMPOSE_PROJECT_NAME", &project).env("COMPOSE_ANSI", "never");
        compose.env("DOCKER_BUILDKIT", "0").env("COMPOSE_DOCKER_CLI_BUILD", "0").args(words);
        compose
    };
    let mut images = Vec::new();
    for variable in ["first", "second"] {
        let file = format!(
            "version: '2.4'
services:
  web:
    image: {IMAGE}
    command: sh -c \"echo $$WHICH; trap 'exit 0' TERM; sleep 3600 & wait\"
    environment: ['WHICH={variable}']
    labels: ['{label}']
  built:
    build: .
    command: sh -c \"trap 'exit 0' TERM; sleep 3600 & wait\"
    labels: ['{label}']
networks:
  default:
    labels: ['{label}']
"
        );
        std::fs::write(dir.path().join("docker-compose.yml"), file).expect("a file");
        let recipe = format!("FROM {IMAGE}\nLABEL {label}\nRUN echo {variable} > /which\n");
        std::fs::write(dir.path().join("Dockerfile"), recipe).expect("a file");
        succeeded(compose(&["up", "-d", "--build"])).await;
        let said = succeeded(compose(&["logs", "--no-color"])).await;
        assert!(said.contains(variable), "{said}");
        // The image is another, and so is what runs.
        assert_eq!(succeeded(compose(&["exec", "-T", "built", "cat", "/which"])).await, variable);
        images
            .push(docker.ok(["image", "inspect", "--format", "{{.Id}}", &format!("{project}_built")]).await);
    }
    assert_ne!(images[0], images[1]);
    succeeded(compose(&["down", "-t", "5", "--rmi", "local"])).await;
    // Without a name it is the managers' to remove.
    engine.docker().ok(["rmi", &images[0]]).await;
    let left = engine
        .docker()
        .ok(["ps", "-aq", "--filter", &format!("label=com.docker.compose.project={project}")])
        .await;
    assert_eq!(left, "");
}
