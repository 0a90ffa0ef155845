//! Whether a page can be read: by its type, its ground, its light, and where nobody can tell.

use image::{GrayImage, Luma, imageops};

use super::{
    judged,
    pages::{dotted, grids, pictured, sample, screen, stained, throws, toned, typed},
};

#[test]
fn text_under_a_seal_is_not_called_unreadable() {
    for start in ["01-", "10-"] {
        let facts = judged(sample(start));
        assert!(!facts.seals.is_empty(), "{start}");
        assert_eq!(facts.legible, Some(true), "{start}: {:?}", facts.score);
        assert!(
            facts.bad_regions.is_empty(),
            "{start}: {:?}",
            facts.bad_regions
        );
    }
}

#[test]
fn drawn_type_is_judged_by_its_size_and_by_what_shows() {
    let ordinary = judged(typed(10.5, ""));
    assert_eq!(ordinary.legible, Some(true), "{ordinary:?}");
    let tiny = judged(typed(4.0, ""));
    assert_eq!(tiny.legible, Some(false), "{tiny:?}");
    assert!(tiny.bad_regions.iter().all(|r| r.why == "too_small"));
    assert!(!tiny.bad_regions.is_empty());
    let unseen = judged(typed(10.5, "1 g"));
    assert_eq!(unseen.legible, Some(false), "white on white: {unseen:?}");
}

#[test]
fn a_screen_pasted_in_is_judged_by_what_is_left_of_its_type() {
    let full = screen(96.0);
    let sharp = judged(pictured(&full, 96.0, 85));
    assert_eq!(sharp.legible, Some(true), "{sharp:?}");
    let at = |dpi: u32| {
        let (w, h) = full.dimensions();
        let filter = imageops::FilterType::Triangle;
        imageops::resize(&full, w * dpi / 96, h * dpi / 96, filter)
    };
    // Of its type of 16 pt two programs for recognition still find 94 and 78 of 100 characters at 36 dpi; 60 and 24 at 24.
    let coarse = judged(pictured(&at(36), 36.0, 85));
    assert_eq!(coarse.legible, None, "{coarse:?}");
    let small = at(24);
    let coarser = judged(pictured(&small, 24.0, 85));
    assert_eq!(coarser.legible, Some(false), "{coarser:?}");
    // Blown up again it has more pixels and says no more.
    let (w, h) = small.dimensions();
    let large = imageops::resize(&small, w * 3, h * 3, imageops::FilterType::Nearest);
    let blown_up = judged(pictured(&large, 72.0, 85));
    assert_eq!(blown_up.legible, Some(false), "{blown_up:?}");
}

#[test]
fn text_in_grain_or_dots_is_found_and_left_to_who_reads_it() {
    let text = screen(300.0);
    for ink in [140, 180] {
        let mut random = throws();
        let grain = GrayImage::from_fn(text.width(), text.height(), |x, y| {
            let value = toned(&text, 225, ink, (x, y)) + random() * 60 / 26;
            Luma([value.clamp(0, 255) as u8])
        });
        let facts = judged(pictured(&grain, 300.0, 90));
        assert_eq!(facts.orientation_deg, Some(0), "grain, {ink}");
        assert_eq!(facts.legible, None, "grain, {ink}: {:?}", facts.score);
    }
    for paper in [200, 230] {
        let facts = judged(pictured(&dotted(&text, paper), 300.0, 90));
        assert_eq!(facts.orientation_deg, Some(0), "dots, {paper}");
        assert_eq!(facts.legible, None, "dots, {paper}: {:?}", facts.score);
    }
}

#[test]
fn black_text_on_a_stained_ground_is_found() {
    let facts = judged(pictured(&stained(&screen(200.0), 30), 200.0, 85));
    assert_eq!(facts.orientation_deg, Some(0));
    // Where the blotches cross it, it is hard to read.
    assert!(
        facts.score.is_some_and(|score| score >= 0.4),
        "{:?}",
        facts.score
    );
}

#[test]
fn what_can_be_told_from_all_other_characters_is_not_refused() {
    // A third of the paper is black, and the text can be read all the same.
    let dots = dotted(&screen(300.0), 180);
    for (turned, page) in [
        (0, dots.clone()),
        (180, imageops::rotate180(&dots)),
        (90, imageops::rotate90(&dots)),
    ] {
        let facts = judged(pictured(&page, 300.0, 90));
        assert_eq!(facts.legible, None, "turned by {turned}: {:?}", facts.score);
    }
    // Blurred until strokes run together they cannot be told, and the page is refused.
    let lost = imageops::blur(&screen(150.0), 5.0);
    let facts = judged(pictured(&lost, 150.0, 90));
    assert_eq!(facts.legible, Some(false), "{:?}", facts.score);
}

#[test]
fn light_type_on_a_dark_ground_is_read() {
    let page = grids(14.0, &[1.6], 150.0).remove(0);
    let shown = |ground: u8, light: u8, sigma: f32| {
        let spread = f64::from(light) - f64::from(ground);
        let mut page = page.clone();
        for tone in page.pixels_mut() {
            let ink = f64::from(255 - tone.0[0]) / 255.0;
            tone.0[0] = (f64::from(ground) + spread * ink).round() as u8;
        }
        if sigma > 0.0 {
            page = imageops::blur(&page, sigma);
        }
        page
    };
    // A slide, a cover, pale type on a tint.
    for (ground, light) in [(15, 245), (70, 190), (170, 240)] {
        let page = shown(ground, light, 0.0);
        for (page, turned) in [(page.clone(), 0), (imageops::rotate180(&page), 180)] {
            let facts = judged(pictured(&page, 150.0, 85));
            assert_eq!(facts.legible, Some(true), "{ground}, {light}: {facts:?}");
            assert_eq!(facts.orientation_deg, Some(turned), "{ground}, {light}");
            assert!(facts.bad_regions.is_empty(), "{ground}: {facts:?}");
            assert!(facts.dark_border.abs() < 1e-9, "{facts:?}");
        }
    }
    // It is judged as strictly as dark type: what is smeared is not read.
    let facts = judged(pictured(&shown(15, 245, 9.0), 150.0, 85));
    assert_ne!(facts.legible, Some(true), "{facts:?}");
}

#[test]
fn of_a_page_that_is_mostly_black_nobody_can_tell() {
    let page = screen(150.0);
    let (w, h) = page.dimensions();
    for (radius, middle) in [(0.25, 0.5), (0.3, 0.35), (0.35, 0.35)] {
        let lit = GrayImage::from_fn(w, h, |x, y| {
            let (x_share, y_share) = (f64::from(x) / f64::from(w), f64::from(y) / f64::from(h));
            let inside = (x_share - 0.5).hypot(y_share - middle) < radius;
            if inside {
                *page.get_pixel(x, y)
            } else {
                Luma([0])
            }
        });
        let facts = judged(pictured(&lit, 150.0, 85));
        assert_eq!(facts.legible, None, "{radius}: {facts:?}");
    }
}

#[test]
fn a_faint_page_is_not_blank_and_a_blank_one_is() {
    let text = screen(100.0);
    for (paper, grain) in [(250_i32, 0), (235, 3), (200, 3), (235, 7), (200, 6)] {
        let mut random = throws();
        let mut page = |ink: i32| {
            GrayImage::from_fn(text.width(), text.height(), |x, y| {
                let depth = 255 - i32::from(text.get_pixel(x, y).0[0]);
                let value = paper - depth * ink / 255 + random() * grain / 26;
                Luma([value.clamp(0, 255) as u8])
            })
        };
        let (blank, faint) = (page(0), page(8 + 3 * grain));
        assert!(judged(pictured(&blank, 100.0, 90)).blank, "{paper} {grain}");
        let faint = judged(pictured(&faint, 100.0, 90));
        assert!(!faint.blank, "{paper} {grain}: {faint:?}");
    }
}
