//! How long what was begun is tried to be brought to an end: what an engine that is away or a full disk leaves half done is
//! done once they are back.

use std::time::Duration;

use crate::fault::Fault;

/// An engine that does not answer, or a full disk, is waited for so long, where a job stays under way for it.
const ENGINE: Duration = Duration::from_secs(600);
/// An engine that answers that it has failed is asked again for so long: so speaks one that stops.
const FAILURE: Duration = Duration::from_secs(60);

/// Who comes back tries it for so long.
const BRIEF: Duration = Duration::from_secs(1);

/// Who asks for the end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    /// The job itself.
    Now,
    /// Somebody who has found what an earlier job has left.
    Later,
    /// The same, who comes back if it is not done soon.
    Again,
}

/// How long it is tried again after this; without end where there is none. Every wait ends with the server.
pub fn patience(fault: &Fault, when: When) -> Option<Duration> {
    let status = fault.status();
    match (fault.engine_words(), when) {
        (_, When::Again) if status.is_server_error() => Some(BRIEF),
        (Some(_), _) if status.is_server_error() => Some(FAILURE),
        (None, When::Later) if status.is_server_error() => None,
        (None, When::Now) if status.is_server_error() => Some(ENGINE),
        _ => Some(Duration::ZERO),
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use longshore_api::words::say;

    use super::*;

    #[test]
    fn a_full_disk_is_waited_for_and_a_refusal_is_not() {
        let fault = |status: u16| Fault::new(StatusCode::from_u16(status).unwrap(), say::internal());
        assert_eq!(patience(&fault(507), When::Now), Some(ENGINE));
        assert_eq!(patience(&fault(507), When::Later), None);
        assert_eq!(patience(&fault(502), When::Now), Some(ENGINE));
        assert_eq!(patience(&fault(502), When::Later), None);
        assert_eq!(patience(&fault(409).quoting("taken"), When::Later), Some(Duration::ZERO));
        assert_eq!(patience(&fault(409).quoting("taken"), When::Again), Some(Duration::ZERO));
        assert_eq!(patience(&fault(507), When::Again), Some(BRIEF));
        assert_eq!(patience(&fault(500).quoting("shutting down"), When::Now), Some(FAILURE));
    }
}
