//! The parts of a picture that cannot be read, and why.

use super::{
    BadRegion,
    detail::{Tile, TileMeasures},
    model::{self, Obstacle},
    pattern,
    picture::Picture,
};
use crate::{inspect::raster::Placement, units::PtBox};

/// So many windows of the page stand beside a tile's own when its share of ink is judged.
const STEADYING_WINDOWS: f64 = 3.0;

/// Type that differs less than this from its paper, of full scale, may be read here and be gone in a copy or a print.
const PALEST: f64 = 0.1;

/// Paper in a shadow has less than this share of the page's lightest.
const SHADED: f64 = 0.5;

pub(super) fn bad_regions(picture: &Picture, placement: &Placement) -> Vec<BadRegion> {
    let lost = picture.score.and_then(model::verdict) == Some(false);
    let mut regions: Vec<(PtBox, &'static str)> = Vec::new();
    for tile in &picture.tiles {
        // A number or two that stand alone are too little to speak of, unless all is lost.
        let few = tile.near.windows < 3 && picture.windows >= 12 && !lost;
        let is_read = model::score(&steadied(tile, picture)) >= model::PART_LEGIBLE_FROM;
        let in_shade = tile.near.shade < SHADED;
        let is_pale = tile.near.contrast < PALEST && (in_shade || !few);
        if !is_pale && (few || is_read) {
            continue;
        }
        let [x0, y0, x1, y1] = tile.near.bounds;
        let place = placement.to_page(x0, y0, x1, y1);
        let why = match is_read {
            false => why(&tile.near, picture),
            true if in_shade => "shadow",
            true => "contrast",
        };
        regions.push((place, why));
    }
    for shine in &picture.shines {
        let [x0, y0, x1, y1] = shine.bounds;
        let why = if shine.is_bright { "glare" } else { "contrast" };
        regions.push((placement.to_page(x0, y0, x1, y1), why));
    }
    // One fault spoilt all of it, though each part may show another side of it.
    let whole = regions.iter().map(|(place, _)| *place).reduce(PtBox::union);
    if let (true, Some(whole)) = (lost, whole) {
        regions = vec![(whole, main_reason(regions.iter().copied()))];
    }
    // Neighbours that are bad for the same reason are one region.
    let mut merged: Vec<(PtBox, &'static str)> = Vec::new();
    for (mut place, why) in regions {
        while let Some(i) = merged
            .iter()
            .position(|(other, w)| *w == why && near(*other, place))
        {
            place = place.union(merged.swap_remove(i).0);
        }
        merged.push((place, why));
    }
    merged.sort_by(|(a, _), (b, _)| {
        let key = |p: &PtBox| (-p.y1.value(), p.x0.value());
        let (a, b) = (key(a), key(b));
        a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    merged
        .into_iter()
        .map(|(box_pt, why)| BadRegion {
            box_pt,
            why: why.to_owned(),
        })
        .collect()
}

/// The reason of the largest area; empty where there is none.
pub(super) fn main_reason<'a>(regions: impl Iterator<Item = (PtBox, &'a str)>) -> &'a str {
    let mut areas = std::collections::BTreeMap::<&str, f64>::new();
    for (place, why) in regions {
        *areas.entry(why).or_default() += place.width().value() * place.height().value();
    }
    let most = areas.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    most.map_or("", |(why, _)| why)
}

/// A tile with the share of ink that it most likely has: a few windows of 工 and 人 are pale without any stroke missing, so what few
/// windows say of it counts as much as what as many windows of the page say.
fn steadied(tile: &Tile, picture: &Picture) -> Tile {
    let own = f64::from(tile.near.windows);
    let usual = picture.median(|t| t.dark).unwrap_or(tile.near.dark);
    let most_likely =
        (own * tile.near.dark + STEADYING_WINDOWS * usual) / (own + STEADYING_WINDOWS);
    let more = most_likely - tile.near.dark;
    let mut tile = tile.clone();
    for look in std::iter::once(&mut tile.near).chain(&mut tile.again) {
        look.dark += more;
    }
    tile
}

/// Whether two boxes touch or nearly do (5 mm).
fn near(a: PtBox, b: PtBox) -> bool {
    let slack = 14.2;
    let apart = |a0: f64, a1: f64, b0: f64, b1: f64| a0 > b1 + slack || b0 > a1 + slack;
    !apart(a.x0.value(), a.x1.value(), b.x0.value(), b.x1.value())
        && !apart(a.y0.value(), a.y1.value(), b.y0.value(), b.y1.value())
}

/// The reason in words of [`BadRegion::why`].
pub(super) fn why(tile: &TileMeasures, picture: &Picture) -> &'static str {
    let page_paper = picture.median(|t| t.paper).unwrap_or(tile.paper);
    let line_mm = tile.line_px * 25.4 / picture.raster_dpi;
    let dark = tile.paper < page_paper * 0.8;
    let bright = tile.paper > 0.97 && tile.contrast < 0.35;
    let faint = tile.contrast < 0.12 * tile.paper;
    // An edge that takes a third of the line to rise is no matter of contrast; nor is one that takes much longer than the page's
    // others: glare leaves strokes pale, but as sharp as they were.
    let rise = model::blur_px(tile);
    let beside = picture.median(model::blur_px).unwrap_or(rise);
    let smeared = rise > tile.line_px / 7.0 && rise > 2.5 * beside;
    let blurred = rise > tile.line_px / 3.5 || smeared;
    match model::obstacle(tile) {
        _ if tile.shade < SHADED => "shadow",
        // Coarse pixels are coarse all over the page.
        Obstacle::Elements if smeared => "blur",
        Obstacle::Level | Obstacle::Apart | Obstacle::Thin if blurred => "blur",
        Obstacle::Level | Obstacle::Fog if dark => "shadow",
        Obstacle::Level | Obstacle::Apart | Obstacle::Thin if bright => "glare",
        Obstacle::Grain | Obstacle::Apart | Obstacle::Fog if faint => "contrast",
        Obstacle::Level | Obstacle::Thin | Obstacle::Pieces => "contrast",
        _ if pattern::is_pattern(picture.pattern) => "pattern",
        Obstacle::Grain | Obstacle::Busy | Obstacle::Crumbs | Obstacle::Fog => "noise",
        Obstacle::Elements | Obstacle::Grey | Obstacle::Edges if line_mm < 1.3 => "too_small",
        Obstacle::Elements => "resolution",
        _ if model::blur_px(tile).max(tile.step_px) < 2.2 => "resolution",
        Obstacle::Apart | Obstacle::Even | Obstacle::Grey | Obstacle::Edges | Obstacle::Sides => {
            "blur"
        }
    }
}
