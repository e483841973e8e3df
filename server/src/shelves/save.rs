//! An image as an archive on its way to a file: what the engine sends is handed on as it comes, and never held.

use std::{future::Future, io, pin::Pin, sync::Arc};

use actix_web::HttpResponse;
use bytes::Bytes;
use futures_util::stream;
use http_body_util::BodyExt as _;
use longshore_api::web::shelf::Shelf;

use super::logic::{audited, find};
use crate::{
    access::Pass,
    call::{Call, operation},
    fault::Fault,
    health::Open,
    hosts::Flow,
    rest::Shared,
};

/// An archive on its way.
struct Archive {
    flow: Flow,
    /// Resolves when the right to it is gone, or the server stops.
    over: Pin<Box<dyn Future<Output = ()>>>,
    _open: Open,
}

/// The image with all its tags, as `docker load` takes it.
pub async fn save(house: &Shared, pass: &Pass, id: &str) -> Result<HttpResponse, Fault> {
    let image = find(house, pass, Shelf::Images, id)?;
    // By a tag, so that the archive knows it: an id alone is loaded without a name.
    let by = image.tags.first().unwrap_or(&image.id);
    let name = audited(Shelf::Images, &image.name);
    let flow = Call::new(house, pass, operation("image-save"), Some(by), name)?.flow().await?.into_body();
    let over = {
        let (house, pass) = (Arc::clone(house), pass.clone());
        Box::pin(async move { house.until_over(&pass).await })
    };
    let archive = Archive { flow, over, _open: house.metrics.stream() };
    Ok(HttpResponse::Ok()
        .content_type("application/x-tar")
        .insert_header(("Content-Disposition", format!("attachment; filename=\"{}.tar\"", file(&image.name))))
        .insert_header(("Cache-Control", "no-store"))
        .streaming(stream::try_unfold(archive, piece)))
}

/// A name that is one on every disk: `shop_web_2`.
fn file(name: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' };
    name.chars().map(kept).collect()
}

/// The next piece; an error breaks the answer off, so that nobody takes half an image for a whole one.
async fn piece(mut archive: Archive) -> io::Result<Option<(Bytes, Archive)>> {
    loop {
        let frame = tokio::select! {
            frame = archive.flow.frame() => frame,
            () = &mut archive.over => return Err(io::Error::other("the right to this image is gone, or we stop")),
        };
        let Some(frame) = frame else { return Ok(None) };
        if let Ok(bytes) = frame.map_err(io::Error::other)?.into_data()
            && !bytes.is_empty()
        {
            return Ok(Some((bytes, archive)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_as_the_image_is() {
        assert_eq!(file("depot:5000/shop/web:2"), "depot_5000_shop_web_2");
        assert_eq!(file("a\"b\r\n"), "a_b__");
    }
}
