//! A machine that deploys by `longshore stack`, as a build server does: its checkout, and what it is told.

use std::{
    fs,
    path::Path,
    process::{Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use crate::{Afar, Person, Scene, cli::finished, engine::IMAGE, server::fed, terminal::Terminal};

/// What a command said, and how it ended.
pub struct Said {
    /// Its exit code.
    pub code: i32,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

impl Said {
    fn of(done: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: done.status.code().expect("it ended by itself"),
            out: text(&done.stdout),
            err: text(&done.stderr),
        }
    }

    /// It has to end so.
    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        self
    }

    /// What it printed, as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|why| panic!("{why}: {}", self.out))
    }

    /// The line that begins with a word, its words.
    pub fn row(&self, first: &str) -> Vec<&str> {
        let mut rows = self.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        rows.find(|row| row.first() == Some(&first)).unwrap_or_else(|| panic!("no {first} in {}", self.out))
    }
}

/// A machine that deploys, with a checkout.
pub struct Ci {
    /// Its own folder, with the key.
    pub afar: Afar,
    /// The checkout.
    pub folder: TempDir,
}

impl Ci {
    /// One that is signed in by a key of somebody's, with an empty folder.
    pub async fn of(scene: &Scene, who: &mut Person) -> Self {
        let key = who.make_key("ci").await;
        let afar = Afar::new();
        afar.login(&scene.server.url(""), &key, &[]).await;
        Self { afar, folder: tempfile::tempdir().expect("a folder") }
    }

    /// Writes a file of the checkout.
    pub fn write(&self, path: &str, text: &str) {
        let whole = self.folder.path().join(path);
        fs::create_dir_all(whole.parent().expect("a folder")).expect("made");
        fs::write(whole, text).expect("written");
    }

    /// `longshore stack WORDS` in the checkout, without a terminal.
    pub async fn stack(&self, words: &[&str]) -> Said {
        self.stack_with(words, &[]).await
    }

    /// The same with these in its environment.
    pub async fn stack_with(&self, words: &[&str], environment: &[(&str, &str)]) -> Said {
        self.stack_in(self.folder.path(), words, environment).await
    }

    /// The same in another folder.
    pub async fn stack_in(&self, folder: &Path, words: &[&str], environment: &[(&str, &str)]) -> Said {
        let mut command = self.command(folder, words, environment);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        Said::of(&finished(command).await)
    }

    /// The same in the checkout, with this as its standard input.
    pub async fn stack_fed(&self, words: &[&str], input: &str) -> Said {
        Said::of(&fed(self.command(self.folder.path(), words, &[]), input).await)
    }

    /// The same on a terminal.
    pub fn stack_at_terminal(&self, words: &[&str], environment: &[(&str, &str)]) -> Terminal {
        Terminal::start(&self.command(self.folder.path(), words, environment))
    }

    fn command(&self, folder: &Path, words: &[&str], environment: &[(&str, &str)]) -> Command {
        let mut command = self.afar.command(&[&["stack"], words].concat());
        command.current_dir(folder).envs(environment.iter().copied());
        command
    }
}

/// Two services, with a file of variables and one that is mounted, both beside it.
pub fn file(name: &str, label: &str) -> String {
    let label = label.replacen('=', ": ", 1);
    format!(
        "name: {name}
services:
  db:
    image: {IMAGE}
    command: [sh, -c, 'trap \"exit 0\" TERM; sleep 3600 & wait']
    labels: {{{label}}}
    volumes: ['data:/data']
    healthcheck: {{test: ['CMD', 'true'], interval: 1s}}
  web:
    image: {IMAGE}
    command: [sh, -c, 'cat /etc/site.conf; trap \"exit 0\" TERM; sleep 3600 & wait']
    labels: {{{label}}}
    env_file: web.env
    environment: {{LEVEL: '${{LEVEL:-one}}', TOKEN: '${{TOKEN:?}}'}}
    volumes: ['./conf/site.conf:/etc/site.conf:ro']
    depends_on: {{db: {{condition: service_healthy}}}}
networks:
  default: {{labels: {{{label}}}}}
volumes:
  data: {{labels: {{{label}}}}}
"
    )
}

/// The secret that the files ask for, in an environment.
pub const TOKEN: &[(&str, &str)] = &[("TOKEN", "harbour-secret")];

/// The administrator's machine with the files of a stack, and its name.
pub async fn checkout(scene: &Scene) -> (Ci, String) {
    let mut ada = scene.administrator().await;
    let ci = Ci::of(scene, &mut ada).await;
    let name = scene.engine.name("shop");
    ci.write("compose.yaml", &file(&name, &scene.engine.label()));
    ci.write("web.env", "PLACE=quay\n");
    ci.write("conf/site.conf", "the site's own words\n");
    ci.write("notes.txt", "no part of the stack\n");
    (ci, name)
}
