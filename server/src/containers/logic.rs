//! A verb on a container: found, checked, done by its full id.

use bytes::Bytes;
use http::Request;
use http_body_util::Empty;
use longshore_api::{
    ops::{self, Operation},
    web::container::Verb,
    words::say,
};

use crate::{access::Pass, fault::Fault, house::House, inventory::EngineId};

/// Does `verb` to the container that the inventory knows by this full id, on the host that the pass is for.
pub async fn act(house: &House, pass: &Pass, id: &str, verb: Verb) -> Result<(), Fault> {
    let host = house.hosts.get(pass.host()?)?;
    let unknown = || {
        // A full id as short as people write it.
        let name = id.parse::<EngineId>().map_or_else(|_| id.to_owned(), |id| id.short());
        Fault::not_found(say::container_unknown(&host.slug, name))
    };
    let name = house.inventory.container_name(&host.slug, id).ok_or_else(unknown)?;
    let pass = house.access.narrow(pass, format!("container {name}"))?;
    let row = operation(verb);
    let api = house.api_of(&host)?;
    let path = ops::resolve(row.method.as_str(), &row.path.replace("{name}", id))
        .and_then(|matched| matched.path(api, Some(id)))
        .map_err(|_| unknown())?;
    house
        .access
        .operate(&pass, async |permit| {
            let request = Request::builder()
                .method(row.method.as_str())
                .uri(path)
                .body(Empty::<Bytes>::new())
                .map_err(Fault::internal)?;
            let answer = host.line.call(&permit, request).await.map_err(|e| host.line.fault(e))?;
            match answer.status().as_u16() {
                // 304: it was so already, which is what was asked for.
                200..300 | 304 => Ok(()),
                _ => Err(host.line.refusal(answer).await),
            }
        })
        .await
}

/// The operation that a verb is.
pub fn operation(verb: Verb) -> &'static Operation {
    let id = match verb {
        Verb::Start => "container-start",
        Verb::Stop => "container-stop",
        Verb::Restart => "container-restart",
        Verb::Pause => "container-pause",
        Verb::Unpause => "container-unpause",
        Verb::Kill => "container-kill",
        Verb::Remove => "container-remove",
    };
    ops::operation(id).expect("the table has a row for every verb, as the test below holds")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_is_a_row_of_the_table() {
        for verb in Verb::ALL {
            let row = operation(verb);
            assert!(row.audit && row.path.starts_with("/containers/{name}"), "{}", row.id);
        }
    }
}
