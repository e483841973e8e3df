//! The order of a window: only the lines that are shown are sorted, and by numbers.

use std::ops::Range;

use longshore_api::web::container::Column;

use super::{find::Found, rows::Row, state::Memory};

/// Those that stand at the places `range` once `found`, which is by name, is sorted by a column. Equal values stay by
/// name and then by host; by name from the end, all of that is turned round.
pub(super) fn part(
    memory: &Memory,
    found: &[Found],
    column: Column,
    descending: bool,
    range: Range<usize>,
) -> Vec<Found> {
    if column == Column::Name {
        return if descending {
            found.iter().rev().skip(range.start).take(range.len()).copied().collect()
        } else {
            found[range].to_vec()
        };
    }
    let mut keyed: Vec<(u128, u32)> = match column {
        Column::Image => by_image(memory, found),
        _ => {
            found.iter().map(|one| one.row(memory).map_or(0, |row| key(row, one, column))).zip(0..).collect()
        }
    };
    if descending {
        // Those without a published port are last, whichever way.
        let last = |key: u128| column == Column::Ports && key == u128::MAX;
        keyed.iter_mut().filter(|(key, _)| !last(*key)).for_each(|(key, _)| *key = !*key);
    }
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
        // Images have numbers of their own; by name they are already.
        Column::Name | Column::Image => 0,
        Column::State => found.state as u128,
        // Positive floats are in the order of their bits.
        Column::Cpu => row.now.map_or(0, |now| u128::from(now.cpu.to_bits()) + 1),
        Column::Memory => row.now.map_or(0, |now| u128::from(now.memory) + 1),
        Column::Ports => container.ports.first().and_then(|port| port.host).map_or(u128::MAX, u128::from),
        Column::Ip => row.ip,
        Column::Created => u128::from(container.created.cast_unsigned() ^ (1 << 63)),
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
