//! Answers for whoever is below the managers of a host: what is others' is left out, as the table's column says. Whole
//! answers are read up to a bound and written anew; events line by line.

use std::{collections::HashSet, sync::Arc};

use bytes::Bytes;
use futures_util::stream;
use http::{HeaderValue, Response, header};
use http_body::Frame;
use http_body_util::{BodyExt as _, Limited, StreamBody};
use longshore_api::{
    ops::{self, Kind, Operation, Permission},
    web::container::{ContainerQuery, State},
};
use serde_json::{Map, Value, json};

use super::named;
use crate::{
    access::{Pass, Sight},
    fault::Fault,
    front::{Body, BodyError, full},
    hosts::Host,
    house::House,
    inventory::{Lines, Seen},
    ownership::BUILT_IN,
};

/// Lists and descriptions of an engine have at most so many bytes.
const WHOLE_MAX: usize = 64 * 1024 * 1024;
/// What an engine says of a refusal has at most so many.
const REFUSAL_MAX: usize = 64 * 1024;
/// So many things that a stream of events has told of are remembered, so that their end is told as well.
const TOLD_MAX: usize = 10_000;
/// A value that is not shown.
pub(super) const MASK: &str = "••••";

/// What somebody may see of a host.
pub(super) struct Eyes<'a> {
    house: &'a Arc<House>,
    pass: &'a Pass,
    host: &'a Host,
    sight: Sight,
    may_exec: bool,
    /// At most so many containers, newest first: what is others' must not take the places of what is theirs.
    limit: Option<usize>,
}

impl<'a> Eyes<'a> {
    pub(super) fn new(house: &'a Arc<House>, pass: &'a Pass, host: &'a Host, limit: Option<usize>) -> Self {
        let may_exec = pass.principal().roles().allow(&host.slug, Permission::Exec);
        Self { house, pass, host, sight: house.access.sight(pass), may_exec, limit }
    }

    fn sees(&self, kind: Kind, id: &Value) -> bool {
        id.as_str().is_some_and(|id| self.sight.sees(&self.host.slug, kind, id))
    }

    fn sees_network(&self, network: &Value) -> bool {
        self.sees(Kind::Network, &network["Id"])
            || network["Name"].as_str().is_some_and(|name| BUILT_IN.contains(&name))
    }

    /// An answer of `operation`, cut to what may be seen.
    pub(super) fn cut(&self, operation: &Operation, mut answer: Value) -> Value {
        match (operation.answer, operation.kind) {
            (ops::Answer::List, Kind::Container) => {
                keep(&mut answer, |container| self.sees(Kind::Container, &container["Id"]));
                if let (Some(all), Some(limit)) = (answer.as_array_mut(), self.limit) {
                    all.truncate(limit);
                }
                each(&mut answer, |container| self.container(container));
            }
            (ops::Answer::List, Kind::Network) => {
                keep(&mut answer, |network| self.sees_network(network));
                each(&mut answer, |network| self.network(network));
            }
            (ops::Answer::List, Kind::Volume) => {
                keep(&mut answer["Volumes"], |volume| self.sees(Kind::Volume, &volume["Name"]));
            }
            (ops::Answer::List, Kind::Image) => {
                keep(&mut answer, |image| self.sees(Kind::Image, &image["Id"]))
            }
            (ops::Answer::Inspect, Kind::Network) => self.network(&mut answer),
            (ops::Answer::Inspect, Kind::Container) => self.container(&mut answer),
            (ops::Answer::Inspect, Kind::Image) => self.without_command(&mut answer),
            (ops::Answer::Info, _) => self.info(&mut answer),
            (ops::Answer::DiskUsage, _) => {
                keep(&mut answer["Containers"], |container| self.sees(Kind::Container, &container["Id"]));
                each(&mut answer["Containers"], |container| self.container(container));
                keep(&mut answer["Volumes"], |volume| self.sees(Kind::Volume, &volume["Name"]));
                keep(&mut answer["Images"], |image| self.sees(Kind::Image, &image["Id"]));
                // Steps of others' builds.
                keep(&mut answer["BuildCache"], |_| false);
            }
            // What has no owner yet is the managers'.
            (ops::Answer::List, _) => keep(&mut answer, |_| false),
            _ => {}
        }
        answer
    }

    /// A container, without what it names that is not seen.
    fn container(&self, container: &mut Value) {
        let slug = self.host.slug.as_str();
        let is_others = |name: &str| self.house.inventory.names_of_others(slug, &self.sight, name);
        named::cut(container, &|kind, id| self.sight.sees(slug, kind, id), &is_others);
        self.without_command(container);
    }

    /// Without what only those see who could look inside.
    fn without_command(&self, thing: &mut Value) {
        if self.may_exec {
            return;
        }
        for part in ["Config", "ContainerConfig"] {
            if let Some(env) = thing[part]["Env"].as_array_mut() {
                for entry in env {
                    let name = entry.as_str().unwrap_or_default().split('=').next().unwrap_or_default();
                    *entry = json!(format!("{name}={MASK}"));
                }
            }
            if let Some(config) = thing[part].as_object_mut() {
                for field in ["Cmd", "Entrypoint", "Healthcheck"] {
                    config.remove(field);
                }
            }
        }
        if let Some(thing) = thing.as_object_mut() {
            for field in ["Command", "Path"] {
                if let Some(command) = thing.get_mut(field) {
                    *command = json!("");
                }
            }
            if let Some(arguments) = thing.get_mut("Args") {
                *arguments = json!([]);
            }
        }
    }

    fn network(&self, network: &mut Value) {
        for part in ["Containers", "Services"] {
            if let Some(members) = network[part].as_object_mut() {
                members.retain(|id, _| self.sight.sees(&self.host.slug, Kind::Container, id));
            }
        }
        if let Some(peers) = network.as_object_mut() {
            peers.remove("Peers");
        }
    }

    fn info(&self, info: &mut Value) {
        let query = ContainerQuery { host: Some(self.host.slug.clone()), ..ContainerQuery::default() };
        let seen = self.house.inventory.seen_with(self.sight.clone());
        let totals = seen.window(&query, &Seen::new(), None).window.totals;
        let of = |is: fn(State) -> bool| -> u32 {
            totals.states.iter().filter(|(state, _)| is(*state)).map(|(_, n)| n).sum()
        };
        let (running, paused) =
            (of(State::is_up) - of(|state| state == State::Paused), of(|state| state == State::Paused));
        for (field, count) in [
            ("Containers", totals.all),
            ("ContainersRunning", running),
            ("ContainersPaused", paused),
            ("ContainersStopped", totals.all - running - paused),
        ] {
            info[field] = json!(count);
        }
        // Where a cluster's other machines are.
        if let Some(swarm) = info.get_mut("Swarm").and_then(Value::as_object_mut) {
            for field in ["RemoteManagers", "NodeAddr"] {
                swarm.remove(field);
            }
        }
    }

    /// The events that may be seen, one by one: each by whoever they are then.
    pub(super) fn events<B>(&self, body: B) -> Body
    where
        B: http_body::Body<Data = Bytes, Error: Into<BodyError>> + Unpin + 'static,
    {
        let told = Told {
            house: Arc::clone(self.house),
            pass: self.pass.clone(),
            sight: self.sight.clone(),
            may_exec: self.may_exec,
            slug: self.host.slug.clone(),
            before: HashSet::new(),
        };
        let next = async |(mut lines, mut told): (Lines<B>, Told)| loop {
            match lines.next().await {
                Ok(None) => return None,
                Err(error) => return Some((Err(error.into()), (lines, told))),
                Ok(Some(line)) => {
                    // The stream has ended with the right to it.
                    told.ask_again().await.ok()?;
                    let event = serde_json::from_slice(line.bytes()).ok().and_then(|event| told.event(event));
                    if let Some(event) = event {
                        let line = Bytes::from(format!("{event}\n"));
                        return Some((Ok::<_, BodyError>(Frame::data(line)), (lines, told)));
                    }
                }
            }
        };
        Box::pin(StreamBody::new(Box::pin(stream::unfold((Lines::new(body), told), next))))
    }

    /// An engine's words without the names and ids of what is others'. What the caller has said themselves stays.
    pub(super) fn said(&self, words: &str, asked: &str) -> String {
        let slug = self.host.slug.as_str();
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        let mut out = String::with_capacity(words.len());
        let mut rest = words;
        while !rest.is_empty() {
            let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(length);
            let bare = word.trim_end_matches('.');
            if !bare.is_empty() && !asked.contains(bare) && self.is_others(slug, bare) {
                out.push_str(MASK);
                out.push_str(&word[bare.len()..]);
            } else {
                out.push_str(word);
            }
            let other = after.find(is_part).unwrap_or(after.len());
            out.push_str(&after[..other]);
            rest = &after[other..];
        }
        out
    }

    fn is_others(&self, slug: &str, word: &str) -> bool {
        let is_id = word.len() >= 12 && word.len() <= 64 && word.bytes().all(|b| b.is_ascii_hexdigit());
        if is_id && word.len() == 64 {
            return ![Kind::Container, Kind::Network, Kind::Volume]
                .iter()
                .any(|kind| self.sight.sees(slug, *kind, word));
        }
        self.house.inventory.names_of_others(slug, &self.sight, word) || is_id
    }
}

fn keep(list: &mut Value, keeps: impl Fn(&Value) -> bool) {
    if let Some(all) = list.as_array_mut() {
        all.retain(keeps);
    }
}

fn each(list: &mut Value, change: impl Fn(&mut Value)) {
    list.as_array_mut().into_iter().flatten().for_each(change);
}

/// Reads an answer whole and cuts it.
pub(super) async fn whole<B>(
    eyes: &Eyes<'_>,
    operation: &Operation,
    asked: &str,
    answer: Response<B>,
) -> Result<(Response<Body>, Value), Fault>
where
    B: http_body::Body<Data = Bytes, Error: Into<BodyError>> + Unpin,
{
    let (mut head, body) = answer.into_parts();
    let refused = head.status.is_client_error() || head.status.is_server_error();
    let most = if refused { REFUSAL_MAX } else { WHOLE_MAX };
    let bytes = Limited::new(body, most).collect().await.map_err(Fault::internal)?.to_bytes();
    head.headers.remove(header::CONTENT_LENGTH);
    let said: Option<Value> = serde_json::from_slice(&bytes).ok();
    let said = match said {
        Some(said) if refused => {
            let words = said["message"].as_str().unwrap_or_default();
            Some(json!({ "message": eyes.said(words, asked) }))
        }
        Some(said) => Some(eyes.cut(operation, said)),
        None => None,
    };
    // What is no JSON is no list: it says nothing of others, or it is no answer.
    let out = match &said {
        Some(said) => Bytes::from(said.to_string()),
        None if refused || operation.answer != ops::Answer::AsIs => Bytes::new(),
        None => bytes,
    };
    if said.is_some() {
        head.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    Ok((Response::from_parts(head, full(out)), said.unwrap_or_default()))
}

/// What a stream of events has told.
struct Told {
    house: Arc<House>,
    pass: Pass,
    sight: Sight,
    may_exec: bool,
    slug: String,
    before: HashSet<String>,
}

impl Told {
    /// Roles and teams may have changed since the last one.
    async fn ask_again(&mut self) -> Result<(), Fault> {
        if self.pass.principal().bell().has_changed().unwrap_or(true) {
            self.pass = self.house.access.renew(&self.pass).await?;
            self.sight = self.house.access.sight(&self.pass);
            self.may_exec = self.pass.principal().roles().allow(&self.slug, Permission::Exec);
        }
        Ok(())
    }

    fn event(&mut self, mut event: Map<String, Value>) -> Option<Value> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let kind = text(event.get("Type")?);
        let actor = event.get("Actor")?;
        let (id, with) = (text(&actor["ID"]), text(&actor["Attributes"]["container"]));
        let ends = matches!(event["Action"].as_str(), Some("destroy" | "disconnect" | "unmount"));
        let seen = match kind.as_str() {
            "container" => self.sees(Kind::Container, &id, ends),
            "network" | "volume" => {
                let kind = if kind == "network" { Kind::Network } else { Kind::Volume };
                self.sees(kind, &id, ends) && (with.is_empty() || self.sees(Kind::Container, &with, ends))
            }
            "image" => self.sees(Kind::Image, &id, false),
            _ => false,
        };
        if !seen {
            return None;
        }
        if !self.may_exec {
            for field in ["Action", "status"] {
                // `exec_create: /bin/echo password=…`
                let word = event.get(field).map(text).unwrap_or_default();
                if let Some((word, _)) = word.split_once(':').filter(|(word, _)| word.starts_with("exec_")) {
                    event.insert(field.to_owned(), json!(word));
                }
            }
        }
        Some(Value::Object(event))
    }

    /// Of what was seen the end is seen as well, unless it is another's by now.
    fn sees(&mut self, kind: Kind, id: &str, ends: bool) -> bool {
        if self.sight.sees(&self.slug, kind, id) {
            if kind != Kind::Image && self.before.len() < TOLD_MAX {
                self.before.insert(id.to_owned());
            }
            return true;
        }
        ends && self.before.contains(id) && self.sight.is_nobodys(&self.slug, kind, id)
    }
}
