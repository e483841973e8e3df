//! What is typed on a command line to do what a page has done.

use crate::{
    ops::spec::join,
    web::stack::{ApplyPlan, OnFailure, StackDeed, StackSource, StackWish},
};

/// The line that carries out the same plan of a stack: in the folder of its files, where it takes any.
pub fn of_stack(host: &str, name: &str, apply: &ApplyPlan) -> String {
    let wish = &apply.plan.wish;
    let scales = scales(apply);
    let number = apply.returns_to.map(|number| number.to_string());
    let verb = match (wish.deed, &number) {
        (StackDeed::Up, Some(number)) => vec!["return", name, number, "--host", host],
        (StackDeed::Up, None) if scales => vec!["scale", name, "--host", host],
        (StackDeed::Up, None) => vec!["deploy", "--host", host, "--name", name],
        (StackDeed::Down, _) => vec!["rm", name, "--host", host],
        (deed, _) => vec![deed.code(), name, "--host", host],
    };
    let mut line: Vec<String> = ["longshore", "stack"].into_iter().chain(verb).map(str::to_owned).collect();
    match &apply.plan.source {
        // What a release was made of, the server knows.
        _ if number.is_some() || scales => {}
        Some(source) => of_source(source, &mut line),
        None if wish.deed == StackDeed::Up => line.push("--kept".to_owned()),
        None => {}
    }
    match number {
        Some(_) => {}
        None if scales => line.extend(scaled(wish)),
        None => line.extend(of_wish(wish)),
    }
    let message = apply.message.trim();
    if wish.deed == StackDeed::Up && !message.is_empty() {
        line.extend(["--message".to_owned(), message.to_owned()]);
    }
    if apply.on_failure == OnFailure::Stop {
        line.extend(["--on-failure", "stop"].map(str::to_owned));
    }
    join(line)
}

/// Whether all that is asked for is how many containers services have.
fn scales(apply: &ApplyPlan) -> bool {
    let wish = &apply.plan.wish;
    let services: Vec<&String> = wish.scale.keys().collect();
    let alone = StackWish {
        services: wish.services.clone(),
        scale: wish.scale.clone(),
        ..StackWish::new(StackDeed::Up)
    };
    let says_more = apply.plan.source.is_some() || !apply.message.trim().is_empty();
    !services.is_empty() && wish.services.iter().eq(services) && *wish == alone && !says_more
}

fn scaled(wish: &StackWish) -> impl Iterator<Item = String> {
    wish.scale.iter().map(|(service, count)| format!("{service}={count}"))
}

/// The line that deploys a stack again from the files that the server keeps.
pub fn again(host: &str, name: &str) -> String {
    join(["longshore", "stack", "deploy", "--host", host, "--name", name, "--kept"])
}

/// The line that forgets what the server keeps of a stack.
pub fn forgets(host: &str, name: &str) -> String {
    join(["longshore", "stack", "forget", name, "--host", host])
}

/// The line that runs a command in a container of a service's own.
pub fn runs(host: &str, name: &str, service: &str, command: &[String]) -> String {
    let line = ["longshore", "stack", "run", name, service, "--host", host];
    let after = if command.is_empty() { None } else { Some("--") };
    join(line.into_iter().chain(after).chain(command.iter().map(String::as_str)))
}

fn of_source(source: &StackSource, line: &mut Vec<String>) {
    let mut add = |flag: &str, value: String| line.extend([flag.to_owned(), value]);
    for file in &source.main {
        add("--file", file.clone());
    }
    for profile in &source.profiles {
        add("--profile", profile.clone());
    }
    for it in &source.variables {
        match &it.value {
            // By then the server has it, and nobody reads it over a shoulder.
            _ if it.secret => add("--keep-secret", it.name.clone()),
            Some(value) => add("--var", format!("{}={value}", it.name)),
            None => {}
        }
    }
}

fn of_wish(wish: &StackWish) -> Vec<String> {
    let brings = matches!(wish.deed, StackDeed::Up | StackDeed::Down);
    let flags = [
        (wish.pull, "--pull"),
        (wish.build, "--build"),
        (wish.recreate, "--recreate"),
        (brings && !wish.orphans, "--keep-orphans"),
        (wish.volumes, "--volumes"),
    ];
    let mut words: Vec<String> =
        flags.into_iter().filter(|(said, _)| *said).map(|(_, flag)| flag.to_owned()).collect();
    words.extend(scaled(wish).flat_map(|count| ["--scale".to_owned(), count]));
    words.extend(wish.services.iter().cloned());
    words
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::web::stack::{NewPlan, Variable};

    fn apply(deed: StackDeed) -> ApplyPlan {
        let wish = StackWish { orphans: true, ..StackWish::new(deed) };
        ApplyPlan {
            plan: NewPlan { source: None, base: None, wish },
            digest: "d".to_owned(),
            message: String::new(),
            on_failure: OnFailure::Undo,
            returns_to: None,
            share: None,
        }
    }

    #[test]
    fn a_secret_stays_where_it_is_and_words_are_quoted() {
        let variable = |name: &str, value: &str, secret| Variable {
            name: name.to_owned(),
            value: Some(value.to_owned()),
            secret,
        };
        let mut asked = apply(StackDeed::Up);
        asked.plan.source = Some(StackSource {
            files: BTreeMap::from([("compose.yaml".to_owned(), String::new())]),
            variables: vec![variable("LEVEL", "a b", false), variable("TOKEN", "harbour", true)],
            ..StackSource::default()
        });
        asked.message = "It's new".to_owned();
        asked.on_failure = OnFailure::Stop;
        assert_eq!(
            of_stack("local", "shop", &asked),
            "longshore stack deploy --host local --name shop --var 'LEVEL=a b' --keep-secret TOKEN \
             --message 'It'\\''s new' --on-failure stop"
        );
        asked.returns_to = Some(3);
        asked.on_failure = OnFailure::Undo;
        assert_eq!(
            of_stack("local", "shop", &asked),
            "longshore stack return shop 3 --host local --message 'It'\\''s new'"
        );
    }

    #[test]
    fn each_verb_has_its_word() {
        let of = |asked: &ApplyPlan| of_stack("depot", "shop", asked);
        let mut newer = apply(StackDeed::Up);
        newer.plan.wish.pull = true;
        assert_eq!(of(&newer), "longshore stack deploy --host depot --name shop --kept --pull");
        newer.plan.wish.build = true;
        assert_eq!(of(&newer), "longshore stack deploy --host depot --name shop --kept --pull --build");
        assert_eq!(again("depot", "shop"), "longshore stack deploy --host depot --name shop --kept");
        assert_eq!(forgets("depot", "shop"), "longshore stack forget shop --host depot");
        let command = ["sh", "-c", "echo a b"].map(str::to_owned);
        let run = "longshore stack run shop web --host depot -- sh -c 'echo a b'";
        assert_eq!(runs("depot", "shop", "web", &command), run);
        assert_eq!(runs("depot", "shop", "web", &[]), "longshore stack run shop web --host depot");
        let mut down = apply(StackDeed::Down);
        down.plan.wish.volumes = true;
        assert_eq!(of(&down), "longshore stack rm shop --host depot --volumes");
        down.plan.wish.orphans = false;
        assert_eq!(of(&down), "longshore stack rm shop --host depot --keep-orphans --volumes");
        let mut stop = apply(StackDeed::Stop);
        stop.plan.wish.services = vec!["web".to_owned()];
        assert_eq!(of(&stop), "longshore stack stop shop --host depot web");
        let mut pull = apply(StackDeed::Pull);
        pull.plan.wish.services = vec!["web".to_owned()];
        assert_eq!(of(&pull), "longshore stack pull shop --host depot web");
        assert_eq!(of(&apply(StackDeed::Build)), "longshore stack build shop --host depot");
        let mut scale = apply(StackDeed::Up);
        scale.plan.wish.orphans = false;
        scale.plan.wish.scale.insert("web".to_owned(), 3);
        scale.plan.wish.services = vec!["web".to_owned()];
        assert_eq!(of(&scale), "longshore stack scale shop --host depot web=3");
        scale.plan.wish.pull = true;
        let whole =
            "longshore stack deploy --host depot --name shop --kept --pull --keep-orphans --scale web=3 web";
        assert_eq!(of(&scale), whole);
    }
}
