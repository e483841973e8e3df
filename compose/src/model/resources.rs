//! Networks, volumes, secrets, configs, models.

use super::{Pairs, record};

record! {
    /// A network.
    Network {
        attachable: bool,
        driver: String,
        driver_opts: Pairs,
        enable_ipv4: Option<bool>,
        enable_ipv6: Option<bool>,
        external: bool,
        internal: bool,
        ipam: Ipam,
        labels: Pairs,
        name: String,
    }
}

record! {
    /// `ipam` of a network.
    Ipam {
        config: Vec<Pool>,
        driver: String,
        options: Pairs,
    }
}

record! {
    /// The addresses that a network gives.
    Pool {
        aux_addresses: Pairs,
        gateway: String,
        ip_range: String,
        subnet: String,
    }
}

record! {
    /// A volume.
    Volume {
        driver: String,
        driver_opts: Pairs,
        external: bool,
        labels: Pairs,
        name: String,
    }
}

record! {
    /// A secret.
    Secret {
        driver: String,
        driver_opts: Pairs,
        environment: String,
        external: bool,
        file: String,
        labels: Pairs,
        name: String,
        template_driver: String,
    }
}

record! {
    /// A config.
    Config {
        content: Option<String>,
        environment: String,
        external: bool,
        file: String,
        labels: Pairs,
        name: String,
        template_driver: String,
    }
}

record! {
    /// A model of language.
    Model {
        context_size: i64,
        model: String,
        name: String,
        runtime_flags: Vec<String>,
    }
}
