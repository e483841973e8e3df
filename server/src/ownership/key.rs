//! What a thing is owned by.

use longshore_api::web::container::Container;

/// A stack with a service of it, or a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The stack; empty where there is none.
    pub stack: String,
    /// The service in the stack, else the thing's own name.
    pub name: String,
}

impl Key {
    /// The key of a container as it is now.
    pub fn of(container: &Container) -> Self {
        Self::called(container, &container.name)
    }

    /// The key that a container has under another name.
    pub fn called(container: &Container, name: &str) -> Self {
        Self::of_container(&container.id, name, container.stack.as_deref(), container.service.as_deref())
    }

    /// The key of a container.
    ///
    /// docker-compose 1.29 makes a container anew by renaming the old one to `<first 12 digits of its id>_<name>`, so
    /// such a name stands for the rest of it, and only for this very id.
    pub(super) fn of_container(id: &str, name: &str, stack: Option<&str>, service: Option<&str>) -> Self {
        if let (Some(stack), Some(service)) = (stack, service) {
            return Self { stack: stack.to_owned(), name: service.to_owned() };
        }
        let put_aside = id.get(..12).and_then(|short| name.strip_prefix(short)?.strip_prefix('_'));
        Self { stack: String::new(), name: put_aside.unwrap_or(name).to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_is_owned_by_its_service_or_its_name() {
        let id = "7e64653bec0e456490a0f110bbe77de648ed7ce82dace0c63fd33ca966a1408f";
        let key = |name: &str, stack, service| Key::of_container(id, name, stack, service);
        let named = |name: &str| Key { stack: String::new(), name: name.to_owned() };
        let web = Key { stack: "shop".to_owned(), name: "web".to_owned() };
        assert_eq!(key("shop_web_1", Some("shop"), Some("web")), web);
        assert_eq!(key("7e64653bec0e_shop_web_1", Some("shop"), Some("web")), web);
        assert_eq!(key("web", None, None), named("web"));
        assert_eq!(key("web", Some("shop"), None), named("web"), "half a label is none");
        assert_eq!(key("7e64653bec0e_web", None, None), named("web"));
        assert_eq!(key("f5ad2e1e7926_web", None, None), named("f5ad2e1e7926_web"), "another's id is a name");
    }
}
