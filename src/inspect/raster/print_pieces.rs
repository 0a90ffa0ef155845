//! Where print stands in a grey picture: pieces of lines, cut at wide gaps, each a rectangle.
//!
//! Ink that stands close is one piece: characters of a line, strokes of a character. A cell of a table, a label and its value are pieces
//! of their own. What is too high, too low or too small is none: photographs, codes, frames, dust. Nothing is read here.

use super::{Grey, ruled_lines::darkness};

/// A rectangle of the picture: from, and up to but without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) x0: usize,
    pub(super) y0: usize,
    pub(super) x1: usize,
    pub(super) y1: usize,
}

/// The print of a picture.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Print {
    /// Height of its usual characters, in pixels.
    pub(super) em: f64,
    pub(super) pieces: Vec<Piece>,
}

/// Most pieces of a page: a crowded form has two hundred cells. More are grain, or a picture printed in dots.
pub(super) const MOST: usize = 600;
/// Most connected areas of ink that are looked at before they are put together.
const MOST_AREAS: usize = 60_000;
/// Strokes of one character stand this close, in inches.
const STROKES: f64 = 0.02;
/// Heights of characters, in inches: 4 to 30 pt.
const CHARACTER: std::ops::Range<f64> = 0.06..0.4;
/// Widest gap inside a piece, in characters.
const GAP: f64 = 0.75;
/// Lowest and highest piece, in characters.
const LOW: f64 = 0.3;
const HIGH: f64 = 2.4;

impl Piece {
    pub(super) fn width(self) -> usize {
        self.x1 - self.x0
    }
    pub(super) fn height(self) -> usize {
        self.y1 - self.y0
    }
    fn with(self, other: Piece) -> Piece {
        Piece {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }
    /// White between two pieces along one axis; 0 where they overlap.
    fn apart((a0, a1): (usize, usize), (b0, b1): (usize, usize)) -> usize {
        a0.max(b0).saturating_sub(a1.min(b1))
    }
}

/// The print of a picture of `dpi`; `None` when it has none, or is no page of print.
pub(super) fn find(grey: &Grey, dpi: f64) -> Option<Print> {
    let ink = darkness(grey);
    let em = usual_height(&areas(&ink, grey.width, (dpi * STROKES) as usize)?, dpi)?;
    let speck = em * 0.2;
    let mut whole: Vec<Piece> = areas(&ink, grey.width, (em * GAP) as usize)?
        .into_iter()
        .filter(|area| area.width().max(area.height()) as f64 >= speck)
        .collect();
    if whole.len() > MOST * 4 {
        return None;
    }
    join(&mut whole, em);
    let mut pieces = Vec::new();
    for piece in whole {
        if piece.height() as f64 > em * HIGH {
            pieces.extend(lines_in(&ink, grey.width, piece, em));
        } else {
            pieces.push(piece);
        }
    }
    pieces.retain(|piece| {
        let (w, h) = (piece.width() as f64 / em, piece.height() as f64 / em);
        (LOW..=HIGH).contains(&h) && w >= 0.08
    });
    pieces.sort_by_key(|piece| (piece.y0, piece.x0));
    (!pieces.is_empty() && pieces.len() <= MOST).then_some(Print { em, pieces })
}

/// Height that three of four characters do not exceed.
fn usual_height(areas: &[Piece], dpi: f64) -> Option<f64> {
    let mut heights: Vec<usize> = areas
        .iter()
        .map(|area| area.height())
        .filter(|h| CHARACTER.contains(&(*h as f64 / dpi)))
        .collect();
    heights.sort_unstable();
    heights.get(heights.len() * 3 / 4).map(|h| *h as f64)
}

/// Rectangles around areas of ink whose pixels touch from row to row, gaps of up to `gap` along a row filled.
fn areas(ink: &[bool], width: usize, gap: usize) -> Option<Vec<Piece>> {
    let mut found = Areas::default();
    let mut above: Vec<(usize, usize, usize)> = Vec::new();
    for (y, row) in ink.chunks_exact(width.max(1)).enumerate() {
        let mut here = Vec::new();
        let mut first = 0;
        for (x0, x1) in runs(row, gap) {
            let id = found.begin(Piece {
                x0,
                y0: y,
                x1,
                y1: y + 1,
            });
            while above.get(first).is_some_and(|(_, end, _)| *end < x0) {
                first += 1;
            }
            for (from, _, other) in above.iter().skip(first) {
                if *from > x1 {
                    break;
                }
                found.unite(id, *other);
            }
            here.push((x0, x1, id));
        }
        above = here;
    }
    let all = found.all();
    (all.len() <= MOST_AREAS).then_some(all)
}

/// Runs of ink of a row, gaps of up to `gap` filled.
fn runs(row: &[bool], gap: usize) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (x, _) in row.iter().enumerate().filter(|(_, ink)| **ink) {
        match runs.last_mut() {
            Some((_, end)) if x - *end <= gap => *end = x + 1,
            _ => runs.push((x, x + 1)),
        }
    }
    runs
}

/// Areas that grow together (a union-find forest with the rectangle at each root).
#[derive(Default)]
struct Areas {
    parent: Vec<usize>,
    around: Vec<Piece>,
}

impl Areas {
    fn begin(&mut self, piece: Piece) -> usize {
        self.parent.push(self.parent.len());
        self.around.push(piece);
        self.parent.len() - 1
    }
    fn root(&mut self, mut id: usize) -> usize {
        while let Some(parent) = self.parent.get(id).copied().filter(|parent| *parent != id) {
            let over = self.parent.get(parent).copied().unwrap_or(parent);
            if let Some(slot) = self.parent.get_mut(id) {
                *slot = over;
            }
            id = over;
        }
        id
    }
    fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        if let (Some(one), Some(other)) = (self.around.get(a), self.around.get(b)) {
            let both = one.with(*other);
            if let (Some(around), Some(parent)) = (self.around.get_mut(b), self.parent.get_mut(a)) {
                *around = both;
                *parent = b;
            }
        }
    }
    fn all(&self) -> Vec<Piece> {
        let ids = self.parent.iter().zip(&self.around).enumerate();
        ids.filter(|(id, (parent, _))| *parent == id)
            .map(|(_, (_, around))| *around)
            .collect()
    }
}

/// Puts together what one line holds: strokes over each other (三), marks beside a character.
fn join(pieces: &mut Vec<Piece>, em: f64) {
    loop {
        pieces.sort_by_key(|piece| (piece.y0, piece.x0));
        let before = pieces.len();
        let mut joined: Vec<Piece> = Vec::with_capacity(before);
        for piece in pieces.drain(..) {
            let near = joined.iter_mut().rev().take(200).find(|other| {
                let across = Piece::apart((other.x0, other.x1), (piece.x0, piece.x1)) as f64;
                let down = Piece::apart((other.y0, other.y1), (piece.y0, piece.y1)) as f64;
                across <= em * GAP
                    && down <= em * 0.4
                    && other.with(piece).height() as f64 <= em * 1.45
            });
            match near {
                Some(other) => *other = other.with(piece),
                None => joined.push(piece),
            }
        }
        *pieces = joined;
        if pieces.len() == before {
            return;
        }
    }
}

/// The lines of a piece that is too high for one: cut where rows hold next to no ink. A picture has no such rows and gives nothing.
fn lines_in(ink: &[bool], width: usize, piece: Piece, em: f64) -> Vec<Piece> {
    let few = piece.width() / 50;
    let is_print = |y: usize| {
        let row = ink.get(y * width + piece.x0..y * width + piece.x1);
        row.is_some_and(|row| row.iter().filter(|ink| **ink).count() > few)
    };
    let mut lines = Vec::new();
    let mut start = None;
    for y in piece.y0..=piece.y1 {
        if y < piece.y1 && is_print(y) {
            start.get_or_insert(y);
        } else if let Some(y0) = start.take() {
            lines.push(Piece { y0, y1: y, ..piece });
        }
    }
    lines.retain(|line| (em * 0.5..=em * HIGH).contains(&(line.height() as f64)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of ink `(x, y, w, h)` on a page of 300 dpi.
    fn page(blocks: &[(usize, usize, usize, usize)]) -> Grey {
        let (width, height) = (1200, 900);
        let mut data = vec![240_u8; width * height];
        for (x, y, w, h) in blocks {
            for row in data.chunks_exact_mut(width).skip(*y).take(*h) {
                row[*x..x + w].fill(30);
            }
        }
        Grey {
            width,
            height,
            data,
        }
    }
    /// Characters of 40 pixels, 6 apart.
    fn characters(x: usize, y: usize, n: usize) -> Vec<(usize, usize, usize, usize)> {
        (0..n).map(|i| (x + i * 46, y, 40, 40)).collect()
    }
    fn found(blocks: &[(usize, usize, usize, usize)]) -> Vec<(usize, usize, usize, usize)> {
        let print = find(&page(blocks), 300.0);
        let pieces = print.map(|print| print.pieces).unwrap_or_default();
        pieces
            .iter()
            .map(|p| (p.x0, p.y0, p.width(), p.height()))
            .collect()
    }

    #[test]
    fn a_label_its_value_and_the_next_line_are_three_pieces() {
        let mut blocks = characters(100, 100, 4);
        blocks.extend(characters(400, 100, 6));
        blocks.extend(characters(100, 160, 3));
        assert_eq!(
            found(&blocks),
            [
                (100, 100, 178, 40),
                (400, 100, 270, 40),
                (100, 160, 132, 40)
            ]
        );
    }

    #[test]
    fn strokes_over_each_other_are_one_character_and_a_gap_of_a_character_parts() {
        // 三: three flat strokes.
        let mut blocks = characters(100, 100, 5);
        blocks.extend([(400, 100, 40, 6), (400, 117, 40, 6), (400, 134, 40, 6)]);
        let pieces = found(&blocks);
        assert_eq!(pieces, [(100, 100, 224, 40), (400, 100, 40, 40)]);
        // Characters of 40: gaps of 30 are inside, of 31 outside.
        assert_eq!(found(&[(100, 100, 40, 40), (170, 100, 40, 40)]).len(), 1);
        assert_eq!(found(&[(100, 100, 40, 40), (171, 100, 40, 40)]).len(), 2);
    }

    #[test]
    fn photographs_and_dust_are_no_print_and_lines_that_touch_are_cut() {
        let mut blocks = characters(100, 100, 6);
        blocks.push((700, 100, 300, 400));
        blocks.push((900, 600, 5, 5));
        assert_eq!(found(&blocks), [(100, 100, 270, 40)]);
        // Three lines that a stroke of a pen runs through.
        let mut blocks: Vec<_> = (0..3)
            .flat_map(|i| characters(100, 300 + i * 50, 12))
            .collect();
        blocks.push((300, 290, 4, 160));
        blocks.extend(characters(100, 700, 9));
        let lines = found(&blocks);
        let tops: Vec<usize> = lines.iter().map(|line| line.1).collect();
        assert_eq!(tops, [300, 350, 400, 700]);
    }

    #[test]
    fn a_page_of_the_most_pieces_is_taken_and_one_more_is_not() {
        // Specks of a character's size, a character apart: 20 rows of 30.
        let grid = |n: usize| -> Vec<_> {
            (0..n)
                .map(|i| (5 + i % 30 * 39, 5 + i / 30 * 40, 20, 20))
                .collect()
        };
        assert_eq!(found(&grid(MOST)).len(), MOST);
        assert!(found(&grid(MOST + 1)).is_empty());
        assert!(found(&[]).is_empty(), "an empty page");
    }
}
