//! What a shine took: gaps in the lines of a text towards which its type grows paler and paler, over several lines. An ordinary gap (a
//! space, a table, the end of a paragraph) has type beside it that is as dark as the rest.

use super::{
    detail::to_picture,
    lines::{Line, Lines, root},
    overview::Overview,
    seals,
    text::Text,
};

/// Text that a shine took.
#[derive(Clone, Debug)]
pub(super) struct Shine {
    /// Left, top, right, bottom, in pixels of the raster.
    pub(super) bounds: [f64; 4],
    /// Length of the lines that are gone, in overview pixels.
    pub(super) length: f64,
    /// Whether the paper in its middle is white or lighter than elsewhere; where it is not, the print itself is pale.
    pub(super) is_bright: bool,
}

/// Adds those that were found in another way; two that overlap are one.
pub(super) fn add(shines: &mut Vec<Shine>, others: Vec<Shine>) {
    for mut shine in others {
        let [l, t, r, b] = shine.bounds;
        let is_same = |other: &mut Shine| {
            let [x0, y0, x1, y1] = other.bounds;
            x0 < r && l < x1 && y0 < b && t < y1
        };
        for other in shines.extract_if(.., is_same) {
            let [l, t, r, b] = shine.bounds;
            let [x0, y0, x1, y1] = other.bounds;
            shine.bounds = [l.min(x0), t.min(y0), r.max(x1), b.max(y1)];
            shine.length = shine.length.max(other.length);
        }
        shines.push(shine);
    }
}

/// Paper in a shine has this share of full white at least, or of the level elsewhere.
const BRIGHT: f64 = 0.97;
const BRIGHTER: f64 = 1.04;

/// Squares of fewer overview pixels are too small to look into.
const SMALLEST: f64 = 5.0;
/// How dark a square is: as the depth that one of so many of its pixels exceeds.
const DEEPEST: u32 = 30;
/// A square with less depth than so many times the noise of the paper is empty.
const EMPTY: f64 = 2.0;
/// Type with less depth than so many times the noise of the paper fades everywhere.
const PLAIN: f64 = 8.0;
/// An end of a line is worth a look below this share of what is usual in the middle of lines.
const WORTH: f64 = 0.8;

/// What is paler than this share of the usual is gone.
const GONE: f64 = 0.25;
/// A gap of fewer characters is a space.
const LEAST_GAP: usize = 2;
/// So many characters beside a gap, at least and at most, tell whether type grows paler towards it.
const LEAST_BESIDE: usize = 3;
const BESIDE: usize = 8;
/// A square beside a gap belongs to what was taken below this share of the usual; type further away does not.
const HALF: f64 = 0.5;
/// Type beside a gap is pale below this share of the type further away.
const PALE: f64 = 0.65;
/// How much the type must gain from the first to the third character beside a gap, as a share of the usual: grey type is pale at once.
const GAIN: f64 = 0.12;
/// It pales over several characters where the first and the second are below these shares of the type further away.
const SLOW: [f64; 2] = [0.6, 0.8];
/// Lines of one text are less than so many times their height apart, also where every second one is gone.
const NEXT: f64 = 4.5;
/// Columns of a table end alike; where a shine begins and ends in each line differs by at least so many characters.
const RAGGED: usize = 2;
/// So many ends of lines have to say the same.
const ENDS: usize = 4;
/// The widest gap of a shine has so many characters at least, pale ones along: cells of a table leave two or three beside a rule.
const WIDEST: usize = 4;

/// One row of text, character by character.
struct Row {
    y0: f64,
    y1: f64,
    /// How dark the ink of each square is, 0–255.
    ink: Vec<f64>,
}

/// A gap in a row: its first square and the one behind its last, pale type along with it; and where type pales towards it, from where to
/// where there is none.
#[derive(Clone, Copy)]
struct Gap {
    row: usize,
    from: usize,
    to: usize,
    ends: [Option<usize>; 2],
    /// Whether all type beside it pales.
    is_sure: bool,
    /// At how many of its ends it pales over several characters.
    slow: usize,
}

/// Finds what a shine took.
pub(super) fn find(text: &Text, over: &Overview, seals: &[seals::Found]) -> Vec<Shine> {
    let lines = &text.lines;
    let square = lines.height;
    if !text.is_like_text() || square < SMALLEST {
        return Vec::new();
    }
    let squares = Squares { text, over, seals };
    let regular = lines.all.iter().filter(|line| lines.is_usual(line));
    // A look at the ends of lines spares most pages the rest.
    let mut middles: Vec<f64> = regular
        .clone()
        .map(|line| squares.ink(f64::midpoint(line.x0, line.x1), line.y0, line.y1))
        .collect();
    let usual = median(&mut middles);
    let ends = regular
        .clone()
        .flat_map(|line| [line.x0, line.x1 - square].map(|x| squares.ink(x, line.y0, line.y1)));
    if ends.filter(|ink| *ink < usual * WORTH).count() < ENDS {
        return Vec::new();
    }
    let (left, right) = regular.clone().fold((f64::INFINITY, 0.0), |(l, r), line| {
        (f64::min(l, line.x0), f64::max(r, line.x1))
    });
    let rows = rows(regular, &squares, (left, right));
    let mut inked: Vec<f64> = rows
        .iter()
        .flat_map(|row| row.ink.iter().copied())
        .collect();
    inked.retain(|ink| *ink > text.ink.floor * EMPTY);
    let usual = median(&mut inked);
    if usual < text.ink.floor * PLAIN {
        return Vec::new();
    }
    let gone = (usual * GONE).max(text.ink.floor);
    let (sure, doubtful): (Vec<Gap>, Vec<Gap>) = rows
        .iter()
        .enumerate()
        .flat_map(|(n, row)| gaps(n, row, gone, usual))
        .partition(|gap| gap.is_sure);
    let mut found = Vec::new();
    for mut group in groups(&sure, &rows, square) {
        end_alike(&mut group);
        let of = |value: fn(&Gap) -> usize| group.iter().map(value);
        let known = |side: usize| {
            group
                .iter()
                .filter_map(move |gap| gap.ends.get(side).copied()?)
        };
        let ends = known(0).count() + known(1).count();
        let widest = of(|gap| gap.to - gap.from).max().unwrap_or(0);
        // Where a square is half empty because a column begins in it, the next is as dark as all.
        let is_shine = of(|gap| gap.slow).sum::<usize>() >= ENDS || is_ragged(&group);
        if ends < ENDS || widest < WIDEST || !is_shine {
            continue;
        }
        take_in(&mut group, &doubtful, &rows, square);
        let of = |value: fn(&Gap) -> usize| group.iter().map(value);
        let first = of(|gap| gap.from).min().unwrap_or(0);
        let last = of(|gap| gap.to).max().unwrap_or(0);
        let squares: usize = of(|gap| gap.to - gap.from).sum();
        let of_rows = || group.iter().filter_map(|gap| rows.get(gap.row));
        let top = of_rows().map(|row| row.y0).fold(f64::INFINITY, f64::min);
        let bottom = of_rows().map(|row| row.y1).fold(0.0, f64::max);
        let right = right.min(left + last as f64 * square);
        let bounds = [left + first as f64 * square, top, right, bottom];
        found.push(shine(lines, over, bounds, squares as f64 * square));
    }
    found
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

fn shine(lines: &Lines, over: &Overview, [x0, y0, x1, y1]: [f64; 4], length: f64) -> Shine {
    let corner = |x: f64, y: f64| to_picture(over, lines.turned, x, y + lines.slope * x);
    let corners = [(x0, y0), (x1, y0), (x0, y1), (x1, y1)].map(|(x, y)| corner(x, y));
    let bounds = corners.iter().fold(
        [f64::INFINITY, f64::INFINITY, 0.0, 0.0],
        |[l, t, r, b], (x, y)| [l.min(*x), t.min(*y), r.max(*x), b.max(*y)],
    );
    let (x, y) = corner(f64::midpoint(x0, x1), f64::midpoint(y0, y1));
    let level = over.paper_at(x, y);
    Shine {
        bounds: bounds.map(|v| v * over.factor as f64),
        length,
        is_bright: level > BRIGHT * 255.0 || level > over.paper * BRIGHTER,
    }
}

/// Pieces that stand in one row together, each square of the row from the left to the right edge of the text.
fn rows<'a>(
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
struct Squares<'a> {
    text: &'a Text,
    over: &'a Overview,
    seals: &'a [seals::Found],
}

impl Squares<'_> {
    /// How dark the ink of a square is. What lies under a seal is no gap.
    #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
    fn ink(&self, x0: f64, y0: f64, y1: f64) -> f64 {
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

/// The gaps of a row towards which type grows paler, on one side at least.
fn gaps(row: usize, text: &Row, gone: f64, usual: f64) -> Vec<Gap> {
    let ink = &text.ink;
    // Type between two gaps: its first square and the one behind its last.
    let mut pieces: Vec<(usize, usize)> = Vec::new();
    for (n, _) in ink.iter().enumerate().filter(|(_, ink)| **ink >= gone) {
        match pieces.last_mut() {
            Some((_, end)) if n < *end + LEAST_GAP => *end = n + 1,
            _ => pieces.push((n, n + 1)),
        }
    }
    let type_of = |piece: Option<&(usize, usize)>, before: bool| {
        let (from, to) = piece.copied().unwrap_or((0, 0));
        let piece = ink.get(from..to).unwrap_or_default().iter().copied();
        let side: Vec<f64> = if before {
            piece.rev().take(BESIDE).collect()
        } else {
            piece.take(BESIDE).collect()
        };
        beside(&side, usual)
    };
    let mut out = Vec::new();
    for n in 0..=pieces.len() {
        let before = n.checked_sub(1).and_then(|n| pieces.get(n));
        let after = pieces.get(n);
        let from = before.map_or(0, |(_, end)| *end);
        let to = after.map_or(ink.len(), |(start, _)| *start);
        if to - from < LEAST_GAP {
            continue;
        }
        let sides = [type_of(before, true), type_of(after, false)];
        let is_sure = sides.iter().flatten().all(|side| side.is_paling);
        let paling = sides.map(|side| side.filter(|side| side.is_paling));
        if paling.iter().all(Option::is_none) {
            continue;
        }
        let pale = paling.map(|side| side.map_or(0, |side| side.pale));
        out.push(Gap {
            row,
            from: from - pale[0],
            to: to + pale[1],
            ends: [paling[0].map(|_| from), paling[1].map(|_| to)],
            is_sure,
            slow: paling.iter().flatten().filter(|side| side.is_slow).count(),
        });
    }
    out
}

/// Type beside a gap.
#[derive(Clone, Copy)]
struct Side {
    /// How many squares are pale.
    pale: usize,
    /// Whether it grows paler and paler towards the gap.
    is_paling: bool,
    /// Whether it does so over several characters.
    is_slow: bool,
}

/// Looks at the type beside a gap, from the gap outwards; `None` for too little of it.
fn beside(side: &[f64], usual: f64) -> Option<Side> {
    let [first, second, ..] = *side else {
        return None;
    };
    if side.len() < LEAST_BESIDE {
        return None;
    }
    let far = side
        .get(LEAST_BESIDE.min(side.len() - 1)..)
        .unwrap_or_default();
    let far = far.iter().sum::<f64>() / far.len() as f64;
    let next = side.iter().skip(2).take(2).copied().fold(0.0, f64::max);
    let near = f64::midpoint(first, second);
    let pale = side.iter().take_while(|ink| **ink < usual * HALF).count();
    Some(Side {
        pale,
        is_paling: far > usual * HALF && near < far * PALE && next > first + usual * GAIN,
        is_slow: first < far * SLOW[0] && second < far * SLOW[1],
    })
}

/// Takes in the gaps above, below and between that a comma or a short piece stands beside, which does not pale.
fn take_in(group: &mut Vec<Gap>, doubtful: &[Gap], rows: &[Row], square: f64) {
    let (mut near, mut left) = (group.clone(), doubtful.to_vec());
    while !near.is_empty() {
        let is_near = |gap: &Gap| near.iter().any(|other| is_next(gap, other, rows, square));
        (near, left) = left.into_iter().partition(is_near);
        group.extend(&near);
    }
    end_alike(group);
}

/// Whether a gap lies above or below another.
fn is_next(one: &Gap, other: &Gap, rows: &[Row], square: f64) -> bool {
    let (upper, lower) = if one.row < other.row {
        (one, other)
    } else {
        (other, one)
    };
    let place = |gap: &Gap| rows.get(gap.row).map_or((0.0, 0.0), |row| (row.y0, row.y1));
    let apart = place(lower).0 - place(upper).1;
    upper.row < lower.row && apart < NEXT * square && upper.from < lower.to && lower.from < upper.to
}

/// A line that ends in the shine, as the last of a paragraph does, would have gone on no further than the shine.
fn end_alike(group: &mut [Gap]) {
    let first = group
        .iter()
        .filter(|gap| gap.ends[0].is_some())
        .map(|gap| gap.from)
        .min();
    let last = group
        .iter()
        .filter(|gap| gap.ends[1].is_some())
        .map(|gap| gap.to)
        .max();
    for gap in group {
        if let (None, Some(first)) = (gap.ends[0], first) {
            gap.from = gap.from.max(first.min(gap.to));
        }
        if let (None, Some(last)) = (gap.ends[1], last) {
            gap.to = gap.to.min(last.max(gap.from));
        }
    }
}

/// Whether the gaps of lines do not begin or do not end one below the other.
fn is_ragged(group: &[Gap]) -> bool {
    let spread = |side: usize| {
        let ends = || group.iter().filter_map(|gap| gap.ends.get(side).copied()?);
        let spread = ends().max().zip(ends().min());
        spread.map_or(0, |(most, least)| most - least)
    };
    spread(0).max(spread(1)) >= RAGGED
}

/// Gaps that lie one below the other.
fn groups(gaps: &[Gap], rows: &[Row], square: f64) -> Vec<Vec<Gap>> {
    let mut parent: Vec<usize> = (0..gaps.len()).collect();
    for (n, gap) in gaps.iter().enumerate() {
        for (m, other) in gaps.iter().enumerate().take(n) {
            if is_next(gap, other, rows, square) {
                let (a, b) = (root(&mut parent, n), root(&mut parent, m));
                if let Some(to) = parent.get_mut(a.max(b)) {
                    *to = a.min(b);
                }
            }
        }
    }
    let mut out = std::collections::BTreeMap::<usize, Vec<Gap>>::new();
    for (n, gap) in gaps.iter().enumerate() {
        out.entry(root(&mut parent, n)).or_default().push(*gap);
    }
    out.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_pales_towards_a_shine_and_towards_nothing_else() {
        let paling = |side: &[f64]| {
            let side = beside(side, 200.0);
            side.map(|side| (side.is_paling, side.is_slow))
        };
        let (slow, fast) = (
            [60.0, 110.0, 150.0, 190.0, 200.0, 200.0],
            [60.0, 190.0, 200.0, 200.0],
        );
        assert_eq!(paling(&slow), Some((true, true)));
        // The half of a square that a column begins in looks like this, too.
        assert_eq!(paling(&fast), Some((true, false)));
        assert_eq!(paling(&[200.0; 6]), Some((false, false)));
        // Grey type, then black.
        let grey = [90.0, 90.0, 90.0, 90.0, 200.0, 200.0];
        assert_eq!(paling(&grey).map(|(paling, _)| paling), Some(false));
        assert_eq!(paling(&slow[..2]), None, "too little to tell");
    }

    #[test]
    fn a_line_that_ends_in_a_shine_goes_on_no_further_than_it() {
        let gap = |row, from, to, ends| Gap {
            row,
            from,
            to,
            ends,
            is_sure: true,
            slow: 1,
        };
        let mut group = [
            gap(0, 10, 20, [Some(11), Some(19)]),
            gap(1, 8, 22, [Some(9), Some(21)]),
            gap(2, 9, 60, [Some(10), None]),
        ];
        end_alike(&mut group);
        assert_eq!(
            group.map(|gap| (gap.from, gap.to)),
            [(10, 20), (8, 22), (9, 22)]
        );
        assert!(is_ragged(&group));
        assert!(!is_ragged(&[
            gap(0, 0, 8, [None, Some(8)]),
            gap(1, 0, 8, [None, Some(7)])
        ]));
    }

    #[test]
    fn gaps_with_a_comma_beside_them_are_taken_in_where_they_lie_in_a_shine() {
        let rows: Vec<Row> = (0..12)
            .map(|n| Row {
                y0: f64::from(n) * 20.0,
                y1: f64::from(n) * 20.0 + 10.0,
                ink: Vec::new(),
            })
            .collect();
        let gap = |row, from, to, ends, is_sure| Gap {
            row,
            from,
            to,
            ends,
            is_sure,
            slow: 1,
        };
        let mut group = vec![
            gap(1, 10, 20, [Some(11), Some(19)], true),
            gap(2, 8, 22, [Some(9), Some(21)], true),
        ];
        let doubtful = [
            gap(3, 9, 40, [Some(10), None], false),
            gap(4, 12, 18, [None, Some(17)], false),
            // Beside them, and far below.
            gap(3, 60, 70, [Some(61), None], false),
            gap(11, 9, 20, [Some(10), None], false),
        ];
        take_in(&mut group, &doubtful, &rows, 10.0);
        let taken: Vec<_> = group
            .iter()
            .map(|gap| (gap.row, gap.from, gap.to))
            .collect();
        assert_eq!(taken, [(1, 10, 20), (2, 8, 22), (3, 9, 22), (4, 12, 18)]);
    }
}
