//! What a plan says, as sentences.

use longshore_api::{sentence::Sentence, words::say};

use super::{Obstacle, Warning, Why};

fn number(n: impl TryInto<i64>) -> i64 {
    n.try_into().unwrap_or(i64::MAX)
}

impl Why {
    /// Why, to a person.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Asked => say::plan_asked(),
            Self::Missing => say::plan_missing(),
            Self::Differs { fields } => say::plan_differs(number(fields.len())),
            Self::ImageNewer { .. } => say::plan_image_newer(),
            Self::Policy { policy } => say::plan_policy(policy),
            Self::OtherPlatform { was, will } => say::plan_other_platform(was, will),
            Self::Orphan => say::plan_orphan(),
            Self::ScaledDown => say::plan_scaled_down(),
            Self::Twice => say::plan_twice(),
            Self::DependsOnRecreated { service } => say::plan_depends_recreated(service),
            Self::DependsOnRestarted { service } => say::plan_depends_restarted(service),
            Self::NetworkRecreated { network } => say::plan_network_recreated(network),
            Self::Stopped { code: Some(code) } => say::plan_stopped_with(*code),
            Self::Stopped { code: None } => say::plan_stopped(),
            Self::Paused => say::plan_paused(),
            Self::Dead => say::plan_dead(),
            Self::WaitedFor { by } => say::plan_waited_for(by.join(", ")),
        }
    }
}

impl Obstacle {
    /// What stands in the way, to a person, with the way out.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::NoSuchService { service } => say::plan_no_service(service),
            Self::Circle { services } => say::plan_circle(services.join(" → ")),
            Self::Unsupported { service, key } => say::compose_unsupported(key, service),
            Self::NothingToShare { service, needs } => say::compose_not_there(needs, service),
            Self::NameTaken { service, name, project, .. } if project.is_empty() => {
                say::plan_name_taken(name, service)
            }
            Self::NameTaken { service, name, project, .. } => say::plan_name_of(name, project, service),
            Self::NetworkMissing { network, name } => say::plan_network_missing(name, network),
            Self::NetworkNotOurs { network, name, .. } => say::plan_network_not_ours(name, network),
            Self::NetworkAmbiguous { network, name, count } => {
                say::plan_network_ambiguous(number(*count), name, network)
            }
            Self::NetworkInUse { name, container, .. } => say::plan_network_in_use(container, name),
            Self::VolumeMissing { volume, name } => say::plan_volume_missing(name, volume),
            Self::ImageMissing { service, image } => say::plan_image_missing(image, service),
            Self::NoBuild { service } => say::stack_no_build(service),
            Self::TooMany { service, scale, most } => {
                say::plan_too_many(number(*most), number(*scale), service)
            }
            Self::TooManyInAll { count, most } => say::plan_too_many_in_all(number(*most), number(*count)),
            Self::ScaleNamed { service, name, scale } => say::plan_scale_named(number(*scale), name, service),
            Self::ScalePort { service, port, scale } => say::plan_scale_port(number(*scale), port, service),
            Self::NoContainer { service } => say::plan_no_container(service),
        }
    }
}

impl Warning {
    /// What is good to know, to a person.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Orphan { name, service: _ } => say::plan_orphan_stays(name),
            Self::VolumeDiffers { volume, name, .. } => say::plan_volume_differs(name, volume),
            Self::VolumeNotOurs { volume, name } => say::plan_volume_not_ours(name, volume),
            Self::VolumeInUse { name, container } => say::plan_volume_in_use(container, name),
            Self::NetworkInUse { name, container } => say::plan_network_stays(container, name),
            Self::NetworkNotOurs { network, name } => say::plan_network_kept(name, network),
        }
    }
}
