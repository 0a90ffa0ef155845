//! Unlike ways to write the same page: foreign to our own typesetter and binder on purpose.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use super::draw::{Face, Page, Text};
use crate::raw_pdf::RawPdf;

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// `STSong-Light`, not embedded, `UniGB-UCS2-H`, no `ToUnicode`: what Chinese government PDFs are full of.
    Song,
    /// Type0, `Identity-H`, embedded subset, `ToUnicode`.
    Subset,
    /// The same font, every character placed by itself, from the bottom of the page up; streams compressed and
    /// objects in object streams by `lopdf`.
    Glyphs,
}

impl Writer {
    pub const ALL: [Writer; 3] = [Writer::Song, Writer::Subset, Writer::Glyphs];
    pub fn name(self) -> &'static str {
        match self {
            Writer::Song => "song",
            Writer::Subset => "subset",
            Writer::Glyphs => "glyphs",
        }
    }
}

/// The pages as a PDF.
pub fn write(writer: Writer, pages: &[Page]) -> Vec<u8> {
    match writer {
        Writer::Song => song(pages),
        Writer::Subset => subset(pages, false, "kai-regular.ttf"),
        Writer::Glyphs => compressed(&subset(pages, true, "kai-regular.ttf")),
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('(', "\\(")
        .replace(')', "\\)")
}

fn frame(page: &Page, images: &mut String) -> String {
    let mut out = String::new();
    for [x0, y0, x1, y1] in &page.rules {
        let _ = writeln!(out, "0.5 w {x0:.2} {y0:.2} m {x1:.2} {y1:.2} l S");
    }
    for (i, picture) in page.pictures.iter().enumerate() {
        let _ = writeln!(
            out,
            "q {:.2} 0 0 {:.2} {:.2} {:.2} cm /I{i} Do Q",
            picture.w, picture.h, picture.x, picture.y
        );
        images.push_str(&format!("/I{i} @{i}@ "));
    }
    out
}

fn song(pages: &[Page]) -> Vec<u8> {
    let mut pdf = RawPdf::new();
    let descriptor = pdf.add(
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    );
    let descendant = pdf.add(format!(
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 /W [1 95 500 814 939 500] /FontDescriptor {descriptor} 0 R >>"
    ));
    let font = pdf.add(format!(
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UCS2-H /Encoding /UniGB-UCS2-H /DescendantFonts [{descendant} 0 R] >>"
    ));
    let latin = latin_font(&mut pdf);
    let write = |text: &Text| {
        let mut hex = String::new();
        for unit in text.text.encode_utf16() {
            let _ = write!(hex, "{unit:04X}");
        }
        format!("<{hex}> Tj")
    };
    assemble(pdf, pages, font, latin, &write, false)
}

fn latin_font(pdf: &mut RawPdf) -> usize {
    pdf.add(
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    )
}

/// Puts pages together; `write` shows a text in the Chinese font.
fn assemble(
    mut pdf: RawPdf,
    pages: &[Page],
    font: usize,
    latin: usize,
    write: &dyn Fn(&Text) -> String,
    upwards: bool,
) -> Vec<u8> {
    let tree = pdf.reserve();
    let mut kids = String::new();
    for page in pages {
        let mut images = String::new();
        let mut content = frame(page, &mut images);
        let mut texts: Vec<&Text> = page.texts.iter().collect();
        if upwards {
            texts.reverse();
        }
        for text in texts {
            let (name, show) = match text.face {
                Face::Song => ("F1", write(text)),
                Face::Latin => ("F2", format!("({}) Tj", escaped(&text.text))),
            };
            let mode = if text.hidden { 3 } else { 0 };
            let _ = writeln!(
                content,
                "BT /{name} {:.1} Tf {mode} Tr {:.2} {:.2} Td {show} ET",
                text.size, text.x, text.y
            );
        }
        for (i, picture) in page.pictures.iter().enumerate() {
            let rows = picture.grey.len() / picture.columns;
            let image = pdf.stream(
                &format!(
                    "/Type /XObject /Subtype /Image /Width {} /Height {rows} /ColorSpace /DeviceGray /BitsPerComponent 8",
                    picture.columns
                ),
                &picture.grey,
            );
            images = images.replace(&format!("@{i}@"), &format!("{image} 0 R"));
        }
        let stream = pdf.stream("", content.as_bytes());
        let mut links = String::new();
        for ([x0, y0, x1, y1], address) in &page.links {
            let _ = write!(
                links,
                "<< /Type /Annot /Subtype /Link /Rect [{x0} {y0} {x1} {y1}] /Border [0 0 0] /A << /S /URI /URI ({}) >> >> ",
                escaped(address)
            );
        }
        if !links.is_empty() {
            links = format!("/Annots [{links}] ");
        }
        let object = pdf.add(format!(
            "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595.276 841.89] {links}/Resources << /Font << /F1 {font} 0 R /F2 {latin} 0 R >> /XObject << {images}>> >> /Contents {stream} 0 R >>"
        ));
        let _ = write!(kids, "{object} 0 R ");
    }
    pdf.set(
        tree,
        format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()),
    );
    let catalog = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    pdf.finish(catalog)
}

/// The same as [`Writer::Subset`] in another font of `fonts/`.
pub fn write_in(font: &str, pages: &[Page]) -> Vec<u8> {
    subset(pages, false, font)
}

fn subset(pages: &[Page], by_glyph: bool, font: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fonts")
        .join(font);
    let data = std::fs::read(path).expect("a font of fonts/");
    let face = ttf_parser::Face::parse(&data, 0).expect("a font");
    let mut glyphs: BTreeMap<char, u16> = BTreeMap::new();
    for c in pages
        .iter()
        .flat_map(|p| &p.texts)
        .filter(|t| t.face == Face::Song)
        .flat_map(|t| t.text.chars())
    {
        let glyph = face
            .glyph_index(c)
            .unwrap_or_else(|| panic!("no glyph for {c}"));
        glyphs.insert(c, glyph.0);
    }
    let mut remapper = subsetter::GlyphRemapper::new();
    let new: BTreeMap<char, u16> = glyphs
        .iter()
        .map(|(c, glyph)| (*c, remapper.remap(*glyph)))
        .collect();
    let program = subsetter::subset(&data, 0, &remapper).expect("a subset");
    let em = f64::from(face.units_per_em());
    let widths: BTreeMap<char, f64> = glyphs
        .iter()
        .map(|(c, glyph)| {
            let advance = face
                .glyph_hor_advance(ttf_parser::GlyphId(*glyph))
                .unwrap_or(1000);
            (*c, f64::from(advance) * 1000.0 / em)
        })
        .collect();

    let mut pdf = RawPdf::new();
    // Outlines of PostScript kind go into the file bare.
    let outlines = ttf_parser::RawFace::parse(&program, 0)
        .ok()
        .and_then(|face| face.table(ttf_parser::Tag::from_bytes(b"CFF ")));
    let (file, key, of_kind) = match outlines {
        Some(cff) => (
            pdf.stream("/Subtype /CIDFontType0C", cff),
            "FontFile3",
            "/CIDFontType0",
        ),
        None => (
            pdf.stream(&format!("/Length1 {}", program.len()), &program),
            "FontFile2",
            "/CIDFontType2",
        ),
    };
    let descriptor = pdf.add(format!(
        "<< /Type /FontDescriptor /FontName /QWERTY+FixtureKai /Flags 4 /FontBBox [-200 -250 1200 950] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 /{key} {file} 0 R >>"
    ));
    let map_of_glyphs = if outlines.is_some() {
        ""
    } else {
        "/CIDToGIDMap /Identity "
    };
    let mut list = String::new();
    for (c, cid) in &new {
        let _ = write!(list, "{cid} [{:.0}] ", widths[c]);
    }
    let descendant = pdf.add(format!(
        "<< /Type /Font /Subtype {of_kind} /BaseFont /QWERTY+FixtureKai /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> {map_of_glyphs}/DW 1000 /W [{list}] /FontDescriptor {descriptor} 0 R >>"
    ));
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n",
    );
    let lines: Vec<String> = new
        .iter()
        .map(|(c, cid)| {
            let mut units = [0_u16; 2];
            let hex: String = c
                .encode_utf16(&mut units)
                .iter()
                .map(|u| format!("{u:04X}"))
                .collect();
            format!("<{cid:04X}> <{hex}>")
        })
        .collect();
    for part in lines.chunks(100) {
        let _ = write!(
            map,
            "{} beginbfchar\n{}\nendbfchar\n",
            part.len(),
            part.join("\n")
        );
    }
    map.push_str("endcmap end end");
    let to_unicode = pdf.stream("", map.as_bytes());
    let font = pdf.add(format!(
        "<< /Type /Font /Subtype /Type0 /BaseFont /QWERTY+FixtureKai /Encoding /Identity-H /DescendantFonts [{descendant} 0 R] /ToUnicode {to_unicode} 0 R >>"
    ));
    let latin = latin_font(&mut pdf);
    let write = |text: &Text| {
        let mut out = String::new();
        let mut step = 0.0;
        for c in text.text.chars() {
            let cid = new[&c];
            if by_glyph {
                let _ = write!(out, "{step:.2} 0 Td <{cid:04X}> Tj ");
                step = widths[&c] * text.size / 1000.0;
            } else {
                let _ = write!(out, "{cid:04X}");
            }
        }
        if by_glyph { out } else { format!("<{out}> Tj") }
    };
    assemble(pdf, pages, font, latin, &write, by_glyph)
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut document = lopdf::Document::load_mem(bytes).expect("our own file");
    document.compress();
    let mut out = Vec::new();
    document.save_modern(&mut out).expect("memory");
    out
}
