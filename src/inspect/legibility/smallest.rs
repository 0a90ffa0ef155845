//! The smallest type of a picture, by the height of its lines.

use super::{
    detail::to_picture,
    lines::{Line, Lines},
    overview::Overview,
    seals,
    text::Text,
};

/// Height of the smallest lines that make up at least a twentieth of the text; neither the number of a seal nor a frame is text.
pub(super) fn smallest(text: &Text, over: &Overview, found: &[seals::Found]) -> Option<f64> {
    let lines = &text.lines;
    let in_seal = |line: &Line| {
        let (x, y) = at(line, lines, over, 0.5, 0.5);
        found.iter().any(|found| found.holds(x, y))
    };
    // In the dark lines fall to pieces.
    let is_lit = |line: &Line| {
        let (x, y) = at(line, lines, over, 0.5, 0.5);
        over.paper_at(x, y) > DARK * over.light
    };
    let mut long: Vec<(f64, f64)> = lines
        .all
        .iter()
        .filter(|line| line.width() > 5.0 * line.height())
        .filter(|line| !in_seal(line) && is_lit(line) && is_parted(line, text, over))
        .map(|line| (line.height(), line.width()))
        .collect();
    long.sort_by(|a, b| a.0.total_cmp(&b.0));
    if long.len() < 3 {
        return None;
    }
    let all: f64 = long.iter().map(|(_, width)| width).sum();
    let mut sum = 0.0;
    let enough = long.iter().find(|(_, width)| {
        sum += width;
        sum >= all / 20.0
    });
    enough.map(|(height, _)| *height)
}

/// Paper with less than this share of the light of the lightest is in the dark.
const DARK: f64 = 0.2;

/// A point of a line in the picture, in shares of its length and height.
fn at(line: &Line, lines: &Lines, over: &Overview, along: f64, down: f64) -> (f64, f64) {
    let x = line.x0 + line.width() * along;
    let y = line.y0 + line.height() * down + lines.slope * x;
    to_picture(over, lines.turned, x, y)
}

/// Fewer strokes for each height of a line along it are a frame or a bar.
const STROKES: f64 = 0.3;

/// Whether gaps part what stands in a line, as they part strokes.
fn is_parted(line: &Line, text: &Text, over: &Overview) -> bool {
    let strokes = |down: f64| {
        let inked = (0..line.width() as usize).map(|x| {
            let along = (x as f64 + 0.5) / line.width();
            let (x, y) = at(line, &text.lines, over, along, down);
            text.ink.map.at(x.max(0.0) as usize, y.max(0.0) as usize) != 0
        });
        let inked: Vec<bool> = inked.collect();
        inked
            .windows(2)
            .filter(|pair| pair == &[false, true])
            .count()
            + 1
    };
    let most = [0.3, 0.5, 0.7].map(strokes).into_iter().max().unwrap_or(0);
    most as f64 >= STROKES * line.width() / line.height()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::raster::{Layout, Raster};

    #[test]
    fn a_frame_is_no_small_type() {
        let (width, height) = (800_usize, 1_000_usize);
        let mut data = vec![250_u8; width * height];
        // Twelve lines of strokes 14 pixels high, and four bars of 6 as a frame has them.
        for line in 0..16 {
            let tall = if line % 4 == 3 { 6 } else { 14 };
            for x in (60..700).filter(|x| tall == 6 || x % 8 < 3) {
                for y in 0..tall {
                    data[(60 + line * 50 + y) * width + x] = 30;
                }
            }
        }
        let raster = Raster::new(width, height, Layout::Grey, data).unwrap();
        let over = Overview::of(&raster, 100.0).unwrap();
        let text = Text::find(&over, &[]);
        assert_eq!(text.lines.all.len(), 16, "bars are found as lines");
        let found = smallest(&text, &over, &[]).unwrap();
        assert!((found - 14.0).abs() <= 2.0, "{found}");
    }
}
