//! What a thing is owned by.

use longshore_api::{
    ops::Kind,
    web::{container::Container, create::familiar, create::name_and_tag},
};

/// The kinds of things that are owned.
pub(super) const KINDS: [Kind; 5] = [Kind::Container, Kind::Network, Kind::Volume, Kind::Image, Kind::Stack];

/// Whether a name looks like an id, or the beginning of one: whoever means a thing by its id would be led to this one.
pub fn is_like_an_id(name: &str) -> bool {
    name.len() >= 8 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a name is one that engines make up for a volume that nobody named.
pub fn is_made_up(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a name is one that compose gives for a while to what is about to go, or to what is about to take its place:
/// `<12 digits of an id>_<name>`.
pub(super) fn is_put_aside(name: &str) -> bool {
    let short = name.split_once('_').map(|(short, _)| short).unwrap_or_default();
    short.len() == 12 && short.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A stack with a service of it, or a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// What it is.
    pub kind: Kind,
    /// The stack; empty where there is none.
    pub stack: String,
    /// The service in the stack, else the thing's own name.
    pub name: String,
}

impl Key {
    /// The key of a container as it is now.
    pub fn of(container: &Container) -> Self {
        let (stack, service) = (container.stack.as_deref(), container.service.as_deref());
        Self::of_container(&container.id, &container.name, stack, service)
    }

    /// The key of the containers of a stack's service.
    pub fn of_service(stack: &str, service: &str) -> Self {
        Self { kind: Kind::Container, stack: stack.to_owned(), name: service.to_owned() }
    }

    /// The key of a stack whose files are kept: who may see it may read them, and change what they make.
    pub fn of_stack(stack: &str) -> Self {
        Self::named(Kind::Stack, stack)
    }

    /// The key of a container: by its service where it is of a stack, else by its name.
    ///
    /// docker-compose 1.29 makes a container anew by renaming the old one to `<first 12 digits of its id>_<name>`, so
    /// such a name stands for the rest of it, and only for this very id.
    pub fn of_container(id: &str, name: &str, stack: Option<&str>, service: Option<&str>) -> Self {
        if let (Some(stack), Some(service)) = (stack, service) {
            return Self::of_service(stack, service);
        }
        let put_aside = id.get(..12).and_then(|short| name.strip_prefix(short)?.strip_prefix('_'));
        Self::named(Kind::Container, put_aside.unwrap_or(name))
    }

    /// The key of what has a name that is its alone among its kind on a host.
    pub fn named(kind: Kind, name: &str) -> Self {
        Self { kind, stack: String::new(), name: name.to_owned() }
    }

    /// The key of the names that an image reference is one of: its repository. Whoever moves a tag of it has others run
    /// what it names from then on.
    pub fn of_repository(reference: &str) -> Self {
        Self::named(Kind::Image, name_and_tag(&familiar(reference)).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_is_owned_by_its_service_or_its_name() {
        let id = "7e64653bec0e456490a0f110bbe77de648ed7ce82dace0c63fd33ca966a1408f";
        let key = |name: &str, stack, service| Key::of_container(id, name, stack, service);
        let named = |name: &str| Key::named(Kind::Container, name);
        let web = Key { stack: "shop".to_owned(), ..named("web") };
        assert_eq!(key("shop_web_1", Some("shop"), Some("web")), web);
        assert_eq!(key("7e64653bec0e_shop_web_1", Some("shop"), Some("web")), web);
        assert_eq!(key("web", None, None), named("web"));
        assert_eq!(key("web", Some("shop"), None), named("web"), "half a label is none");
        assert_eq!(key("7e64653bec0e_web", None, None), named("web"));
        assert_eq!(key("f5ad2e1e7926_web", None, None), named("f5ad2e1e7926_web"), "another's id is a name");
        assert!(is_put_aside("f5ad2e1e7926_web") && !is_put_aside("f5ad2e1e792_web") && !is_put_aside("web"));
    }

    #[test]
    fn an_image_is_owned_by_its_repository_however_it_is_written() {
        let shop = Key::of_repository("shop/web");
        for same in
            ["shop/web:2", "docker.io/shop/web:latest", "shop/web@sha256:aa", "index.docker.io/shop/web"]
        {
            assert_eq!(Key::of_repository(same), shop, "{same}");
        }
        assert_eq!(Key::of_repository("docker.io/library/busybox"), Key::of_repository("busybox:1.35"));
        assert_ne!(Key::of_repository("depot:5000/shop/web"), shop);
    }
}
