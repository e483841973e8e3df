//! What the containers are called and made of. Stacks of several services, as people have them.

/// Service, image and the port that it listens on; 0 for none.
pub(crate) struct Service {
    pub(crate) name: &'static str,
    pub(crate) image: &'static str,
    pub(crate) port: u16,
}

const fn service(name: &'static str, image: &'static str, port: u16) -> Service {
    Service { name, image, port }
}

/// The services of a stack, again and again.
pub(crate) const SERVICES: [Service; 8] = [
    service("web", "nginx:1.27-alpine", 80),
    service("api", "registry.quay.example:5000/shop/api:2026.11.3", 8080),
    service("worker", "registry.quay.example:5000/shop/worker:2026.11.3", 0),
    service("db", "postgres:16.4", 5432),
    service("cache", "redis:7.4-alpine", 6379),
    service("queue", "rabbitmq:3.13-management", 5672),
    service("search", "opensearchproject/opensearch:2.17.0", 9200),
    service("cron", "sha256:5f1d1cb7f2cb0b4f0e4b6c9b2d6f3a5a4e6b0d4f9a8c7b6d5e4f3a2b1c0d9e8f", 0),
];

/// Stacks; with more containers than eight times these, they are numbered.
pub(crate) const STACKS: [&str; 12] = [
    "shop",
    "billing",
    "wiki",
    "ci",
    "monitoring",
    "mail",
    "media",
    "staging-eu",
    "staging-us",
    "analytics",
    "gitea",
    "Übersee",
];
