//! What a registry refused, or why it was not reached.

use super::{
    Explanation,
    said::{Said, first_name, shown},
};
use crate::words::say;

pub(super) fn explain(said: &Said) -> Option<Explanation> {
    if said.has(&["server gave http response to https client"]) {
        let registry = registry(said)?;
        return Some(Explanation::new(say::ex_plain_http(&registry), say::ex_plain_http_do(registry)));
    }
    if said.has_any(&["x509: ", "certificate signed by unknown authority", "failed to verify certificate"]) {
        let registry = registry(said)?;
        return Some(Explanation::new(say::ex_certificate(&registry), say::ex_certificate_do(registry)));
    }
    if said.has_any(&["toomanyrequests", "pull rate limit", "429 too many requests"]) {
        return Some(Explanation::new(say::ex_rate_limit(), say::ex_rate_limit_do()));
    }
    let platform = [
        "no matching manifest for ",
        "no match for platform in manifest",
        "no image found in manifest list for ",
        "no image found in image index for ",
        "does not match the specified platform",
        "does not match the detected host platform",
        "cannot be used on this platform",
    ];
    if said.has_any(&platform) {
        let what = match said.name_after(&platform[..1]) {
            Some(platform) => say::ex_platform(platform),
            None => say::ex_platform_some(),
        };
        return Some(Explanation::new(what, say::ex_platform_do()));
    }
    let denied = [
        "pull access denied",
        "requested access to the resource is denied",
        "repository does not exist or may require",
        "unauthorized: authentication required",
        "no basic auth credentials",
        "insufficient_scope",
        "repository name not known to registry",
    ];
    if said.has_any(&denied) {
        let what = match image(said) {
            Some(image) => say::ex_image_denied(image),
            None => say::ex_image_denied_some(),
        };
        return Some(Explanation::new(what, say::ex_image_denied_do()));
    }
    let resolved_none = said.has(&["failed to resolve reference", ": not found"]);
    if resolved_none || said.has_any(&["manifest unknown", "manifest for "]) {
        let image = image(said)?;
        return Some(Explanation::new(say::ex_tag_missing(image), say::ex_tag_missing_do()));
    }
    let here = ["no such image", "image not known", "unable to find image"];
    if said.has_any(&here) {
        let before = ["no such image: ", "unable to find image ", "name and tag match for "];
        let named = said.name_after(&before).or_else(|| before_colon(said, ": image not known"));
        return Some(Explanation::new(say::ex_image_absent(named?), say::ex_image_absent_do()));
    }
    let lost = [
        "connection refused",
        "no such host",
        "network is unreachable",
        "no route to host",
        "i/o timeout",
        "tls handshake timeout",
        "server misbehaving",
        "client.timeout exceeded",
        "request canceled while waiting for connection",
        "temporary failure in name resolution",
    ];
    if said.has(&["/v2/"]) && said.has_any(&lost) {
        let registry = registry(said)?;
        return Some(Explanation::new(say::ex_registry_lost(registry), say::ex_registry_lost_do()));
    }
    None
}

/// The registry that was asked: from the address in the engine's words.
fn registry(said: &Said) -> Option<String> {
    let rest = said.after(&["https://", "http://", "container registry "])?;
    let end = rest.find(|c: char| c == '/' || c == '"' || c.is_whitespace()).unwrap_or(rest.len());
    shown(rest[..end].trim_end_matches(':'))
}

/// The image that was asked for.
fn image(said: &Said) -> Option<String> {
    let names = ["pull access denied for ", "manifest for ", "failed to resolve reference ", "docker://"];
    said.name_after(&names).or_else(|| {
        // `reading manifest 9 in docker.io/library/nginx: …`
        let rest = said.after(&["reading manifest "])?;
        let (tag, rest) = rest.split_once(" in ")?;
        shown(&format!("{}:{tag}", first_name(rest)?))
    })
}

/// `Error: nosuch: image not known`
fn before_colon(said: &Said, what: &str) -> Option<String> {
    shown(said.before(what)?.rsplit(' ').next()?)
}
