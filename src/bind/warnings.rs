//! What should be looked at before printing, in words: numbers that had to move, ink where the volume is glued.

use super::{
    layout::GUTTER,
    manifest::{ManifestPage, ManifestVolume, Origin, Warning},
    number_style::Placed,
};
use crate::{lang::Bilingual, units::PageNumber};

/// The warnings of these volumes: one a paper and matter.
pub(super) fn of(volumes: &[ManifestVolume]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for volume in volumes {
        for matter in MATTERS {
            of_matter(volume, matter, &mut warnings);
        }
    }
    warnings
}

/// One kind of warning: the pages it is about, and what it says of them.
struct Matter {
    concerns: fn(&ManifestPage) -> bool,
    words: fn(&[&ManifestPage]) -> Bilingual,
}

const MATTERS: [&Matter; 4] = [
    &Matter {
        concerns: |page| page.gutter_mm.is_some(),
        words: gutter,
    },
    &Matter {
        concerns: |page| page.number_place == Placed::Moved,
        words: |_| {
            Bilingual::new(
                "页码处有内容，页码已在同一页边内移开",
                "ink stands where the page number belongs, it was moved within the same margin",
            )
        },
    },
    &Matter {
        concerns: |page| page.number_place == Placed::OverInk,
        words: |_| {
            Bilingual::new(
                "页边没有空白，页码印在内容之上并加白边",
                "the margin has no free place, the page number stands over ink in a white edge",
            )
        },
    },
    &Matter {
        concerns: |page| page.number_place == Placed::NotLookedAt && page.number.is_some(),
        words: |_| {
            Bilingual::new(
                "页边未能查看，请核对页码是否压住内容",
                "the margins could not be looked at, see whether the page number covers anything",
            )
        },
    },
];

fn of_matter(volume: &ManifestVolume, matter: &Matter, warnings: &mut Vec<Warning>) {
    let mut found: Vec<(usize, PageNumber, &ManifestPage)> = Vec::new();
    for page in volume.pages.iter().filter(|page| (matter.concerns)(page)) {
        if let Origin::Paper {
            item, source_page, ..
        } = page.origin
        {
            found.push((item, source_page, page));
        }
    }
    for of_item in found.chunk_by(|a, b| a.0 == b.0) {
        let pages: Vec<&ManifestPage> = of_item.iter().map(|(_, _, page)| *page).collect();
        warnings.push(Warning {
            volume: volume.number,
            item: of_item.first().map_or(0, |(item, _, _)| *item),
            pages: of_item.iter().map(|(_, page, _)| *page).collect(),
            message: (matter.words)(&pages),
        });
    }
}

/// How little is free at the spine, and whether the pages were moved.
fn gutter(pages: &[&ManifestPage]) -> Bilingual {
    let wanted = GUTTER.value();
    let mm = |page: &&ManifestPage| page.gutter_mm.map(crate::units::Mm::value);
    let least = pages.iter().filter_map(mm).fold(wanted, f64::min);
    let moved = pages
        .iter()
        .filter(|page| page.shifted_mm.is_some())
        .count();
    if moved == 0 {
        return Bilingual::new(
            format!("内容距装订边最近 {least:.1} 毫米，装订需 {wanted:.0} 毫米"),
            format!("ink is {least:.1} mm from the binding edge, wants {wanted:.0} mm"),
        );
    }
    Bilingual::new(
        format!("内容距装订边最近 {least:.1} 毫米，装订需 {wanted:.0} 毫米，其中 {moved} 页已移开"),
        format!(
            "ink is {least:.1} mm from the binding edge, wants {wanted:.0} mm, {moved} of the pages were moved away"
        ),
    )
}
