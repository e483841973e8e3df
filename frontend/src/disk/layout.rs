//! Where the tiles of a treemap lie: as near to squares as can be, the largest first.

/// A rectangle, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rect {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

impl Rect {
    fn shorter(self) -> f32 {
        self.width.min(self.height)
    }
}

/// A rectangle for each size, all of them together filling `within`. Sizes fall, and none is zero.
pub(super) fn squarified(sizes: &[u64], within: Rect) -> Vec<Rect> {
    let sum = sizes.iter().fold(0.0, |sum: f64, size| sum + *size as f64);
    let scale = f64::from(within.width) * f64::from(within.height) / sum.max(1.0);
    let areas: Vec<f32> = sizes.iter().map(|size| (*size as f64 * scale) as f32).collect();
    let mut out = Vec::with_capacity(areas.len());
    let (mut left, mut rest) = (within, areas.as_slice());
    while !rest.is_empty() {
        let mut taken = 1;
        while taken < rest.len()
            && worst(&rest[..=taken], left.shorter()) <= worst(&rest[..taken], left.shorter())
        {
            taken += 1;
        }
        let (row, others) = rest.split_at(taken);
        left = lay(row, left, &mut out);
        rest = others;
    }
    out
}

/// How far from a square the worst tile of a row is, along a side of this length.
fn worst(row: &[f32], side: f32) -> f32 {
    let sum: f32 = row.iter().sum();
    let (most, least) = (row[0], row[row.len() - 1].max(f32::MIN_POSITIVE));
    let (side, sum) = (side * side, (sum * sum).max(f32::MIN_POSITIVE));
    (side * most / sum).max(sum / (side * least).max(f32::MIN_POSITIVE))
}

/// Lays a row along the shorter side; what remains.
fn lay(row: &[f32], within: Rect, out: &mut Vec<Rect>) -> Rect {
    let sum: f32 = row.iter().sum();
    let Rect { mut x, mut y, width, height } = within;
    if width >= height {
        let thick = if height > 0.0 { (sum / height).min(width) } else { 0.0 };
        for area in row {
            let long = if thick > 0.0 { area / thick } else { 0.0 };
            out.push(Rect { x, y, width: thick, height: long });
            y += long;
        }
        Rect { x: x + thick, y: within.y, width: width - thick, height }
    } else {
        let thick = if width > 0.0 { (sum / width).min(height) } else { 0.0 };
        for area in row {
            let long = if thick > 0.0 { area / thick } else { 0.0 };
            out.push(Rect { x, y, width: long, height: thick });
            x += long;
        }
        Rect { x: within.x, y: y + thick, width, height: height - thick }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Rect = Rect { x: 10.0, y: 20.0, width: 600.0, height: 400.0 };

    #[test]
    fn tiles_fill_the_box_and_none_lies_on_another() {
        let sizes = [600, 600, 400, 300, 200, 200, 100];
        let tiles = squarified(&sizes, BOX);
        let of = |tile: &Rect| tile.width * tile.height;
        for (tile, size) in tiles.iter().zip(sizes) {
            assert!((of(tile) - size as f32 * 100.0).abs() < 1.0, "{tile:?} {size}");
            assert!(tile.x >= 9.99 && tile.y >= 19.99);
            assert!(tile.x + tile.width <= 610.01 && tile.y + tile.height <= 420.01, "{tile:?}");
            assert!((tile.width / tile.height).max(tile.height / tile.width) < 4.0, "{tile:?}");
        }
        for (n, a) in tiles.iter().enumerate() {
            for b in &tiles[n + 1..] {
                let apart = a.x + a.width <= b.x + 0.01
                    || b.x + b.width <= a.x + 0.01
                    || a.y + a.height <= b.y + 0.01
                    || b.y + b.height <= a.y + 0.01;
                assert!(apart, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn one_giant_leaves_the_others_a_place() {
        let tiles = squarified(&[u64::MAX / 2, 1, 1], BOX);
        assert_eq!(tiles.len(), 3);
        assert!(
            tiles.iter().all(|tile| tile.width.is_finite() && tile.height.is_finite() && tile.x.is_finite())
        );
        assert!(squarified(&[], BOX).is_empty());
        assert_eq!(squarified(&[7], BOX), [BOX]);
    }
}
