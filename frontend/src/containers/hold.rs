//! How a new order is taken over while somebody is at the table: the line under the pointer or the focus stays where it
//! is, and so does every line above it.

use longshore_api::web::RowKey;

/// The lines to show, given those shown, those that are, and the line that must not move.
///
/// Above the anchor everything stays, even lines that are gone. Below it what is gone goes, what stays keeps its order,
/// and what is new appears after its neighbour, or right below the anchor where its place would be above.
pub(super) fn held(shown: &[RowKey], new: &[RowKey], anchor: RowKey) -> Vec<RowKey> {
    let Some(at) = shown.iter().position(|key| *key == anchor) else { return new.to_vec() };
    let mut out = shown[..=at].to_vec();
    out.extend(shown[at + 1..].iter().filter(|key| new.contains(key)));
    let mut after = at;
    for key in new {
        match out.iter().position(|shown| shown == key) {
            Some(place) => after = place.max(at),
            None => {
                after += 1;
                out.insert(after, *key);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(numbers: &[u64]) -> Vec<RowKey> {
        numbers.iter().map(|n| RowKey(*n)).collect()
    }

    fn shown(before: &[u64], now: &[u64], anchor: u64) -> Vec<u64> {
        held(&keys(before), &keys(now), RowKey(anchor)).into_iter().map(|key| key.0).collect()
    }

    #[test]
    fn a_new_order_waits() {
        assert_eq!(shown(&[1, 2, 3, 4], &[4, 3, 2, 1], 2), [1, 2, 3, 4]);
    }

    #[test]
    fn what_is_gone_stays_above_the_pointer_and_goes_below_it() {
        assert_eq!(shown(&[1, 2, 3, 4], &[2, 4], 2), [1, 2, 4]);
        assert_eq!(shown(&[1, 2, 3], &[1, 3], 2), [1, 2, 3]);
    }

    #[test]
    fn what_is_new_is_seen_at_once_and_never_pushes_the_pointer_down() {
        assert_eq!(shown(&[1, 2, 3], &[9, 1, 2, 3], 2), [1, 2, 9, 3]);
        assert_eq!(shown(&[1, 2, 3], &[1, 2, 3, 8, 9], 2), [1, 2, 3, 8, 9]);
        assert_eq!(shown(&[1, 2, 3, 4], &[1, 2, 3, 9, 4], 1), [1, 2, 3, 9, 4]);
    }

    #[test]
    fn without_the_line_there_is_nothing_to_hold() {
        assert_eq!(shown(&[1, 2], &[3], 7), [3]);
    }
}
