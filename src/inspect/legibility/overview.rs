//! The page at about 100 dpi: luma, colour, the level of the paper around each pixel, and how deep the ink lies below it.

use super::tones::otsu;
use crate::inspect::raster::{Layout, Raster};

/// Resolution an overview comes close to, in pixels an inch.
const OVERVIEW_DPI: f64 = 100.0;
/// Paper with more noise than this share of its level is grainy: clean scans stay below 0.013.
const GRAINY: f64 = 0.03;
/// Side of the cells in which the paper's level is taken, in overview pixels; 4 mm at 100 dpi.
pub(super) const CELL: usize = 16;

/// A picture of bytes: rows from the top.
#[derive(Clone, Debug, Default)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) data: Vec<u8>,
}

impl Plane {
    pub(super) fn new(width: usize, height: usize) -> Plane {
        Plane {
            width,
            height,
            data: vec![0; width * height],
        }
    }
    pub(super) fn row(&self, y: usize) -> &[u8] {
        let rows = self.data.get(y * self.width..(y + 1) * self.width);
        rows.unwrap_or_default()
    }
    pub(super) fn at(&self, x: usize, y: usize) -> u8 {
        if x < self.width {
            self.data.get(y * self.width + x).copied().unwrap_or(0)
        } else {
            0
        }
    }
    pub(super) fn set(&mut self, x: usize, y: usize, value: u8) {
        if let Some(at) = self.data.get_mut(y * self.width + x) {
            *at = value;
        }
    }
    /// Turned a quarter counter-clockwise: what ran up the right edge now runs along the top.
    pub(super) fn turned(&self) -> Plane {
        // In blocks, so that neither the rows read nor the rows written leave the cache.
        const BLOCK: usize = 32;
        let mut out = Plane::new(self.height, self.width);
        for left in (0..self.width).step_by(BLOCK) {
            let right = (left + BLOCK).min(self.width);
            for top in (0..self.height).step_by(BLOCK) {
                for y in top..(top + BLOCK).min(self.height) {
                    let values = self.row(y).get(left..right).unwrap_or_default();
                    for (x, value) in values.iter().enumerate() {
                        out.set(y, self.width - 1 - left - x, *value);
                    }
                }
            }
        }
        out
    }
}

/// The page at about 100 dpi.
#[derive(Clone, Debug)]
pub(super) struct Overview {
    /// Whether all tones are turned round: light type on a dark ground is looked at as if it were dark type on paper.
    pub(super) negative: bool,
    /// Pixels of the raster a pixel of the overview stands for, in each direction.
    pub(super) factor: usize,
    /// Pixels an inch.
    pub(super) dpi: f64,
    /// Luma.
    pub(super) luma: Plane,
    /// Blue and red difference, 128 for none; `None` for a grey page.
    pub(super) chroma: Option<[Plane; 2]>,
    /// 255 × (1 − luma / paper around it): ink, whatever the light.
    pub(super) depth: Plane,
    /// Level of the paper in each cell, smoothed, and the standard deviation in it.
    pub(super) cells: Vec<Cell>,
    /// Standard deviation of the paper's luma at this scale.
    pub(super) noise: f64,
    /// Level of the paper, the median over the page.
    pub(super) paper: f64,
    /// Level of the lightest paper, a twentieth of the cells aside.
    pub(super) light: f64,
    /// Level at which a copy in black and white parts ink from paper (Otsu's method over the page).
    pub(super) cut: f64,
}

/// A cell of the paper.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cell {
    pub(super) level: u8,
    pub(super) deviation: f32,
}

impl Overview {
    pub(super) fn of(raster: &Raster, dpi: f64) -> Option<Overview> {
        let factor = ((dpi / OVERVIEW_DPI).round() as usize).clamp(1, 12);
        let (width, height) = (raster.width() / factor, raster.height() / factor);
        if width < 16 || height < 16 {
            return None;
        }
        let (luma, chroma) = shrink(raster, factor, width, height);
        Some(Overview::seen(luma, chroma, factor, dpi / factor as f64))
    }
    /// Whether the paper's own noise reaches so deep that it hides lines of text at this scale.
    pub(super) fn is_grainy(&self) -> bool {
        self.noise > GRAINY * self.paper
    }
    /// The page from further away: what is finer than a stroke runs together.
    pub(super) fn softened(&self) -> Overview {
        self.with(soft(&soft(&self.luma)))
    }
    /// The page with light for dark and dark for light.
    pub(super) fn as_negative(&self) -> Overview {
        let mut luma = self.luma.clone();
        luma.data.iter_mut().for_each(|v| *v = 255 - *v);
        Overview {
            negative: !self.negative,
            ..self.with(luma)
        }
    }
    fn with(&self, luma: Plane) -> Overview {
        Overview {
            negative: self.negative,
            ..Overview::seen(luma, self.chroma.clone(), self.factor, self.dpi)
        }
    }
    fn seen(luma: Plane, chroma: Option<[Plane; 2]>, factor: usize, dpi: f64) -> Overview {
        let (mut cells, across, counts) = cells(&luma);
        smooth(&mut cells, across);
        let mut levels: Vec<u8> = cells.iter().map(|cell| cell.level).collect();
        levels.sort_unstable();
        let paper = f64::from(levels.get(levels.len() / 2).copied().unwrap_or(255));
        let light = levels.len().saturating_sub(1) * 19 / 20;
        let light = f64::from(levels.get(light).copied().unwrap_or(255));
        let mut deviations: Vec<f32> = cells
            .iter()
            .filter(|cell| f64::from(cell.level) > paper * 0.5)
            .map(|cell| cell.deviation)
            .collect();
        deviations.sort_by(f32::total_cmp);
        let noise = deviations
            .get(deviations.len() / 12)
            .copied()
            .unwrap_or(0.0);
        let depth = depth(&luma, &cells, across);
        let (cut, _) = otsu(&counts);
        Overview {
            negative: false,
            factor,
            dpi,
            luma,
            chroma,
            depth,
            cells,
            noise: f64::from(noise),
            paper: paper.max(1.0),
            light: light.max(1.0),
            cut,
        }
    }
    /// Level of the paper around a place.
    pub(super) fn paper_at(&self, x: f64, y: f64) -> f64 {
        let across = self.luma.width.div_ceil(CELL);
        let (x, y) = (x.max(0.0) as usize / CELL, y.max(0.0) as usize / CELL);
        let cell = self.cells.get(y * across + x.min(across - 1));
        f64::from(cell.map_or(0, |cell| cell.level))
    }
    /// Millimetres as overview pixels.
    pub(super) fn px(&self, mm: f64) -> f64 {
        mm * self.dpi / 25.4
    }
}

/// Luma, each pixel the mean of a block; and of the middle of each block its colour, which is smooth and stored at half the
/// resolution anyway. In one pass: a page at 300 dpi does not fit into any cache.
#[expect(clippy::indexing_slicing, reason = "pixel loop over exact chunks")]
fn shrink(
    raster: &Raster,
    factor: usize,
    width: usize,
    height: usize,
) -> (Plane, Option<[Plane; 2]>) {
    let step = raster.step();
    let chunk = factor * step;
    let mut luma = Plane::new(width, height);
    let mut chroma = (raster.layout() == Layout::Ycbcr)
        .then(|| [Plane::new(width, height), Plane::new(width, height)]);
    let mut sums = vec![0_u32; width];
    let mut columns = vec![0_u16; width * chunk];
    let scale = (1 << 16) / (factor * factor) as u32;
    for y in 0..height {
        columns.fill(0);
        for row in y * factor..(y + 1) * factor {
            for (sum, value) in columns.iter_mut().zip(raster.row(row)) {
                *sum += u16::from(*value);
            }
        }
        let line = y * width..(y + 1) * width;
        if let Some([blue, red]) = &mut chroma {
            let middle = factor / 2 * step;
            let row = raster.row(y * factor + factor / 2).chunks_exact(chunk);
            let to = blue.data[line.clone()]
                .iter_mut()
                .zip(&mut red.data[line.clone()]);
            for ((blue, red), p) in to.zip(row) {
                (*blue, *red) = (p[middle + 1], p[middle + 2]);
            }
        }
        // Columns added up first, many at once; then across, every `step`th of them.
        match (step, factor) {
            (3, 3) => {
                for (sum, p) in sums.iter_mut().zip(columns.chunks_exact(9)) {
                    *sum = u32::from(p[0]) + u32::from(p[3]) + u32::from(p[6]);
                }
            }
            (1, 3) => {
                for (sum, p) in sums.iter_mut().zip(columns.chunks_exact(3)) {
                    *sum = u32::from(p[0]) + u32::from(p[1]) + u32::from(p[2]);
                }
            }
            _ => {
                for (sum, p) in sums.iter_mut().zip(columns.chunks_exact(chunk)) {
                    *sum = p.iter().step_by(step).map(|v| u32::from(*v)).sum();
                }
            }
        }
        for (to, sum) in luma.data[line].iter_mut().zip(&sums) {
            *to = ((sum * scale + (1 << 15)) >> 16).min(255) as u8;
        }
    }
    (luma, chroma)
}

/// Means over squares of three by three pixels; the outermost pixels stay.
#[expect(clippy::indexing_slicing, reason = "pixel loop inside the plane")]
fn soft(plane: &Plane) -> Plane {
    let (w, h) = (plane.width, plane.height);
    let mut out = plane.clone();
    let mut sums = vec![0_u16; w];
    for y in 1..h - 1 {
        let rows = [y - 1, y, y + 1].map(|y| plane.row(y));
        for (x, sum) in sums.iter_mut().enumerate() {
            *sum = rows.iter().map(|row| u16::from(row[x])).sum();
        }
        let to = &mut out.data[y * w + 1..(y + 1) * w - 1];
        for (to, three) in to.iter_mut().zip(sums.windows(3)) {
            *to = ((three.iter().sum::<u16>() + 4) / 9) as u8;
        }
    }
    out
}

/// The cells of the paper, how many stand side by side, and how often each tone occurs on the page.
#[expect(
    clippy::indexing_slicing,
    reason = "cells are cut to the picture; histograms have 256 places"
)]
fn cells(luma: &Plane) -> (Vec<Cell>, usize, [u32; 256]) {
    let across = luma.width.div_ceil(CELL);
    let down = luma.height.div_ceil(CELL);
    let mut cells = Vec::with_capacity(across * down);
    let mut all = [0_u32; 256];
    for cy in 0..down {
        for cx in 0..across {
            let (x0, x1) = (cx * CELL, ((cx + 1) * CELL).min(luma.width));
            let (y0, y1) = (cy * CELL, ((cy + 1) * CELL).min(luma.height));
            // Two counts by turns: neighbours are mostly alike, and adding to the same place twice has to wait.
            let (mut counts, mut others) = ([0_u16; 256], [0_u16; 256]);
            let (mut sum, mut squares) = (0_u32, 0_u32);
            for y in y0..y1 {
                let row = &luma.data[y * luma.width + x0..y * luma.width + x1];
                for value in row {
                    let v = u32::from(*value);
                    sum += v;
                    squares += v * v;
                }
                let mut pairs = row.chunks_exact(2);
                for pair in &mut pairs {
                    counts[usize::from(pair[0])] += 1;
                    others[usize::from(pair[1])] += 1;
                }
                if let [last] = pairs.remainder() {
                    counts[usize::from(*last)] += 1;
                }
            }
            for ((all, a), b) in all.iter_mut().zip(&mut counts).zip(&others) {
                *a += b;
                *all += u32::from(*a);
            }
            let n = ((x1 - x0) * (y1 - y0)) as u32;
            let mut above = n / 10;
            let mut level = 255_usize;
            while level > 0 {
                let here = u32::from(counts[level]);
                if above < here {
                    break;
                }
                above -= here;
                level -= 1;
            }
            let mean = f64::from(sum) / f64::from(n);
            let variance = (f64::from(squares) / f64::from(n) - mean * mean).max(0.0);
            cells.push(Cell {
                level: level as u8,
                deviation: variance.sqrt() as f32,
            });
        }
    }
    (cells, across, all)
}

/// Each level becomes the median of the nine around it: a heading or a small picture is not taken for paper.
#[expect(
    clippy::indexing_slicing,
    reason = "neighbours are kept within the grid"
)]
fn smooth(cells: &mut [Cell], across: usize) {
    let down = cells.len() / across.max(1);
    let before: Vec<u8> = cells.iter().map(|cell| cell.level).collect();
    for cy in 0..down {
        for cx in 0..across {
            let mut near = [0_u8; 9];
            let mut n = 0;
            for y in cy.saturating_sub(1)..(cy + 2).min(down) {
                for x in cx.saturating_sub(1)..(cx + 2).min(across) {
                    near[n] = before[y * across + x];
                    n += 1;
                }
            }
            let near = &mut near[..n];
            near.sort_unstable();
            cells[cy * across + cx].level = near[n / 2];
        }
    }
}

/// How far each pixel lies below the paper around it, as a share of the paper.
#[expect(
    clippy::indexing_slicing,
    reason = "pixel loop; cells are clamped to the grid"
)]
fn depth(luma: &Plane, cells: &[Cell], across: usize) -> Plane {
    let down = cells.len() / across.max(1);
    let mut out = Plane::new(luma.width, luma.height);
    let inverse: Vec<u32> = (0..256_u32).map(|p| (255 << 16) / p.max(1)).collect();
    let mut edge = vec![0_i32; across + 2];
    let half = CELL as i32 / 2;
    for y in 0..luma.height {
        // Between the centres of the cells above and below, in 1/256.
        let at = (y as i32 - half).max(0) as usize;
        let (cy, part) = ((at / CELL).min(down - 1), (at % CELL) as i32);
        let below = (cy + 1).min(down - 1);
        for cx in 0..across {
            let (a, b) = (
                i32::from(cells[cy * across + cx].level),
                i32::from(cells[below * across + cx].level),
            );
            edge[cx + 1] = a * 256 + (b - a) * part * 256 / CELL as i32;
        }
        edge[0] = edge[1];
        edge[across + 1] = edge[across];
        let row = &luma.data[y * luma.width..(y + 1) * luma.width];
        let line = &mut out.data[y * luma.width..(y + 1) * luma.width];
        for segment in 0..=across {
            let start = (segment * CELL).saturating_sub(CELL / 2);
            let end = (segment * CELL + CELL / 2).min(luma.width);
            let from = (segment * CELL) as i32 - half;
            let (a, b) = (edge[segment], edge[segment + 1]);
            let slope = (b - a) / CELL as i32;
            for x in start..end {
                let paper = (a + slope * (x as i32 - from)) >> 8;
                let share = (u32::from(row[x]) * inverse[paper.clamp(1, 255) as usize]) >> 16;
                line[x] = 255_u32.saturating_sub(share) as u8;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shadow_is_not_ink_and_ink_in_shadow_is() {
        let (width, height) = (400, 300);
        let mut data = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let light = 250.0 - 150.0 * x as f64 / width as f64;
                let ink = y % 30 == 15 && x % 7 < 3;
                data.push(if ink { light * 0.3 } else { light } as u8);
            }
        }
        let raster = Raster::new(width, height, Layout::Grey, data).unwrap();
        let over = Overview::of(&raster, 100.0).unwrap();
        assert!(over.depth.at(350, 5) < 25);
        assert!(over.depth.at(350, 15) > 140);
        assert!(over.depth.at(1, 15) > 140);
    }
}
