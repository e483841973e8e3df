//! Verbs as people see them.

use longshore_api::{
    ops::Permission,
    sentence::Sentence,
    web::container::Verb,
    words::{Words, say},
};

use crate::speech::Speech;

/// What the button says.
pub(crate) fn verb_word(verb: Verb, words: &Words) -> &'static str {
    match verb {
        Verb::Start => words.verb_start(),
        Verb::Stop => words.verb_stop(),
        Verb::Restart => words.verb_restart(),
        Verb::Pause => words.verb_pause(),
        Verb::Unpause => words.verb_unpause(),
        Verb::Kill => words.verb_kill(),
        Verb::Remove => words.verb_remove(),
    }
}

/// What is going on while a verb is carried out.
pub(crate) fn verb_doing(verb: Verb, words: &Words) -> &'static str {
    match verb {
        Verb::Start => words.doing_start(),
        Verb::Stop => words.doing_stop(),
        Verb::Restart => words.doing_restart(),
        Verb::Pause => words.doing_pause(),
        Verb::Unpause => words.doing_unpause(),
        Verb::Kill => words.doing_kill(),
        Verb::Remove => words.doing_remove(),
    }
}

/// The verb that a text begins with, as it is called here, and what follows: `stop web`.
pub(crate) fn verb_first<'a>(text: &'a str, words: &Words) -> Option<(Verb, &'a str)> {
    let (first, rest) = text.trim().split_once(char::is_whitespace)?;
    let verb =
        Verb::ALL.into_iter().find(|verb| verb_word(*verb, words).to_lowercase() == first.to_lowercase())?;
    Some((verb, rest.trim_start()))
}

/// The deed in words: one container by its name, several by their number.
pub(crate) fn verb_on<'a>(
    verb: Verb,
    mut names: impl ExactSizeIterator<Item = &'a str>,
    s: Speech,
) -> String {
    let word = verb_word(verb, s.words());
    s.say(&match (names.len(), names.next()) {
        (1, Some(name)) => say::verb_name(name, word),
        (count, _) => say::verb_containers(count, word),
    })
}

/// Why it is off, where nobody among so many chosen is in a state for it.
pub(crate) fn verb_unfit(verb: Verb, chosen: usize) -> Sentence {
    match verb {
        Verb::Start => say::unfit_start(chosen),
        Verb::Stop | Verb::Restart | Verb::Pause | Verb::Kill => say::unfit_running(chosen),
        Verb::Unpause => say::unfit_unpause(chosen),
        Verb::Remove => say::unfit_remove(chosen),
    }
}

/// What it takes.
pub(crate) fn verb_needs(verb: Verb) -> Permission {
    match verb {
        Verb::Remove => Permission::Deploy,
        _ => Permission::Operate,
    }
}

/// Its icon.
pub(crate) fn verb_icon(verb: Verb) -> &'static str {
    match verb {
        Verb::Start | Verb::Unpause => "play",
        Verb::Stop => "stop",
        Verb::Restart => "restart",
        Verb::Pause => "pause",
        Verb::Kill => "kill",
        Verb::Remove => "trash",
    }
}

/// Whether a question follows.
pub(crate) fn verb_asks(verb: Verb) -> bool {
    matches!(verb, Verb::Kill | Verb::Remove)
}
