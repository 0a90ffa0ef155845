//! A lamp or a window mirrored by the paper: a spot of full white on paper that is darker all around, without an edge, and with nothing
//! in it. White that is printed has an edge, and light that falls on a page leaves its type.

use std::collections::{HashMap, VecDeque};

use super::Shine;
use crate::inspect::legibility::{
    detail::to_picture,
    lines::Line,
    overview::{CELL, Cell, Overview},
    text::Text,
};

/// Paper in a spot has so much of full white.
const WHITE: f64 = 0.985;
/// The paper around it has no more than this.
const DARKER: f64 = 0.96;
/// So many cells (of 4 mm) away it is looked for.
const AWAY: [usize; 2] = [5, 9];
/// The cells beside a spot are lighter than the paper around it by this share of the way to white …
const SOFT: f64 = 0.2;
/// … in this share of them.
const SOFT_SHARE: f64 = 0.6;
/// Cells inside a spot whose tones deviate by more hold something; a few may, where it is patchy.
const EMPTY: f32 = 8.0;
const EMPTY_SHARE: f64 = 0.95;
/// A spot is no more than this share of the page, and fills this share of the box around it: paper around a picture does not. Nor
/// does it reach from edge to edge.
const MOST: f64 = 0.33;
const COMPACT: f64 = 0.5;
/// No more than this share of its rim is the edge of the page: half a page in the light is no spot.
const AT_EDGE: f64 = 0.25;
/// A spot that matters covers so many cells of the text.
const LEAST: usize = 6;

/// Finds spots that lie where text is.
pub(super) fn find(text: &Text, over: &Overview) -> Vec<Shine> {
    if over.negative || text.regular < 2 {
        return Vec::new();
    }
    let grid = Grid::of(over);
    let Some(hull) = hull(text, over) else {
        return Vec::new();
    };
    let written: f64 = text.lines.all.iter().map(Line::width).sum();
    let mut out = Vec::new();
    for spot in grid.spots() {
        let inside = |cell: &&usize| {
            let [x, y] = grid.middle(**cell);
            hull[0] < x && x < hull[2] && hull[1] < y && y < hull[3]
        };
        let taken = spot.iter().filter(inside).count();
        if taken < LEAST || !grid.is_shine(&spot) {
            continue;
        }
        let cell = (CELL * CELL) as f64;
        let left = ((hull[2] - hull[0]) * (hull[3] - hull[1]) - taken as f64 * cell).max(cell);
        out.push(Shine {
            bounds: grid.bounds(&spot).map(|v| v * over.factor as f64),
            length: written * taken as f64 * cell / left,
            is_bright: true,
        });
    }
    out
}

/// Left, top, right and bottom of the text on the overview.
fn hull(text: &Text, over: &Overview) -> Option<[f64; 4]> {
    let lines = &text.lines;
    let corners = lines.all.iter().flat_map(|line| {
        [(line.x0, line.y0), (line.x1, line.y1)]
            .map(|(x, y)| to_picture(over, lines.turned, x, y + lines.slope * x))
    });
    corners.map(|(x, y)| [x, y, x, y]).reduce(|a, b| {
        [
            a[0].min(b[0]),
            a[1].min(b[1]),
            a[2].max(b[2]),
            a[3].max(b[3]),
        ]
    })
}

/// The cells of the paper.
struct Grid<'a> {
    cells: &'a [Cell],
    across: usize,
    width: f64,
    height: f64,
}

impl Grid<'_> {
    fn of(over: &Overview) -> Grid<'_> {
        Grid {
            cells: &over.cells,
            across: over.luma.width.div_ceil(CELL),
            width: over.luma.width as f64,
            height: over.luma.height as f64,
        }
    }
    fn level(&self, cell: usize) -> f64 {
        f64::from(self.cells.get(cell).map_or(0, |cell| cell.level))
    }
    fn is_white(&self, cell: usize) -> bool {
        self.level(cell) >= WHITE * 255.0
    }
    fn middle(&self, cell: usize) -> [f64; 2] {
        [cell % self.across, cell / self.across].map(|n| (n as f64 + 0.5) * CELL as f64)
    }
    /// The cells beside, above and below.
    fn beside(&self, cell: usize) -> impl Iterator<Item = usize> {
        let x = cell % self.across;
        let left = (x > 0).then(|| cell - 1);
        let right = (x + 1 < self.across).then_some(cell + 1);
        let above = cell.checked_sub(self.across);
        let below = Some(cell + self.across).filter(|cell| *cell < self.cells.len());
        [left, right, above, below].into_iter().flatten()
    }
    /// White cells that touch.
    fn spots(&self) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.cells.len()];
        let mut out = Vec::new();
        for start in (0..self.cells.len()).filter(|cell| self.is_white(*cell)) {
            let mut spot = Vec::new();
            let mut next = vec![start];
            while let Some(cell) = next.pop() {
                match seen.get_mut(cell) {
                    Some(seen) if !*seen => *seen = true,
                    _ => continue,
                }
                spot.push(cell);
                next.extend(self.beside(cell).filter(|cell| self.is_white(*cell)));
            }
            if spot.len() >= LEAST {
                out.push(spot);
            }
        }
        out
    }
    /// Whether a white spot fades into paper that is darker, and nothing can be seen in it.
    fn is_shine(&self, spot: &[usize]) -> bool {
        self.is_compact(spot) && self.fades(spot) && self.is_empty(spot)
    }
    fn is_compact(&self, spot: &[usize]) -> bool {
        let [l, t, r, b] = self.bounds(spot);
        let area = (spot.len() * CELL * CELL) as f64;
        let is_band = l <= 0.0 && r >= self.width || t <= 0.0 && b >= self.height;
        !is_band && area <= MOST * self.width * self.height && area >= COMPACT * (r - l) * (b - t)
    }
    fn fades(&self, spot: &[usize]) -> bool {
        let distances = self.distances(spot);
        let at = |near: usize, far: usize| -> Vec<f64> {
            let cells = distances.iter().filter(|(_, d)| (near..=far).contains(*d));
            cells.map(|(cell, _)| self.level(*cell)).collect()
        };
        let mut around = at(AWAY[0], AWAY[1]);
        if around.len() < LEAST {
            return false;
        }
        around.sort_by(f64::total_cmp);
        let around = around.get(around.len() / 2).copied().unwrap_or(255.0);
        let beside = at(1, 1);
        let is_soft = |level: &&f64| **level > around + SOFT * (255.0 - around);
        let soft = beside.iter().filter(is_soft).count();
        let cut = spot
            .iter()
            .filter(|cell| self.beside(**cell).count() < 4)
            .count();
        let is_whole = cut as f64 <= AT_EDGE * (cut + beside.len()) as f64;
        is_whole && around <= DARKER * 255.0 && soft as f64 >= SOFT_SHARE * beside.len() as f64
    }
    fn is_empty(&self, spot: &[usize]) -> bool {
        let is_inner = |cell: &&usize| self.beside(**cell).all(|cell| self.is_white(cell));
        let inner: Vec<&usize> = spot.iter().filter(is_inner).collect();
        let is_empty =
            |cell: &&&usize| self.cells.get(***cell).is_some_and(|c| c.deviation < EMPTY);
        let empty = inner.iter().filter(is_empty).count();
        !inner.is_empty() && empty as f64 >= EMPTY_SHARE * inner.len() as f64
    }
    /// How many cells each cell is away from a spot, as far as it matters.
    fn distances(&self, spot: &[usize]) -> HashMap<usize, usize> {
        let mut out = HashMap::new();
        let mut next: VecDeque<(usize, usize)> = spot.iter().map(|cell| (*cell, 0)).collect();
        while let Some((cell, distance)) = next.pop_front() {
            if out.contains_key(&cell) {
                continue;
            }
            out.insert(cell, distance);
            if distance < AWAY[1] {
                next.extend(self.beside(cell).map(|cell| (cell, distance + 1)));
            }
        }
        out
    }
    fn bounds(&self, spot: &[usize]) -> [f64; 4] {
        let half = CELL as f64 / 2.0;
        let cells = spot.iter().map(|cell| self.middle(*cell));
        let [l, t, r, b] = cells.fold(
            [f64::INFINITY, f64::INFINITY, 0.0, 0.0],
            |[l, t, r, b], [x, y]| {
                [
                    l.min(x - half),
                    t.min(y - half),
                    r.max(x + half),
                    b.max(y + half),
                ]
            },
        );
        [l, t, r.min(self.width), b.min(self.height)]
    }
}
