//! How far a host's clock is from ours, told by the `Date` of its engine's answers. Times on pages are by both clocks,
//! and one that is wrong makes nonsense of ages.

use http::{HeaderMap, header};
use jiff::fmt::rfc2822;

/// Less is no difference that a person would notice; the header has whole seconds.
const LEAST: u64 = 2_000;

/// The host's clock minus ours in milliseconds, from an answer that was asked for and came at these times of ours; none
/// if they agree as far as one can tell. `Err` if the answer has no date.
pub(super) fn offset(headers: &HeaderMap, asked: i64, came: i64) -> Result<Option<i64>, NoDate> {
    let date = headers.get(header::DATE).and_then(|date| date.to_str().ok()).ok_or(NoDate)?;
    let date = rfc2822::DateTimeParser::new().parse_timestamp(date).map_err(|_| NoDate)?;
    let way = came.saturating_sub(asked).max(0);
    // In the middle of the second that it names, and of the time that the answer took.
    let offset = date.as_millisecond().saturating_add(500).saturating_sub(asked.saturating_add(way / 2));
    let unsure = way.unsigned_abs() / 2;
    Ok((offset.unsigned_abs() >= LEAST.saturating_add(unsure)).then_some(offset))
}

/// An answer without a date that can be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoDate;

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    /// 1994-11-06 08:49:37
    const AT: i64 = 784_111_777_000;

    fn told(asked: i64, came: i64) -> Result<Option<i64>, NoDate> {
        let date = HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT");
        offset(&HeaderMap::from_iter([(header::DATE, date)]), asked, came)
    }

    #[test]
    fn a_difference_is_told_from_two_seconds_on() {
        assert_eq!(told(AT + 400, AT + 600), Ok(None));
        assert_eq!(told(AT + 2_000, AT + 2_100), Ok(None));
        assert_eq!(told(AT - 60_000, AT - 59_900), Ok(Some(60_450)));
        assert_eq!(told(AT + 3_600_500, AT + 3_600_500), Ok(Some(-3_600_000)));
    }

    #[test]
    fn a_slow_answer_proves_no_difference() {
        assert_eq!(told(AT - 20_000, AT + 500), Ok(None));
        assert_eq!(offset(&HeaderMap::new(), AT, AT), Err(NoDate));
    }
}
