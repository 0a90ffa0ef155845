//! One page measured: which of its pictures and texts are judged, and how they add up.

use super::{
    LegibilityFacts, Seal, model,
    overview::Overview,
    picture::{Picture, pale},
    seals,
};
use crate::{
    inspect::{
        facts::{PageFacts, Visibility},
        raster::{OpenPage, PlacedImage},
    },
    limits::Limits,
    units::{Dpi, Pt},
};

/// Resolution at which pages that are no scan are drawn.
const DRAWN_DPI: f64 = 100.0;
/// Resolution at which a background is told from a scan.
const GLIMPSE_DPI: f64 = 70.0;
/// Images on a mixed page that are judged one by one, at most.
const IMAGES: usize = 12;
/// From this many glyphs on, a page is one of drawn text.
const TEXT_GLYPHS: u32 = 20;

/// Measures a page.
pub(super) fn measure(open: &OpenPage<'_>, page: &PageFacts, limits: &Limits) -> LegibilityFacts {
    let scene = open.scene();
    if let Some(image) = scene.only_image()
        && let Ok(pixels) = open.decode(image, limits)
        && let Some(picture) = Picture::of(&pixels)
    {
        return of_scan(&picture);
    }
    let pictures: f64 = scene.images.iter().map(|i| i.coverage).sum();
    // A picture under drawn text is a background, not a scan.
    if pictures > 0.7
        && scene.glyph_count() < TEXT_GLYPHS
        && let Some(mut facts) = of_layers(open, limits)
    {
        seals::add_digests(open, &mut facts.seals);
        add_text(&mut facts, page);
        return facts;
    }
    let mut facts = of_mixed(open, page, limits);
    seals::add_digests(open, &mut facts.seals);
    facts
}

/// A scan in strips or layers, or one with something drawn over it: what counts is what is seen.
fn of_layers(open: &OpenPage<'_>, limits: &Limits) -> Option<LegibilityFacts> {
    let images = &open.scene().images;
    let dpi_of = |least: f64| {
        let large = images.iter().filter(move |i| i.coverage > least);
        large.map(|i| open.placement(i).dpi())
    };
    let finest = dpi_of(0.02).fold(0.0, f64::max);
    let lowest = dpi_of(0.3).fold(f64::INFINITY, f64::min);
    let stored = if lowest.is_finite() { lowest } else { finest };
    let mut pixels = open.draw(finest.clamp(72.0, 300.0), limits).ok()?;
    pixels.stored_dpi = Some(Dpi::new(stored));
    Some(of_scan(&Picture::of(&pixels)?))
}

fn of_scan(picture: &Picture) -> LegibilityFacts {
    let mut facts = seen(picture);
    facts.effective_dpi = picture.stored_dpi;
    detail(&mut facts, picture);
    if let Some(score) = picture.score {
        judge(&mut facts, score);
    }
    if let Some(mm) = picture.smallest_mm {
        facts.smallest_text_pt = Some(type_size(mm));
    }
    facts
}

/// Ink of a line of Chinese text is 0.92 of its type size high.
fn type_size(line_mm: f64) -> Pt {
    Pt::new((line_mm / 25.4 * 72.0 / 0.92 * 2.0).round() / 2.0)
}

/// What any picture of the whole page says.
fn seen(picture: &Picture) -> LegibilityFacts {
    LegibilityFacts {
        ink: picture.ink,
        blank: picture.blank,
        noise: Some(picture.noise),
        paper_level: picture.paper_level,
        skew_deg: picture.skew_deg,
        orientation_deg: picture.orientation_deg,
        dark_border: picture.border,
        cut_edges: picture.cut_edges.clone(),
        seals: picture.seals.clone(),
        coloured: picture.coloured,
        page_hash: picture.page_hash.clone(),
        ..LegibilityFacts::default()
    }
}

fn detail(facts: &mut LegibilityFacts, picture: &Picture) {
    let mm = |px: f64| px * 25.4 / picture.raster_dpi;
    facts.detail_dpi = picture.detail_dpi.map(|dpi| {
        let stored = picture.stored_dpi.map_or(f64::INFINITY, Dpi::value);
        Dpi::new(dpi.min(stored).round())
    });
    facts.edge_rise_mm = picture.median(model::blur_px).map(mm);
    facts.stroke_mm = picture.median(|t| t.stroke_px).map(mm);
    facts.contrast = picture.median(|t| t.contrast);
    facts.blocking = picture.blocking;
    facts.pattern = Some((picture.pattern * 100.0).round() / 100.0);
    facts.bad_regions.clone_from(&picture.bad_regions);
}

fn judge(facts: &mut LegibilityFacts, score: f64) {
    facts.score = Some((score * 1_000.0).round() / 1_000.0);
    facts.legible = model::verdict(score);
}

/// A page of text, with or without images.
///
/// Drawn text says its sizes, directions and places itself; such a page is drawn here only where something on it may be a
/// seal, and each larger image is looked at by itself.
fn of_mixed(open: &OpenPage<'_>, page: &PageFacts, limits: &Limits) -> LegibilityFacts {
    let scene = open.scene();
    let is_text = scene.glyph_count() >= TEXT_GLYPHS;
    let mut facts = LegibilityFacts::default();
    if is_text && scene.round_colours == 0 {
        facts.not_drawn = true;
        facts.skew_deg = scene.lean_deg();
    } else if let Ok(pixels) = open.draw(DRAWN_DPI, limits)
        && let Some(picture) = Picture::of(&pixels)
    {
        facts = seen(&picture);
        facts.noise = None;
        if scene.images.is_empty() {
            facts.contrast = picture.median(|t| t.contrast);
        }
    }
    // A font that is not embedded may draw nothing here; the text is there all the same.
    facts.blank = facts.blank && scene.glyph_count() == 0;
    let (mut sum, mut weight) = images(open, is_text, &mut facts, limits);
    let (text, characters) = add_text(&mut facts, page);
    // A window stands for about two and a half characters, of which one in a few is looked at.
    let text_weight = f64::from(characters) / 8.0;
    sum += text * text_weight;
    weight += text_weight;
    if weight > 0.0 {
        judge(&mut facts, sum / weight);
    }
    if scene.glyph_count() >= 10 {
        facts.orientation_deg = scene.direction_deg();
    }
    facts
}

/// Looks at the larger images one by one; gives the sum of their scores and their weight.
fn images(
    open: &OpenPage<'_>,
    is_text: bool,
    facts: &mut LegibilityFacts,
    limits: &Limits,
) -> (f64, f64) {
    let (mut sum, mut weight) = (0.0, 0.0);
    let mut judged: Vec<&PlacedImage> = open.scene().images.iter().collect();
    judged.sort_by(|a, b| b.coverage.total_cmp(&a.coverage));
    for image in judged.into_iter().take(IMAGES) {
        let sealed = facts.not_drawn && seals::may_be(open, image);
        if image.coverage < 0.02 && !sealed {
            continue;
        }
        // What lies under all of a page of text and is pale is its background.
        if is_text
            && image.coverage > 0.5
            && let Ok(glimpse) = open.decode_at(image, GLIMPSE_DPI, limits)
            && pale(&glimpse.raster)
        {
            continue;
        }
        let Ok(pixels) = open.decode(image, limits) else {
            continue;
        };
        if sealed {
            if let Some(over) = Overview::of(&pixels.raster, pixels.raster_dpi()) {
                let found = seals::find(&over);
                let seals = found
                    .iter()
                    .map(|found| found.seal(&over, &pixels.placement));
                add_seals(facts, seals.collect());
            }
            continue;
        }
        let Some(picture) = Picture::of(&pixels) else {
            continue;
        };
        if facts.not_drawn {
            add_seals(facts, picture.seals.clone());
            facts.coloured |= picture.coloured;
        }
        let Some(score) = picture.score else {
            continue;
        };
        let windows = f64::from(picture.windows);
        // A photograph is no text, and a pale pattern is nothing to read.
        if picture.windows < 12 || !picture.text_like || picture.is_pale {
            continue;
        }
        sum += score * windows;
        weight += windows;
        if facts
            .effective_dpi
            .is_none_or(|dpi| pixels.stored_dpi < Some(dpi))
        {
            facts.effective_dpi = picture.stored_dpi;
            let kept = std::mem::take(&mut facts.bad_regions);
            detail(facts, &picture);
            facts.bad_regions.extend(kept);
        } else {
            facts.bad_regions.extend(picture.bad_regions.clone());
        }
    }
    (sum, weight)
}

fn add_seals(facts: &mut LegibilityFacts, seals: Vec<Seal>) {
    facts.coloured |= !seals.is_empty();
    facts.seals.extend(seals);
}

/// Adds what the text runs say; gives the share that can be read and the number of characters.
fn add_text(facts: &mut LegibilityFacts, page: &PageFacts) -> (f64, u32) {
    let (mut readable, mut all) = (0.0, 0_u32);
    let mut smallest: Option<Pt> = facts.smallest_text_pt;
    for run in &page.text {
        let characters = run.text.chars().filter(|c| !c.is_whitespace()).count() as u32;
        if characters == 0 {
            continue;
        }
        match run.visibility {
            Visibility::Invisible | Visibility::OutsidePage | Visibility::Covered => {}
            // Hidden text says nothing to a reader; it counts as text that is there and cannot be read.
            Visibility::SameAsBackground => all += characters,
            Visibility::Visible => {
                all += characters;
                readable += f64::from(characters) * readable_at(run.size_pt);
                if characters >= 2 && smallest.is_none_or(|s| run.size_pt < s) {
                    smallest = Some(run.size_pt);
                }
                if run.size_pt < TOO_SMALL && characters >= 2 {
                    facts.bad_regions.push(super::BadRegion {
                        box_pt: run.box_pt,
                        why: "too_small".to_owned(),
                    });
                }
            }
        }
    }
    facts.smallest_text_pt = smallest;
    if all == 0 {
        (0.0, 0)
    } else {
        (readable / f64::from(all), all)
    }
}

/// Below this type cannot be read when printed: 八号 is 5 pt, the smallest size of Chinese type.
const TOO_SMALL: Pt = Pt::new(4.9);

/// How readable drawn type of a size is when printed.
fn readable_at(size: Pt) -> f64 {
    // 5 pt is half way to certain, 4 pt is lost, 6 pt is fine.
    1.0 / (1.0 + (-(size.value() - 4.75) * 5.0).exp())
}
