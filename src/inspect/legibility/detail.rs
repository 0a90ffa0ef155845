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
    /// Level of the paper, 0–1.
    pub paper: f64,
    /// Paper less ink, 0–1, at reading scale: where a line is about 26 pixels high, so that noise finer than strokes averages out.
    pub contrast: f64,
    /// Standard deviation of the paper at reading scale, 0–1.
    pub noise: f64,
    /// Standard deviation of the paper in the raster itself, 0–1.
    pub grain: f64,
    /// Share of the paper beside the line that is dark specks, at reading scale.
    pub specks: f64,
    /// Level of the paper as a share of the lightest paper of the page: below 1 in a shadow.
    pub shade: f64,
    /// Edges that reach at least half the contrast, for each line height along the line, at reading scale.
    pub edges_along: f64,
    /// The same across the line.
    pub edges_across: f64,
    /// Root mean square of what is finer than a tenth of the line's height along the line, as a share of the contrast, the noise taken off; at reading scale.
    pub fine_along: f64,
    /// The same across the line.
    pub fine_across: f64,
    /// Share of pixels in the middle of the tone scale between ink and paper, at reading scale.
    pub grey: f64,
    /// Share of pixels below the middle, at reading scale.
    pub dark: f64,
    /// How well the tones fall into two groups, 0–1 (Otsu's criterion), at reading scale.
    pub apart: f64,
}

/// Windows looked at on one page, at most.
const WINDOWS: usize = 90;
/// Pixels of one window, at most.
const WINDOW_PIXELS: usize = 11_000;
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
        paper: median(|m| m.paper),
        contrast: median(|m| m.contrast),
        noise: median(|m| m.noise),
        grain: median(|m| m.grain),
        specks: windows.iter().map(|w| w.measures.specks).sum::<f64>() / windows.len() as f64,
        shade: median(|m| m.shade),
        edges_along: median(|m| m.edges_along),
        edges_across: median(|m| m.edges_across),
        fine_along: median(|m| m.fine_along),
        fine_across: median(|m| m.fine_across),
        grey: median(|m| m.grey),
        dark: median(|m| m.dark),
        apart: median(|m| m.apart),
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
    measures.shade = (measures.paper * 255.0 / over.light).min(1.0);
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

/// Line height at which characters are about as fine as a reader needs, in pixels.
const READING_PX: f64 = 26.0;

/// Measures one window: a piece of a line with `margin` rows of paper above and below.
fn measure(window: &Grey, margin: usize) -> Option<TileMeasures> {
    if window.width < 8 || window.height < 8 {
        return None;
    }
    let margin = margin.min(window.height / 3);
    let line = (window.height - 2 * margin) as f64;
    let tones = Tones::of(window)?;
    let mut measures = TileMeasures {
        windows: 1,
        paper: tones.paper / 255.0,
        grain: noise(window, margin, tones.middle()) / 255.0,
        ..TileMeasures::default()
    };
    sharpness(window, margin, &tones, &mut measures);
    // Brought to reading scale, where what is finer than a stroke averages out.
    let factor = (line / READING_PX).round().max(1.0) as usize;
    let small = shrink(window, factor);
    let margin = margin / factor;
    if small.width < 6 || small.height < 6 {
        return None;
    }
    let tones = Tones::of(&small)?;
    let noise = noise(&small, margin, tones.middle());
    let line = (small.height - 2 * margin) as f64;
    measures.contrast = tones.contrast() / 255.0;
    measures.noise = noise / 255.0;
    measures.specks = specks(&small, margin, &tones);
    reading(&small, margin, &tones, noise, line, &mut measures);
    Some(measures)
}

/// Levels of ink and paper, and how the tones spread between them.
struct Tones {
    ink: f64,
    paper: f64,
    counts: [u32; 256],
    total: u32,
}

impl Tones {
    /// `None` where there is no contrast at all.
    #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
    fn of(window: &Grey) -> Option<Tones> {
        let mut counts = [0_u32; 256];
        for value in &window.data {
            counts[usize::from(*value)] += 1;
        }
        let total = window.data.len() as u32;
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
        let (ink, paper) = (quantile(0.03), quantile(0.85));
        (paper - ink >= 2.0).then_some(Tones {
            ink,
            paper,
            counts,
            total,
        })
    }
    fn contrast(&self) -> f64 {
        self.paper - self.ink
    }
    fn middle(&self) -> f64 {
        f64::midpoint(self.paper, self.ink)
    }
    /// The largest share of the variance that a cut into two groups explains.
    fn apart(&self) -> f64 {
        let total = f64::from(self.total);
        let mut sum = 0.0;
        let mut squares = 0.0;
        for (level, count) in self.counts.iter().enumerate() {
            let (level, count) = (level as f64, f64::from(*count));
            sum += level * count;
            squares += level * level * count;
        }
        let variance = squares / total - (sum / total).powi(2);
        let (mut below, mut below_sum, mut best) = (0.0, 0.0, 0.0_f64);
        for (level, count) in self.counts.iter().enumerate() {
            below += f64::from(*count);
            below_sum += level as f64 * f64::from(*count);
            let above = total - below;
            if below > 0.0 && above > 0.0 {
                let gap = below_sum / below - (sum - below_sum) / above;
                best = best.max(below * above / total / total * gap * gap);
            }
        }
        if variance > 0.0 { best / variance } else { 0.0 }
    }
}

/// Means over blocks of `factor` by `factor` pixels.
#[expect(clippy::indexing_slicing, reason = "blocks lie within the window")]
pub(super) fn shrink(window: &Grey, factor: usize) -> Grey {
    if factor == 1 {
        return window.clone();
    }
    let (width, height) = (window.width / factor, window.height / factor);
    let area = (factor * factor) as u32;
    let mut data = Vec::with_capacity(width * height);
    for y in 0..height {
        for x in 0..width {
            let mut sum = 0_u32;
            for row in 0..factor {
                let start = (y * factor + row) * window.width + x * factor;
                sum += window.data[start..start + factor]
                    .iter()
                    .map(|v| u32::from(*v))
                    .sum::<u32>();
            }
            data.push(((sum + area / 2) / area) as u8);
        }
    }
    Grey {
        width,
        height,
        data,
    }
}

/// Rise of edges and width of strokes, in the raster itself.
#[expect(clippy::indexing_slicing, reason = "pixel loops within the window")]
fn sharpness(window: &Grey, margin: usize, tones: &Tones, out: &mut TileMeasures) {
    let (w, h) = (window.width, window.height);
    let (contrast, mid) = (tones.contrast(), tones.middle());
    let ripple = contrast * 0.06;
    let mut strokes = Vec::new();
    let mut along = Ramps::default();
    // Every second row and column says the same as all of them.
    for y in (margin..h - margin).step_by(2) {
        let row = &window.data[y * w..(y + 1) * w];
        along.scan(row.iter().copied(), contrast * 0.5, ripple);
        runs(row.iter().copied(), mid, &mut strokes);
    }
    let mut across = Ramps::default();
    for x in (0..w).step_by(2) {
        let column = window.data[x..].iter().step_by(w).copied();
        across.scan(column.clone(), contrast * 0.5, ripple);
        runs(column, mid, &mut strokes);
    }
    let middle = strokes.len() / 2;
    if !strokes.is_empty() {
        let (_, median, _) = strokes.select_nth_unstable(middle);
        out.stroke_px = f64::from(*median);
    }
    out.rise_along_px = along.rise();
    out.rise_across_px = across.rise();
}

/// What a reader sees at reading scale.
#[expect(clippy::indexing_slicing, reason = "pixel loops within the window")]
fn reading(
    window: &Grey,
    margin: usize,
    tones: &Tones,
    noise: f64,
    line: f64,
    out: &mut TileMeasures,
) {
    let (w, h) = (window.width, window.height);
    let contrast = tones.contrast();
    let (low, high) = (tones.ink + 0.25 * contrast, tones.ink + 0.75 * contrast);
    let mid = tones.middle();
    let inside = margin..h - margin;
    let (mut grey, mut dark, mut n) = (0_u32, 0_u32, 0_u32);
    // What noise alone does now and then is no edge.
    let ripple = (contrast * 0.06).max(noise * 1.5);
    let wanted = (contrast * 0.5).max(noise * 4.0);
    let mut along = Ramps::default();
    let mut fine_along = 0.0;
    for y in inside.clone() {
        let row = &window.data[y * w..(y + 1) * w];
        for value in row {
            let v = f64::from(*value);
            grey += u32::from(v > low && v < high);
            dark += u32::from(v < mid);
            n += 1;
        }
        along.scan(row.iter().copied(), wanted, ripple);
        fine_along += fine(row, line);
    }
    let mut across = Ramps::default();
    let mut fine_across = 0.0;
    let mut column = Vec::with_capacity(h);
    for x in 0..w {
        column.clear();
        column.extend(window.data[x..].iter().step_by(w));
        across.scan(column.iter().copied(), wanted, ripple);
        fine_across += fine(&column, line);
    }
    let pixels = f64::from(n.max(1));
    out.edges_along = along.strong as f64 / pixels * line;
    out.edges_across = across.strong as f64 / pixels * line;
    let share = |sum: f64, count: usize| {
        let variance = sum / count.max(1) as f64 - noise * noise * 0.7;
        variance.max(0.0).sqrt() / contrast
    };
    out.fine_along = share(fine_along, inside.len());
    out.fine_across = share(fine_across, w);
    out.grey = f64::from(grey) / pixels;
    out.dark = f64::from(dark) / pixels;
    out.apart = tones.apart();
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

/// Share of the margins' pixels that are clearly darker than all four pixels two away from them.
#[expect(clippy::indexing_slicing, reason = "pixel loops within the window")]
fn specks(window: &Grey, margin: usize, tones: &Tones) -> f64 {
    let (w, h) = (window.width, window.height);
    let step = 0.25 * tones.contrast();
    let (mut specks, mut n) = (0_u32, 0_u32);
    for y in (2..h - 2).filter(|y| *y < margin || *y >= h - margin) {
        for x in 2..w - 2 {
            let at = |x: usize, y: usize| f64::from(window.data[y * w + x]);
            let limit = at(x, y) + step;
            let alone = at(x - 2, y) > limit
                && at(x + 2, y) > limit
                && at(x, y - 2) > limit
                && at(x, y + 2) > limit;
            specks += u32::from(alone);
            n += 1;
        }
    }
    f64::from(specks) / f64::from(n.max(1))
}

/// Monotone ramps between a light and a dark place.
#[derive(Default)]
struct Ramps {
    rises: Vec<f32>,
    strong: usize,
}

impl Ramps {
    /// Looks along one row or column.
    fn scan(&mut self, values: impl Iterator<Item = u8>, wanted: f64, ripple: f64) {
        // A step back smaller than `ripple` is noise, not the end of a ramp.
        let (wanted, ripple) = (wanted as i32, ripple as i32);
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

/// Mean square of what is finer than a tenth of the line's height in one row or column.
#[expect(clippy::indexing_slicing, reason = "the span lies within the row")]
fn fine(row: &[u8], line: f64) -> f64 {
    let radius = ((line * 0.09).round() as usize).max(1);
    let span = 2 * radius + 1;
    if row.len() <= span {
        return 0.0;
    }
    let mut total: u32 = row[..span].iter().map(|v| u32::from(*v)).sum();
    let mut sum = 0.0_f32;
    for x in radius..row.len() - radius {
        let d = f32::from(row[x]) - total as f32 / span as f32;
        sum += d * d;
        if x + radius + 1 < row.len() {
            total += u32::from(row[x + radius + 1]);
            total -= u32::from(row[x - radius]);
        }
    }
    f64::from(sum) / (row.len() - span + 1) as f64
}
