//! Ending a browser where nothing can be awaited: in a destructor, perhaps of a test that has failed.

use std::{
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    time::Duration,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

/// Closes the browser. Were only the driver killed, the browser would stay.
pub(super) fn quit(port: u16, session: &str) {
    if let Err(why) = ask(port, "DELETE", &format!("/session/{session}")) {
        eprintln!("the browser does not end: {why}");
    }
}

/// Keeps a picture of the page as it is.
pub(super) fn picture(port: u16, session: &str, file: &Path) {
    let taken = ask(port, "GET", &format!("/session/{session}/screenshot"));
    let png = taken.ok().and_then(|answer| BASE64_STANDARD.decode(answer["value"].as_str()?).ok());
    match png.map(|png| fs::write(file, png)) {
        Some(Ok(())) => eprintln!("the page when the test failed: {}", file.display()),
        Some(Err(why)) => eprintln!("no last picture: {why}"),
        None => eprintln!("no last picture: the browser does not give one"),
    }
}

fn ask(port: u16, method: &str, path: &str) -> io::Result<Value> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")?;
    // The driver keeps the connection open whatever it is asked, so the length counts.
    let mut answer = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if answer.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
    let mut body = Vec::new();
    answer.take(length).read_to_end(&mut body)?;
    Ok(serde_json::from_slice(&body)?)
}
