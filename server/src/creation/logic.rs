//! A container is made from a spec: its image is seen to, then it is created and started.

use longshore_agent::ports::{self, Listening};
use longshore_api::{
    ops::{
        Kind,
        spec::{ContainerSpec, EnvRow, of_inspect},
    },
    web::{
        access::ShareWith,
        create::{CheckContainer, NewContainer, REFERENCE_MAX, Spec, with_tag},
        job::Layer,
    },
    words::say,
};
use longshore_compose::labels;
use serde::Deserialize;
use serde_json::Value;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use super::pull::{self, Pull};
use crate::{
    access::{Demand, Outcome, Pass, Target},
    call::{self, Call},
    containers,
    fault::Fault,
    hosts::{Host, INSPECTION_MAX},
    house::House,
    ownership::{self, Key},
};

/// The answer to a create has at most so many.
const CREATED_MAX: usize = 1024 * 1024;

/// `os/arch[/variant]` has at most so many bytes.
pub(super) const PLATFORM_MAX: usize = 128;
/// A value of the environment that has fewer bytes is no secret, and would take ordinary words with it.
const MASKED_MIN: usize = 6;
const MASK: &str = "••••";

/// A container that is to be made.
#[derive(Clone)]
pub struct Creation {
    /// Which; it has a name.
    pub spec: ContainerSpec,
    /// Whether it is started.
    pub start: bool,
    /// With whom it is shared, if somebody has said so.
    pub share: Option<ShareWith>,
}

impl Creation {
    /// Reads what the form sent. One without a name gets one after its image.
    pub async fn read(house: &House, pass: &Pass, form: NewContainer) -> Result<Self, Fault> {
        let (start, share) = (form.start, form.share.clone());
        let mut spec = form.spec().map_err(|why| Fault::bad_request(why).at("body"))?;
        if spec.body.image.is_empty() {
            return Err(Fault::bad_request(say::create_no_image()).at("image"));
        }
        Fault::within(&spec.body.image, REFERENCE_MAX, "image")?;
        Fault::within(&spec.platform, PLATFORM_MAX, "platform")?;
        Fault::within(&spec.name, ContainerSpec::NAME_MAX, "name")?;
        if !matches!(spec.pull.as_str(), "" | "always" | "missing" | "never") {
            return Err(Fault::bad_request(say::body_invalid("pull")).at("pull"));
        }
        if spec.name.is_empty() {
            let wanted = CheckContainer { image: spec.body.image.clone(), ..CheckContainer::default() };
            let view = house.inventory.seen_with(house.access.sight(pass));
            spec.name = view.check(pass.host()?, &wanted, &[]).free_name;
        }
        if !ContainerSpec::is_name(&spec.name) {
            return Err(Fault::bad_request(say::create_name(&spec.name)).at("name"));
        }
        if let Some(with) = &share {
            let label = |name: &str| spec.body.labels.get(name).map(String::as_str);
            let (stack, service) = (label(labels::PROJECT), label(labels::SERVICE));
            let key = Key::of_container("", &spec.name, stack, service);
            ownership::may_share(house, pass, &[key], with).await?;
        }
        Ok(Self { spec, start, share })
    }
}

/// What listens on the machine beside its containers, where we are on it.
pub async fn beside_engine(host: &Host) -> Vec<Listening> {
    let Some(process) = host.line.listener().await else { return Vec::new() };
    spawn_blocking(move || ports::beside_engine(process)).await.unwrap_or_default()
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
        inspect.json_if_there::<Value>(INSPECTION_MAX).await.map(|found| found.is_some())
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
    let mut call = Call::making(house, pass, call::operation("container-create"), name.as_str())?
        .with("name", &spec.name)
        .body(&spec.to_engine())?;
    if !spec.platform.is_empty() {
        call = call.with("platform", &spec.platform);
    }
    let masked = |fault: Fault| fault.requoting(|words| masked(words, &spec.body.env));
    let created: Created = call.json(CREATED_MAX).await.map_err(masked)?;
    if let Some(with) = &creation.share {
        let made = [(Kind::Container, created.id.clone(), spec.name.clone())];
        ownership::share_made(house, pass, (&name, None), &made, with).await?;
    }
    if !creation.start {
        return Ok(());
    }
    let start = Call::new(house, pass, call::operation("container-start"), Some(&created.id), name)?;
    start.done().await.map_err(masked).map_err(|fault| {
        let said = Fault::new(fault.status(), say::create_not_started(&spec.name));
        match fault.engine_words() {
            Some(words) => said.quoting(words),
            None => said,
        }
        .because(fault)
    })
}

/// An engine's words without the values of the environment that it quotes.
pub fn masked(words: &str, env: &[String]) -> String {
    masked_values(words, env.iter().filter_map(|entry| EnvRow::of_entry(entry).value))
}

/// The same without these values.
pub fn masked_values(words: &str, values: impl IntoIterator<Item = String>) -> String {
    let mut values: Vec<String> = values
        .into_iter()
        .flat_map(|value| {
            // As it is, and as engines and shims write what is not plain.
            let quoted = serde_json::to_string(&value).unwrap_or_default();
            [quoted.trim_matches('"').to_owned(), value]
        })
        .filter(|value| value.len() >= MASKED_MIN)
        .collect();
    // One that has another within it goes first.
    values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    values.dedup();
    values.iter().fold(words.to_owned(), |words, value| words.replace(value, MASK))
}

/// What a container was asked for to be, with its environment: for those who could read it inside, and never without a
/// row of the audit log.
pub async fn spec(house: &House, pass: &Pass, reference: &str) -> Result<Spec, Fault> {
    let (_, spec) = inspected(house, pass, reference).await?;
    Ok(Spec { body: spec.to_body(), name: spec.name })
}

/// The same, with all that its engine says of it.
pub async fn inspected(house: &House, pass: &Pass, reference: &str) -> Result<(Value, ContainerSpec), Fault> {
    let (id, name) = containers::find(house, pass, reference)?;
    let name_of = format!("container {name}");
    let object = Target::Object { host: pass.host()?.to_owned(), id: Some(id.clone()), name: name_of };
    let demand = Demand::Operation(call::operation("exec-create"));
    let seen = house.access.require(pass.principal(), demand, object, pass.request_id())?;
    let read = async |_| {
        let container = inspect(house, pass, &id, &name).await?;
        let spec = spec_of(house, pass, &container).await?;
        Ok(Shown((container, spec)))
    };
    house.access.change(&seen, "container-env", read).await.map(|shown| shown.0)
}

/// The same for the server's own use.
pub async fn read_spec(house: &House, pass: &Pass, id: &str, name: &str) -> Result<ContainerSpec, Fault> {
    spec_of(house, pass, &inspect(house, pass, id, name).await?).await
}

async fn inspect(house: &House, pass: &Pass, id: &str, name: &str) -> Result<Value, Fault> {
    let inspect = call::operation("container-inspect");
    Call::new(house, pass, inspect, Some(id), format!("container {name}"))?.json(INSPECTION_MAX).await
}

/// The same of a container that was inspected.
pub async fn spec_of(house: &House, pass: &Pass, container: &Value) -> Result<ContainerSpec, Fault> {
    // Without its image all of it is the container's own.
    let image = match container["Image"].as_str() {
        Some(image) => {
            let inspect = call::operation("image-inspect");
            let name = format!("image {image}");
            let host = pass.host()?.to_owned();
            let target = Target::Object { host, id: Some(image.to_owned()), name: name.clone() };
            // Whoever may not look at it is told no more than the container itself tells, and has not tried to.
            match house.access.may(pass.principal(), Demand::Operation(inspect), &target) {
                true => {
                    let call = Call::new(house, pass, inspect, Some(image), name)?;
                    call.json::<Value>(INSPECTION_MAX).await.ok()
                }
                false => None,
            }
        }
        None => None,
    };
    of_inspect(container, image.as_ref().map(|image| &image["Config"])).map_err(Fault::internal)
}

/// A container that somebody was shown.
struct Shown((Value, ContainerSpec));

impl Outcome for Shown {
    fn status(&self) -> u16 {
        200
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_quotes_no_value_of_the_environment() {
        let env = ["A=hunter22", "B=hunter22 and more", "C=a\"b\nc\td", "D=one", "E"].map(str::to_owned);
        let said = r#"bad "hunter22 and more", hunter22, a\"b\nc\td; one remains"#;
        assert_eq!(masked(said, &env), r#"bad "••••", ••••, ••••; one remains"#);
    }
}
