//! What of a page is pointed out as unreadable, and what is not.

use image::{GrayImage, Luma, imageops};

use super::{
    judged,
    pages::{pictured, screen, set, throws, toned},
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
