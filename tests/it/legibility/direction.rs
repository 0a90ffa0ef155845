//! Which way a page stands, by its lines and by its characters.

use image::{GrayImage, imageops};
use juanzong::{
    inspect::{legibility, raster},
    limits::Limits,
    units::PageIndex,
};

use super::{
    judged,
    pages::{grids, pictured, screen, set},
};

#[test]
fn text_set_close_is_read_along_its_lines() {
    let pitches = [1.15, 1.25, 1.4];
    for (page, pitch) in grids(10.5, &pitches, 150.0).iter().zip(pitches) {
        for (page, turned) in [(page.clone(), 0), (imageops::rotate90(page), 90)] {
            let facts = judged(pictured(&page, 150.0, 85));
            assert_eq!(facts.orientation_deg, Some(turned), "{pitch}: {facts:?}");
            assert_eq!(facts.legible, Some(true), "{pitch}: {:?}", facts.score);
        }
    }
}

#[test]
fn characters_say_which_way_a_page_stands() {
    // A card of few lines, and text set in columns from the right: neither lines nor a handful of characters say enough.
    let card = "#set page(width: 90mm, height: 58mm, margin: 7mm)\n#set text(font: 宋, size: 9pt)\n#set par(leading: 0.8em)\n\
                姓名 王晓东\\ 性别 女　民族 汉\\ 住址 江苏省连云港市海州区朝阳东路\\ 公民身份号码";
    let columns = "#set page(width: 297mm, height: 210mm, margin: 30mm)\n#set text(font: 宋, size: 14pt)\n\
                   #let 行 = (\"兹证明该同志自二〇一六年七月\", \"起在本单位从事化工工艺专业\", \"技术工作现已任满五年考核\", \"合格同意推荐申报工程师资格\", \"此证明仅供职称评审使用\")\n\
                   #stack(dir: rtl, spacing: 9mm, ..行.map(l => stack(spacing: 1mm, ..l.clusters())))";
    // Columns that lie on their side look like rows, and rows are not asked.
    let all = [0, 90, 180, 270].as_slice();
    for (what, source, sides) in [("card", card, all), ("columns", columns, &[0, 180])] {
        let page = set(source, 200.0).remove(0);
        let turned = [
            (page.clone(), 0),
            (imageops::rotate90(&page), 90),
            (imageops::rotate180(&page), 180),
            (imageops::rotate270(&page), 270),
        ];
        for (page, degrees) in turned.iter().filter(|(_, side)| sides.contains(side)) {
            let facts = judged(pictured(page, 200.0, 85));
            assert_eq!(facts.orientation_deg, Some(*degrees), "{what}");
            assert_eq!(
                facts.legible,
                Some(true),
                "{what} {degrees}: {:?}",
                facts.score
            );
        }
    }
}

/// How surely characters are told on a page that is this picture, mean over its parts.
fn told(picture: &GrayImage, dpi: f64) -> f64 {
    let pdf = hayro::hayro_syntax::Pdf::new(pictured(picture, dpi, 95)).unwrap();
    let open = raster::OpenPage::open(&pdf, PageIndex::new(0)).unwrap();
    let image = open.scene().only_image().unwrap();
    let pixels = open.decode(image, &Limits::DEFAULT).unwrap();
    let tiles = legibility::seen(&pixels).unwrap().tiles;
    let told: Vec<f64> = tiles.iter().filter_map(|tile| tile.told).collect();
    assert_eq!(told.len(), tiles.len());
    told.iter().sum::<f64>() / told.len() as f64
}

#[test]
fn characters_are_told_until_they_run_into_one_another() {
    let sharp = screen(150.0);
    let soft = |sigma: f32| imageops::blur(&sharp, sigma);
    let told = [sharp.clone(), soft(1.5), soft(2.5), soft(5.0)].map(|page| told(&page, 150.0));
    assert!(told[0] > 0.3 && told[1] > 0.3, "{told:?}");
    assert!(told[2] < 0.25 && told[3] < 0.12, "{told:?}");
}
