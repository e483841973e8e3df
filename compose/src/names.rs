//! What things of a project are called on the engine, as `docker compose` 2 calls them.

use crate::model::{Project, Service};

/// The name of a container of a service, counted from 1.
pub fn container(project: &str, name: &str, service: &Service, number: u64) -> String {
    match service.container_name.as_str() {
        "" => format!("{project}-{name}-{number}"),
        own => own.to_owned(),
    }
}

/// The name of a container that is made for one command: `slug` is 12 or more letters and digits of its own.
pub fn one_off(project: &str, name: &str, slug: &str) -> String {
    let short: String = slug.chars().take(12).collect();
    format!("{project}-{name}-run-{short}")
}

/// The image of a service: its own, or that which its build makes.
pub fn image(project: &str, name: &str, service: &Service) -> String {
    match service.image.as_str() {
        "" => format!("{project}-{name}"),
        image => image.to_owned(),
    }
}

/// All containers that a project has, by service.
pub fn containers(project: &Project) -> Vec<(&str, String)> {
    let each = project.services.iter().flat_map(|(name, service)| {
        (1..=service.replicas())
            .map(move |number| (name.as_str(), container(&project.name, name, service, number)))
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_compose_2() {
        let mut service = Service::default();
        assert_eq!(container("shop", "web", &service, 2), "shop-web-2");
        assert_eq!(one_off("shop", "web", "0123456789abcdef"), "shop-web-run-0123456789ab");
        assert_eq!(image("shop", "web", &service), "shop-web");
        service.container_name = "mine".to_owned();
        service.image = "nginx:1".to_owned();
        assert_eq!(container("shop", "web", &service, 1), "mine");
        assert_eq!(image("shop", "web", &service), "nginx:1");
    }
}
