//! Where the value of a label stands: beside it, under it in a table, around its height in a cell, and how far it goes on below.

use super::{
    lines::{Glyph, Line, spaced},
    rows::{Hit, Part, Value, skip_colon},
};
use crate::units::PtBox;

pub(super) fn mark(taken: &mut [bool], line: usize) {
    if let Some(flag) = taken.get_mut(line) {
        *flag = true;
    }
}

/// Where the value ends on a recognised line: what stands more than three characters away is a photograph or a stamp.
pub(super) fn until_specks(line: &Line, from: usize, until: usize) -> usize {
    if !line.recognised {
        return until;
    }
    let far = line
        .glyphs
        .iter()
        .zip(line.glyphs.iter().skip(1))
        .enumerate()
        .skip(from)
        .take(until.saturating_sub(from + 1))
        .find(|(_, (before, next))| next.x0 - before.x1 > line.size * 3.0);
    far.map_or(until, |(i, _)| i + 1)
}

fn mid(line: &Line, from: usize, to: usize) -> f64 {
    let b = line.boxed(from, to);
    f64::midpoint(b.x0.value(), b.x1.value())
}

/// For a line that holds labels only: the part of the line under it that belongs to each label.
pub(super) fn values_under(lines: &[Line], hits: &[Vec<Hit>], i: usize) -> Vec<Option<Part>> {
    let none = |n: usize| vec![None; n];
    let (Some(line), Some(found)) = (lines.get(i), hits.get(i)) else {
        return Vec::new();
    };
    let covered: usize = found
        .iter()
        .map(|hit| skip_colon(line, hit.end) - hit.start)
        .sum();
    let (Some(next), Some(next_hits)) = (lines.get(i + 1), hits.get(i + 1)) else {
        return none(found.len());
    };
    let near = line.centre() - next.centre() <= line.size.max(next.size) * 3.2;
    if covered < line.glyphs.len() || !next_hits.is_empty() || !near {
        return none(found.len());
    }
    let cells = next.cells();
    if found.len() == 1 {
        // One label over one value: only when both begin at the same place.
        let (Some(hit), [(from, to)]) = (found.first(), cells.as_slice()) else {
            return none(found.len());
        };
        let same_edge =
            (line.boxed(hit.start, hit.end).x0.value() - next.boxed(*from, *to).x0.value()).abs()
                <= 5.0;
        return vec![same_edge.then_some(Part {
            line: i + 1,
            from: *from,
            to: *to,
        })];
    }
    let mut under = none(found.len());
    for (from, to) in cells {
        let at = mid(next, from, to);
        let nearest = found
            .iter()
            .enumerate()
            .map(|(n, hit)| (n, (mid(line, hit.start, hit.end) - at).abs()))
            .min_by(|a, b| a.1.total_cmp(&b.1));
        if let Some(slot) = nearest.and_then(|(n, _)| under.get_mut(n)) {
            slot.get_or_insert(Part {
                line: i + 1,
                from,
                to,
            });
        }
    }
    under
}

/// For a label with nothing beside it: parts of lines without labels, right of it, just above and just below its height.
pub(super) fn around(
    lines: &[Line],
    hits: &[Vec<Hit>],
    i: usize,
    hit: &Hit,
    taken: &mut [bool],
) -> Vec<Part> {
    let Some(line) = lines.get(i) else {
        return Vec::new();
    };
    let right_of = line.boxed(hit.start, hit.end).x1.value();
    let part_of = |n: usize, taken: &[bool]| -> Option<Part> {
        let other = lines.get(n)?;
        let free = hits.get(n)?.is_empty() && !*taken.get(n)?;
        let near = (other.centre() - line.centre()).abs() <= line.size * 1.15;
        let (from, to) = other
            .cells()
            .into_iter()
            .find(|(from, to)| other.boxed(*from, *to).x0.value() >= right_of)?;
        (free && near).then_some(Part { line: n, from, to })
    };
    let above = i.checked_sub(1).and_then(|n| part_of(n, taken));
    let beneath = part_of(i + 1, taken);
    // A wrapped value in a centred cell has a line on either side; one line alone is somebody else's.
    match (above, beneath) {
        (Some(above), Some(beneath)) => {
            mark(taken, above.line);
            mark(taken, beneath.line);
            vec![above, beneath]
        }
        _ => Vec::new(),
    }
}

/// Lines of their own under a value that begin where it begins.
pub(super) fn below(
    lines: &[Line],
    hits: &[Vec<Hit>],
    last: Part,
    taken: &mut [bool],
) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut last = last;
    loop {
        let n = last.line + 1;
        let (Some(above), Some(line), Some(found)) =
            (lines.get(last.line), lines.get(n), hits.get(n))
        else {
            break;
        };
        let free = found.is_empty() && taken.get(n) == Some(&false);
        let gap = above.centre() - line.centre();
        let near = gap <= line.size * 2.0;
        // The label of the next row, when it has nothing beside itself and is nearer, has the better claim.
        let next_claims = lines
            .get(n + 1)
            .zip(hits.get(n + 1))
            .is_some_and(|(next, found)| {
                let bare = found.iter().any(|hit| hit.end >= next.glyphs.len());
                bare && line.centre() - next.centre() < gap
            });
        let edge = above.boxed(last.from, last.to).x0.value();
        let cell = line.cells().into_iter().find(|(from, to)| {
            let b = line.boxed(*from, *to);
            (b.x0.value() - edge).abs() <= 4.0
        });
        let same_type = (line.size - above.size).abs() <= above.size * 0.15;
        let Some((from, to)) = cell.filter(|_| free && near && !next_claims && same_type) else {
            break;
        };
        mark(taken, n);
        last = Part { line: n, from, to };
        parts.push(last);
        if parts.len() == 4 {
            break;
        }
    }
    parts
}

pub(super) fn value_of(lines: &[Line], parts: &[Part]) -> Option<Value> {
    let mut text = String::new();
    let mut box_pt: Option<PtBox> = None;
    let mut glyphs: Vec<Glyph> = Vec::new();
    for part in parts {
        let line = lines.get(part.line)?;
        let piece = spaced(line.glyphs.get(part.from..part.to)?);
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if latin(text.chars().last()) && latin(piece.chars().next()) {
            text.push(' ');
        }
        text.push_str(&piece);
        let b = line.boxed(part.from, part.to);
        box_pt = Some(box_pt.map_or(b, |old| old.union(b)));
        glyphs.extend_from_slice(line.glyphs.get(part.from..part.to)?);
    }
    let box_pt = box_pt.filter(|_| !text.is_empty())?;
    Some(Value {
        text,
        box_pt,
        trusted: glyphs.iter().all(|g| g.trusted),
        mixed: mixed(&glyphs),
    })
}

/// Whether characters of one script stand in more than one font, or in clearly different sizes.
/// Digits in a Latin font beside ideographs in a Chinese one are how everybody sets type.
fn mixed(glyphs: &[Glyph]) -> bool {
    let of = |class: fn(char) -> bool| {
        let mut fonts: Vec<Option<u32>> = Vec::new();
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for glyph in glyphs.iter().filter(|g| class(g.ch)) {
            if !fonts.contains(&glyph.font) {
                fonts.push(glyph.font);
            }
            low = low.min(glyph.size);
            high = high.max(glyph.size);
        }
        fonts.len() > 1 || high > low * 1.12
    };
    of(|c| c.is_ascii_digit()) || of(|c| c.is_ascii_alphabetic())
}
