//! Images, networks and volumes.

use gloo_net::http::Method;
use longshore_api::web::{
    create::NewImage,
    job::StartedJob,
    shelf::{ImageTag, Item, NetworkMember, NewNetwork, NewVolume, Shelf, ThingDetail},
};

use super::{Answer, ask, get, order, tell};

/// The word of a shelf in addresses.
fn word(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::Images => "images",
        Shelf::Networks => "networks",
        Shelf::Volumes => "volumes",
    }
}

/// Removes a thing by its full id; an image with the tags that it was shown with, and no others.
pub(crate) async fn remove_thing(shelf: Shelf, item: &Item) -> Answer<()> {
    let shown = match shelf {
        Shelf::Images => {
            format!("?tags={}", String::from(js_sys::encode_uri_component(&item.tags.join(","))))
        }
        Shelf::Networks | Shelf::Volumes => String::new(),
    };
    order(Method::DELETE, &format!("hosts/{}/{}/{}{shown}", item.host, word(shelf), item.id)).await
}

/// Makes a network.
pub(crate) async fn create_network(host: &str, network: &NewNetwork) -> Answer<()> {
    tell(Method::POST, &format!("hosts/{host}/networks"), network).await
}

/// Makes a volume.
pub(crate) async fn create_volume(host: &str, volume: &NewVolume) -> Answer<()> {
    tell(Method::POST, &format!("hosts/{host}/volumes"), volume).await
}

/// One thing as inspected, by its full id.
pub(crate) async fn thing(shelf: Shelf, host: &str, id: &str) -> Answer<ThingDetail> {
    get(&format!("hosts/{host}/{}/{id}", word(shelf))).await
}

/// Gives an image one more name.
pub(crate) async fn tag_image(host: &str, id: &str, tag: &ImageTag) -> Answer<()> {
    tell(Method::POST, &format!("hosts/{host}/images/{id}/tag"), tag).await
}

/// Takes a name from an image that has others.
pub(crate) async fn untag_image(host: &str, id: &str, tag: &ImageTag) -> Answer<()> {
    tell(Method::POST, &format!("hosts/{host}/images/{id}/untag"), tag).await
}

/// Attaches a container to a network.
pub(crate) async fn connect(host: &str, id: &str, member: &NetworkMember) -> Answer<()> {
    tell(Method::POST, &format!("hosts/{host}/networks/{id}/connect"), member).await
}

/// Takes a container off a network.
pub(crate) async fn disconnect(host: &str, id: &str, member: &NetworkMember) -> Answer<()> {
    tell(Method::POST, &format!("hosts/{host}/networks/{id}/disconnect"), member).await
}

/// Pulls an image; what becomes of it is told by the job.
pub(crate) async fn pull_image(host: &str, image: &NewImage) -> Answer<StartedJob> {
    ask(Method::POST, &format!("hosts/{host}/images"), image).await
}
