//! What a few hundred small windows on the text say at full resolution: edges, strokes, contrast, noise.

use super::{
    lines::{Line, Lines},
    overview::Overview,
};
use crate::inspect::raster::{Grey, Raster};

/// What is measured in one tile of the page, or over all of it. Lengths are in pixels of the raster.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub struct TileMeasures {
    /// Left, top, right, bottom of what was looked at, in pixels of the raster.
    pub bounds: [f64; 4],
    /// Windows that it is made from.
    pub windows: u32,
    /// Height of a line of text, close to the height of its characters.
    pub line_px: f64,
    /// 10–90 % rise of an edge along the lines.
    pub rise_along_px: f64,
    /// 10–90 % rise of an edge across the lines.
    pub rise_across_px: f64,
    /// Median width of a stroke.
    pub stroke_px: f64,
    /// Edges that reach at least half the contrast, for each line height along the line.
    pub edges_along: f64,
    /// The same across the line.
    pub edges_across: f64,
    /// Level of the paper, 0–1.
    pub paper: f64,
    /// Paper less ink, 0–1.
    pub contrast: f64,
    /// Standard deviation of the paper, 0–1.
    pub noise: f64,
    /// Root mean square of what is finer than a tenth of the line's height, as a share of the contrast, the noise taken off.
    pub fine: f64,
    /// Share of pixels in the middle of the tone scale between ink and paper.
    pub grey: f64,
    /// Share of pixels below the middle.
    pub dark: f64,
}

/// Windows looked at on one page, at most.
const WINDOWS: usize = 110;
/// Pixels of one window, at most.
const WINDOW_PIXELS: usize = 14_000;
/// Side of a tile, in mm.
pub(super) const TILE_MM: f64 = 40.0;

/// One window.
struct Window {
    tile: (usize, usize),
    measures: TileMeasures,
}

/// Measures the text, tile by tile; tiles with too little text are left out.
pub(super) fn tiles(raster: &Raster, over: &Overview, lines: &Lines) -> Vec<TileMeasures> {
    let tile_px = over.px(TILE_MM);
    let mut windows = Vec::new();
    let places = places(lines, over, tile_px);
    for (line, x) in &places {
        if let Some(window) = look(raster, over, lines, line, *x, tile_px) {
            windows.push(window);
        }
    }
    windows.sort_by_key(|w| w.tile);
    let mut out = Vec::new();
    let mut rest = windows.as_slice();
    while let Some(first) = rest.first() {
        let n = rest.iter().take_while(|w| w.tile == first.tile).count();
        let (these, others) = rest.split_at(n);
        if n >= 2 {
            out.push(pool(these));
        }
        rest = others;
    }
    if out.is_empty() && !windows.is_empty() {
        out.push(pool(&windows));
    }
    out
}

/// The median of each measure over windows, weighted alike.
fn pool(windows: &[Window]) -> TileMeasures {
    let median = |of: fn(&TileMeasures) -> f64| {
        let mut values: Vec<f64> = windows
            .iter()
            .map(|w| of(&w.measures))
            .filter(|v| v.is_finite())
            .collect();
        values.sort_by(f64::total_cmp);
        let n = values.len();
        let at = |i: usize| values.get(i).copied().unwrap_or(0.0);
        if n == 0 {
            0.0
        } else {
            f64::midpoint(at(n / 2), at((n - 1) / 2))
        }
    };
    TileMeasures {
        bounds: windows.iter().map(|w| w.measures.bounds).fold(
            [f64::INFINITY, f64::INFINITY, 0.0, 0.0],
            |[x0, y0, x1, y1], [a, b, c, d]| [x0.min(a), y0.min(b), x1.max(c), y1.max(d)],
        ),
        windows: windows.len() as u32,
        line_px: median(|m| m.line_px),
        rise_along_px: median(|m| m.rise_along_px),
        rise_across_px: median(|m| m.rise_across_px),
        stroke_px: median(|m| m.stroke_px),
        edges_along: median(|m| m.edges_along),
        edges_across: median(|m| m.edges_across),
        paper: median(|m| m.paper),
        contrast: median(|m| m.contrast),
        noise: median(|m| m.noise),
        fine: median(|m| m.fine),
        grey: median(|m| m.grey),
        dark: median(|m| m.dark),
    }
}

/// Where to look: a few places in each line, evenly over the page.
fn places(lines: &Lines, over: &Overview, tile_px: f64) -> Vec<(Line, f64)> {
    let typical = lines.height.max(1.0);
    let mut all = Vec::new();
    for line in &lines.all {
        let h = line.height();
        // A heading or a merged block says little about the text.
        if h > 2.2 * typical && lines.all.len() > 6 {
            continue;
        }
        let room = line.width();
        let wanted = (room / (tile_px / 3.0)).ceil().max(1.0) as usize;
        for i in 0..wanted {
            let x = line.x0 + room * (i as f64 + 0.5) / wanted as f64;
            all.push((*line, x));
        }
    }
    if all.len() > WINDOWS {
        // Even over tiles: the page's few small tiles count as much as its dense ones.
        let tiles_across =
            (over.luma.width.max(over.luma.height) as f64 / tile_px).ceil() as usize + 2;
        let mut seen = std::collections::BTreeMap::<usize, usize>::new();
        let mut ranked: Vec<(usize, usize, (Line, f64))> = all
            .into_iter()
            .enumerate()
            .map(|(i, place)| {
                let y = f64::midpoint(place.0.y0, place.0.y1);
                let tile = (y.max(0.0) / tile_px) as usize * tiles_across
                    + (place.1.max(0.0) / tile_px) as usize;
                let rank = seen.entry(tile).or_insert(0);
                *rank += 1;
                // Shuffled within a tile, the same way every time.
                let mixed = (*rank * 7_919 + 13) % 101;
                (mixed, i, place)
            })
            .collect();
        ranked.sort_by_key(|(mixed, i, _)| (*mixed, *i));
        ranked.truncate(WINDOWS);
        return ranked.into_iter().map(|(_, _, place)| place).collect();
    }
    all
}

fn look(
    raster: &Raster,
    over: &Overview,
    lines: &Lines,
    line: &Line,
    x: f64,
    tile_px: f64,
) -> Option<Window> {
    let factor = over.factor as f64;
    let slack = 0.35 * line.height() + 1.0;
    let tall = line.height() + 2.0 * slack;
    let limit = WINDOW_PIXELS as f64 / (factor * factor) / tall;
    let wide = (2.6 * line.height()).max(over.px(5.0)).min(limit).max(4.0);
    // Back along the slope to where the line really stands.
    let middle = f64::midpoint(line.y0, line.y1) + lines.slope * x;
    let (fx0, fy0) = (x - wide / 2.0, middle - tall / 2.0);
    let window = frame_luma(raster, over, lines.turned, fx0, fy0, wide, tall)?;
    let margin = (slack * factor) as usize;
    let mut measures = measure(&window, margin)?;
    let (px, py) = to_picture(over, lines.turned, x, middle);
    let (half_x, half_y) = if lines.turned {
        (line.height() / 2.0, wide / 2.0)
    } else {
        (wide / 2.0, line.height() / 2.0)
    };
    measures.bounds =
        [px - half_x, py - half_y, px + half_x, py + half_y].map(|v| v.max(0.0) * factor);
    measures.line_px = line.height() * factor;
    let tile = (
        (py.max(0.0) / tile_px) as usize,
        (px.max(0.0) / tile_px) as usize,
    );
    Some(Window { tile, measures })
}

/// A point of the frame in overview pixels of the picture.
pub(super) fn to_picture(over: &Overview, turned: bool, x: f64, y: f64) -> (f64, f64) {
    if turned {
        (over.luma.width as f64 - 1.0 - y, x)
    } else {
        (x, y)
    }
}

/// Luma of a rectangle of the frame at full resolution, upright in the frame.
pub(super) fn frame_luma(
    raster: &Raster,
    over: &Overview,
    turned: bool,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
) -> Option<Grey> {
    let factor = over.factor as f64;
    let scaled = |v: f64| (v * factor).round().max(0.0) as usize;
    if turned {
        let left = over.luma.width as f64 - y - height;
        let piece = raster.luma(scaled(left), scaled(x), scaled(height), scaled(width));
        let mut data = vec![0; piece.data.len()];
        for (i, value) in piece.data.iter().enumerate() {
            let (px, py) = (i % piece.width.max(1), i / piece.width.max(1));
            let to = (piece.width - 1 - px) * piece.height + py;
            if let Some(place) = data.get_mut(to) {
                *place = *value;
            }
        }
        (!data.is_empty()).then_some(Grey {
            width: piece.height,
            height: piece.width,
            data,
        })
    } else {
        let piece = raster.luma(scaled(x), scaled(y), scaled(width), scaled(height));
        (!piece.data.is_empty()).then_some(piece)
    }
}

/// Measures one window: a piece of a line with `margin` rows of paper above and below.
#[expect(clippy::indexing_slicing, reason = "pixel loops within the window")]
fn measure(window: &Grey, margin: usize) -> Option<TileMeasures> {
    let (w, h) = (window.width, window.height);
    if w < 8 || h < 8 {
        return None;
    }
    let mut counts = [0_u32; 256];
    for value in &window.data {
        counts[usize::from(*value)] += 1;
    }
    let total = (w * h) as u32;
    let quantile = |share: f64| {
        let mut left = (f64::from(total) * share) as u32;
        for (level, count) in counts.iter().enumerate() {
            if left < *count {
                return level as f64;
            }
            left -= count;
        }
        255.0
    };
    let ink = quantile(0.03);
    let paper = quantile(0.85);
    let contrast = paper - ink;
    if contrast < 2.0 {
        return None;
    }
    let noise = noise(window, margin, paper - 0.3 * contrast);
    let (low, high) = (ink + 0.25 * contrast, ink + 0.75 * contrast);
    let mid = ink + 0.5 * contrast;
    let inside = margin.min(h / 3)..h - margin.min(h / 3);
    let (mut grey, mut dark, mut n) = (0_u32, 0_u32, 0_u32);
    for y in inside.clone() {
        for value in &window.data[y * w..(y + 1) * w] {
            let v = f64::from(*value);
            grey += u32::from(v > low && v < high);
            dark += u32::from(v < mid);
            n += 1;
        }
    }
    let line = inside.len() as f64;
    let mut along = Ramps::default();
    let mut strokes = Vec::new();
    for y in inside.clone() {
        let row = &window.data[y * w..(y + 1) * w];
        along.scan(row.iter().copied(), contrast);
        runs(row.iter().copied(), mid, &mut strokes);
    }
    let mut across = Ramps::default();
    for x in 0..w {
        let column = (0..h).map(|y| window.data[y * w + x]);
        across.scan(column.clone(), contrast);
        runs(column, mid, &mut strokes);
    }
    strokes.sort_unstable();
    let (edges_along, edges_across) = (along.strong as f64, across.strong as f64);
    let (along_rise, across_rise) = (along.rise(), across.rise());
    let per_line = line / (inside.len() * w) as f64;
    let fine = fine(window, inside.clone(), line, noise) / contrast;
    Some(TileMeasures {
        bounds: [0.0; 4],
        windows: 1,
        line_px: line,
        rise_along_px: along_rise,
        rise_across_px: across_rise,
        stroke_px: f64::from(strokes.get(strokes.len() / 2).copied().unwrap_or(0)),
        edges_along: edges_along * per_line,
        edges_across: edges_across * per_line,
        paper: paper / 255.0,
        contrast: contrast / 255.0,
        noise: noise / 255.0,
        fine,
        grey: f64::from(grey) / f64::from(n.max(1)),
        dark: f64::from(dark) / f64::from(n.max(1)),
    })
}

/// Standard deviation of the paper around its local level, from pixels of the margins that are paper.
#[expect(clippy::indexing_slicing, reason = "pixel loops within the window")]
fn noise(window: &Grey, margin: usize, least: f64) -> f64 {
    let (w, h) = (window.width, window.height);
    let margin = margin.clamp(2, h / 2);
    let (mut sum, mut n) = (0.0_f64, 0_u32);
    for y in (0..h).filter(|y| *y < margin || *y >= h - margin) {
        let row = &window.data[y * w..(y + 1) * w];
        // Differences two apart: neighbours share what resampling and JPEG smooth away.
        for pair in row.windows(3) {
            let (a, b) = (f64::from(pair[0]), f64::from(pair[2]));
            if a >= least && b >= least {
                sum += (a - b) * (a - b);
                n += 1;
            }
        }
    }
    if n < 12 {
        return 0.0;
    }
    (sum / f64::from(n) / 2.0).sqrt()
}

/// Monotone ramps between a light and a dark place.
#[derive(Default)]
struct Ramps {
    rises: Vec<f32>,
    strong: usize,
}

impl Ramps {
    /// Looks along one row or column.
    fn scan(&mut self, values: impl Iterator<Item = u8>, contrast: f64) {
        let wanted = (contrast * 0.5) as i32;
        // A step back smaller than this is noise, not the end of a ramp.
        let ripple = (contrast * 0.06) as i32;
        let mut values = values.map(i32::from);
        let Some(mut last) = values.next() else {
            return;
        };
        let (mut direction, mut start, mut extreme, mut steepest) = (0_i32, last, last, 0_i32);
        for value in values {
            let step = value - last;
            if direction == 0 {
                direction = step.signum();
                (start, extreme, steepest) = (last, value, step.abs());
            } else if (value - extreme) * direction >= 0 {
                extreme = value;
                steepest = steepest.max(step * direction);
            } else if (extreme - value) * direction > ripple {
                self.end(start, extreme, steepest, wanted);
                direction = -direction;
                (start, steepest) = (extreme, (step * direction).max(1));
                extreme = value;
            }
            last = value;
        }
        self.end(start, extreme, steepest, wanted);
    }
    fn end(&mut self, start: i32, extreme: i32, steepest: i32, wanted: i32) {
        let height = (extreme - start).abs();
        if height >= wanted.max(2) && steepest > 0 {
            self.strong += 1;
            // For an edge blurred by a Gaussian, height over steepest slope is 2.51 σ, and the 10–90 % rise 2.56 σ.
            self.rises.push(height as f32 / steepest as f32);
        }
    }
    /// The median rise; NaN when there is too little to tell.
    fn rise(mut self) -> f64 {
        if self.rises.len() < 8 {
            return f64::NAN;
        }
        let middle = self.rises.len() / 2;
        let (_, median, _) = self.rises.select_nth_unstable_by(middle, f32::total_cmp);
        f64::from(*median)
    }
}

/// Lengths of runs of ink.
fn runs(values: impl Iterator<Item = u8>, mid: f64, out: &mut Vec<u16>) {
    let mid = mid as u8;
    let mut run = 0_u16;
    for value in values {
        if value < mid {
            run += 1;
        } else if run > 0 {
            out.push(run);
            run = 0;
        }
    }
}

/// Root mean square of what is finer than a tenth of the line's height, the noise taken off.
#[expect(clippy::indexing_slicing, reason = "pixel loops within the window")]
fn fine(window: &Grey, inside: std::ops::Range<usize>, line: f64, noise: f64) -> f64 {
    let w = window.width;
    let radius = ((line * 0.09).round() as usize).max(1);
    let span = 2 * radius + 1;
    if w <= span + 2 {
        return 0.0;
    }
    let (mut sum, mut n) = (0.0_f64, 0_u32);
    let mut blurred = vec![0.0_f32; w];
    for y in inside {
        let row = &window.data[y * w..(y + 1) * w];
        let mut total: u32 = row[..span].iter().map(|v| u32::from(*v)).sum();
        for x in radius..w - radius {
            blurred[x] = total as f32 / span as f32;
            if x + radius + 1 < w {
                total += u32::from(row[x + radius + 1]);
                total -= u32::from(row[x - radius]);
            }
        }
        for x in radius..w - radius {
            let d = f64::from(f32::from(row[x]) - blurred[x]);
            sum += d * d;
            n += 1;
        }
    }
    let own = noise * noise * (1.0 - 1.0 / span as f64);
    (sum / f64::from(n.max(1)) - own).max(0.0).sqrt()
}
