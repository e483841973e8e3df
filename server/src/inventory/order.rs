//! The order of a window: only the lines that are shown are sorted, and by numbers.

use std::ops::Range;

use longshore_api::web::container::{Column, ContainerQuery};

use longshore_api::ops::Kind;

use super::{
    find::{Found, words},
    rows::Row,
    state::Memory,
};
use crate::ownership::Owners;

/// Those that stand at the places `range` once `found`, which is by name, is in the order of the query. Equal values stay
/// by name and then by host; by name from the end, all of that is turned round.
pub(super) fn part(
    (memory, owners): (&Memory, &Owners),
    found: &[Found],
    query: &ContainerQuery,
    range: Range<usize>,
) -> Vec<Found> {
    let ContainerQuery { sort: column, descending, .. } = *query;
    if query.best_first {
        return first(by_fit(memory, found, &words(&query.text)), found, range);
    }
    if column == Column::Name {
        return if descending {
            found.iter().rev().skip(range.start).take(range.len()).copied().collect()
        } else {
            found[range].to_vec()
        };
    }
    let mut keyed: Vec<(u128, u32)> = match column {
        Column::Image => by_image(memory, found),
        Column::Owner => by_owner(memory, owners, found),
        _ => {
            found.iter().map(|one| one.row(memory).map_or(0, |row| key(row, one, column))).zip(0..).collect()
        }
    };
    if descending {
        // Those without a published port or an owner are last, whichever way.
        let last = |key: u128| matches!(column, Column::Ports | Column::Owner) && key == u128::MAX;
        keyed.iter_mut().filter(|(key, _)| !last(*key)).for_each(|(key, _)| *key = !*key);
    }
    first(keyed, found, range)
}

/// Those at the places `range` by their keys, lowest first. Each key comes with its place in `found`.
fn first(mut keyed: Vec<(u128, u32)>, found: &[Found], range: Range<usize>) -> Vec<Found> {
    if range.end < keyed.len() {
        keyed.select_nth_unstable(range.end);
        keyed.truncate(range.end);
    }
    if range.start > 0 && range.start < keyed.len() {
        keyed.select_nth_unstable(range.start);
    }
    let shown = &mut keyed[range];
    shown.sort_unstable();
    shown.iter().map(|(_, n)| found[*n as usize]).collect()
}

fn key(row: &Row, found: &Found, column: Column) -> u128 {
    let container = &row.container;
    match column {
        // Images and owners have numbers of their own; by name they are already.
        Column::Name | Column::Image | Column::Owner => 0,
        Column::State => found.state as u128,
        // Positive floats are in the order of their bits.
        Column::Cpu => row.now.map_or(0, |now| u128::from(now.cpu.to_bits()) + 1),
        Column::Memory => row.now.map_or(0, |now| u128::from(now.memory) + 1),
        Column::Ports => container.ports.first().and_then(|port| port.host).map_or(u128::MAX, u128::from),
        Column::Ip => row.ip,
        Column::Created => u128::from(container.created.cast_unsigned() ^ (1 << 63)),
    }
}

/// How well names fit words: as well as the word that fits worst, then by all of them.
fn by_fit(memory: &Memory, found: &[Found], words: &[String]) -> Vec<(u128, u32)> {
    let misfit = |one: &Found| {
        let Some(row) = one.row(memory) else { return u128::MAX };
        let each = words.iter().map(|word| misfit(row.folded(), word));
        let (worst, sum) = each.fold((0, 0), |(worst, sum), one| (one.max(worst), sum + one));
        u128::from(worst) << 64 | u128::from(sum)
    };
    found.iter().map(misfit).zip(0..).collect()
}

/// How badly a word fits a name, both in lower case: 0 if it is the name, 4 if it is not in it at all.
fn misfit(name: &str, word: &str) -> u64 {
    let begins_word = |(at, _): (usize, &str)| !name[..at].ends_with(char::is_alphanumeric);
    match name.find(word) {
        Some(0) if name.len() == word.len() => 0,
        Some(0) => 1,
        Some(_) if name.match_indices(word).any(begins_word) => 2,
        Some(_) => 3,
        None => 4,
    }
}

/// Many containers have few images: those are sorted, and give the numbers.
fn by_image(memory: &Memory, found: &[Found]) -> Vec<(u128, u32)> {
    let texts = &memory.rows.texts;
    let image = |one: &Found| one.row(memory).map(|row| row.image);
    let mut ranks: Vec<Option<u32>> = vec![None; texts.bound()];
    let mut images = Vec::new();
    for id in found.iter().filter_map(image) {
        if ranks[id.at()].replace(0).is_none() {
            images.push(id);
        }
    }
    images.sort_unstable_by_key(|id| texts.text(*id));
    for (rank, id) in (1..).zip(images) {
        ranks[id.at()] = Some(rank);
    }
    let rank = |one: &Found| image(one).and_then(|id| ranks[id.at()]).map_or(0, u128::from);
    found.iter().map(rank).zip(0..).collect()
}

/// Many containers have few owners: those are sorted, and give the numbers.
fn by_owner(memory: &Memory, owners: &Owners, found: &[Found]) -> Vec<(u128, u32)> {
    let owner = |one: &Found| {
        let row = one.row(memory)?;
        let host = &memory.hosts.get(row.host)?.host.slug;
        owners.whose(host, Kind::Container, &row.container.id)?.owner
    };
    let owners: Vec<Option<String>> = found.iter().map(owner).collect();
    let mut names: Vec<&String> = owners.iter().flatten().collect();
    names.sort_unstable();
    names.dedup();
    let rank = |owner: &Option<String>| {
        let place = owner.as_ref().and_then(|owner| names.binary_search(&owner).ok());
        place.map_or(u128::MAX, |place| place as u128)
    };
    owners.iter().map(rank).zip(0..).collect()
}

#[cfg(test)]
mod tests {
    use super::misfit;

    #[test]
    fn a_name_fits_the_better_the_earlier_a_word_of_it_begins() {
        let fits = ["web", "web-1", "shop-web-1", "cobweb-1", "shop-api-1"].map(|name| misfit(name, "web"));
        assert_eq!(fits, [0, 1, 2, 3, 4]);
        assert_eq!(misfit("cobweb-web", "web"), 2, "its best place counts");
        assert_eq!(misfit("übersee_über", "über"), 1);
        assert_eq!(misfit("容器", "器"), 3, "letters of a word, as far as can be told");
    }
}
