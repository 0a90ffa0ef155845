//! Head and foot of single characters.
//!
//! A Chinese character turned on its head looks unlike a character: strokes spread and rest below, roofs and dots are above,
//! falling strokes bend one way. No single one is sure, a dozen together are. Each character that can be cut out of a line is
//! brought to 16 × 16 pixels and compared with its own turn by 180°, with one weight for each place; the weights were fitted by
//! `calibration/fit_glyphs.py` on characters drawn from fonts.

use super::{
    cells::{self, Cells},
    detail::frame_luma,
    glyph_weights::{INK, SLOPES},
    lines::{Line, Lines, median_height},
    overview::{Overview, Plane},
};
use crate::inspect::raster::{Grey, Raster};

/// Characters looked at, at most.
const ENOUGH: usize = 72;
/// Side of the square that a character is brought to.
const SIDE: usize = 16;
/// Cells of a side in which slopes are added up, and ink.
const SLOPE_CELLS: usize = 7;
const INK_CELLS: usize = 8;
/// Rows and columns at each end of the square in which a rule may lie.
const EDGE: usize = 3;
/// What a single character may say, at most.
const MOST: f64 = 3.0;

/// What the characters of a page say together.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Glyphs {
    /// Sum over characters: positive for upright ones.
    pub(super) sum: f64,
    /// How many were looked at.
    pub(super) count: usize,
}

impl Glyphs {
    /// Positive for upright characters; about its own number of standard deviations from 0.
    pub(super) fn sign(&self) -> f64 {
        self.sum / (self.count as f64 + 1.0).sqrt()
    }
}

/// Looks at characters of the lines, evenly over the page.
pub(super) fn look(raster: &Raster, over: &Overview, ink: &Plane, lines: &Lines) -> Glyphs {
    let mut glyphs = Glyphs::default();
    for character in characters(ink, lines, ENOUGH) {
        if glyphs.count >= ENOUGH {
            break;
        }
        let cut = character.cut(raster, over, lines, 1.08);
        if let Some(score) = cut.and_then(|cut| score(&cut)) {
            glyphs.sum += score;
            glyphs.count += 1;
        }
    }
    glyphs
}

/// Where a character stands.
pub(super) struct Character {
    line: Line,
    /// Its middle along the line, in overview pixels of the frame.
    middle: f64,
}

impl Character {
    /// A square around it in the frame, so many times as large as its line is high.
    pub(super) fn cut(
        &self,
        raster: &Raster,
        over: &Overview,
        lines: &Lines,
        times: f64,
    ) -> Option<Grey> {
        let side = self.line.height() * times;
        let y = f64::midpoint(self.line.y0, self.line.y1) + lines.slope * self.middle - side / 2.0;
        let x = self.middle - side / 2.0;
        frame_luma(raster, over, lines.turned, x, y, side, side)
    }
}

/// Characters of lines of about the usual height, evenly over the page: at least `most` where there are so many.
pub(super) fn characters(ink: &Plane, lines: &Lines, most: usize) -> Vec<Character> {
    let turned;
    let frame = if lines.turned {
        turned = ink.turned();
        &turned
    } else {
        ink
    };
    let usual =
        |height: f64, line: &Line| (0.75..1.35).contains(&(line.height() / height.max(1.0)));
    let type_of = |line| body(frame, line, lines.slope);
    let bodies: Vec<Line> = lines
        .all
        .iter()
        .filter(|line| usual(lines.height, line))
        .filter_map(type_of)
        .collect();
    let height = median_height(&bodies);
    let usable: Vec<&Line> = bodies.iter().filter(|line| usual(height, line)).collect();
    let length: f64 = usable.iter().map(|line| line.width()).sum();
    // Every n-th character that could stand in the lines.
    let every = (length / height.max(1.0) / most as f64).floor().max(1.0) as usize;
    let all = usable.into_iter().flat_map(|line| {
        let middles = cells(frame, line, lines.slope).into_iter();
        middles.map(|middle| Character {
            line: *line,
            middle,
        })
    });
    all.skip(every - 1).step_by(every).collect()
}

/// The rows of a line in which its type stands: the tallest band of rows with ink, without what is left of a rule beside it.
fn body(frame: &Plane, line: &Line, slope: f64) -> Option<Line> {
    let (first, last) = span(line, frame);
    let least = (last - first) / 30;
    let tops = tops(line, slope, first, last);
    let inked = |row: usize| {
        let columns = (first..last).zip(&tops);
        let inked = columns.filter(|(x, top)| frame.at(*x, **top + row) != 0);
        inked.count() > least
    };
    let (mut best, mut run) = (0..0, 0..0);
    for row in 0..line.height().round() as usize {
        if inked(row) {
            run.end = row + 1;
        } else {
            run = row + 1..row + 1;
        }
        if run.len() > best.len() {
            best = run.clone();
        }
    }
    (best.len() >= 6).then_some(Line {
        y0: line.y0 + best.start as f64,
        y1: line.y0 + best.end as f64,
        ..*line
    })
}

/// First column of a line, and the one after its last.
fn span(line: &Line, frame: &Plane) -> (usize, usize) {
    let last = (line.x1.max(0.0) as usize).min(frame.width);
    ((line.x0.max(0.0) as usize).min(last), last)
}

/// The first row of a line in each of its columns.
fn tops(line: &Line, slope: f64, first: usize, last: usize) -> Vec<usize> {
    let top = |x: usize| (line.y0 + slope * x as f64 + 0.5).max(0.0) as usize;
    (first..last).map(top).collect()
}

/// Middles of the characters in a line: pieces about as wide as the line is high, parted where least ink stands.
#[expect(clippy::indexing_slicing, reason = "columns lie within the profile")]
fn cells(frame: &Plane, line: &Line, slope: f64) -> Vec<f64> {
    let pitch = line.height() * 1.06;
    let (first, last) = span(line, frame);
    let tall = line.height() as usize;
    let ink = |(x, top): (usize, usize)| (top..top + tall).map(|y| u32::from(frame.at(x, y))).sum();
    let columns = (first..last).zip(tops(line, slope, first, last));
    let profile: Vec<u32> = columns.map(ink).collect();
    let (least, most) = ((0.72 * pitch) as usize, (1.2 * pitch) as usize);
    let mut out = Vec::new();
    let mut at = 0;
    while at + least <= profile.len() {
        if profile[at] == 0 {
            at += 1;
            continue;
        }
        // The gap nearest to a whole character.
        let ends = at + least..(at + most).min(profile.len()) + 1;
        let cost = |end: usize| {
            let ink = profile.get(end).copied().unwrap_or(0);
            f64::from(ink) + (end as f64 - at as f64 - pitch).abs() / pitch * 4.0
        };
        let end = ends.min_by(|a, b| cost(*a).total_cmp(&cost(*b)));
        let end = end.unwrap_or(profile.len()).min(profile.len());
        let inked = (at..end).rfind(|x| profile[*x] != 0).unwrap_or(at);
        if (inked + 1 - at) as f64 >= 0.6 * pitch {
            out.push(first as f64 + (at + inked + 1) as f64 / 2.0);
        }
        at = end;
    }
    out
}

/// How much a character is like an upright one; the same with the other sign when it is turned on its head.
#[expect(clippy::indexing_slicing, reason = "loops over squares of fixed sides")]
fn score(cut: &Grey) -> Option<f64> {
    let mut square = square(cut)?;
    without_rules(&mut square);
    let at = |x: usize, y: usize| square[y][x];
    let mut slopes = [[[0.0_f64; SLOPE_CELLS]; SLOPE_CELLS]; 4];
    let mut ink = [[0.0_f64; INK_CELLS]; INK_CELLS];
    let (mut all_slopes, mut all_ink) = (0.0, 0.0);
    for y in 0..SIDE {
        for x in 0..SIDE {
            ink[y / 2][x / 2] += at(x, y);
            all_ink += at(x, y);
            if (1..SIDE - 1).contains(&x) && (1..SIDE - 1).contains(&y) {
                let dx = at(x + 1, y) - at(x - 1, y);
                let dy = at(x, y + 1) - at(x, y - 1);
                let diagonal = std::f64::consts::FRAC_1_SQRT_2;
                let of = [dx, dy, (dx + dy) * diagonal, (dx - dy) * diagonal];
                for (cells, value) in slopes.iter_mut().zip(of) {
                    cells[(y - 1) / 2][(x - 1) / 2] += value.abs();
                    all_slopes += value.abs();
                }
            }
        }
    }
    let mut score = 0.0;
    for (cells, weights) in slopes.iter().zip(&SLOPES) {
        let cells = cells.as_flattened();
        score += against(cells, weights) / all_slopes.max(1e-9);
    }
    score += against(ink.as_flattened(), &INK) / all_ink.max(1e-9);
    // A blot or a frame is no character, however much it is like one.
    Some(score.clamp(-MOST, MOST))
}

/// Takes out the rules of a table: rows and columns near an end of the square that are ink from side to side, and those
/// opposite, so that neither head nor foot is favoured.
#[expect(clippy::indexing_slicing, reason = "loops over squares of fixed sides")]
fn without_rules(square: &mut [[f64; SIDE]; SIDE]) {
    const DARK: f64 = 0.3;
    let (mut rows, mut columns) = ([false; SIDE], [false; SIDE]);
    for i in (0..EDGE).chain(SIDE - EDGE..SIDE) {
        let across = (0..SIDE).filter(|x| square[i][*x] > DARK).count();
        let down = (0..SIDE).filter(|y| square[*y][i] > DARK).count();
        let near = i.saturating_sub(1)..(i + 2).min(SIDE);
        for near in near {
            for (lines, inked) in [(&mut rows, across), (&mut columns, down)] {
                if inked + 1 >= SIDE {
                    lines[near] = true;
                    lines[SIDE - 1 - near] = true;
                }
            }
        }
    }
    for (y, row) in square.iter_mut().enumerate() {
        for (x, value) in row.iter_mut().enumerate() {
            if rows[y] || columns[x] {
                *value = 0.0;
            }
        }
    }
}

/// Each cell of the first half against the one opposite, weighted.
fn against(cells: &[f64], weights: &[i16]) -> f64 {
    let pairs = cells.iter().zip(cells.iter().rev());
    let weighted = pairs
        .zip(weights)
        .map(|((a, b), w)| (a - b) * f64::from(*w));
    weighted.sum()
}

/// Depth of ink, 0–1, in a square of [`SIDE`] pixels; each the mean of what it covers. `None` where there is nothing to see.
fn square(cut: &Grey) -> Option<[[f64; SIDE]; SIDE]> {
    let (w, h) = (cut.width, cut.height);
    if w < 6 || h < 6 {
        return None;
    }
    let means = cells::means(cut, Cells::filling(w, SIDE), Cells::filling(h, SIDE));
    let mut out = [[0.0; SIDE]; SIDE];
    for (to, mean) in out.as_flattened_mut().iter_mut().zip(means) {
        *to = mean;
    }
    let values = out.as_flattened();
    let paper = values.iter().copied().fold(0.0, f64::max);
    let ink = values.iter().copied().fold(255.0, f64::min);
    if paper - ink < 12.0 {
        return None;
    }
    for value in out.as_flattened_mut() {
        *value = (paper - *value) / (paper - ink);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 会, 号 and 审 in 16 × 16 pixels, drawn here.
    const CHARACTERS: [[&str; 16]; 3] = [
        [
            "                ",
            "       ##       ",
            "      #  #      ",
            "     #    #     ",
            "    #      #    ",
            "   #        #   ",
            " ##  ######  ## ",
            "                ",
            "  ############  ",
            "      #         ",
            "     #          ",
            "    #    #      ",
            "   #      #     ",
            "  ##########    ",
            "            #   ",
            "                ",
        ],
        [
            "                ",
            "    ########    ",
            "    #      #    ",
            "    #      #    ",
            "    ########    ",
            "                ",
            " ############## ",
            "    #           ",
            "    #           ",
            "    #########   ",
            "            #   ",
            "            #   ",
            "            #   ",
            "          ##    ",
            "         #      ",
            "                ",
        ],
        [
            "                ",
            "       #        ",
            "        #       ",
            " ############## ",
            " #            # ",
            "   ##########   ",
            "   #   #    #   ",
            "   #   #    #   ",
            "   ##########   ",
            "   #   #    #   ",
            "   ##########   ",
            "       #        ",
            "       #        ",
            "       #        ",
            "       #        ",
            "                ",
        ],
    ];

    fn cut(rows: &[&str; 16]) -> Grey {
        // Three pixels for each, and paper lighter than ink.
        let pixels = |row: &&str| -> Vec<u8> {
            let tones = row.bytes().map(|b| if b == b'#' { 40 } else { 230 });
            tones.flat_map(|tone| [tone; 3]).collect()
        };
        let data = rows.iter().flat_map(|row| pixels(row).repeat(3)).collect();
        Grey {
            width: 48,
            height: 48,
            data,
        }
    }

    fn on_its_head(cut: &Grey) -> Grey {
        Grey {
            data: cut.data.iter().rev().copied().collect(),
            ..cut.clone()
        }
    }

    #[test]
    fn characters_stand_on_their_feet_and_turned_ones_do_not() {
        for rows in &CHARACTERS {
            let upright = cut(rows);
            let (a, b) = (score(&upright), score(&on_its_head(&upright)));
            let (a, b) = (a.unwrap(), b.unwrap());
            assert!(a > 0.3, "{rows:#?}: {a}");
            assert!((a + b).abs() < 1e-9, "{a} {b}");
        }
    }

    #[test]
    fn a_rule_beside_a_character_does_not_speak_for_it() {
        let mut ruled = CHARACTERS[0];
        let plain = score(&cut(&ruled)).unwrap();
        for rule in [0, 15] {
            ruled[rule] = "################";
            let score = score(&cut(&ruled)).unwrap();
            assert!((score - plain).abs() < 0.6, "{score} {plain}");
            ruled[rule] = "                ";
        }
        let mut only = ["                "; 16];
        only[15] = "################";
        assert!(score(&cut(&only)).unwrap().abs() < 1e-9);
    }
}
