//! A Git repository behind a web server, as the world has them: made by `git`, served by its own back end.

use std::{
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex},
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    process::Command,
};

/// A repository of one commit, on this machine.
pub struct Repository {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
    dir: TempDir,
}

impl Repository {
    /// Commits these files and serves them; `filter` is whether contents can be left out.
    pub async fn serve(files: &[(&str, &str)], filter: bool) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let work = dir.path().join("shop");
        std::fs::create_dir(&work).expect("a folder");
        git(&work, &["init", "--quiet", "--initial-branch", "main"]).await;
        std::os::unix::fs::symlink("/etc/hostname", work.join("link.yml")).expect("a link");
        // One before it, so that the newest alone is asked for.
        git(&work, &["commit", "--quiet", "--allow-empty", "--message", "The first"]).await;
        commit(&work, files).await;
        git(&work, &["config", "uploadpack.allowFilter", if filter { "true" } else { "false" }]).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/shop", listener.local_addr().expect("an address"));
        let (root, asked) = (dir.path().to_owned(), Arc::<Mutex<Vec<String>>>::default());
        let heard = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (root, heard) = (root.clone(), Arc::clone(&heard));
                tokio::spawn(async move {
                    // A client that goes away shows at its end.
                    let _ = answer(stream, &root, &heard).await;
                });
            }
        });
        Self { url, asked, dir }
    }

    /// Commits these files over those that are there.
    pub async fn push(&self, files: &[(&str, &str)]) {
        let work = self.dir.path().join("shop");
        commit(&work, files).await;
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What was asked of it, a line each.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no one panics while holding this lock").clone()
    }
}

async fn commit(work: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = work.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    git(work, &["add", "--all"]).await;
    git(work, &["commit", "--quiet", "--message", "The files"]).await;
}

async fn git(at: &Path, args: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"]);
    let ended = command.args(args).current_dir(at).status().await.expect("git starts");
    assert!(ended.success(), "git {args:?}");
}

/// One call, handed to Git's back end as web servers do.
async fn answer(stream: TcpStream, root: &Path, heard: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut first, mut length, mut protocol, mut kind) = (String::new(), 0, String::new(), String::new());
    stream.read_line(&mut first).await?;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().unwrap_or(0),
            "git-protocol" => protocol = value.to_owned(),
            "content-type" => kind = value.to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    heard.lock().expect("no one panics while holding this lock").push(format!("{method} {target}"));
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut back_end = Command::new("git");
    back_end.arg("http-backend").stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    back_end.env("GIT_PROJECT_ROOT", root).env("GIT_HTTP_EXPORT_ALL", "1").env("GIT_PROTOCOL", protocol);
    back_end.env("REQUEST_METHOD", method).env("PATH_INFO", path).env("QUERY_STRING", query);
    back_end.env("CONTENT_TYPE", kind).env("CONTENT_LENGTH", length.to_string());
    let mut back_end = back_end.spawn()?;
    if let Some(mut input) = back_end.stdin.take() {
        input.write_all(&body).await?;
    }
    let said = back_end.wait_with_output().await?.stdout;
    let end = said.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(said.len());
    let head = String::from_utf8_lossy(&said[..end]).into_owned();
    let status = head.lines().find_map(|line| line.strip_prefix("Status: ")).unwrap_or("200 OK");
    let body = said.get(end + 4..).unwrap_or_default();
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await
}
