//! The websocket of a console, by hand.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

use crate::{PATIENCE, Person, soon};

/// An open console.
pub struct Console {
    line: WebSocketStream<TcpStream>,
    /// So many bytes were shown.
    pub shown: u64,
    /// What the server said of it.
    pub about: Value,
}

/// What comes over it.
#[derive(Debug)]
pub enum Came {
    /// To be shown.
    Bytes(Vec<u8>),
    /// A message.
    Said(Value),
    /// Nothing more.
    End,
}

impl Console {
    /// A line to a container of the first host, where nothing was said yet; a refusal is its status.
    ///
    /// # Errors
    /// The server answered with another status than 101.
    pub async fn line(person: &Person, container: &str) -> Result<Self, u16> {
        Self::at(person, container, "console").await
    }

    /// The same of another websocket of the container's: `logs/live`.
    ///
    /// # Errors
    /// The server answered with another status than 101.
    pub async fn at(person: &Person, container: &str, what: &str) -> Result<Self, u16> {
        let http = person.http();
        let (address, base) = (http.address(), http.base_path());
        let url = format!("ws://{address}{base}api/v1/hosts/local/containers/{container}/{what}");
        let mut request = url.into_client_request().expect("a valid URL");
        request.headers_mut().extend(person.headers());
        let stream = TcpStream::connect(http.address()).await.expect("the server listens");
        match soon("a websocket", client_async(request, stream)).await {
            Ok((line, _)) => Ok(Self { line, shown: 0, about: Value::Null }),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(why) => panic!("no websocket: {why}"),
        }
    }

    /// A console in a container: the first shell that is there, or a command.
    pub async fn open(person: &Person, container: &str, command: &[&str]) -> Self {
        let mut console = Self::line(person, container).await.expect("a line");
        let run = json!({ "command": command });
        console.say(&json!({ "type": "open", "run": run, "size": { "cols": 80, "rows": 24 } })).await;
        console.about = console.said("opened").await["about"].clone();
        console
    }

    /// Comes back to one by its id, after so many bytes: what the server says first.
    pub async fn resume(person: &Person, container: &str, id: &str, shown: u64) -> (Self, Value) {
        let mut console = Self::line(person, container).await.expect("a line");
        let size = json!({ "cols": 80, "rows": 24 });
        console.say(&json!({ "type": "resume", "id": id, "shown": shown, "size": size })).await;
        let Came::Said(said) = console.next().await else { panic!("bytes before a word") };
        console.shown = said["from"].as_u64().unwrap_or_default();
        (console, said)
    }

    /// Its id.
    pub fn id(&self) -> String {
        self.about["id"].as_str().expect("it is open").to_owned()
    }

    /// Sends a message.
    pub async fn say(&mut self, message: &Value) {
        self.line.send(Message::text(message.to_string())).await.expect("the line is open");
    }

    /// Types.
    pub async fn types(&mut self, bytes: &[u8]) {
        self.line.send(Message::binary(bytes.to_vec())).await.expect("the line is open");
    }

    /// Acknowledges all that was shown.
    pub async fn acknowledge(&mut self) {
        let bytes = self.shown;
        self.say(&json!({ "type": "ack", "bytes": bytes })).await;
    }

    /// The next thing that comes.
    pub async fn next(&mut self) -> Came {
        loop {
            match soon("something of a console", self.line.next()).await {
                Some(Ok(Message::Binary(bytes))) => {
                    self.shown += bytes.len() as u64;
                    return Came::Bytes(bytes.to_vec());
                }
                Some(Ok(Message::Text(text))) => {
                    return Came::Said(serde_json::from_str(&text).expect("messages are JSON"));
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => return Came::End,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Reads on, acknowledging, until a message of this kind comes.
    pub async fn said(&mut self, kind: &str) -> Value {
        loop {
            match self.next().await {
                Came::Said(said) if said["type"] == kind => return said,
                Came::Said(said) if said["type"] == "problem" => panic!("instead of {kind}: {said}"),
                Came::End => panic!("the console ended without: {kind}"),
                Came::Said(_) => {}
                Came::Bytes(_) => self.acknowledge().await,
            }
        }
    }

    /// Reads on, acknowledging, until a text was shown; returns all that was.
    pub async fn shows(&mut self, text: &str) -> String {
        let mut all = Vec::new();
        let search = async {
            while !String::from_utf8_lossy(&all).contains(text) {
                match self.next().await {
                    Came::Bytes(bytes) => {
                        all.extend(bytes);
                        self.acknowledge().await;
                    }
                    Came::Said(_) => {}
                    Came::End => break,
                }
            }
        };
        let came = tokio::time::timeout(PATIENCE, search).await.is_ok();
        let all = String::from_utf8_lossy(&all).into_owned();
        assert!(came && all.contains(text), "{text:?} was not shown; instead: {all}");
        all
    }

    /// Reads, acknowledging nothing, until nothing comes for a moment; returns how many bytes came.
    pub async fn brim(&mut self) -> u64 {
        let before = self.shown;
        while let Ok(Came::Bytes(_)) =
            tokio::time::timeout(std::time::Duration::from_millis(500), self.next()).await
        {}
        self.shown - before
    }
}
