//! The words of the audit log. Operations stand as they are called.

use longshore_api::{
    sentence::Sentence,
    web::audit::AuditDamage,
    words::{Words, say},
};

/// Outcomes, as people filter by them.
pub(super) const OUTCOMES: [&str; 5] = ["refused", "failed", "done", "intended", "unknown"];
/// Doors, as people filter by them.
pub(super) const DOORS: [&str; 6] = ["session", "key", "docker", "machine", "server", "none"];

/// How it ended.
pub(super) fn outcome_word<'a>(outcome: &'a str, words: &Words) -> &'a str {
    match outcome {
        "done" => words.audit_done(),
        "refused" => words.audit_refused(),
        "failed" => words.audit_failed(),
        "intended" => words.audit_intended(),
        "unknown" => words.audit_unknown(),
        other => other,
    }
}

/// The class of its badge; none for what is as it should be.
pub(super) fn outcome_class(outcome: &str) -> &'static str {
    match outcome {
        "done" => "t3",
        "refused" => "badge badge--bad",
        "intended" => "badge badge--info",
        _ => "badge badge--warn",
    }
}

/// How someone came in.
pub(super) fn door_word<'a>(door: &'a str, words: &Words) -> &'a str {
    match door {
        "session" => words.audit_door_session(),
        "key" => words.audit_door_key(),
        "docker" => words.audit_door_docker(),
        "machine" => words.audit_door_machine(),
        "server" => words.audit_door_server(),
        "none" => words.audit_door_none(),
        other => other,
    }
}

/// What is wrong.
pub(super) fn damage(damage: &AuditDamage) -> Sentence {
    match damage {
        AuditDamage::Changed { at } | AuditDamage::Head { at } => say::audit_changed(*at),
        AuditDamage::Moved { at, from } => say::audit_moved(*at, *from),
        AuditDamage::Missing { from, to } => say::audit_missing(*from, *to),
        AuditDamage::Cut { last, head } => say::audit_cut(*head, *last),
        AuditDamage::Segment { from, to } => say::audit_seal_changed(*from, *to),
        AuditDamage::Sealed { from, to, .. } => say::audit_sealed_broken(*from, *to),
    }
}
