//! A font for text written object by object: a cut of one of our fonts with `ToUnicode`, or one that is only named.

use std::{collections::BTreeMap, fmt::Write as _};

use subsetter::GlyphRemapper;
use ttf_parser::Face;

use crate::raw_pdf::RawPdf;

/// How the reader finds the letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embedding {
    /// A subset inside the file, glyph numbers as codes, with `ToUnicode`.
    Subset,
    /// `STSong-Light` with `UniGB-UCS2-H`, nothing embedded, no `ToUnicode`: what much Chinese government software writes.
    Named,
}

/// The font, ready to write strings in.
pub struct TextFont {
    embedding: Embedding,
    glyphs: BTreeMap<char, (u16, f64)>,
    /// Object number of the Type 0 font.
    pub object: usize,
}

pub const SONG: &[u8] = include_bytes!("../../fonts/song-regular.otf");
pub const HEI: &[u8] = include_bytes!("../../fonts/hei-regular.otf");

impl TextFont {
    /// Adds a font that can write `text`.
    pub fn add(
        pdf: &mut RawPdf,
        embedding: Embedding,
        file: &[u8],
        name: &str,
        text: &str,
    ) -> TextFont {
        match embedding {
            Embedding::Subset => TextFont::subset(pdf, file, name, text),
            Embedding::Named => TextFont::named(pdf),
        }
    }

    fn subset(pdf: &mut RawPdf, file: &[u8], name: &str, text: &str) -> TextFont {
        let face = Face::parse(file, 0).unwrap();
        let units = f64::from(face.units_per_em());
        let mut remapper = GlyphRemapper::new();
        let mut glyphs = BTreeMap::new();
        let mut letters: Vec<char> = text.chars().filter(|c| !c.is_control()).collect();
        letters.sort_unstable();
        letters.dedup();
        for letter in letters {
            let glyph = face.glyph_index(letter).unwrap();
            let advance = f64::from(face.glyph_hor_advance(glyph).unwrap()) * 1000.0 / units;
            glyphs.insert(letter, (remapper.remap(glyph.0), advance));
        }
        let cut = subsetter::subset(file, 0, &remapper).unwrap();
        let file = pdf.stream("/Subtype /CIDFontType0C", cff_table(&cut));
        let descriptor = pdf.add(format!(
            "<< /Type /FontDescriptor /FontName /ABCDEF+{name} /Flags 4 /FontBBox [-100 -250 1100 950] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 90 /FontFile3 {file} 0 R >>"
        ));
        let mut widths = String::new();
        for (glyph, advance) in glyphs.values() {
            let _ = write!(widths, "{glyph} [{advance:.0}] ");
        }
        let descendant = pdf.add(format!(
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /ABCDEF+{name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor {descriptor} 0 R /DW 1000 /W [{widths}] >>"
        ));
        let unicode = pdf.stream("", to_unicode(&glyphs).as_bytes());
        let object = pdf.add(format!(
            "<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+{name} /Encoding /Identity-H /DescendantFonts [{descendant} 0 R] /ToUnicode {unicode} 0 R >>"
        ));
        TextFont {
            embedding: Embedding::Subset,
            glyphs,
            object,
        }
    }

    fn named(pdf: &mut RawPdf) -> TextFont {
        let descriptor = pdf.add("<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>");
        let descendant = pdf.add(format!("<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor {descriptor} 0 R /DW 1000 /W [1 [207 270 342 467 462 797 710 239 374 374 423 605 238 375 238 334 462 462 462 462 462 462 462 462 462 462 238 238 605 605 605 344 748 684 560 695 739 563 511 729 793 318 312 666 526 896 758 772 544 772 628 465 607 753 711 972 647 620 607 374 333 374 606 500 239 417 503 427 529 415 264 444 518 241 230 495 228 793 527 524 524 504 338 336 277 517 450 652 466 452 407 370 258 370 605]] >>"));
        let object = pdf.add(format!("<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UCS2-H /Encoding /UniGB-UCS2-H /DescendantFonts [{descendant} 0 R] >>"));
        TextFont {
            embedding: Embedding::Named,
            glyphs: BTreeMap::new(),
            object,
        }
    }

    /// `text` as a hexadecimal string of this font.
    pub fn string(&self, text: &str) -> String {
        let mut hex = String::from("<");
        for letter in text.chars() {
            let code = match self.embedding {
                Embedding::Subset => self.glyphs[&letter].0,
                Embedding::Named => u16::try_from(u32::from(letter)).unwrap(),
            };
            let _ = write!(hex, "{code:04X}");
        }
        hex.push('>');
        hex
    }

    /// Width of `text` at one point of size, about right for a named font.
    pub fn width(&self, text: &str) -> f64 {
        text.chars()
            .map(|letter| match self.glyphs.get(&letter) {
                Some((_, advance)) => advance / 1000.0,
                None if letter.is_ascii() => 0.5,
                None => 1.0,
            })
            .sum()
    }
}

/// The outlines alone: what a PDF wants of an OpenType font with PostScript outlines.
fn cff_table(font: &[u8]) -> &[u8] {
    let tables = u16::from_be_bytes([font[4], font[5]]) as usize;
    let word = |at: usize| u32::from_be_bytes(font[at..at + 4].try_into().unwrap()) as usize;
    let record = (0..tables)
        .map(|i| 12 + 16 * i)
        .find(|&at| &font[at..at + 4] == b"CFF ")
        .unwrap();
    let (start, length) = (word(record + 8), word(record + 12));
    &font[start..start + length]
}

fn to_unicode(glyphs: &BTreeMap<char, (u16, f64)>) -> String {
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
    );
    let all: Vec<_> = glyphs.iter().collect();
    for part in all.chunks(100) {
        let _ = writeln!(map, "{} beginbfchar", part.len());
        for (letter, (glyph, _)) in part {
            let mut units = [0; 2];
            let utf16 =
                letter
                    .encode_utf16(&mut units)
                    .iter()
                    .fold(String::new(), |mut hex, unit| {
                        let _ = write!(hex, "{unit:04X}");
                        hex
                    });
            let _ = writeln!(map, "<{glyph:04X}> <{utf16}>");
        }
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    map
}
