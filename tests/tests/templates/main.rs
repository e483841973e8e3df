//! App templates: sources that administrators name, what a template becomes with somebody's answers, and the pages.

mod deploy;
mod files;
mod gallery;
mod sources;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use http::Method;
use longshore_tests::{Live, Person, http::text};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
};

/// A server of files, on this machine.
struct Files {
    address: String,
    files: Arc<Mutex<BTreeMap<String, String>>>,
    serving: JoinHandle<()>,
}

impl Files {
    /// One without any yet.
    async fn serve() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let files = Arc::<Mutex<BTreeMap<String, String>>>::default();
        let shared = Arc::clone(&files);
        let serving = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = [0; 4096];
                let Ok(read) = stream.read(&mut head).await else { continue };
                let asked = String::from_utf8_lossy(&head[..read]);
                let path = asked.split(' ').nth(1).unwrap_or_default();
                let file = shared.lock().expect("nobody panics").get(path).cloned();
                let status = if file.is_some() { "200 OK" } else { "404 Not Found" };
                let file = file.unwrap_or_default();
                let head = format!(
                    "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    file.len()
                );
                let _ = stream.write_all(&[head, file].concat().into_bytes()).await;
            }
        });
        Self { address, files, serving }
    }

    /// Puts a file there, in the place of what there was; its address.
    fn put(&self, path: &str, text: String) -> String {
        self.files.lock().expect("nobody panics").insert(path.to_owned(), text);
        self.url(path)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    /// Nothing answers there any more.
    async fn close(self) {
        self.serving.abort();
        let _ = self.serving.await;
    }
}

/// A server of one file, on this machine; its address.
async fn serves(file: String) -> String {
    Files::serve().await.put("/templates.json", file)
}

/// Version 2, with a good entry and a bad one.
fn portainer(image: &str) -> String {
    json!({ "version": "2", "templates": [
        { "type": 1, "title": "Sleeper", "description": "Sleeps.", "image": image, "command": "sleep 3600",
          "ports": ["18080:80/tcp"], "env": [{ "name": "MODE", "label": "Mode", "default": "deep" }] },
        { "type": 1, "title": "Nameless image" },
    ] })
    .to_string()
}

/// A source that was sent as a file, a list or one of our own; its id.
async fn sent(ada: &mut Person, name: &str, file: &str) -> String {
    let called = if file.starts_with('{') { "templates.json" } else { "ours.yaml" };
    let form = json!({ "name": name, "place": { "kind": "file", "name": called }, "text": file });
    let made = ada.send(Method::POST, "template-sources", Some(form)).await.expect(200).json();
    text(&made["id"])
}

/// What is told of a source, once it is not being read.
async fn told(ada: &mut Person, id: &str) -> Value {
    let mut live = Live::open(ada).await.expect("a line");
    live.send(&json!({ "type": "subscribe", "sub": 9, "topic": { "topic": "templates" } })).await;
    loop {
        // Whatever is another after this is heard of.
        live.until("news of templates", |message| message["body"]["revision"].as_u64()).await;
        let sources = ada.get("template-sources").await.expect(200).json();
        let mut sources = sources.as_array().expect("sources").iter();
        let source = sources.find(|source| source["id"] == id).expect("the source");
        if source["reading"] == false {
            return source.clone();
        }
    }
}

/// A source that was made by this form, as it is told of once it was read.
async fn made(ada: &mut Person, form: Value) -> Value {
    let made = ada.send(Method::POST, "template-sources", Some(form)).await.expect(200).json();
    told(ada, &text(&made["id"])).await
}

/// A source at an address that may be private; its id, once it was read.
async fn at_address(ada: &mut Person, name: &str, url: &str) -> String {
    let place = json!({ "kind": "address", "url": url, "private": true });
    text(&made(ada, json!({ "name": name, "place": place })).await["id"])
}

/// Reads a source again; what is told of it then.
async fn again(ada: &mut Person, id: &str) -> Value {
    ada.send(Method::POST, &format!("template-sources/{id}/refresh"), None).await.expect(204);
    told(ada, id).await
}
