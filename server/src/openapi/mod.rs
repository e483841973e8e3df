//! The OpenAPI document and its page. Each feature describes its own routes beside its handlers; what is the same for all
//! of them (who may call, what an error looks like, which part of a path is a parameter) is added here from the table of
//! routes, so that it cannot be forgotten.

pub mod routes;

use std::{collections::BTreeMap, sync::LazyLock};

use longshore_api::ops::Permission;
use longshore_api::web::problem::Problem;
use utoipa::{
    OpenApi as _,
    openapi::{
        Components, ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, Ref, RefOr, Required,
        ResponseBuilder, Server,
        path::{Operation, ParameterBuilder, ParameterIn},
        schema::{ObjectBuilder, Type},
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use crate::{
    access::Need, accounts, audit, containers, creation, disk, health, jobs, logs, ownership, removed, rest,
    shelves, stacks, templates,
};

const INTRODUCTION: &str = "Browsers use a session's cookie and name their origin with every change; everything else \
    sends an API key: `Authorization: Bearer lsk_…`.\n\n\
    Two things are not described here because OpenAPI has no words for them. The Docker Engine API of a host is at \
    `/api/v1/hosts/{host}/docker/`, with an API key: `DOCKER_HOST=tcp://HOST:PORT/api/v1/hosts/{host}/docker`. The live \
    line of the pages is a websocket at `/api/v1/live`.\n\n\
    Whatever goes wrong is answered by a problem document (RFC 9457) whose `type` is stable.";

/// The document for a base path: empty, or `/ls`.
pub fn document(base: &str) -> OpenApi {
    static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(build);
    let mut document = DOCUMENT.clone();
    document.servers = Some(vec![Server::new(if base.is_empty() { "/" } else { base })]);
    document
}

fn build() -> OpenApi {
    let mut document = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Longshore")
                .version(crate::BUILD)
                .description(Some(INTRODUCTION))
                .build(),
        )
        .components(Some(components()))
        .security(Some(["key", "session"].map(|name| SecurityRequirement::new(name, [""; 0]))))
        .build();
    let features = [
        ("accounts", accounts::routes::Document::openapi()),
        ("audit", audit::routes::Document::openapi()),
        ("people", accounts::people::routes::Document::openapi()),
        ("oidc", accounts::oidc::routes::Document::openapi()),
        ("totp", accounts::totp::routes::Document::openapi()),
        ("containers", containers::routes::Document::openapi()),
        ("creation", creation::routes::Document::openapi()),
        ("disk", disk::routes::Document::openapi()),
        ("ownership", ownership::routes::Document::openapi()),
        ("removed", removed::routes::Document::openapi()),
        ("shelves", shelves::routes::Document::openapi()),
        ("stacks", stacks::routes::Document::openapi()),
        ("templates", templates::routes::Document::openapi()),
        ("jobs", jobs::routes::Document::openapi()),
        ("logs", logs::routes::Document::openapi()),
        ("health", health::routes::Document::openapi()),
        ("openapi", routes::Document::openapi()),
    ];
    for (tag, mut feature) in features {
        for item in feature.paths.paths.values_mut() {
            for (_, operation) in operations(item) {
                operation.tags = Some(vec![tag.to_owned()]);
                operation.operation_id = operation.operation_id.take().map(|id| format!("{tag}_{id}"));
            }
        }
        document.merge(feature);
    }
    let needs: BTreeMap<(String, String), Need> = rest::all()
        .filter(|route| route.described)
        .map(|route| ((route.method.to_string(), route.path), route.need))
        .collect();
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            let need = needs.get(&(method.to_owned(), path.clone())).copied().unwrap_or(Need::SignedIn);
            complete(path, need, operation);
        }
    }
    document
}

fn components() -> Components {
    let mut components = Components::new();
    components.schemas.insert("Problem".to_owned(), <Problem as utoipa::PartialSchema>::schema());
    let mut schemas = Vec::new();
    <Problem as utoipa::ToSchema>::schemas(&mut schemas);
    components.schemas.extend(schemas);
    components.add_security_scheme(
        "key",
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some("An API key of one's own account"))
                .build(),
        ),
    );
    components.add_security_scheme(
        "session",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            "longshore_INSTANCE",
            "The cookie that signing in sets; its name carries the instance",
        ))),
    );
    components
}

/// Adds what the route table knows.
fn complete(path: &str, need: Need, operation: &mut Operation) {
    match need {
        Need::Open => operation.security = Some(Vec::new()),
        Need::SignedIn => {}
        Need::Session | Need::Password => {
            describe(operation, "Takes a session; an API key is not enough.");
        }
        Need::Appoint => describe(operation, "Takes somebody who administers a host, or everything."),
        Need::Administrator => describe(operation, "Takes an administrator."),
        Need::Operation(row) | Need::OnSome(row) => {
            let rights: Vec<&str> = row.permissions().map(Permission::code).collect();
            describe(operation, &format!("Takes the right “{}” on the host.", rights.join("”, “")));
        }
    }
    for name in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        let text = ObjectBuilder::new().schema_type(Type::String).build();
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(text))
            .build();
        operation.parameters.get_or_insert_default().push(parameter.into());
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            response.description = "Done.".to_owned();
        }
    }
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let answer = ResponseBuilder::new()
        .description("It was refused or failed.")
        .content("application/problem+json", problem)
        .build();
    operation.responses.responses.insert("default".to_owned(), answer.into());
}

fn describe(operation: &mut Operation, more: &str) {
    let text = operation.description.get_or_insert_default();
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(more);
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("GET", &mut item.get),
        ("PUT", &mut item.put),
        ("POST", &mut item.post),
        ("DELETE", &mut item.delete),
        ("PATCH", &mut item.patch),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_route_is_described_and_every_description_is_a_route() {
        let routes: BTreeSet<(String, String)> = rest::all()
            .filter(|route| route.described)
            .map(|route| (route.method.to_string(), route.path))
            .collect();
        let mut document = document("");
        let described: BTreeSet<(String, String)> = document
            .paths
            .paths
            .iter_mut()
            .flat_map(|(path, item)| {
                operations(item).map(|(method, _)| (method.to_owned(), path.clone())).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(routes.difference(&described).collect::<Vec<_>>(), Vec::<&(String, String)>::new());
        assert_eq!(described.difference(&routes).collect::<Vec<_>>(), Vec::<&(String, String)>::new());
    }

    #[test]
    fn no_two_operations_have_one_name() {
        let mut document = document("");
        let mut seen = BTreeSet::new();
        for item in document.paths.paths.values_mut() {
            for (_, operation) in operations(item) {
                let id = operation.operation_id.clone().expect("a name");
                assert!(seen.insert(id.clone()), "{id}");
            }
        }
    }

    #[test]
    fn the_document_is_as_it_was_reviewed() {
        let mut document = document("/ls");
        // It changes with every release and says nothing about the interface.
        document.info.version = "[version]".to_owned();
        insta::assert_json_snapshot!(document);
    }
}
