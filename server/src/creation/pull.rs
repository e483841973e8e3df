//! A pull: the engine's stream of progress, read into layers, to its end or until nothing comes any more.

use std::time::Duration;

use bytes::Bytes;
use longshore_api::{web::job::Layer, words::say};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::progress::{self, ProgressError};
use crate::{
    access::Pass,
    call::{self, Call},
    fault::Fault,
    hosts::LineError,
    house::House,
};

/// A pull of which nothing is heard for so long has failed: the registry hangs. The engine says something about every
/// layer it works on, many times a second.
const SILENCE: Duration = Duration::from_secs(180);
/// Progress is told on no more often than this.
const TELL_EVERY: Duration = Duration::from_millis(400);
/// An image has at most so many layers: the engine is no more to be trusted than anyone.
const LAYERS_MAX: usize = 300;
/// What the engine calls a layer or does with it has at most so many bytes.
const WORD_MAX: usize = 80;

/// An image that is to be pulled.
#[derive(Clone, Serialize, Deserialize)]
pub struct Pull {
    /// Its reference, with tag or digest.
    pub image: String,
    /// `os/arch[/variant]`; the engine's own, if empty.
    pub platform: String,
}

/// Pulls it. `layers` is told how far it is.
pub async fn pull(
    house: &House,
    pass: &Pass,
    pull: &Pull,
    cancel: &CancellationToken,
    layers: impl Fn(&[Layer]),
) -> Result<(), Fault> {
    let name = format!("image {}", pull.image);
    let mut call =
        Call::making(house, pass, call::operation("image-create"), name)?.with("fromImage", &pull.image);
    // Until the registry answers, the engine says nothing at all.
    call = call.allowing(SILENCE);
    if !pull.platform.is_empty() {
        call = call.with("platform", &pull.platform);
    }
    let done = call.read(async |body, line| match follow(body, SILENCE, layers).await {
        Ok(()) => Ok(()),
        Err(ProgressError::Silent) => Err(Fault::new(
            http::StatusCode::GATEWAY_TIMEOUT,
            say::pull_silent(&pull.image, SILENCE.as_secs()),
        )),
        Err(ProgressError::Failed(words)) => {
            Err(Fault::new(http::StatusCode::BAD_GATEWAY, say::pull_failed(&pull.image)).quoting(words))
        }
        Err(ProgressError::Line(error)) => Err(line.fault(error)),
    });
    tokio::select! {
        done = done => done,
        // The engine stops when nobody listens any more.
        () = cancel.cancelled() => {
            Err(Fault::new(http::StatusCode::CONFLICT, say::pull_cancelled(&pull.image)))
        }
    }
}

/// A line of the engine's progress.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    #[serde(default)]
    status: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    progress_detail: Option<Detail>,
    #[serde(default)]
    error: Option<String>,
}

#[derive(Deserialize)]
struct Detail {
    #[serde(default)]
    current: u64,
    #[serde(default)]
    total: u64,
}

/// Reads the progress to its end. `tell` hears how far the layers are; when nothing comes for `silence`, the pull is given
/// up.
async fn follow<B>(body: B, silence: Duration, tell: impl Fn(&[Layer])) -> Result<(), ProgressError>
where
    B: http_body::Body<Data = Bytes> + Unpin,
    LineError: From<B::Error>,
{
    let mut layers: Vec<Layer> = Vec::new();
    let mut told = Instant::now() - TELL_EVERY;
    let read = progress::read(body, silence, |line| {
        take(line, &mut layers)?;
        if told.elapsed() >= TELL_EVERY {
            told = Instant::now();
            tell(&layers);
        }
        Ok(())
    });
    let read = read.await;
    tell(&layers);
    read
}

fn take(line: &[u8], layers: &mut Vec<Layer>) -> Result<(), ProgressError> {
    let said: Said =
        serde_json::from_slice(line).map_err(|e| ProgressError::Line(LineError::Garbled(e.to_string())))?;
    if let Some(words) = said.error {
        return Err(ProgressError::Failed(progress::capped(&words)));
    }
    // `Pulling from library/nginx` has the tag for an id.
    if said.id.is_empty() || said.status.starts_with("Pulling from") {
        return Ok(());
    }
    let (id, doing) = (short(&said.id), short(&said.status));
    let detail = said.progress_detail.unwrap_or(Detail { current: 0, total: 0 });
    let layer = Layer { id, doing, done: detail.current.min(detail.total), total: detail.total };
    match layers.iter().position(|known| known.id == layer.id) {
        Some(place) => layers[place] = layer,
        None if layers.len() < LAYERS_MAX => layers.push(layer),
        None => {}
    }
    Ok(())
}

fn short(text: &str) -> String {
    text[..text.floor_char_boundary(WORD_MAX)].to_owned()
}

#[cfg(test)]
mod tests {
    use std::{
        pin::Pin,
        task::{Context, Poll},
    };

    use http_body::Frame;

    use super::*;

    /// Pieces, and then the end or nothing for ever.
    struct Pieces(Vec<&'static str>, bool);

    impl http_body::Body for Pieces {
        type Data = Bytes;
        type Error = hyper::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
            if self.0.is_empty() {
                return if self.1 { Poll::Pending } else { Poll::Ready(None) };
            }
            Poll::Ready(Some(Ok(Frame::data(self.0.remove(0).into()))))
        }
    }

    async fn heard(pieces: &[&'static str], hangs: bool) -> (Result<(), ProgressError>, Vec<Layer>) {
        let last = std::sync::Mutex::new(Vec::new());
        let told = |layers: &[Layer]| layers.clone_into(&mut last.lock().expect("one thread"));
        let done = follow(Pieces(pieces.to_vec(), hangs), Duration::from_millis(50), told).await;
        (done, last.into_inner().expect("one thread"))
    }

    #[tokio::test]
    async fn progress_is_told_layer_by_layer() {
        let (done, layers) = heard(
            &[
                "{\"status\":\"Pulling from library/nginx\",\"id\":\"1.27\"}\r\n{\"status\":\"Waiting\",\"progressDetail\":{},\"id\":\"aa\"}\n{\"sta",
                "tus\":\"Downloading\",\"progressDetail\":{\"current\":5,\"total\":10},\"id\":\"bb\"}\n",
                "{\"status\":\"Pull complete\",\"progressDetail\":{},\"id\":\"aa\"}\n{\"status\":\"Status: Downloaded\"}\n",
            ],
            false,
        )
        .await;
        assert!(done.is_ok());
        let said: Vec<_> =
            layers.iter().map(|l| (l.id.as_str(), l.doing.as_str(), l.done, l.total)).collect();
        assert_eq!(said, [("aa", "Pull complete", 0, 0), ("bb", "Downloading", 5, 10)]);
    }

    #[tokio::test]
    async fn a_registry_that_hangs_in_a_layer_is_given_up() {
        let line =
            "{\"status\":\"Downloading\",\"progressDetail\":{\"current\":5,\"total\":10},\"id\":\"bb\"}\n";
        let (done, layers) = heard(&[line], true).await;
        assert!(matches!(done, Err(ProgressError::Silent)));
        assert_eq!(layers.len(), 1);
    }

    #[tokio::test]
    async fn what_the_engine_says_went_wrong_is_quoted_and_garbage_is_called_so() {
        let (done, _) = heard(&["{\"errorDetail\":{\"message\":\"no\"},\"error\":\"no\"}"], false).await;
        assert!(matches!(done, Err(ProgressError::Failed(words)) if words == "no"));
        let long = format!("{{\"error\":\"{}\"}}", "é".repeat(30_000)).leak();
        let (done, _) = heard(&[long], false).await;
        assert!(matches!(done, Err(ProgressError::Failed(words)) if words.len() == progress::ERROR_MAX));
        let (done, _) = heard(&["<html>\n"], false).await;
        assert!(matches!(done, Err(ProgressError::Line(LineError::Garbled(_)))));
    }
}
