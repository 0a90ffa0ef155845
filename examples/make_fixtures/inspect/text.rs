//! FM110–FM113: fonts, Unicode, hidden text and layers.

use super::{
    Put,
    writers::{FONT, good},
};
use crate::raw_pdf::{PageSpec, RawPdf};

/// A composite font that is not in the file.
const SONG: &str = "/Font << /F1 << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >>] >> >>";

fn one(content: &str) -> Vec<u8> {
    RawPdf::one_page(content, FONT)
}

/// A page whose font has this map from codes to Unicode.
fn mapped(content: &str, rows: &str) -> Vec<u8> {
    let mut pdf = RawPdf::new();
    let map = pdf.stream(
        "",
        format!("/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <00> <FF> endcodespacerange {rows} endcmap end end").as_bytes(),
    );
    let resources = format!(
        "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode {map} 0 R >> >>"
    );
    let page = PageSpec {
        content,
        resources: &resources,
        ..PageSpec::default()
    };
    let root = pdf.add_pages(&[page], "");
    pdf.finish(root)
}

/// A page with a word in a layer of this usage; `configuration` is the default one, `{}` stands for the layer.
fn layered(usage: &str, configuration: &str) -> Vec<u8> {
    let mut pdf = RawPdf::new();
    let layer = pdf.add(format!("<< /Type /OCG /Name (draft) {usage} >>"));
    let resources = format!("{FONT} /Properties << /L {layer} 0 R >>");
    let page = PageSpec {
        content: "BT /F1 20 Tf 72 700 Td (sample) Tj ET /OC /L BDC BT /F1 12 Tf 72 600 Td (draft) Tj ET EMC",
        resources: &resources,
        ..PageSpec::default()
    };
    let configuration = configuration.replace("{}", &format!("{layer} 0 R"));
    let root = pdf.add_pages(
        &[page],
        &format!("/OCProperties << /OCGs [{layer} 0 R] /D << {configuration} >> >>"),
    );
    pdf.finish(root)
}

pub(super) fn make(put: Put<'_>) {
    let song = |mode: &str| {
        RawPdf::one_page(
            &format!("BT {mode} /F1 12 Tf 72 700 Td <5F204E09> Tj ET"),
            SONG,
        )
    };
    put("FM110", "pass-standard", &good());
    put("FM110", "pass-unseen", &song("3 Tr"));
    put("FM110", "fail-a", &song(""));

    let words = "BT /F1 12 Tf 72 700 Td (issued 2024) Tj ET";
    let letters = "1 beginbfrange <20> <7A> <0020> endbfrange";
    put("FM111", "pass-a", &mapped(words, letters));
    // 2021 where 2024 is shown; a NUL between two characters; all codes one character.
    put(
        "FM111",
        "unsure-other-digit",
        &mapped(
            words,
            "2 beginbfrange <20> <33> <0020> <35> <7A> <0035> endbfrange 1 beginbfchar <34> <0031> endbfchar",
        ),
    );
    put(
        "FM111",
        "unsure-nul",
        &RawPdf::one_page("BT /F1 12 Tf 72 700 Td <5F2000004E09> Tj ET", SONG),
    );
    let all: String = (0x20..=0x7A)
        .map(|code| format!("<{code:02X}> <0031> "))
        .collect();
    put(
        "FM111",
        "unsure-all-one",
        &mapped(words, &format!("91 beginbfchar {all} endbfchar")),
    );
    let hidden = "BT 3 Tr /F1 12 Tf 72 700 Td (issued 2024) Tj ET";
    put(
        "FM111",
        "pass-unseen",
        &mapped(hidden, &format!("91 beginbfchar {all} endbfchar")),
    );

    let seen = "BT /F1 12 Tf 0 Tr 0 g 72 700 Td (issued on 2024-06-30) Tj ET";
    let below = |text: &str| format!("BT /F1 12 Tf 3 Tr 72 700 Td ({text}) Tj ET {seen}");
    put(
        "FM112",
        "pass-same-words",
        &one(&below("issued on 2024-06-30")),
    );
    put(
        "FM112",
        "pass-nothing-seen",
        &one("BT /F1 12 Tf 3 Tr 72 500 Td (recognised 2021) Tj ET"),
    );
    put(
        "FM112",
        "fail-invisible",
        &one(&below("issued on 2021-06-30")),
    );
    put(
        "FM112",
        "fail-painted-over",
        &one(&format!(
            "BT /F1 12 Tf 72 700 Td (issued on 2021-06-30) Tj ET 1 g 60 690 200 30 re f {seen}"
        )),
    );
    put(
        "FM112",
        "fail-white",
        &one(
            "BT 1 g /F1 12 Tf 72 700 Td (Bachelor of Laws) Tj ET 0 g BT /F1 12 Tf 72 700 Td (Doctor) Tj ET",
        ),
    );

    put("FM113", "pass-on", &layered("", ""));
    put("FM113", "fail-off", &layered("", "/OFF [{}]"));
    put(
        "FM113",
        "fail-print-only",
        &layered(
            "/Usage << /View << /ViewState /OFF >> /Print << /PrintState /ON >> >>",
            "",
        ),
    );
}
