//! Text as a reader sees it: what is visible, what is not, and what its Unicode is worth.

use juanzong::{
    inspect::{
        facts::{TextRun, Visibility},
        inspect,
    },
    limits::Limits,
};

use crate::support::raw_pdf::{PageSpec, RawPdf};

const HELVETICA: &str = "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>";

fn runs(bytes: Vec<u8>) -> Vec<TextRun> {
    let mut inspection = inspect(bytes, &Limits::DEFAULT);
    assert_eq!(inspection.pages.len(), 1, "{:?}", inspection.opening);
    inspection.pages.remove(0).text
}

fn visibility(content: &str) -> Vec<(String, Visibility)> {
    runs(RawPdf::one_page(content, HELVETICA))
        .into_iter()
        .map(|run| (run.text, run.visibility))
        .collect()
}

#[test]
fn seen_and_unseen_text_are_told_apart() {
    let line = |set: &str| format!("{set} BT /F1 12 Tf 100 700 Td (2024) Tj ET");
    let cases = [
        (line(""), Visibility::Visible),
        (line("3 Tr"), Visibility::Invisible),
        (line("7 Tr"), Visibility::Invisible),
        (line("1 g"), Visibility::SameAsBackground),
        (line("0 0 0 0 k"), Visibility::SameAsBackground),
        (line("0 0 1 rg 90 690 100 30 re f 1 g"), Visibility::Visible),
        (
            line("0 0 1 rg 90 690 100 30 re f"),
            Visibility::SameAsBackground,
        ),
        (
            line("") + " 1 1 0 rg 90 690 100 30 re f",
            Visibility::Covered,
        ),
        (
            line("") + " 1 1 0 rg 110 690 5 30 re f",
            Visibility::Visible,
        ),
        (line("1 0 0 1 600 0 cm"), Visibility::OutsidePage),
        (line("0 0 50 50 re W n"), Visibility::OutsidePage),
    ];
    for (content, wanted) in cases {
        assert_eq!(
            visibility(&content),
            [("2024".to_owned(), wanted)],
            "{content}"
        );
    }
}

#[test]
fn text_outside_of_the_crop_box_is_outside() {
    let page = PageSpec {
        content: "BT /F1 12 Tf 100 700 Td (hidden) Tj ET",
        resources: HELVETICA,
        extra: "/CropBox [0 0 595 600]",
        ..PageSpec::default()
    };
    let mut inspection = inspect(RawPdf::pages(&[page]), &Limits::DEFAULT);
    let page = inspection.pages.remove(0);
    assert_eq!(page.text[0].visibility, Visibility::OutsidePage);
    assert!(page.content_outside);
}

#[test]
fn text_under_a_picture_is_covered() {
    let mut pdf = RawPdf::new();
    let image = pdf.stream(
        "/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8",
        &[255; 4],
    );
    let resources = format!("{HELVETICA} /XObject << /I {image} 0 R >>");
    let page = PageSpec {
        content: "BT /F1 12 Tf 100 700 Td (under) Tj ET q 595 0 0 842 0 0 cm /I Do Q BT /F1 12 Tf 100 600 Td (over) Tj ET",
        resources: &resources,
        ..PageSpec::default()
    };
    let root = pdf.add_pages(&[page], "");
    let seen: Vec<_> = runs(pdf.finish(root))
        .into_iter()
        .map(|run| (run.text, run.visibility))
        .collect();
    assert_eq!(
        seen,
        [
            ("under".to_owned(), Visibility::Covered),
            ("over".to_owned(), Visibility::Visible)
        ]
    );
}

#[test]
fn a_layer_that_is_off_is_not_seen() {
    let mut pdf = RawPdf::new();
    let layer = pdf.add("<< /Type /OCG /Name (draft) >>");
    let resources = format!("{HELVETICA} /Properties << /L {layer} 0 R >>");
    let page = PageSpec {
        content: "/OC /L BDC BT /F1 12 Tf 100 700 Td (draft) Tj ET EMC",
        resources: &resources,
        ..PageSpec::default()
    };
    let root = pdf.add_pages(
        &[page],
        &format!("/OCProperties << /OCGs [{layer} 0 R] /D << /OFF [{layer} 0 R] >> >>"),
    );
    assert_eq!(runs(pdf.finish(root))[0].visibility, Visibility::Invisible);
}

/// One line of text in a CID font without `ToUnicode` and without font program.
fn cid_text(encoding: &str, codes: &str) -> Vec<TextRun> {
    let font = format!(
        "/Font << /F1 << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /{encoding} /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >>] >> >>"
    );
    let content = format!("BT /F1 12 Tf 100 700 Td <{codes}> Tj ET");
    runs(RawPdf::one_page(&content, &font))
}

#[test]
fn predefined_cmaps_give_unicode_without_a_map() {
    let cases = [
        ("UniGB-UCS2-H", "5F204E090041"),
        ("UniGB-UTF16-H", "5F204E090041"),
        ("GBK-EUC-H", "D5C5C8FD41"),
        ("GBKp-EUC-H", "D5C5C8FD41"),
        ("GB-EUC-H", "D5C5C8FD41"),
        ("GBK2K-H", "D5C5C8FD41"),
        ("GB18030", "D5C5C8FD41"),
    ];
    for (encoding, codes) in cases {
        let runs = cid_text(encoding, codes);
        assert_eq!(runs.len(), 1, "{encoding}: {runs:?}");
        assert_eq!(runs[0].text, "张三A", "{encoding}");
        assert!(runs[0].trusted, "{encoding}");
    }
}

#[test]
fn vertical_variants_give_the_same_unicode() {
    let cases = [
        ("UniGB-UCS2-V", "5F204E090041"),
        ("UniGB-UTF16-V", "5F204E090041"),
        ("GBK-EUC-V", "D5C5C8FD41"),
        ("GBKp-EUC-V", "D5C5C8FD41"),
        ("GB-EUC-V", "D5C5C8FD41"),
        ("GBpc-EUC-V", "D5C5C8FD41"),
        ("GBK2K-V", "D5C5C8FD41"),
    ];
    for (encoding, codes) in cases {
        let runs = cid_text(encoding, codes);
        assert_eq!(runs.len(), 1, "{encoding}: {runs:?}");
        assert_eq!(runs[0].text, "张三A", "{encoding}");
        assert!(runs[0].trusted, "{encoding}");
    }
}

#[test]
fn a_private_use_character_is_itself_and_never_nul() {
    for (encoding, codes) in [
        ("UniGB-UCS2-H", "6797E1235F20"),
        ("UniGB-UCS2-V", "6797E1235F20"),
        ("UniGB-UTF16-H", "6797E1235F20"),
    ] {
        let runs = cid_text(encoding, codes);
        assert_eq!(runs.len(), 1, "{encoding}: {runs:?}");
        assert_eq!(runs[0].text, "林\u{E123}张", "{encoding}");
        assert!(runs[0].trusted, "{encoding}");
    }
}

#[test]
fn control_characters_and_codes_without_a_character_are_not_trusted() {
    for (encoding, codes) in [
        ("UniGB-UCS2-H", "00005F20"),
        ("UniGB-UCS2-H", "D8405F20"),
        ("UniGB-UCS2-H", "FFFE5F20"),
        ("GBK-EUC-H", "FFD5C5"),
        ("Identity-H", "FFFF11CF"),
    ] {
        let runs = cid_text(encoding, codes);
        assert_eq!(runs.len(), 1, "{encoding} {codes}: {runs:?}");
        assert!(!runs[0].trusted, "{encoding} {codes}: {runs:?}");
        assert!(!runs[0].text.contains('\0'), "{encoding} {codes}: {runs:?}");
    }
}

#[test]
fn encodings_that_are_no_unicode_are_read_through_their_collection() {
    // JIS X 0208 row and cell, Adobe-Japan1 by name of the CMap: 山.
    let runs = cid_text("H", "3B33");
    assert_eq!(runs[0].text, "山");
    assert!(runs[0].trusted);
}

#[test]
fn identity_codes_of_a_known_collection_are_its_characters() {
    // CID 4559 of Adobe-GB1 is 中, CID 34 is A.
    let runs = cid_text("Identity-H", "11CF0022");
    assert_eq!(runs[0].text, "中A");
}

#[test]
fn vertical_type_is_one_run() {
    let runs = cid_text("UniGB-UCS2-V", "5F204E09");
    assert_eq!(runs.len(), 1, "{runs:?}");
    assert_eq!(runs[0].text, "张三");
    assert!(runs[0].box_pt.height() > runs[0].box_pt.width());
}

#[test]
fn a_map_that_gives_all_codes_one_character_is_not_trusted() {
    let font = |map: &str| {
        let mut pdf = RawPdf::new();
        let map = pdf.stream("", map.as_bytes());
        let resources = format!(
            "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode {map} 0 R >> >>"
        );
        let page = PageSpec {
            content: "BT /F1 12 Tf 100 700 Td (abcdef) Tj ET",
            resources: &resources,
            ..PageSpec::default()
        };
        let root = pdf.add_pages(&[page], "");
        runs(pdf.finish(root)).remove(0)
    };
    let cmap = |rows: &str| {
        format!(
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <00> <FF> endcodespacerange {rows} endcmap end end"
        )
    };
    let honest = font(&cmap("1 beginbfrange <61> <66> <0061> endbfrange"));
    assert_eq!((honest.text.as_str(), honest.trusted), ("abcdef", true));
    let rows: String = (0x61..=0x66)
        .map(|code| format!("<{code:02X}> <0031> "))
        .collect();
    let lying = font(&cmap(&format!("6 beginbfchar {rows} endbfchar")));
    assert_eq!((lying.text.as_str(), lying.trusted), ("111111", false));
}

#[test]
fn places_are_those_of_the_page_as_shown() {
    let page = PageSpec {
        content: "BT /F1 10 Tf 0 1 -1 0 100 200 Tm (up) Tj ET",
        resources: HELVETICA,
        media_box: "0 0 600 800",
        extra: "/Rotate 90",
    };
    let mut inspection = inspect(RawPdf::pages(&[page]), &Limits::DEFAULT);
    let page = inspection.pages.remove(0);
    assert!(page.landscape);
    let at = page.text[0].box_pt;
    // Set upwards on the sheet, so level on the page turned clockwise: x = y, y = 600 - x.
    assert!((at.x0.value() - 200.0).abs() < 0.1, "{at:?}");
    assert!((at.y0.value() - (500.0 - 1.4)).abs() < 0.1, "{at:?}");
    assert!(at.width() > at.height() || at.width().value() > 8.0);
}

/// Dark pixels of a page drawn at 72 dpi.
fn dark(bytes: &[u8]) -> usize {
    let page = juanzong::units::PageIndex::new(0);
    let png = juanzong::inspect::raster::render_png(bytes.to_vec(), page, 72.0, &Limits::DEFAULT);
    let picture = image::load_from_memory(&png.unwrap()).unwrap().to_luma8();
    picture.pixels().filter(|pixel| pixel.0[0] < 128).count()
}

#[test]
fn chinese_text_in_a_font_that_is_not_embedded_is_seen_in_the_picture() {
    let page = |font: &str, text: &str| {
        let resources = format!(
            "/Font << /F1 << /Type /Font /Subtype /Type0 /BaseFont /{font} /Encoding /UniGB-UCS2-H /DescendantFonts [ \
             << /Type /Font /Subtype /CIDFontType0 /BaseFont /{font} /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >> ] >> >>"
        );
        RawPdf::one_page(
            &format!("BT /F1 40 Tf 100 700 Td <{text}> Tj ET"),
            &resources,
        )
    };
    // 学历证书 and nothing but blanks.
    for font in ["STSong-Light", "SimHei", "KaiTi", "FangSong"] {
        let seen = dark(&page(font, "5B665386 8BC14E66"));
        assert!(seen > 400, "{font}: {seen}");
    }
    assert_eq!(dark(&page("STSong-Light", "3000 3000")), 0);
}
