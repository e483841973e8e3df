//! Names on hosts that somebody owns.

use gloo_net::http::Method;
use longshore_api::web::access::{GiveAccess, Names, OwnedName, PartPeople, Whole};

use super::{Answer, get, order, tell};

/// Those that one may give away or give back, of which all words of `text` tell.
pub(crate) async fn names(text: &str) -> Answer<Names> {
    get(&format!("names?text={}", js_sys::encode_uri_component(text))).await
}

/// Gives one to somebody, and says who else may see what it names.
pub(crate) async fn give_name(id: &str, give: &GiveAccess) -> Answer<()> {
    tell(Method::PUT, &format!("names/{id}"), give).await
}

/// Gives one back.
pub(crate) async fn release_name(id: &str) -> Answer<()> {
    order(Method::DELETE, &format!("names/{id}")).await
}

/// Whose the names of an image are, a network, a volume, or all that is in a stack.
pub(crate) async fn sharing(whole: Whole, host: &str, id: &str) -> Answer<Vec<OwnedName>> {
    get(&path_of(whole, host, id)).await
}

/// Who may use each part of it that one may give away, and why.
pub(crate) async fn sharing_people(whole: Whole, host: &str, id: &str) -> Answer<Vec<PartPeople>> {
    get(&format!("{}/people", path_of(whole, host, id))).await
}

/// Gives all of it that one may give away, and says who else may see it.
pub(crate) async fn share(whole: Whole, host: &str, id: &str, give: &GiveAccess) -> Answer<()> {
    tell(Method::PUT, &path_of(whole, host, id), give).await
}

fn path_of(whole: Whole, host: &str, id: &str) -> String {
    format!("hosts/{host}/sharing/{}/{}", whole.code(), String::from(js_sys::encode_uri_component(id)))
}
