//! Verbs as people see them.

use longshore_api::{web::container::Verb, words::Words};

/// What the button says.
pub(crate) fn verb_word(verb: Verb, words: &Words) -> &'static str {
    match verb {
        Verb::Start => words.verb_start,
        Verb::Stop => words.verb_stop,
        Verb::Restart => words.verb_restart,
        Verb::Pause => words.verb_pause,
        Verb::Unpause => words.verb_unpause,
        Verb::Kill => words.verb_kill,
        Verb::Remove => words.verb_remove,
    }
}

/// Why it is off, where nobody among the chosen is in a state for it.
pub(crate) fn verb_unfit(verb: Verb, words: &Words) -> &'static str {
    match verb {
        Verb::Start => words.unfit_start,
        Verb::Stop | Verb::Restart | Verb::Pause | Verb::Kill => words.unfit_running,
        Verb::Unpause => words.unfit_unpause,
        Verb::Remove => words.unfit_remove,
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
