//! The websocket of a page, by hand.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

use crate::{Person, fake::link_becomes, soon};

/// An open line, past its hello.
pub struct Live {
    line: WebSocketStream<TcpStream>,
    /// The hello that it began with.
    pub hello: Value,
}

impl Live {
    /// Opens the line as a person; a refusal is its status.
    ///
    /// # Errors
    /// The server answered with another status than 101.
    pub async fn open(person: &Person) -> Result<Self, u16> {
        let http = person.http();
        let url = format!("ws://{}{}api/v1/live", http.address(), http.base_path());
        let mut request = url.into_client_request().expect("a valid URL");
        request.headers_mut().extend(person.headers());
        let stream = TcpStream::connect(http.address()).await.expect("the server listens");
        match soon("a websocket", client_async(request, stream)).await {
            Ok((line, _)) => {
                let mut live = Self { line, hello: Value::Null };
                live.hello = live.next().await.expect("a line begins with a hello");
                assert_eq!(live.hello["type"], "hello", "{}", live.hello);
                Ok(live)
            }
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(why) => panic!("no websocket: {why}"),
        }
    }

    /// A line on which the person's jobs are heard.
    pub async fn on_jobs(person: &Person) -> Self {
        let mut live = Self::open(person).await.expect("a line for who is signed in");
        live.subscribe_jobs().await;
        live
    }

    /// Sends a message.
    pub async fn send(&mut self, message: &Value) {
        self.line.send(Message::text(message.to_string())).await.expect("the line is open");
    }

    /// Subscribes to the container list, flat, narrowed by text.
    pub async fn subscribe_containers(&mut self, text: &str) {
        let topic = json!({ "topic": "containers", "text": text, "group": "flat", "limit": 100 });
        self.send(&json!({ "type": "subscribe", "sub": 1, "topic": topic })).await;
    }

    /// Subscribes to the person's jobs.
    pub async fn subscribe_jobs(&mut self) {
        self.send(&json!({ "type": "subscribe", "sub": 9, "topic": { "topic": "jobs" } })).await;
    }

    /// A line on which jobs are heard, and a container that is there by now.
    pub async fn watching(person: &Person, container: &str) -> Self {
        let mut live = Self::open(person).await.expect("a line for who is signed in");
        link_becomes(&mut live, "local", "up").await;
        live.subscribe_containers(container).await;
        live.until("its row", |message| {
            message["body"]["rows"].as_array()?.iter().any(|row| row["name"] == container).then_some(())
        })
        .await;
        live.subscribe_jobs().await;
        live
    }

    /// Waits on the jobs until this one has ended, and returns it as its owner reads it, log included.
    pub async fn job_ended(&mut self, person: &mut Person, id: &str) -> Value {
        let over = |job: &&Value| {
            job["id"] == id && !["queued", "running"].contains(&job["state"].as_str().expect("a word"))
        };
        self.until(&format!("the end of job {id}"), |message| {
            message["body"]["jobs"].as_array()?.iter().find(over).map(|_| ())
        })
        .await;
        person.get(&format!("jobs/{id}")).await.expect(200).json()
    }

    /// The next message; none when the line has ended.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            match soon("a live message", self.line.next()).await? {
                Ok(Message::Text(text)) => {
                    return Some(serde_json::from_str(&text).expect("messages are JSON"));
                }
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// Reads on until a message has what is looked for; bounded.
    pub async fn until<T>(&mut self, what: &str, mut take: impl FnMut(&Value) -> Option<T>) -> T {
        let mut seen = Vec::new();
        let search = async {
            while let Some(message) = self.next().await {
                if let Some(found) = take(&message) {
                    return found;
                }
                seen.push(message.to_string());
            }
            panic!("the line ended without: {what}");
        };
        match tokio::time::timeout(crate::PATIENCE, search).await {
            Ok(found) => found,
            Err(_) => panic!("never came: {what}; instead:\n{}", seen.join("\n")),
        }
    }
}
