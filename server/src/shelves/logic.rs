//! Things are found in memory by their full id, so that what a person saw is what is meant, and done to by that id.

use std::collections::BTreeMap;

use http::StatusCode;
use longshore_api::{
    ops::Kind,
    sentence::Sentence,
    web::create::{REFERENCE_MAX, name_and_tag},
    web::shelf::{ImageTag, Item, NetworkMember, NewNetwork, NewVolume, Shelf},
    words::say,
};
use serde_json::json;

use crate::{
    access::Pass,
    call::{Call, operation},
    containers,
    fault::Fault,
    house::House,
    inventory::{View, WORDS_MAX},
    ownership,
};

/// Names have at most so many bytes: a volume's is that of a folder.
const NAME_MAX: usize = 255;

/// Engines take volumes with names of these bytes only; the first is a letter or a digit.
fn is_name(name: &str) -> bool {
    let rest = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    name.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric()) && name.bytes().all(rest)
}

/// What a name is called in the audit log.
pub(super) fn audited(shelf: Shelf, name: &str) -> String {
    let kind = match shelf {
        Shelf::Images => "image",
        Shelf::Networks => "network",
        Shelf::Volumes => "volume",
    };
    format!("{kind} {name}")
}

fn seen<'a>(house: &'a House, pass: &Pass) -> View<'a> {
    house.inventory.seen_with(house.access.sight(pass))
}

/// The thing that the inventory knows by this full id, on the host that the pass is for.
pub(super) fn find(house: &House, pass: &Pass, shelf: Shelf, id: &str) -> Result<Item, Fault> {
    let host = house.hosts.get(pass.host()?)?;
    let unknown = || {
        let id: String = id.chars().take(64).collect();
        Fault::not_found(match shelf {
            Shelf::Images => say::image_unknown(&host.slug, id),
            Shelf::Networks => say::network_unknown(&host.slug, id),
            Shelf::Volumes => say::volume_unknown(&host.slug, id),
        })
    };
    seen(house, pass).thing(&host.slug, shelf, id).ok_or_else(unknown)
}

/// Removes an image tag by tag, so that it goes with the last one and never by force. What a container holds is refused
/// before the first tag is gone; so is one that has a tag besides those that somebody was shown. A tag is removed while it
/// is this image's, whatever it was when it was listed.
pub async fn remove_image(house: &House, pass: &Pass, id: &str, listed: Option<&str>) -> Result<(), Fault> {
    let image = find(house, pass, Shelf::Images, id)?;
    if let Some(user) = image.users.first() {
        return Err(conflict(say::image_in_use(&user.name, image.name, image.used)));
    }
    let host = house.hosts.get(pass.host()?)?;
    let here = async |called: &str| ownership::find(&host, Kind::Image, called).await;
    let unknown = || ownership::unknown(&host.slug, Kind::Image, id);
    let mut tags = here(id).await?.ok_or_else(unknown)?.tags;
    // Of many tags a list shows the first.
    let whole = listed.filter(|listed| listed.split(',').count() < WORDS_MAX);
    let since = whole.and_then(|listed| {
        let is_listed = |tag: &&String| listed.split(',').any(|one| one == tag.as_str());
        tags.iter().find(|tag| !is_listed(tag)).cloned()
    });
    if tags.is_empty() {
        tags.push(image.id);
    }
    // All of them have to be theirs, before the first is gone.
    let removal = |tag: &String| {
        Call::new(house, pass, operation("image-remove"), Some(tag), audited(Shelf::Images, tag))
    };
    let removals = tags.iter().map(removal).collect::<Result<Vec<_>, _>>()?;
    if let Some(other) = since {
        return Err(conflict(say::image_tagged_since(image.name, other)));
    }
    for (tag, removal) in tags.iter().zip(removals) {
        if here(tag).await?.is_none_or(|found| found.id != id) {
            return Err(conflict(say::tag_moved(image.name, tag)));
        }
        removal.done().await?;
    }
    Ok(())
}

/// Removes a network or a volume.
pub async fn remove(house: &House, pass: &Pass, shelf: Shelf, id: &str) -> Result<(), Fault> {
    let thing = find(house, pass, shelf, id)?;
    let removal = if shelf == Shelf::Networks { "network-remove" } else { "volume-remove" };
    Call::new(house, pass, operation(removal), Some(id), audited(shelf, &thing.name))?.done().await
}

/// Gives an image one more name.
pub async fn tag_image(house: &House, pass: &Pass, id: &str, tag: ImageTag) -> Result<(), Fault> {
    find(house, pass, Shelf::Images, id)?;
    let (repository, tag) = parts(tag.tag.trim())?;
    let name = audited(Shelf::Images, &format!("{repository}:{tag}"));
    let call = Call::new(house, pass, operation("image-tag"), Some(id), name)?;
    call.with("repo", repository).with("tag", tag).done().await
}

/// Takes a name from an image that has others.
pub async fn untag_image(house: &House, pass: &Pass, id: &str, tag: ImageTag) -> Result<(), Fault> {
    let image = find(house, pass, Shelf::Images, id)?;
    Fault::within(&tag.tag, REFERENCE_MAX, "tag")?;
    if !image.tags.contains(&tag.tag) {
        return Err(Fault::bad_request(say::tag_unknown(image.name, tag.tag)).at("tag"));
    }
    if image.tags.len() == 1 {
        return Err(conflict(say::last_tag(tag.tag)).at("tag"));
    }
    let name = audited(Shelf::Images, &tag.tag);
    Call::new(house, pass, operation("image-remove"), Some(&tag.tag), name)?.done().await
}

/// Repository and tag.
fn parts(reference: &str) -> Result<(&str, &str), Fault> {
    Fault::within(reference, REFERENCE_MAX, "tag")?;
    let (repository, tag) = name_and_tag(reference);
    let blank = repository.is_empty() || tag.is_empty() || reference.contains(char::is_whitespace);
    if blank { Err(Fault::bad_request(say::no_tag()).at("tag")) } else { Ok((repository, tag)) }
}

/// Attaches a container to a network.
pub async fn connect(house: &House, pass: &Pass, id: &str, member: NetworkMember) -> Result<(), Fault> {
    let network = find(house, pass, Shelf::Networks, id)?;
    let (container, name) = member_of(house, pass, &member.container)?;
    let aliases: Vec<&str> = member.aliases.split_whitespace().collect();
    let mut endpoint = json!({ "Aliases": aliases });
    let address = member.address.trim();
    if !address.is_empty() {
        let version = if address.contains(':') { "IPv6Address" } else { "IPv4Address" };
        endpoint["IPAMConfig"] = json!({ version: address });
    }
    let body = json!({ "Container": container, "EndpointConfig": endpoint });
    let name = format!("{}, container {name}", audited(Shelf::Networks, &network.name));
    Call::new(house, pass, operation("network-connect"), Some(id), name)?.body(&body)?.done().await
}

/// Takes a container off a network.
pub async fn disconnect(house: &House, pass: &Pass, id: &str, member: NetworkMember) -> Result<(), Fault> {
    let network = find(house, pass, Shelf::Networks, id)?;
    let (container, name) = member_of(house, pass, &member.container)?;
    let name = format!("{}, container {name}", audited(Shelf::Networks, &network.name));
    let body = json!({ "Container": container });
    Call::new(house, pass, operation("network-disconnect"), Some(id), name)?.body(&body)?.done().await
}

fn member_of(house: &House, pass: &Pass, reference: &str) -> Result<(String, String), Fault> {
    containers::find(house, pass, reference.trim()).map_err(|fault| fault.at("container"))
}

/// Makes a network.
pub async fn create_network(house: &House, pass: &Pass, network: NewNetwork) -> Result<(), Fault> {
    let NewNetwork { name, driver, subnet, gateway, internal, ipv6, options, labels } = network;
    // Engines take any name of a network but a blank one. Below the managers it is narrower, for it leads to containers.
    Fault::within(&name, NAME_MAX, "name")?;
    if name.trim().is_empty() || name.contains(char::is_control) {
        return Err(Fault::bad_request(say::network_name()).at("name"));
    }
    if !pass.manages() {
        named(&name)?;
    }
    let mut body = json!({
        "Name": name, "CheckDuplicate": true, "Internal": internal, "EnableIPv6": ipv6,
        "Options": pairs(options, "options")?, "Labels": pairs(labels, "labels")?,
    });
    let mut config = BTreeMap::new();
    for (key, value) in [("Subnet", subnet), ("Gateway", gateway)] {
        if !value.trim().is_empty() {
            config.insert(key, value.trim().to_owned());
        }
    }
    if !config.is_empty() {
        body["IPAM"] = json!({ "Config": [config] });
    }
    if !driver.trim().is_empty() {
        body["Driver"] = json!(driver.trim());
    }
    let name = audited(Shelf::Networks, &name);
    Call::making(house, pass, operation("network-create"), name)?.body(&body)?.done().await
}

/// Makes a volume. The engine would take one that is there for the new one: that is said instead.
pub async fn create_volume(house: &House, pass: &Pass, volume: NewVolume) -> Result<(), Fault> {
    let NewVolume { name, driver, options, labels } = volume;
    named(&name)?;
    let host = pass.host()?;
    if seen(house, pass).thing(host, Shelf::Volumes, &name).is_some() {
        return Err(conflict(say::volume_exists(host, &name)).at("name"));
    }
    let mut body = json!({
        "Name": name, "DriverOpts": pairs(options, "options")?, "Labels": pairs(labels, "labels")?,
    });
    if !driver.trim().is_empty() {
        body["Driver"] = json!(driver.trim());
    }
    let name = audited(Shelf::Volumes, &name);
    Call::making(house, pass, operation("volume-create"), name)?.body(&body)?.done().await
}

fn conflict(sentence: Sentence) -> Fault {
    Fault::new(StatusCode::CONFLICT, sentence)
}

fn named(name: &str) -> Result<(), Fault> {
    Fault::within(name, NAME_MAX, "name")?;
    if is_name(name) { Ok(()) } else { Err(Fault::bad_request(say::name_not_taken()).at("name")) }
}

/// `key=value` each; lines with nothing on them are no pairs.
fn pairs(lines: Vec<String>, field: &'static str) -> Result<BTreeMap<String, String>, Fault> {
    let lines = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    lines
        .map(|line| match line.split_once('=') {
            Some((key, value)) if !key.trim().is_empty() => {
                Ok((key.trim().to_owned(), value.trim().to_owned()))
            }
            _ => Err(Fault::bad_request(say::no_pair(line)).at(field)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_engines_take() {
        for good in ["a", "shop_db", "7-x.y"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "-a", ".a", "a/b", "a b", "名", "a\n"] {
            assert!(!is_name(bad), "{bad:?}");
        }
        assert!(named(&"x".repeat(255)).is_ok() && named(&"x".repeat(256)).is_err());
    }

    #[test]
    fn a_port_is_no_tag() {
        let read = |text| parts(text).ok();
        assert_eq!(read("web"), Some(("web", "latest")));
        assert_eq!(read("depot:5000/shop/web"), Some(("depot:5000/shop/web", "latest")));
        assert_eq!(read("depot:5000/web:2"), Some(("depot:5000/web", "2")));
        let long = format!("web:{}", "x".repeat(60_000));
        for bad in ["", "web:", ":2", "a b", &long] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_pair_has_a_key() {
        let good = pairs(vec!["a=b=c".to_owned(), " ".to_owned(), "k=".to_owned()], "labels").expect("pairs");
        assert_eq!(good, BTreeMap::from([("a".into(), "b=c".into()), ("k".into(), String::new())]));
        assert!(pairs(vec!["novalue".to_owned()], "labels").is_err());
        assert!(pairs(vec!["=x".to_owned()], "labels").is_err());
    }
}
