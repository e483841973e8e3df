//! Bytes on a connection, for requests that no client of HTTP would send.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::soon;

/// A connection on which bytes have been sent.
pub async fn send(address: &str, bytes: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    stream.write_all(bytes.as_bytes()).await.expect("it takes a request");
    stream
}

/// Sends bytes on one connection and returns all that comes back until the server ends it.
pub async fn talk(address: &str, bytes: &str) -> String {
    let mut stream = send(address, bytes).await;
    let mut answer = Vec::new();
    // A reset after the answer ends the connection as well as a close does.
    let _ = soon("the end of the connection", stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// Reads on until what came has this text, and returns all of it; bounded.
pub async fn until(stream: &mut TcpStream, text: &str) -> String {
    let mut said = Vec::new();
    let mut chunk = [0; 4096];
    let read = async {
        while !String::from_utf8_lossy(&said).contains(text) {
            let read = stream.read(&mut chunk).await.unwrap_or(0);
            assert!(read > 0, "the stream ended without {text:?}: {}", String::from_utf8_lossy(&said));
            said.extend_from_slice(&chunk[..read]);
        }
    };
    soon(text, read).await;
    String::from_utf8_lossy(&said).into_owned()
}

/// The head of the first answer to these bytes, whatever becomes of the connection then.
pub async fn head(address: &str, bytes: &str) -> String {
    let said = until(&mut send(address, bytes).await, "\r\n\r\n").await;
    said.split("\r\n\r\n").next().unwrap_or_default().to_owned()
}
