//! How many containers there are, and what they may take.

use super::{Pairs, record};
use crate::units::{Size, Span};

record! {
    /// `deploy`.
    Deploy {
        endpoint_mode: String,
        labels: Pairs,
        mode: String,
        placement: Placement,
        replicas: Option<u64>,
        resources: Resources,
        restart_policy: Option<RestartPolicy>,
        rollback_config: Option<Update>,
        update_config: Option<Update>,
    }
}

record! {
    /// `deploy.placement`.
    Placement {
        constraints: Vec<String>,
        max_replicas_per_node: u64,
        preferences: Vec<Preference>,
    }
}

record! {
    /// One of `deploy.placement.preferences`.
    Preference {
        spread: String,
    }
}

record! {
    /// `deploy.resources`.
    Resources {
        limits: Option<Limits>,
        reservations: Option<Reservations>,
    }
}

record! {
    /// `deploy.resources.limits`.
    Limits {
        cpus: Option<f64>,
        memory: Size,
        pids: i64,
    }
}

record! {
    /// `deploy.resources.reservations`.
    Reservations {
        cpus: Option<f64>,
        devices: Vec<DeviceRequest>,
        generic_resources: Vec<Generic>,
        memory: Size,
    }
}

record! {
    /// One of `generic_resources`.
    Generic {
        discrete_resource_spec: Option<Discrete>,
    }
}

record! {
    /// `discrete_resource_spec`.
    Discrete {
        kind: String,
        value: i64,
    }
}

record! {
    /// Devices by what they can do, such as graphics cards.
    DeviceRequest {
        capabilities: Vec<String>,
        count: Option<i64>,
        device_ids: Vec<String>,
        driver: String,
        options: Pairs,
    }
}

record! {
    /// `deploy.restart_policy`.
    RestartPolicy {
        condition: String,
        delay: Option<Span>,
        max_attempts: Option<u64>,
        window: Option<Span>,
    }
}

record! {
    /// `deploy.update_config` and `deploy.rollback_config`.
    Update {
        delay: Span,
        failure_action: String,
        max_failure_ratio: f64,
        monitor: Span,
        order: String,
        parallelism: Option<u64>,
    }
}
