//! An engine's answer on its way to a file: handed on as it comes, never held, and broken off where it may not go on, so
//! that nobody takes half of it for the whole.

use std::{future::Future, io, pin::Pin, sync::Arc};

use actix_web::{HttpResponse, HttpResponseBuilder};
use bytes::Bytes;
use http_body_util::BodyExt as _;

use crate::{access::Pass, health::Open, hosts::Flow, house::House};

/// The answer.
pub struct Download {
    flow: Flow,
    /// Resolves when the right to it is gone, or the server stops.
    over: Pin<Box<dyn Future<Output = ()>>>,
    _open: Open,
}

impl Download {
    /// Begins it, for whoever passed.
    pub fn new(house: &Arc<House>, pass: &Pass, flow: Flow) -> Self {
        let _open = house.metrics.stream();
        let (house, pass) = (Arc::clone(house), pass.clone());
        Self { flow, over: Box::pin(async move { house.until_over(&pass).await }), _open }
    }

    /// The next piece; none at the end.
    ///
    /// # Errors
    /// The engine broke off, the right to it is gone, or the server stops: the answer is to be broken off too.
    pub async fn next(&mut self) -> io::Result<Option<Bytes>> {
        loop {
            let frame = tokio::select! {
                frame = self.flow.frame() => frame,
                () = &mut self.over => return Err(io::Error::other("the right to this is gone, or we stop")),
            };
            let Some(frame) = frame else { return Ok(None) };
            if let Ok(bytes) = frame.map_err(io::Error::other)?.into_data()
                && !bytes.is_empty()
            {
                return Ok(Some(bytes));
            }
        }
    }
}

/// The head of an answer that browsers keep as a file of this name, which has nothing that would have to be quoted.
pub fn file(name: &str, content_type: &str) -> HttpResponseBuilder {
    let mut head = HttpResponse::Ok();
    head.content_type(content_type)
        .insert_header(("Content-Disposition", format!("attachment; filename=\"{name}\"")))
        .insert_header(("Cache-Control", "no-store"));
    head
}
