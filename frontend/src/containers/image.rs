//! An image reference in the order in which people read it: name and tag, then where it comes from.

/// The parts of an image reference.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ImageParts<'a> {
    /// `immich-server`; of a bare image id its first twelve characters.
    pub(super) name: &'a str,
    /// `:v2.3.1`, `@sha256:0123456789ab`, or nothing.
    pub(super) tag: String,
    /// `ghcr.io/immich-app`, or nothing.
    pub(super) origin: &'a str,
}

/// Takes a reference apart. Never fails: what it does not understand is the name.
pub(super) fn parts(reference: &str) -> ImageParts<'_> {
    if let Some(id) = reference.strip_prefix("sha256:") {
        return ImageParts { name: id.get(..12).unwrap_or(id), tag: String::new(), origin: "" };
    }
    let (rest, digest) = match reference.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (reference, None),
    };
    let (origin, last) = rest.rsplit_once('/').unwrap_or(("", rest));
    let (name, tag) = last.split_once(':').unwrap_or((last, ""));
    let mut shown = String::new();
    if !tag.is_empty() {
        shown = format!(":{tag}");
    } else if let Some(digest) = digest {
        shown = format!("@{}", digest.get(..19).unwrap_or(digest));
    }
    ImageParts { name, tag: shown, origin }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(reference: &str) -> (String, String, String) {
        let ImageParts { name, tag, origin } = parts(reference);
        (name.to_owned(), tag, origin.to_owned())
    }

    #[test]
    fn name_and_tag_come_first() {
        let expected =
            |name: &str, tag: &str, origin: &str| (name.to_owned(), tag.to_owned(), origin.to_owned());
        assert_eq!(read("nginx:1.27"), expected("nginx", ":1.27", ""));
        assert_eq!(read("redis"), expected("redis", "", ""));
        assert_eq!(
            read("ghcr.io/immich-app/immich-server:v2.3.1"),
            expected("immich-server", ":v2.3.1", "ghcr.io/immich-app")
        );
        assert_eq!(read("registry.local:5000/shop/web"), expected("web", "", "registry.local:5000/shop"));
        assert_eq!(read("web@sha256:0123456789abcdef0123"), expected("web", "@sha256:0123456789ab", ""));
        assert_eq!(read("sha256:0123456789abcdef0123"), expected("0123456789ab", "", ""));
    }
}
