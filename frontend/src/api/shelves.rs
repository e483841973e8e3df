//! Images, networks and volumes.

use gloo_net::http::Method;
use longshore_api::web::shelf::{NewNetwork, NewVolume, Shelf};

use super::{Answer, order, tell};

/// The word of a shelf in addresses.
fn word(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::Images => "images",
        Shelf::Networks => "networks",
        Shelf::Volumes => "volumes",
    }
}

/// Removes a thing by its full id.
pub(crate) async fn remove_thing(shelf: Shelf, host: &str, id: &str) -> Answer<()> {
    order(Method::DELETE, &format!("hosts/{host}/{}/{id}", word(shelf))).await
}

/// Makes a network.
pub(crate) async fn create_network(host: &str, network: &NewNetwork) -> Answer<()> {
    tell(Method::POST, &format!("hosts/{host}/networks"), network).await
}

/// Makes a volume.
pub(crate) async fn create_volume(host: &str, volume: &NewVolume) -> Answer<()> {
    tell(Method::POST, &format!("hosts/{host}/volumes"), volume).await
}
