//! An image as an archive on its way to a file.

use std::{io, time::Duration};

use actix_web::HttpResponse;
use futures_util::stream;
use longshore_api::{ops::Kind, web::shelf::Shelf};

use super::logic::{audited, find};
use crate::{
    access::Pass,
    call::{Call, operation},
    download::{Download, file},
    fault::Fault,
    ownership::{self, Key},
    rest::Shared,
};

/// An engine writes all layers into a folder of its own before it says the first word.
const PACKING_MAX: Duration = Duration::from_secs(1800);

/// The image with all its tags, as `docker load` takes it.
pub async fn save(house: &Shared, pass: &Pass, id: &str) -> Result<HttpResponse, Fault> {
    let image = find(house, pass, Shelf::Images, id)?;
    let tags = tags_of(house, pass, id).await?;
    // By its tags, so that the archive knows them: an id alone is loaded without a name, and one tag with that alone.
    let by = tags.first().unwrap_or(&image.id);
    let name = audited(Shelf::Images, &image.name);
    // What goes on for minutes holds a pass for this very image.
    let pass = pass.on(&house.access, by, name.clone())?;
    let call = match tags.as_slice() {
        [] | [_] => Call::new(house, &pass, operation("image-save"), Some(by), name)?,
        tags => {
            let call = Call::new(house, &pass, operation("image-save-many"), Some(by), name)?;
            tags.iter().fold(call, |call, tag| call.and("names", tag))
        }
    };
    let flow = call.allowing(PACKING_MAX).flow().await?.into_body();
    let download = Download::new(house, &pass, flow);
    let pieces = stream::try_unfold(download, async |mut download: Download| {
        Ok::<_, io::Error>(download.next().await?.map(|bytes| (bytes, download)))
    });
    Ok(file(&format!("{}.tar", on_disk(&image.name)), "application/x-tar").streaming(pieces))
}

/// The tags that the image has by now, those of them that are whoever asks to see: one of another's may be another image's
/// by the time that the engine reads it.
async fn tags_of(house: &Shared, pass: &Pass, id: &str) -> Result<Vec<String>, Fault> {
    let (sight, host) = (house.access.sight(pass), house.hosts.get(pass.host()?)?);
    let found = ownership::find(&host, Kind::Image, id).await?;
    let seen = |tag: &String| sight.sees_key(&host.slug, &Key::of_repository(tag));
    let mut tags = Vec::new();
    for tag in found.into_iter().flat_map(|found| found.tags).filter(seen) {
        if ownership::find(&host, Kind::Image, &tag).await?.is_some_and(|found| found.id == id) {
            tags.push(tag);
        }
    }
    Ok(tags)
}

/// A name that is one on every disk: `shop_web_2`.
fn on_disk(name: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' };
    name.chars().map(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_as_the_image_is() {
        assert_eq!(on_disk("depot:5000/shop/web:2"), "depot_5000_shop_web_2");
        assert_eq!(on_disk("a\"b\r\n"), "a_b__");
    }
}
