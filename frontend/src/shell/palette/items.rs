//! What the palette offers for a text: containers, what can be done with the first, hosts, pages, commands.

use longshore_api::{
    format,
    ops::Permission,
    web::{
        container::{Container, State, Verb},
        host::Host,
    },
    words::{Locale, Words},
};

use crate::{
    containers::{verb_first, verb_icon, verb_needs, verb_word},
    places::Page,
    shell::host_switch::host_state,
    theme::Theme,
};

/// So many stacks and so many templates are offered at most.
const OTHERS: usize = 6;

/// What stands over a run of items.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Containers,
    DoWith(String),
    Hosts,
    Pages,
    Commands,
    Stacks,
    Templates,
}

/// What an item does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Deed {
    OpenContainer { host: String, name: String },
    OpenStack { host: String, name: String },
    OpenTemplate(String),
    Logs { host: String, name: String },
    Console { host: String, name: String },
    Act(Verb, Box<Container>),
    AllActions(Box<Container>),
    CopyId(String),
    Host(String),
    Page(Page),
    Theme(Theme),
    Language(Locale),
    Keys,
    SignOut,
}

/// What stands before an item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sign {
    State(State),
    Icon(&'static str),
}

/// One line of the palette.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) kind: Kind,
    pub(super) sign: Sign,
    pub(super) text: String,
    /// Dim, at the end of the line.
    pub(super) note: String,
    pub(super) deed: Deed,
}

/// Everything that fits the text, in order. What the person may not do is left out.
pub(super) fn all(
    text: &str,
    found: &[Container],
    hosts: &[Host],
    pages: &[Page],
    others: &[Item],
    may: &dyn Fn(&str, Permission) -> bool,
    words: &Words,
) -> Vec<Item> {
    let mut out: Vec<Item> = Vec::new();
    match verb_first(text, words) {
        Some((verb, _)) => {
            let fit = found.iter().filter(|row| verb.fits(row.state) && may(&row.host, verb_needs(verb)));
            out.extend(fit.map(|row| deed(verb, row, words)));
        }
        None => {
            out.extend(found.iter().map(container));
            out.extend(found.first().into_iter().flat_map(|first| deeds(first, may, words)));
        }
    }
    let mut more: Vec<Item> = hosts.iter().map(host).collect();
    more.extend(pages.iter().map(|page| Item {
        kind: Kind::Pages,
        sign: Sign::Icon(page.icon()),
        text: page.word(words).to_owned(),
        note: format!("g {}", page.key()),
        deed: Deed::Page(*page),
    }));
    more.extend(commands(words));
    more.retain(|item| has(&item.text, text));
    out.extend(more);
    if !text.trim().is_empty() {
        for kind in [Kind::Stacks, Kind::Templates] {
            let fit = others.iter().filter(|item| item.kind == kind && has(&item.text, text));
            out.extend(fit.take(OTHERS).cloned());
        }
    }
    out
}

/// A stack.
pub(super) fn stack(host: &str, name: String) -> Item {
    Item {
        kind: Kind::Stacks,
        sign: Sign::Icon(Page::Stacks.icon()),
        text: name.clone(),
        note: host.to_owned(),
        deed: Deed::OpenStack { host: host.to_owned(), name },
    }
}

/// A template.
pub(super) fn template(id: String, title: String) -> Item {
    Item {
        kind: Kind::Templates,
        sign: Sign::Icon(Page::Templates.icon()),
        text: title,
        note: String::new(),
        deed: Deed::OpenTemplate(id),
    }
}

/// Whether a text has all words of another, in any case.
fn has(text: &str, wanted: &str) -> bool {
    let text = text.to_lowercase();
    wanted.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

fn container(row: &Container) -> Item {
    let cpu = row.usage.as_ref().map(|usage| format!(", CPU {}", format::percent(usage.cpu.into())));
    Item {
        kind: Kind::Containers,
        sign: Sign::State(row.state),
        text: row.name.clone(),
        note: format!("{}{}", row.host, cpu.unwrap_or_default()),
        deed: Deed::OpenContainer { host: row.host.clone(), name: row.name.clone() },
    }
}

/// A verb with the container that it is for.
fn deed(verb: Verb, row: &Container, words: &Words) -> Item {
    Item {
        kind: Kind::Containers,
        sign: Sign::Icon(verb_icon(verb)),
        text: format!("{} {}", verb_word(verb, words), row.name),
        note: row.host.clone(),
        deed: Deed::Act(verb, Box::new(row.clone())),
    }
}

fn deeds(row: &Container, may: &dyn Fn(&str, Permission) -> bool, words: &Words) -> Vec<Item> {
    let item = |icon, text: String, deed| Item {
        kind: Kind::DoWith(row.name.clone()),
        sign: Sign::Icon(icon),
        text,
        note: String::new(),
        deed,
    };
    let verbs = [Verb::Start, Verb::Restart, Verb::Stop].into_iter();
    let verbs = verbs.filter(|verb| verb.fits(row.state) && may(&row.host, verb_needs(*verb)));
    let mut out: Vec<Item> = verbs
        .map(|verb| {
            item(verb_icon(verb), verb_word(verb, words).to_owned(), Deed::Act(verb, Box::new(row.clone())))
        })
        .collect();
    let place = || (row.host.clone(), row.name.clone());
    let (host, name) = place();
    out.push(item("log", words.logs().to_owned(), Deed::Logs { host, name }));
    if Verb::Stop.fits(row.state) && may(&row.host, Permission::Exec) {
        let (host, name) = place();
        out.push(item("console", words.console().to_owned(), Deed::Console { host, name }));
    }
    out.push(item("more", words.more_actions().to_owned(), Deed::AllActions(Box::new(row.clone()))));
    let short = row.id.get(..12).unwrap_or(&row.id);
    out.push(item("copy", format!("{} {short}", words.copy_id()), Deed::CopyId(row.id.clone())));
    out
}

fn host(host: &Host) -> Item {
    let engine = host.engine.as_ref().map(|engine| format!("{} {}", engine.product, engine.version));
    Item {
        kind: Kind::Hosts,
        sign: Sign::State(host_state(host)),
        text: host.name.clone(),
        note: engine.unwrap_or_default(),
        deed: Deed::Host(host.slug.clone()),
    }
}

fn commands(words: &Words) -> Vec<Item> {
    let item = |icon, text: &str, deed| Item {
        kind: Kind::Commands,
        sign: Sign::Icon(icon),
        text: text.to_owned(),
        note: String::new(),
        deed,
    };
    let mut out = vec![
        item("sun", words.use_light(), Deed::Theme(Theme::Light)),
        item("moon", words.use_dark(), Deed::Theme(Theme::Dark)),
        item("settings", words.use_system(), Deed::Theme(Theme::System)),
    ];
    out.extend(Locale::ALL.map(|locale| item("globe", locale.own_name(), Deed::Language(locale))));
    out.push(item("info", words.keys(), Deed::Keys));
    out.push(item("out", words.sign_out(), Deed::SignOut));
    out
}

/// A text in pieces, each with whether it is what was typed.
pub(super) fn pieces(text: &str, typed: &str) -> Vec<(String, bool)> {
    let lower = text.to_lowercase();
    // Where lower case has another length, positions would not fit.
    if lower.len() != text.len() {
        return vec![(text.to_owned(), false)];
    }
    let mut hit = vec![false; text.len()];
    for word in typed.to_lowercase().split_whitespace() {
        for (at, found) in lower.match_indices(word) {
            hit[at..at + found.len()].fill(true);
        }
    }
    let mut out: Vec<(String, bool)> = Vec::new();
    for (at, character) in text.char_indices() {
        match out.last_mut() {
            Some((piece, is_hit)) if *is_hit == hit[at] => piece.push(character),
            _ => out.push((character.to_string(), hit[at])),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_marked_in_any_case() {
        let marked = |text, typed| {
            pieces(text, typed)
                .into_iter()
                .map(|(p, hit)| if hit { format!("[{p}]") } else { p })
                .collect::<String>()
        };
        assert_eq!(marked("shop-web-1", "shop we"), "[shop]-[we]b-1");
        assert_eq!(marked("Shop", "SHOP"), "[Shop]");
        assert_eq!(marked("容器", "器"), "容[器]");
        assert_eq!(marked("plain", ""), "plain");
    }

    #[test]
    fn pages_and_commands_are_found_by_any_of_their_words() {
        let words = Locale::En.words();
        let found = all("dark theme", &[], &[], &Page::RAIL, &[], &|_, _| true, words);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].deed, Deed::Theme(Theme::Dark));
        assert!(all("", &[], &[], &Page::RAIL, &[], &|_, _| true, words).len() > Page::RAIL.len());
        assert!(all("no such thing", &[], &[], &Page::RAIL, &[], &|_, _| true, words).is_empty());
        let others =
            [stack("local", "dark-shop".to_owned()), template("a".to_owned(), "Dark room".to_owned())];
        let found = all("dark", &[], &[], &Page::RAIL, &others, &|_, _| true, words);
        let kinds: Vec<_> = found.iter().map(|item| item.kind.clone()).collect();
        assert_eq!(kinds, [Kind::Commands, Kind::Stacks, Kind::Templates]);
    }
}
