//! A container is made from a spec: its image is seen to, then it is created and started.

use http::StatusCode;
use longshore_api::{
    ops::spec::{ContainerSpec, of_inspect},
    web::{
        create::{CheckContainer, NewContainer, Spec, with_tag},
        job::Layer,
    },
    words::say,
};
use serde::Deserialize;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::pull::{self, Pull};
use crate::{
    access::{Demand, Outcome, Pass, Target},
    call::{self, Call},
    fault::Fault,
    house::House,
};

/// An inspection has at most so many bytes.
const INSPECTION_MAX: usize = 32 * 1024 * 1024;
/// The answer to a create has at most so many.
const CREATED_MAX: usize = 1024 * 1024;

/// A container that is to be made.
#[derive(Clone)]
pub struct Creation {
    /// Which; it has a name.
    pub spec: ContainerSpec,
    /// Whether it is started.
    pub start: bool,
}

impl Creation {
    /// Reads what the form sent. One without a name gets one after its image.
    pub fn read(house: &House, pass: &Pass, form: NewContainer) -> Result<Self, Fault> {
        let start = form.start;
        let mut spec = form.spec().map_err(|e| Fault::bad_request(say::body_invalid(e.to_string())))?;
        if spec.body.image.is_empty() {
            return Err(Fault::bad_request(say::create_no_image()).at("image"));
        }
        if !matches!(spec.pull.as_str(), "" | "always" | "missing" | "never") {
            return Err(Fault::bad_request(say::body_invalid("pull")).at("pull"));
        }
        if spec.name.is_empty() {
            let wanted = CheckContainer { image: spec.body.image.clone(), ..CheckContainer::default() };
            let view = house.inventory.seen_with(house.access.sight(pass));
            spec.name = view.check(pass.host()?, &wanted).free_name;
        }
        if !ContainerSpec::is_name(&spec.name) {
            return Err(Fault::bad_request(say::create_name(&spec.name)).at("name"));
        }
        Ok(Self { spec, start })
    }
}

/// Pulls the image, where that is wanted.
pub async fn see_to_image(
    house: &House,
    pass: &Pass,
    creation: &Creation,
    cancel: &CancellationToken,
    layers: impl Fn(&[Layer]),
) -> Result<(), Fault> {
    let spec = &creation.spec;
    let here = async || {
        // A reference by digest alone is an id: nothing that a registry knows.
        let name = format!("image {}", spec.body.image);
        let inspect = Call::new(house, pass, call::operation("image-inspect"), Some(&spec.body.image), name)?;
        match inspect.json::<Value>(INSPECTION_MAX).await {
            Ok(_) => Ok(true),
            Err(fault) if fault.status() == StatusCode::NOT_FOUND => Ok(false),
            Err(fault) => Err(fault),
        }
    };
    let wanted = match spec.pull.as_str() {
        "always" => true,
        "never" => false,
        // The image of another platform may be here by the same name: the engine sorts that out in a pull.
        _ => !spec.platform.is_empty() || !here().await?,
    };
    if !wanted {
        return Ok(());
    }
    let image = with_tag(&spec.body.image);
    pull::pull(house, pass, &Pull { image, platform: spec.platform.clone() }, cancel, layers).await
}

#[derive(Deserialize)]
struct Created {
    #[serde(rename = "Id")]
    id: String,
}

/// Makes it and starts it. One that does not start is there all the same, and that is said.
pub async fn create(house: &House, pass: &Pass, creation: &Creation) -> Result<(), Fault> {
    let spec = &creation.spec;
    let name = format!("container {}", spec.name);
    let mut call = Call::new(house, pass, call::operation("container-create"), None, name.as_str())?
        .with("name", &spec.name)
        .body(&spec.to_engine())?;
    if !spec.platform.is_empty() {
        call = call.with("platform", &spec.platform);
    }
    let created: Created = call.json(CREATED_MAX).await?;
    if !creation.start {
        return Ok(());
    }
    let start = Call::new(house, pass, call::operation("container-start"), Some(&created.id), name)?;
    start.done().await.map_err(|fault| {
        let said = Fault::new(fault.status(), say::create_not_started(&spec.name));
        match fault.engine_words() {
            Some(words) => said.quoting(words),
            None => said,
        }
        .because(fault)
    })
}

/// What a container was asked for to be, with its environment: for those who could read it inside, and never without a
/// row of the audit log.
pub async fn spec(house: &House, pass: &Pass, reference: &str) -> Result<Spec, Fault> {
    let host = house.hosts.get(pass.host()?)?;
    let unknown = || Fault::not_found(say::container_unknown(&host.slug, reference));
    let (id, name) = house.inventory.find_container(&host.slug, reference).ok_or_else(unknown)?;
    let object = Target::Object { host: host.slug.clone(), name: format!("container {name}") };
    let demand = Demand::Operation(call::operation("exec-create"));
    let seen = house.access.require(pass.principal(), demand, object, pass.request_id())?;
    let read = async |_| {
        let spec = read_spec(house, pass, &id, &name).await?;
        Ok(Shown(Spec { body: spec.to_body(), name: spec.name }))
    };
    house.access.change(&seen, "container-env", read).await.map(|shown| shown.0)
}

/// The same for the server's own use.
pub async fn read_spec(house: &House, pass: &Pass, id: &str, name: &str) -> Result<ContainerSpec, Fault> {
    let inspect = call::operation("container-inspect");
    let container: Value =
        Call::new(house, pass, inspect, Some(id), format!("container {name}"))?.json(INSPECTION_MAX).await?;
    // Without its image all of it is the container's own.
    let image = match container["Image"].as_str() {
        Some(image) => {
            let inspect = call::operation("image-inspect");
            let call = Call::new(house, pass, inspect, Some(image), format!("image {image}"))?;
            call.json::<Value>(INSPECTION_MAX).await.ok()
        }
        None => None,
    };
    of_inspect(&container, image.as_ref().map(|image| &image["Config"])).map_err(Fault::internal)
}

/// A spec that somebody was shown.
struct Shown(Spec);

impl Outcome for Shown {
    fn status(&self) -> u16 {
        200
    }
}
