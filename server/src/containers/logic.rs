//! A verb on a container: found, checked, done by its full id.

use longshore_api::{ops::Operation, web::container::Verb, words::say};

use crate::{
    access::Pass,
    call::{self, Call},
    fault::Fault,
    house::House,
    inventory::EngineId,
    removed,
};

/// Does `verb` to the container that the inventory knows by this full id, on the host that the pass is for.
pub async fn act(house: &House, pass: &Pass, id: &str, verb: Verb) -> Result<(), Fault> {
    let host = house.hosts.get(pass.host()?)?;
    let unknown = || {
        // A full id as short as people write it.
        let name = id.parse::<EngineId>().map_or_else(|_| id.to_owned(), |id| id.short());
        Fault::not_found(say::container_unknown(&host.slug, name))
    };
    let name = house.inventory.container_name(&host.slug, id).ok_or_else(unknown)?;
    let call = Call::new(house, pass, operation(verb), Some(id), format!("container {name}"))?;
    if verb != Verb::Remove {
        return call.done().await;
    }
    // The engine removes no container that runs, so one that was started meanwhile stays.
    let noted = removed::keep(house, pass, id, &name).await?;
    let done = call.done().await;
    if let (Err(_), Some(noted)) = (&done, noted) {
        noted.undo().await;
    }
    done
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
    call::operation(id)
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
