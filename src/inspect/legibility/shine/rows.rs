//! The rows of a text, character by character, and how dark the ink of each is.

use crate::inspect::legibility::{
    detail::to_picture, lines::Line, overview::Overview, seals, text::Text,
};

/// How dark a square is: as the depth that one of so many of its pixels exceeds.
const DEEPEST: u32 = 30;

/// One row of text, character by character.
pub(super) struct Row {
    pub(super) y0: f64,
    pub(super) y1: f64,
    /// How dark the ink of each square is, 0–255.
    pub(super) ink: Vec<f64>,
}

/// Pieces that stand in one row together, each square of the row from the left to the right edge of the text.
pub(super) fn rows<'a>(
    pieces: impl Iterator<Item = &'a Line>,
    squares: &Squares<'_>,
    (left, right): (f64, f64),
) -> Vec<Row> {
    let mut places: Vec<(f64, f64)> = Vec::new();
    for piece in pieces {
        let middle = f64::midpoint(piece.y0, piece.y1);
        match places.last_mut() {
            Some((y0, y1)) if middle < *y1 => {
                (*y0, *y1) = (y0.min(piece.y0), y1.max(piece.y1));
            }
            _ => places.push((piece.y0, piece.y1)),
        }
    }
    let square = squares.text.lines.height;
    let across = ((right - left) / square).ceil().max(0.0) as usize;
    let row = |(y0, y1)| Row {
        y0,
        y1,
        ink: (0..across)
            .map(|n| squares.ink(left + n as f64 * square, y0, y1))
            .collect(),
    };
    places.into_iter().map(row).collect()
}

/// The squares that a text falls into.
pub(super) struct Squares<'a> {
    pub(super) text: &'a Text,
    pub(super) over: &'a Overview,
    pub(super) seals: &'a [seals::Found],
}

impl Squares<'_> {
    /// How dark the ink of a square is. What lies under a seal is no gap.
    #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
    pub(super) fn ink(&self, x0: f64, y0: f64, y1: f64) -> f64 {
        let lines = &self.text.lines;
        let place = |x: f64, y: f64| to_picture(self.over, lines.turned, x, y + lines.slope * x);
        let (x, y) = place(x0 + lines.height / 2.0, f64::midpoint(y0, y1));
        if self.seals.iter().any(|seal| seal.holds(x, y)) {
            return 255.0;
        }
        let mut counts = [0_u32; 256];
        let (mut n, floor) = (0, self.text.ink.floor as u8);
        for x in 0..lines.height as usize {
            for y in 0..(y1 - y0) as usize {
                let (x, y) = place(x0 + x as f64, y0 + y as f64);
                if x < 0.0 || y < 0.0 {
                    continue;
                }
                n += 1;
                let (x, y) = (x as usize, y as usize);
                let depth = self.over.depth.at(x, y);
                if depth > floor && !self.is_rule(x, y) {
                    counts[usize::from(depth)] += 1;
                }
            }
        }
        let mut left = n / DEEPEST;
        for (depth, count) in counts.iter().enumerate().rev() {
            if left < *count {
                return depth as f64;
            }
            left -= count;
        }
        0.0
    }
    /// Whether a pixel is of a rule, or beside one, that was taken out of the ink.
    fn is_rule(&self, x: usize, y: usize) -> bool {
        let ink = &self.text.ink;
        let (x, y) = (x.max(1) - 1, y.max(1) - 1);
        let mut near = (y..y + 3).flat_map(|y| (x..x + 3).map(move |x| (x, y)));
        near.any(|(x, y)| ink.map.at(x, y) == 0 && self.over.depth.at(x, y) > ink.level)
    }
}
