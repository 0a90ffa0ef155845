//! What a page is judged to be, whatever it is made of: drawn type, a picture of a screen, paper with hardly anything on it.

use image::{GrayImage, Luma, imageops};
use juanzong::{
    inspect::{
        inspect,
        legibility::{self, LegibilityFacts},
        raster,
    },
    limits::Limits,
    typeset::{PdfForm, TemplateSource, Typesetter},
    units::PageIndex,
};

use crate::support::raw_pdf::{PageSpec, RawPdf};

const HELVETICA: &str = "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>";

fn judged(bytes: Vec<u8>) -> LegibilityFacts {
    let mut inspection = inspect(bytes, &Limits::DEFAULT);
    assert_eq!(inspection.pages.len(), 1, "{:?}", inspection.opening);
    inspection.pages.remove(0).legibility.expect("measured")
}

/// A page of drawn lines in a size and with what sets their colour.
fn typed(size: f64, colour: &str) -> Vec<u8> {
    let lines: String = (0..14)
        .map(|n| {
            let y = 700 - 24 * n;
            format!("1 0 0 1 72 {y} Tm (A list of papers handed in, with the day of each) Tj ")
        })
        .collect();
    RawPdf::one_page(&format!("{colour} BT /F1 {size} Tf {lines} ET"), HELVETICA)
}

/// A page that is this picture at `dpi`.
fn pictured(image: &GrayImage, dpi: f64, quality: u8) -> Vec<u8> {
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, quality)
        .encode_image(image)
        .unwrap();
    of_jpeg(&jpeg, image.dimensions(), "/DeviceGray", dpi)
}

fn of_jpeg(jpeg: &[u8], (width, height): (u32, u32), space: &str, dpi: f64) -> Vec<u8> {
    let pt = |pixels: u32| f64::from(pixels) * 72.0 / dpi;
    let mut pdf = RawPdf::new();
    let picture = pdf.stream(
        &format!("/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace {space} /BitsPerComponent 8 /Filter /DCTDecode"),
        jpeg,
    );
    let root = pdf.add_pages(
        &[PageSpec {
            content: &format!("q {:.2} 0 0 {:.2} 0 0 cm /Im Do Q", pt(width), pt(height)),
            resources: &format!("/XObject << /Im {picture} 0 R >>"),
            media_box: &format!("0 0 {:.2} {:.2}", pt(width), pt(height)),
            ..PageSpec::default()
        }],
        "",
    );
    pdf.finish(root)
}

/// A paper of the sample, by the beginning of its name.
fn sample(start: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sample/004");
    let mut found = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path());
    let path = found
        .find(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with(start))
        })
        .unwrap();
    std::fs::read(path).unwrap()
}

/// A page of Chinese text as a screen shows it.
fn screen(dpi: f64) -> GrayImage {
    let png = raster::render_png(sample("13-"), PageIndex::new(0), dpi, &Limits::DEFAULT).unwrap();
    image::load_from_memory(&png).unwrap().to_luma8()
}

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

/// Numbers from −63 to 63, most near 0: the same every time.
fn throws() -> impl FnMut() -> i32 {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        // Two throws together: most lie near the middle.
        ((state >> 20) % 64 + (state >> 40) % 64) as i32 - 63
    }
}

/// What of a text is left on paper of a tone, with ink so much darker.
fn toned(text: &GrayImage, paper: i32, ink: i32, at: (u32, u32)) -> i32 {
    paper - (255 - i32::from(text.get_pixel(at.0, at.1).0[0])) * ink / 255
}

/// Ordered dots: a screen of four by four (Bayer 1973), as a printer or a copier makes grey.
fn dotted(text: &GrayImage, paper: i32) -> GrayImage {
    let level = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];
    GrayImage::from_fn(text.width(), text.height(), |x, y| {
        let step = level[y as usize % 4][x as usize % 4] * 16 + 8;
        Luma([u8::from(toned(text, paper, 120, (x, y)) > step) * 255])
    })
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

/// Blotches of some millimetres, from paper down to 0.6 of its light: the ground that a text lies on.
fn stained(text: &GrayImage, blotch: u32) -> GrayImage {
    let mut random = throws();
    let (across, down) = (text.width() / blotch + 2, text.height() / blotch + 2);
    let knots = GrayImage::from_fn(across, down, |_, _| {
        Luma([(128 + random() * 2).clamp(0, 255) as u8])
    });
    let (w, h) = (across * blotch, down * blotch);
    let ground = imageops::resize(&knots, w, h, imageops::FilterType::CatmullRom);
    GrayImage::from_fn(text.width(), text.height(), |x, y| {
        let ground = 250 - i32::from(ground.get_pixel(x, y).0[0].saturating_sub(110)).min(95);
        Luma([ground.min(toned(text, 255, 235, (x, y))) as u8])
    })
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
    // Half of the paper is black, and the text can be read all the same.
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

/// Pages as our own printer of forms sets them.
fn set(source: &str, dpi: f64) -> Vec<GrayImage> {
    let source = format!("#import \"style.typ\": *\n{source}");
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("page.typ", &*source), ("page.sample.json", "{}")] {
        juanzong::digest::write_atomically(&folder.path().join(name), text.as_bytes()).unwrap();
    }
    let typesetter = Typesetter::new(&TemplateSource::Folder(folder.path().to_owned())).unwrap();
    let form = PdfForm::plain("page", None);
    let made = typesetter.typeset_sample("page", &form).unwrap();
    let pages = (0..made.pages).map(|page| {
        let page = PageIndex::new(page);
        let png = raster::render_png(made.pdf.clone(), page, dpi, &Limits::DEFAULT).unwrap();
        image::load_from_memory(&png).unwrap().to_luma8()
    });
    pages.collect()
}

/// Pages of nothing but characters, line below line every `pitches` times their size: they stand in columns as well as in rows.
fn grids(size: f64, pitches: &[f64], dpi: f64) -> Vec<GrayImage> {
    let text = "参保人员缴费证明由申报单位统一打印并加盖电子印章险种为企业职工基本养老保险失业保险工伤保险缴费基数\
                按月核定以实际到账为准申报人应当对所提交材料的真实性负责逾期未补正的视为放弃本年度申报资格";
    let text: String = text.chars().cycle().take(1_300).collect();
    let pages = pitches.iter().map(|pitch| {
        let leading = pitch - 1.0;
        format!("#page[#set par(leading: {leading}em)\n{text}]\n")
    });
    let page = "#set page(width: 210mm, height: 297mm, margin: 18mm)";
    let type_of = format!("#set text(font: 宋, size: {size}pt, top-edge: 1em, bottom-edge: 0em)");
    set(
        &format!("{page}\n{type_of}\n{}", pages.collect::<String>()),
        dpi,
    )
}

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

#[test]
fn a_page_of_a3_at_600_dpi_fits_into_150_mb_of_a_worker() {
    // Text on paper that is not quite white, in colour.
    let text = screen(150.0);
    let page = image::RgbImage::from_fn(9_921, 7_016, |x, y| {
        let ink = text
            .get_pixel(x / 4 % text.width(), y / 4 % text.height())
            .0[0];
        image::Rgb([ink, ink, ink.saturating_sub(12)])
    });
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 85)
        .encode_image(&page)
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a3.pdf");
    let file = of_jpeg(&jpeg, page.dimensions(), "/DeviceRGB", 600.0);
    juanzong::digest::write_atomically(&path, &file).unwrap();
    let out = std::process::Command::new(env!("CARGO_BIN_EXE_juanzong"))
        .args(["validate", "--format", "json"])
        .arg(&path)
        .output()
        .unwrap();
    let said: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let report = said.get(0).unwrap_or(&said);
    let peak = report["cost"]["peak_bytes"].as_u64().unwrap();
    assert!((60_000_000..=150_000_000).contains(&peak), "{peak}");
}
