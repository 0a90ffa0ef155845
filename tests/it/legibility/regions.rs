//! What of a page is pointed out as unreadable, and what is not.

use image::{GrayImage, Luma, imageops};

use super::{
    judged,
    pages::{grids, pictured, screen, set, throws, toned},
};

#[test]
fn a_large_heading_is_not_pointed_out() {
    // So large that a window on it shows no whole character; spaced, only some of its strokes are found as lines.
    let body = "参保人员缴费证明由申报单位统一打印并加盖电子印章\\ ".repeat(8);
    for (font, spacing) in [("宋", "0pt"), ("宋", "10pt"), ("黑", "0pt")] {
        let source = format!(
            "#set page(width: 297mm, height: 167mm, margin: 16mm)\n#text(font: {font}, size: 36pt, tracking: {spacing})[业与从事专业审核]\n\n\
             #set text(font: 宋, size: 18pt)\n{body}"
        );
        let page = set(&source, 300.0).remove(0);
        let facts = judged(pictured(&page, 300.0, 85));
        assert_eq!(facts.legible, Some(true), "{font} {spacing}: {facts:?}");
        assert!(facts.bad_regions.is_empty(), "{font} {spacing}: {facts:?}");
    }
}

#[test]
fn dots_that_lead_to_a_page_number_are_nothing_to_read() {
    let titles = [
        "学历证书",
        "专业技术资格证书",
        "年度考核登记表",
        "继续教育证明",
        "业绩材料",
        "社会保险缴费证明",
    ];
    let rows = titles
        .iter()
        .cycle()
        .take(18)
        .enumerate()
        .map(|(n, title)| format!("{title}#box(width: 1fr, repeat[.]){}\\\n", 3 * n + 1));
    let source = format!(
        "#set page(width: 210mm, height: 297mm, margin: 25mm)\n#set text(font: 仿宋, size: 12pt)\n#set par(leading: 1em)\n{}",
        rows.collect::<String>()
    );
    for dpi in [150.0, 200.0] {
        let page = set(&source, dpi).remove(0);
        let mut random = throws();
        let paper = GrayImage::from_fn(page.width(), page.height(), |x, y| {
            Luma([(toned(&page, 247, 225, (x, y)) + random() / 9).clamp(0, 255) as u8])
        });
        let facts = judged(pictured(&paper, dpi, 80));
        assert!(facts.bad_regions.is_empty(), "{dpi}: {facts:?}");
        assert_eq!(facts.legible, Some(true), "{dpi}: {facts:?}");
    }
}

#[test]
fn a_part_that_is_only_a_smear_is_pointed_out() {
    let mut page = screen(150.0);
    let (w, h) = page.dimensions();
    let soft = imageops::blur(
        &imageops::crop_imm(&page, w / 2, 0, w - w / 2, h).to_image(),
        7.0,
    );
    imageops::replace(&mut page, &soft, i64::from(w / 2), 0);
    let facts = judged(pictured(&page, 150.0, 85));
    let middle = f64::from(w) / 2.0 * 72.0 / 150.0;
    let smeared = facts.bad_regions.iter().filter(|r| r.why == "blur");
    let reach = smeared.map(|r| r.box_pt.x1.value()).fold(0.0, f64::max);
    assert!(reach > middle * 1.5, "{:?}", facts.bad_regions);
    let clear = facts
        .bad_regions
        .iter()
        .find(|r| r.box_pt.x1.value() < middle);
    assert!(clear.is_none(), "{clear:?}");
}

#[test]
fn a_page_that_cannot_be_read_is_marked_as_a_whole_with_one_reason() {
    let lost = imageops::blur(&screen(150.0), 5.0);
    let facts = judged(pictured(&lost, 150.0, 90));
    assert_eq!(facts.legible, Some(false), "{:?}", facts.score);
    let [all] = facts.bad_regions.as_slice() else {
        panic!("{:?}", facts.bad_regions);
    };
    // The text of the page, from its heading to its last line.
    let (width, height) = (all.box_pt.width().value(), all.box_pt.height().value());
    assert!(width > 400.0 && height > 480.0, "{width} × {height} pt");
}

/// A page in the light of a lamp: white at `middle` (shares of width and height), paler and paler around it within `reach` of the width.
fn shone_on(page: &GrayImage, middle: (f64, f64), reach: f64) -> GrayImage {
    let (w, h) = (f64::from(page.width()), f64::from(page.height()));
    GrayImage::from_fn(page.width(), page.height(), |x, y| {
        let (dx, dy) = (f64::from(x) - middle.0 * w, f64::from(y) - middle.1 * h);
        let far = (dx / (reach * w)).powi(2) + (dy / (reach * w)).powi(2);
        let lit = ((-far).exp() * 1.6).min(1.0);
        let tone = f64::from(page.get_pixel(x, y).0[0]) * 0.86;
        Luma([(tone + (255.0 - tone) * lit) as u8])
    })
}

#[test]
fn what_a_shine_took_is_pointed_out() {
    let page = grids(12.0, &[1.6], 150.0).remove(0);
    let (w, h) = page.dimensions();
    let pt = |pixels: f64| pixels * 72.0 / 150.0;
    let whole = judged(pictured(&page, 150.0, 85)).score.unwrap();
    for (middle, reach) in [((0.5, 0.5), 0.22), ((0.3, 0.3), 0.12), ((0.8, 0.4), 0.2)] {
        let lit = shone_on(&page, middle, reach);
        for (page, turned) in [(lit.clone(), false), (imageops::rotate180(&lit), true)] {
            let facts = judged(pictured(&page, 150.0, 85));
            let [shine] = facts.bad_regions.as_slice() else {
                panic!("{middle:?}: {:?}", facts.bad_regions);
            };
            assert_eq!(shine.why, "glare");
            let at = if turned {
                (1.0 - middle.0, middle.1)
            } else {
                (middle.0, 1.0 - middle.1)
            };
            let (x, y) = (pt(at.0 * f64::from(w)), pt(at.1 * f64::from(h)));
            let held = &shine.box_pt;
            let across = held.x0.value() - 20.0..held.x1.value() + 40.0;
            assert!(across.contains(&x), "{middle:?}: {held:?}");
            assert!((held.y0.value()..held.y1.value()).contains(&y), "{held:?}");
            // What is gone counts as what cannot be read.
            assert!(facts.score.unwrap() < whole - 0.01, "{:?}", facts.score);
        }
    }
}

/// A form of short entries: too few characters stand beside anything to pale towards it.
fn form() -> GrayImage {
    let source = "#set page(width: 210mm, height: 297mm, margin: 20mm)\n#set text(font: 宋, size: 12pt)\n\
                  #table(columns: (1fr, 1fr, 1fr, 1fr), inset: 3mm, ..range(22).map(n => ([职务], [工程师], [年限], [#(n + 3)])).flatten())\n";
    set(source, 150.0).remove(0)
}

#[test]
fn a_spot_of_light_without_type_is_pointed_out() {
    let page = form();
    let facts = judged(pictured(&shone_on(&page, (0.5, 0.4), 0.15), 150.0, 85));
    let [spot] = facts.bad_regions.as_slice() else {
        panic!("{:?}", facts.bad_regions);
    };
    assert_eq!(spot.why, "glare");
    let (x, y) = (
        f64::midpoint(spot.box_pt.x0.value(), spot.box_pt.x1.value()),
        f64::midpoint(spot.box_pt.y0.value(), spot.box_pt.y1.value()),
    );
    assert!((x - 595.0 * 0.5).abs() < 20.0 && (y - 842.0 * 0.6).abs() < 20.0);
    // In the margin nothing was lost.
    let facts = judged(pictured(&shone_on(&page, (0.5, 1.0), 0.1), 150.0, 85));
    assert!(facts.bad_regions.is_empty(), "{:?}", facts.bad_regions);
}

#[test]
fn light_that_leaves_type_and_white_that_has_an_edge_are_no_shine() {
    let page = form();
    let (w, h) = page.dimensions();
    let falling = GrayImage::from_fn(w, h, |x, y| {
        let (dx, dy) = (
            f64::from(x) / f64::from(w) - 0.5,
            f64::from(y) / f64::from(w) - 0.5,
        );
        let light = (0.7 + 0.5 * (-(dx * dx + dy * dy) / 0.05).exp()).min(1.0);
        Luma([(f64::from(page.get_pixel(x, y).0[0]) * light) as u8])
    });
    let panel = GrayImage::from_fn(w, h, |x, y| {
        let inside = (w / 3..w * 2 / 3).contains(&x) && (h / 3..h / 2).contains(&y);
        let tone = f64::from(page.get_pixel(x, y).0[0]) * 0.86;
        Luma([if inside { 255 } else { tone as u8 }])
    });
    for (what, page) in [("falling light", falling), ("panel", panel)] {
        let facts = judged(pictured(&page, 150.0, 85));
        assert!(
            facts.bad_regions.is_empty(),
            "{what}: {:?}",
            facts.bad_regions
        );
    }
}

#[test]
fn gaps_beside_pale_type_are_no_shine() {
    // A form with grey hints in its cells, and a framed table whose columns begin in one place.
    let hints = "#set page(width: 210mm, height: 297mm, margin: 20mm)\n#set text(font: 宋, size: 12pt)\n\
                 #let 行(名, 注) = block(grid(columns: (40mm, 60mm, 1fr), 名, text(fill: luma(170), 注), align(right)[是否]))\n\
                 #行[申报人姓名][请填写姓名全称]\n#行[身份证号码][十八位号码]\n#行[从事专业年限][以整年填写的数字]\n\
                 #行[现工作单位][与公章一致]\n#行[毕业院校][学历证书所载全称]\n#行[联系电话][手机]\n#行[申报系列][工程]\n";
    let framed = "#set page(width: 210mm, height: 297mm, margin: 20mm)\n#set text(font: 宋, size: 11pt)\n\
                  #table(columns: (14mm, 40mm, 1fr), stroke: 0.5pt + luma(150), ..range(14).map(n => ([#(n + 1)], [继续教育证明], [示例市人力资源和社会保障局])).flatten())\n";
    for (what, source) in [("hints", hints), ("framed", framed)] {
        let page = set(source, 150.0).remove(0);
        let facts = judged(pictured(&page, 150.0, 85));
        assert!(facts.bad_regions.is_empty(), "{what}: {facts:?}");
    }
}

/// A page on a screen, photographed: its pixels, `period` of the picture's wide, are dark at their rims.
fn on_a_screen(page: &GrayImage, period: f64, depth: f64) -> GrayImage {
    let wave = |v: u32| 0.5 + 0.5 * (f64::from(v) * std::f64::consts::TAU / period).cos();
    GrayImage::from_fn(page.width(), page.height(), |x, y| {
        let light = 1.0 - depth * f64::midpoint(wave(x), wave(y));
        Luma([(f64::from(page.get_pixel(x, y).0[0]) * light) as u8])
    })
}

#[test]
fn a_photographed_screen_is_told_by_its_pattern() {
    let page = screen(150.0);
    let clean = judged(pictured(&page, 150.0, 85));
    assert!(clean.pattern.unwrap() < 0.3, "{:?}", clean.pattern);
    let facts = judged(pictured(&on_a_screen(&page, 4.3, 0.15), 150.0, 85));
    assert!(facts.pattern.unwrap() > 0.4, "{:?}", facts.pattern);
    assert_eq!(
        facts.legible,
        Some(true),
        "a weak one leaves type: {facts:?}"
    );
    let facts = judged(pictured(&on_a_screen(&page, 6.7, 0.95), 150.0, 85));
    assert_eq!(facts.legible, Some(false), "{facts:?}");
    assert_eq!(facts.main_reason(), "pattern", "{facts:?}");
}

#[test]
fn type_that_a_copy_would_lose_is_pointed_out() {
    let page = grids(14.0, &[1.6], 150.0).remove(0);
    let (paper, pale, darker) = (250, 18, 60);
    let toned_page = |ink: i32| {
        GrayImage::from_fn(page.width(), page.height(), |x, y| {
            Luma([toned(&page, paper, ink, (x, y)) as u8])
        })
    };
    let facts = judged(pictured(&toned_page(pale), 150.0, 90));
    assert_eq!(facts.legible, Some(true), "it can be read here: {facts:?}");
    assert!(!facts.bad_regions.is_empty(), "{facts:?}");
    assert!(
        facts
            .bad_regions
            .iter()
            .all(|region| region.why == "contrast")
    );
    let facts = judged(pictured(&toned_page(darker), 150.0, 90));
    assert!(facts.bad_regions.is_empty(), "{facts:?}");
}

#[test]
fn a_part_in_the_dark_is_pointed_out_and_has_no_small_type() {
    let page = grids(14.0, &[1.6], 150.0).remove(0);
    let (w, h) = page.dimensions();
    // From the middle on a tenth of the light.
    let lit = GrayImage::from_fn(w, h, |x, y| {
        let into = (f64::from(x) / f64::from(w) - 0.45) / 0.1;
        let light = 1.0 - 0.92 * into.clamp(0.0, 1.0);
        Luma([(f64::from(page.get_pixel(x, y).0[0]) * light) as u8])
    });
    let facts = judged(pictured(&lit, 150.0, 85));
    let dark = || facts.bad_regions.iter().filter(|r| r.why == "shadow");
    let boxes = || dark().map(|region| region.box_pt);
    let middle = f64::from(w) * 0.5 * 72.0 / 150.0;
    let right = boxes().map(|b| b.x1.value()).fold(0.0, f64::max);
    assert!(right > middle * 1.5, "{facts:?}");
    let height: f64 = boxes().map(|b| b.height().value()).sum();
    assert!(height > 300.0, "{facts:?}");
    let smallest = facts
        .smallest_text_pt
        .map_or(14.0, juanzong::units::Pt::value);
    assert!(smallest > 10.0, "{smallest}");
}
