//! Where the blocks of a berth lie.

use longshore_api::web::{RowKey, container::State, home::Berth};

use super::Grain;

/// Piles are so many blocks high.
pub(super) const HIGH: usize = 4;

/// A block in its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Placed {
    pub(super) key: RowKey,
    pub(super) name: String,
    pub(super) stack: Option<String>,
    pub(super) state: State,
    /// Upper left corner.
    pub(super) x: f32,
    pub(super) y: f32,
    /// The column, counted from the left over all piles, and the place in it from the quay line up.
    pub(super) column: usize,
    pub(super) height: usize,
}

/// A berth laid out.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Layout {
    pub(super) blocks: Vec<Placed>,
    pub(super) width: f32,
}

/// Height of every berth in pixels.
pub(super) fn height(grain: Grain) -> f32 {
    grain.step_y() * HIGH as f32 - grain.gap
}

/// Lays out a berth: piles from left to right with half a block between, blocks from the quay line up.
pub(super) fn lay(berth: &Berth, grain: Grain) -> Layout {
    let mut out = Layout::default();
    let mut column = 0;
    for (at, pile) in berth.piles.iter().enumerate() {
        if at > 0 {
            out.width += grain.width / 2.0;
        }
        let from = out.width;
        for (i, block) in pile.blocks.iter().enumerate() {
            let (col, row) = (i / HIGH, i % HIGH);
            out.blocks.push(Placed {
                key: block.key,
                name: block.name.clone(),
                stack: pile.stack.clone(),
                state: block.state,
                x: from + col as f32 * grain.step_x(),
                y: (HIGH - 1 - row) as f32 * grain.step_y(),
                column: column + col,
                height: row,
            });
        }
        let columns = pile.blocks.len().div_ceil(HIGH);
        column += columns;
        out.width += columns as f32 * grain.step_x();
    }
    out.width = (out.width - grain.gap).max(0.0);
    out
}

/// The largest grain at which all berths fit beside one another, each with `air` around it; none if none does.
pub(super) fn grain_for(berths: &[Berth], room: f32, air: f32, least: f32) -> Option<Grain> {
    Grain::ALL.into_iter().find(|grain| {
        berths.iter().map(|berth| lay(berth, *grain).width.max(least) + air).sum::<f32>() <= room
    })
}

/// The block under a point, or between its neighbours' edges.
pub(super) fn at(layout: &Layout, grain: Grain, x: f32, y: f32) -> Option<usize> {
    let reach = grain.gap / 2.0;
    layout.blocks.iter().position(|block| {
        (block.x - reach..=block.x + grain.width + reach).contains(&x)
            && (block.y - reach..=block.y + grain.height + reach).contains(&y)
    })
}

/// The block that an arrow key leads to.
pub(super) fn neighbour(layout: &Layout, from: usize, key: &str) -> Option<usize> {
    let here = layout.blocks.get(from)?;
    let (column, height) = (here.column, here.height);
    let (column, height) = match key {
        "ArrowUp" => (column, height + 1),
        "ArrowDown" => (column, height.checked_sub(1)?),
        "ArrowRight" => (column + 1, height),
        "ArrowLeft" => (column.checked_sub(1)?, height),
        _ => return None,
    };
    let in_column = |block: &&(usize, &Placed)| block.1.column == column;
    let blocks: Vec<(usize, &Placed)> = layout.blocks.iter().enumerate().collect();
    if matches!(key, "ArrowUp" | "ArrowDown") {
        return blocks.iter().find(|b| in_column(b) && b.1.height == height).map(|b| b.0);
    }
    blocks.iter().filter(in_column).min_by_key(|b| b.1.height.abs_diff(height)).map(|b| b.0)
}

#[cfg(test)]
mod tests {
    use longshore_api::web::home::{Block, Pile};

    use super::*;

    fn berth(piles: &[usize]) -> Berth {
        let block = |n: usize| Block { key: RowKey(n as u64), name: format!("c{n}"), state: State::Running };
        let pile = |count: &usize| Pile { stack: None, blocks: (0..*count).map(block).collect() };
        Berth { host: "quay".to_owned(), piles: piles.iter().map(pile).collect() }
    }

    #[test]
    fn a_pile_grows_up_and_then_to_the_right() {
        let layout = lay(&berth(&[5, 1]), Grain::ALL[0]);
        let places: Vec<(f32, f32)> = layout.blocks.iter().map(|b| (b.x, b.y)).collect();
        assert_eq!(places, [(0.0, 48.0), (0.0, 32.0), (0.0, 16.0), (0.0, 0.0), (22.0, 48.0), (54.0, 48.0)]);
        assert_eq!(layout.width, 74.0);
        assert_eq!(height(Grain::ALL[0]), 62.0);
    }

    #[test]
    fn the_largest_grain_that_fits_is_taken() {
        let berths = [berth(&[40]), berth(&[8])];
        assert_eq!(grain_for(&berths, 1_000.0, 28.0, 80.0), Some(Grain::ALL[0]));
        assert_eq!(grain_for(&berths, 230.0, 28.0, 40.0), Some(Grain::ALL[2]));
        assert_eq!(grain_for(&berths, 90.0, 28.0, 40.0), None);
    }

    #[test]
    fn pointer_and_arrows_find_blocks() {
        let grain = Grain::ALL[0];
        let layout = lay(&berth(&[5, 1]), grain);
        assert_eq!(at(&layout, grain, 5.0, 50.0), Some(0));
        assert_eq!(at(&layout, grain, 60.0, 50.0), Some(5));
        assert_eq!(at(&layout, grain, 60.0, 10.0), None);
        assert_eq!(neighbour(&layout, 0, "ArrowUp"), Some(1));
        assert_eq!(neighbour(&layout, 0, "ArrowDown"), None);
        assert_eq!(neighbour(&layout, 3, "ArrowRight"), Some(4));
        assert_eq!(neighbour(&layout, 4, "ArrowRight"), Some(5));
        assert_eq!(neighbour(&layout, 0, "ArrowLeft"), None);
    }
}
