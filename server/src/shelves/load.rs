//! An archive of images on its way to the engine: handed on as it comes, never held, and broken off where it may not go
//! on, so that the engine never takes half of it for the whole.

use std::{io, time::Duration};

use actix_web::web::Payload;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::StatusCode;
use http_body::Frame;
use http_body_util::StreamBody;
use longshore_api::{web::shelf::LoadedImages, words::say};
use serde::Deserialize;
use tokio::{sync::mpsc, time::timeout};

use crate::{
    access::Pass,
    call::{Call, operation},
    fault::Fault,
    hosts::{LineError, collect},
    rest::Shared,
};

/// An upload of which nothing comes for so long has ended.
const QUIET_MAX: Duration = Duration::from_secs(60);
/// The engine reads what it has been sent for as long as it takes, but not for ever.
const READING_MAX: Duration = Duration::from_secs(1800);
/// What it says has at most so many bytes.
const ANSWER_MAX: usize = 4 * 1024 * 1024;
/// So many pieces are on their way at once; then the sender waits for the engine.
const PIECES: usize = 4;
/// After a refusal so much is still read, and dropped: a browser that is cut off while it sends sees a broken line
/// instead of our answer.
const DRAIN_MAX: usize = 32 * 1024 * 1024;

/// A piece of the archive; none at its end.
type Piece = Option<Bytes>;

/// Loads the archive that `upload` is.
pub async fn load(house: &Shared, pass: &Pass, mut upload: Payload) -> Result<LoadedImages, Fault> {
    let (pieces, rx) = mpsc::channel::<Piece>(PIECES);
    let body = StreamBody::new(stream::unfold(rx, async |mut rx| match rx.recv().await {
        Some(Some(bytes)) => Some((Ok(Frame::data(bytes)), rx)),
        Some(None) => None,
        // Whoever sends has gone before the end.
        None => Some((Err(io::Error::other("the upload broke off")), rx)),
    }));
    let call = Call::new(house, pass, operation("image-load"), None, "image archive")?.with("quiet", true);
    let said = call.upload(Box::pin(body), async |body, line| {
        let read = timeout(READING_MAX, collect(body, ANSWER_MAX));
        let late = |_| line.fault(LineError::Silent(READING_MAX));
        read.await.map_err(late)?.map_err(|e| line.fault(e))
    });
    let over = house.until_over(pass);
    let send = async {
        let sent = send(&mut upload, pieces).await;
        match sent {
            // The engine tells what became of it, or it hangs.
            Ok(()) => {
                tokio::time::sleep(READING_MAX).await;
                late(house, pass)
            }
            Err(fault) => fault,
        }
    };
    let said = tokio::select! {
        biased;
        said = said => said,
        fault = send => return Err(fault),
        () = over => return Err(broken()),
    };
    let slug = pass.host()?;
    let read = said.and_then(|said| loaded(&said));
    match read {
        Ok(images) if images.is_empty() => Err(Fault::bad_request(say::load_nothing()).at("archive")),
        Ok(images) => Ok(LoadedImages { images }),
        Err(fault) => {
            drain(&mut upload).await;
            match fault.engine_words().map(str::to_owned) {
                Some(words) => {
                    Err(Fault::bad_request(say::load_no_archive(slug)).at("archive").quoting(words))
                }
                None => Err(fault),
            }
        }
    }
}

fn late(house: &Shared, pass: &Pass) -> Fault {
    let silent = LineError::Silent(READING_MAX);
    let host = pass.host().and_then(|slug| house.hosts.get(slug));
    host.map_or_else(|fault| fault, |host| host.line.fault(silent))
}

fn broken() -> Fault {
    Fault::bad_request(say::load_broken())
}

/// Hands the pieces on, each when there is room for it.
async fn send(upload: &mut Payload, pieces: mpsc::Sender<Piece>) -> Result<(), Fault> {
    loop {
        let piece = timeout(QUIET_MAX, upload.next())
            .await
            .map_err(|_| Fault::new(StatusCode::REQUEST_TIMEOUT, say::load_silent(QUIET_MAX.as_secs())))?;
        let piece = piece.transpose().map_err(|e| broken().because(e.to_string()))?;
        let ended = piece.is_none();
        // An engine that wants no more says why in its answer.
        if pieces.send(piece).await.is_err() || ended {
            return Ok(());
        }
    }
}

async fn drain(upload: &mut Payload) {
    let mut left = DRAIN_MAX;
    while let Ok(Some(Ok(piece))) = timeout(QUIET_MAX, upload.next()).await {
        match left.checked_sub(piece.len()) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

/// A line of what the engine says.
#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    stream: String,
    #[serde(default)]
    error: Option<String>,
}

/// The images that an engine says it has loaded.
fn loaded(said: &[u8]) -> Result<Vec<String>, Fault> {
    let mut images = Vec::new();
    for line in said.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
        let line: Said = serde_json::from_slice(line).map_err(Fault::internal)?;
        if let Some(words) = line.error {
            return Err(Fault::bad_request(say::load_nothing()).quoting(words));
        }
        for name in line.stream.lines() {
            let name = name.strip_prefix("Loaded image: ").or_else(|| name.strip_prefix("Loaded image ID: "));
            images.extend(name.map(|name| name.trim().to_owned()));
        }
    }
    Ok(images)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_loaded_is_read_from_what_the_engine_says() {
        let said =
            b"{\"stream\":\"Loaded image: web:1\\n\"}\r\n{\"stream\":\"Loaded image ID: sha256:aa\\n\"}\n";
        assert_eq!(loaded(said).expect("images"), ["web:1", "sha256:aa"]);
        let said = b"{\"errorDetail\":{\"message\":\"unexpected EOF\"},\"error\":\"unexpected EOF\"}";
        assert_eq!(loaded(said).expect_err("a fault").engine_words(), Some("unexpected EOF"));
        assert!(loaded(b"").expect("nothing").is_empty());
    }
}
