//! What a few hundred small windows on the text say at full resolution: edges, strokes, contrast, noise.

use super::{
    characters,
    lines::{Line, Lines},
    model,
    overview::Overview,
    seals,
    window::{measure, sharpened, softened},
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
    /// Level of the paper as a share of the lightest paper of the page: below 1 in a shadow.
    pub shade: f64,
    /// Edges that reach at least half the contrast, for each line height along the line, at reading scale.
    pub edges_along: f64,
    /// The same across the line.
    pub edges_across: f64,
    /// Share of pixels in the middle of the tone scale between ink and paper, at reading scale.
    pub grey: f64,
    /// Share of pixels below the middle, at reading scale.
    pub dark: f64,
    /// How well the tones fall into two groups, 0–1 (Otsu's criterion), at reading scale.
    pub apart: f64,
    /// How far the level at which a copy in black and white parts the page lies from halfway between ink and paper here, as a share of
    /// their difference: from 0.5 on the copy is all black or all white; at reading scale.
    pub off_level: f64,
    /// Distance that nineteen in twenty changes of tone keep: 1 in a scan, the factor in a picture blown up by repeating pixels.
    pub step_px: f64,
    /// Pieces of ink for each square of the line's height, at reading scale.
    pub pieces: f64,
    /// Share of the ink in pieces smaller than a dot, at reading scale.
    pub crumbs: f64,
    /// Root mean square slope of tones in its weakest direction as a share of that in its strongest, 0–1, at reading scale.
    pub even: f64,
    /// Share of the paper beside the line that a copy in black and white of the page makes black, in the raster itself; rules
    /// of tables aside.
    pub fog: f64,
}

/// A part of the page.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Tile {
    /// As it is.
    #[serde(flatten)]
    pub near: TileMeasures,
    /// Looked at again: from further and further away, where what is finer than a stroke runs together, and sharpened. Empty where
    /// nobody needed to; a look that shows nothing is left out.
    pub again: Vec<TileMeasures>,
    /// How surely its characters are told from all others, 0–1: mean over a few windows of the chance of the character that fits best.
    /// `None` where nobody needed to know.
    pub told: Option<f64>,
}

/// How often text is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// Again only where the first look leaves a doubt.
    AsNeeded,
    /// Always all of them, for `calibration/`.
    All,
}

/// Windows looked at on one page, at most.
const WINDOWS: usize = 90;
/// Pixels of one window, at most.
const WINDOW_PIXELS: usize = 11_000;
/// How soft text is from further away: standard deviation of a Gaussian, as a share of the line's height.
const SOFT: [f64; 2] = [0.04, 0.065];
/// How many times its difference to the softest look sharpens a window.
const SHARPENING: f64 = 6.0;
/// Windows of a tile in which characters are looked for, at most: it costs more than all other measures of a window.
const TOLD_WINDOWS: usize = 4;
/// Side of a tile, in mm.
pub(super) const TILE_MM: f64 = 40.0;

/// One window: a piece of a line.
struct Window {
    tile: TilePlace,
    pixels: Grey,
    /// Rows of paper above and below the line.
    margin: usize,
    near: TileMeasures,
}

/// Measures the text, tile by tile; tiles with too little text are left out, and so is text under a seal: of two inks one over the
/// other neither can be measured.
pub(super) fn tiles(
    raster: &Raster,
    over: &Overview,
    lines: &Lines,
    seals: &[seals::Found],
    upside_down: bool,
    looks: Looks,
) -> Vec<Tile> {
    let tile_px = over.px(TILE_MM);
    let mut windows = Vec::new();
    let mut places = places(lines, over, tile_px);
    places.retain(|place| {
        let (x, y) = place.middle(lines, over);
        !seals.iter().any(|seal| seal.holds(x, y))
    });
    let extents = extents(&places, lines, over, tile_px);
    for place in chosen(places, over, tile_px) {
        if let Some(window) = look(raster, over, lines, &place.line, place.x, tile_px) {
            windows.push(window);
        }
    }
    windows.sort_by_key(|w| w.tile);
    let mut out = Vec::new();
    for these in windows.chunk_by(|a, b| a.tile == b.tile) {
        if let [first, _, ..] = these {
            let mut tile = tile(these, over, upside_down, looks);
            // It speaks for all text in it, also where nobody looked.
            if let Some(extent) = extents.get(&first.tile) {
                tile.near.bounds = around(tile.near.bounds, *extent);
            }
            out.push(tile);
        }
    }
    if out.is_empty() && !windows.is_empty() {
        out.push(tile(&windows, over, upside_down, looks));
    }
    out
}

/// What windows say together. Where the first look leaves a doubt, they are looked at again; where that leaves one, it is asked
/// whether characters can be told.
fn tile(windows: &[Window], over: &Overview, upside_down: bool, looks: Looks) -> Tile {
    let near: Vec<TileMeasures> = windows.iter().map(|w| w.near).collect();
    let mut tile = Tile {
        near: pool(&near),
        ..Tile::default()
    };
    if looks == Looks::All || model::leaves_doubt(&tile) {
        let mut seen = [Vec::new(), Vec::new(), Vec::new()];
        for window in windows {
            let looks = window.again(over);
            for (seen, look) in seen.iter_mut().zip(looks) {
                seen.extend(look);
            }
        }
        // Where a look loses most of it, the rest says nothing.
        let tells = seen.iter().filter(|seen| seen.len() * 2 > windows.len());
        tile.again = tells.map(|seen| pool(seen)).collect();
    }
    if looks == Looks::All || model::leaves_doubt(&tile) {
        let every = windows.len().div_ceil(TOLD_WINDOWS).max(1);
        let some = windows.iter().step_by(every);
        let told: Vec<f64> = some.map(|w| w.told(upside_down)).collect();
        tile.told = Some(told.iter().sum::<f64>() / told.len().max(1) as f64);
    }
    tile
}

impl Window {
    /// How surely a character of it is told from all others, as it is or, where it is in dots, from further away.
    fn told(&self, upside_down: bool) -> f64 {
        let told = |mut pixels: Grey| {
            if upside_down {
                pixels.data.reverse();
            }
            characters::told(&pixels, self.margin)
        };
        let soft = softened(&self.pixels, SOFT[0] * self.near.line_px);
        told(self.pixels.clone()).max(told(soft))
    }

    /// Looks at it again; a look may show nothing.
    fn again(&self, over: &Overview) -> [Option<TileMeasures>; 3] {
        let [soft, softest] = SOFT.map(|share| softened(&self.pixels, share * self.near.line_px));
        let sharp = sharpened(&self.pixels, &softest, SHARPENING);
        [soft, softest, sharp].map(|pixels| {
            let measures = TileMeasures {
                // Squares of repeated pixels hold no more when they run together.
                step_px: self.near.step_px,
                ..measure(&pixels, self.margin, over.cut)?
            };
            Some(placed(measures, self.near.bounds, self.near.line_px, over))
        })
    }
}

/// The median of each measure over windows, weighted alike.
fn pool(windows: &[TileMeasures]) -> TileMeasures {
    let median = |of: fn(&TileMeasures) -> f64| {
        let mut values: Vec<f64> = windows.iter().map(of).filter(|v| v.is_finite()).collect();
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
        bounds: windows.iter().map(|w| w.bounds).fold(NOWHERE, around),
        windows: windows.len() as u32,
        line_px: median(|m| m.line_px),
        rise_along_px: median(|m| m.rise_along_px),
        rise_across_px: median(|m| m.rise_across_px),
        stroke_px: median(|m| m.stroke_px),
        paper: median(|m| m.paper),
        contrast: median(|m| m.contrast),
        noise: median(|m| m.noise),
        grain: median(|m| m.grain),
        shade: median(|m| m.shade),
        edges_along: median(|m| m.edges_along),
        edges_across: median(|m| m.edges_across),
        grey: median(|m| m.grey),
        dark: median(|m| m.dark),
        apart: median(|m| m.apart),
        off_level: median(|m| m.off_level),
        step_px: median(|m| m.step_px),
        pieces: median(|m| m.pieces),
        crumbs: median(|m| m.crumbs),
        even: median(|m| m.even),
        fog: median(|m| m.fog),
    }
}

/// A place in a line: its middle along the line, and how much of the line it stands for.
struct Place {
    line: Line,
    x: f64,
    wide: f64,
}

impl Place {
    /// Its middle in the picture, in overview pixels.
    fn middle(&self, lines: &Lines, over: &Overview) -> (f64, f64) {
        let y = f64::midpoint(self.line.y0, self.line.y1) + lines.slope * self.x;
        to_picture(over, lines.turned, self.x, y)
    }
}

/// A few places in each line, evenly over the page.
fn places(lines: &Lines, over: &Overview, tile_px: f64) -> Vec<Place> {
    let mut all = Vec::new();
    for line in &lines.all {
        if lines.all.len() > 6 && says_little(line, lines.height.max(1.0), over) {
            continue;
        }
        let room = line.width();
        let wanted = (room / (tile_px / 3.0)).ceil().max(1.0);
        all.extend((0..wanted as usize).map(|i| Place {
            line: *line,
            x: line.x0 + room * (i as f64 + 0.5) / wanted,
            wide: room / wanted,
        }));
    }
    all
}

/// Whether a line says little about the text of a page: a merged block, a heading so large that no whole character of it stands in a
/// window, or a single stroke of one.
fn says_little(line: &Line, typical: f64, over: &Overview) -> bool {
    let tall = line.height() / typical;
    let (_, wide) = window_of(line, over);
    let is_stroke = tall < 0.7 && line.width() < 3.0 * line.height();
    tall > 2.2 || is_stroke || tall > 1.5 && wide < line.height()
}

/// How much paper a window has above and below a line, and how wide it is, in overview pixels.
fn window_of(line: &Line, over: &Overview) -> (f64, f64) {
    let slack = 0.35 * line.height() + 1.0;
    let tall = line.height() + 2.0 * slack;
    let limit = WINDOW_PIXELS as f64 / (over.factor as f64).powi(2) / tall;
    let wide = (2.6 * line.height()).max(over.px(5.0));
    (slack, wide.min(limit).max(4.0))
}

/// No more of them than [`WINDOWS`].
fn chosen(all: Vec<Place>, over: &Overview, tile_px: f64) -> Vec<Place> {
    if all.len() <= WINDOWS {
        return all;
    }
    // Even over tiles: the page's few small tiles count as much as its dense ones.
    let tiles_across = (over.luma.width.max(over.luma.height) as f64 / tile_px).ceil() as usize + 2;
    let mut seen = std::collections::BTreeMap::<usize, usize>::new();
    let mut ranked: Vec<(usize, usize, Place)> = all
        .into_iter()
        .enumerate()
        .map(|(i, place)| {
            let y = f64::midpoint(place.line.y0, place.line.y1);
            let tile = (y.max(0.0) / tile_px) as usize * tiles_across
                + (place.x.max(0.0) / tile_px) as usize;
            let rank = seen.entry(tile).or_insert(0);
            *rank += 1;
            // Shuffled within a tile, the same way every time.
            let mixed = (*rank * 7_919 + 13) % 101;
            (mixed, i, place)
        })
        .collect();
    ranked.sort_by_key(|(mixed, i, _)| (*mixed, *i));
    ranked.truncate(WINDOWS);
    ranked.into_iter().map(|(_, _, place)| place).collect()
}

/// Which tile of the page: down and across.
type TilePlace = (usize, usize);

fn tile_at((x, y): (f64, f64), tile_px: f64) -> TilePlace {
    (
        (y.max(0.0) / tile_px) as usize,
        (x.max(0.0) / tile_px) as usize,
    )
}

/// Left, top, right, bottom.
type Bounds = [f64; 4];
const NOWHERE: Bounds = [f64::INFINITY, f64::INFINITY, 0.0, 0.0];

fn around([x0, y0, x1, y1]: Bounds, [a, b, c, d]: Bounds) -> Bounds {
    [x0.min(a), y0.min(b), x1.max(c), y1.max(d)]
}

/// A piece of a line around its middle in the picture, in pixels of the raster.
fn piece(over: &Overview, turned: bool, (x, y): (f64, f64), wide: f64, tall: f64) -> Bounds {
    let (half_x, half_y) = if turned {
        (tall / 2.0, wide / 2.0)
    } else {
        (wide / 2.0, tall / 2.0)
    };
    [x - half_x, y - half_y, x + half_x, y + half_y].map(|v| v.max(0.0) * over.factor as f64)
}

/// What text there is in each tile.
fn extents(
    places: &[Place],
    lines: &Lines,
    over: &Overview,
    tile_px: f64,
) -> std::collections::BTreeMap<TilePlace, Bounds> {
    let mut out = std::collections::BTreeMap::new();
    for place in places {
        let middle = place.middle(lines, over);
        let bounds = piece(over, lines.turned, middle, place.wide, place.line.height());
        let tile = out.entry(tile_at(middle, tile_px)).or_insert(NOWHERE);
        *tile = around(*tile, bounds);
    }
    out
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
    let (slack, wide) = window_of(line, over);
    let tall = line.height() + 2.0 * slack;
    // Back along the slope to where the line really stands.
    let middle = f64::midpoint(line.y0, line.y1) + lines.slope * x;
    let (fx0, fy0) = (x - wide / 2.0, middle - tall / 2.0);
    let pixels = frame_luma(raster, over, lines.turned, fx0, fy0, wide, tall)?;
    let margin = (slack * factor) as usize;
    let measures = measure(&pixels, margin, over.cut)?;
    let line_px = line.height() * factor;
    if is_solid(&measures, line_px) {
        return None;
    }
    let place = to_picture(over, lines.turned, x, middle);
    let bounds = piece(over, lines.turned, place, wide, line.height());
    Some(Window {
        tile: tile_at(place, tile_px),
        pixels,
        margin,
        near: placed(measures, bounds, line_px, over),
    })
}

/// The measures with what the window itself does not know: where it stands, how high its line is, how light the page is elsewhere.
fn placed(measures: TileMeasures, bounds: Bounds, line_px: f64, over: &Overview) -> TileMeasures {
    TileMeasures {
        bounds,
        line_px,
        shade: (measures.paper * 255.0 / over.light).min(1.0),
        ..measures
    }
}

/// A sharp edge of something large: a dark area or a rule, and no text that may be hard to read.
fn is_solid(window: &TileMeasures, line_px: f64) -> bool {
    let rise = window.rise_across_px.min(window.rise_along_px);
    let sharp = rise > 0.0 && rise < line_px / 5.0
        || window.rise_across_px.max(window.rise_along_px) < line_px / 5.0;
    sharp && (window.edges_along < 0.35 || window.dark > 0.62 && window.edges_along < 1.5)
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
    let piece = |x: f64, y: f64, width: f64, height: f64| {
        let mut piece = raster.luma(scaled(x), scaled(y), scaled(width), scaled(height));
        if over.negative {
            piece.data.iter_mut().for_each(|v| *v = 255 - *v);
        }
        piece
    };
    if turned {
        let left = over.luma.width as f64 - y - height;
        let piece = piece(left, x, height, width);
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
        let piece = piece(x, y, width, height);
        (!piece.data.is_empty()).then_some(piece)
    }
}
