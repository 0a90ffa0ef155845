//! The page number: what it says, where it stands on a page as shown, and the marks that draw it.

use std::{collections::BTreeMap, io::Write as _};

use data_encoding::HEXUPPER;
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, Number, Object, Rect, Stream};

use super::{
    error::Fault,
    number_style::{NumberPlace, NumberStyle, Placed},
    output::{Output, PdfOutput, Ref},
    place::{self, Seat, Spot},
    source::{CopyError, Source},
    syntax,
};
use crate::units::{Mm, PtBox};

/// A page as shown, in points, and the way back into its user space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    /// Width and height as shown.
    pub(super) size: [f64; 2],
    /// From the page as shown to user space.
    pub(super) to_user: [f64; 6],
}

impl Frame {
    /// The page that shows `visible` (user space) turned clockwise by `rotate` degrees.
    pub(super) fn new(visible: Rect, rotate: u16, user_unit: f64) -> Frame {
        let Rect { x0, y0, x1, y1 } = visible;
        let s = 1.0 / user_unit;
        let (w, h) = ((x1 - x0) * user_unit, (y1 - y0) * user_unit);
        let (width, height, to_user) = match rotate {
            90 => (h, w, [0.0, s, -s, 0.0, x1, y0]),
            180 => (w, h, [-s, 0.0, 0.0, -s, x1, y1]),
            270 => (h, w, [0.0, -s, s, 0.0, x0, y1]),
            _ => (w, h, [s, 0.0, 0.0, s, x0, y0]),
        };
        Frame {
            size: [width, height],
            to_user,
        }
    }
}

/// The font page numbers are printed in, copied from a page of the typesetter.
pub(super) struct NumberFont {
    font: Ref,
    glyphs: BTreeMap<char, Glyph>,
}

#[derive(Clone, Copy)]
struct Glyph {
    code: u16,
    /// Thousandths of the size.
    width: f64,
}

impl NumberFont {
    /// Takes the first composite font of the first page of `source`.
    pub(super) fn read<O: Output>(
        file: &mut PdfOutput<O>,
        source: &mut Source<'_>,
    ) -> Result<Option<NumberFont>, CopyError> {
        let pages = source.pdf().pages();
        let Some(page) = pages.first() else {
            return Ok(None);
        };
        let fonts = &page.resources().fonts;
        for (key, value) in fonts.entries() {
            let (MaybeRef::Ref(id), Some(font)) = (value, fonts.get::<Dict<'_>>(&*key)) else {
                continue;
            };
            if let Some(glyphs) = glyphs_of(&font) {
                let font = source.indirect(file, id.into())?;
                return Ok(Some(NumberFont { font, glyphs }));
            }
        }
        Ok(None)
    }

    /// The font object.
    pub(super) fn font(&self) -> Ref {
        self.font
    }

    /// The number `text` on the page `seat`, ready to be printed: where it stands and how.
    pub(super) fn stamp(
        &self,
        text: &str,
        style: &NumberStyle,
        seat: &Seat<'_>,
    ) -> Result<Stamp, Fault> {
        // Pages smaller than A5 get smaller numbers nearer to the corner.
        let [page_width, page_height] = seat.size;
        let scale = (page_width.min(page_height) / Mm::new(148.0).to_pt().value()).min(1.0);
        let text = if style.dashes {
            format!("— {text} —")
        } else {
            text.to_owned()
        };
        let mut codes = String::new();
        let mut advance = 0.0;
        for c in text.chars() {
            let glyph = self.glyphs.get(&c).ok_or(Fault::NoGlyph(c))?;
            codes.push_str(&HEXUPPER.encode(&glyph.code.to_be_bytes()));
            advance += glyph.width / 1000.0;
        }
        let asked = style.size_pt.value() * scale;
        let side = style.from_side_mm.to_pt().value() * scale;
        let edge = style.from_edge_mm.to_pt().value() * scale;
        let at_size = |size: f64| {
            let extent = [advance * size, size];
            let [x, y] = corner(style.place, seat, extent, [side, edge]);
            Spot { x, y, size, extent }
        };
        let (spot, how) = place::find(at_size, asked, seat);
        let area = spot.area();
        Ok(Stamp {
            codes,
            spot,
            how,
            // Rounded as it is on the wire, so that it is the same on both sides of the sandbox.
            area: PtBox::from(<[f64; 4]>::from(area)),
        })
    }
}

/// A number with its place on a page.
pub(super) struct Stamp {
    codes: String,
    spot: Spot,
    /// How it came to its place.
    pub(super) how: Placed,
    /// The box it fills, as shown.
    pub(super) area: PtBox,
}

impl Stamp {
    /// The marks that print it. `to_user` leads from the page as shown to its user space, `font_name` is the font's name
    /// in the page's resources. Over ink it stands in a thin white edge, so that it can be read and hides next to nothing.
    pub(super) fn marks(&self, to_user: [f64; 6], font_name: &str) -> Vec<u8> {
        let mut marks = b"/Artifact<</Type/Pagination>>BDC q ".to_vec();
        for value in to_user {
            syntax::coordinate(&mut marks, value);
            marks.push(b' ');
        }
        marks.extend_from_slice(b"cm 0 g ");
        if self.how == Placed::OverInk {
            marks.extend_from_slice(b"1 G 2 w 1 j ");
            self.text(&mut marks, font_name, 1);
        }
        self.text(&mut marks, font_name, 0);
        marks.extend_from_slice(b"Q EMC\n");
        marks
    }

    fn text(&self, marks: &mut Vec<u8>, font_name: &str, mode: u8) {
        let _ = write!(marks, "BT {mode} Tr /{font_name} ");
        syntax::coordinate(marks, self.spot.size);
        marks.extend_from_slice(b" Tf 1 0 0 1 ");
        syntax::coordinate(marks, self.spot.x);
        marks.push(b' ');
        syntax::coordinate(marks, self.spot.y);
        let _ = write!(marks, " Tm <{}> Tj ET ", self.codes);
    }
}

/// Where the text of `[width, height]` begins, at `[side, edge]` from the corner.
fn corner(
    place: NumberPlace,
    seat: &Seat<'_>,
    [width, height]: [f64; 2],
    [side, edge]: [f64; 2],
) -> [f64; 2] {
    let [page_width, page_height] = seat.size;
    let left = matches!(place, NumberPlace::LowerOuter | NumberPlace::UpperOuter) && seat.back;
    let x = match place {
        NumberPlace::LowerCentre => (page_width - width) / 2.0,
        _ if left => side,
        _ => page_width - side - width,
    };
    let y = if place.is_upper() {
        page_height - edge - height
    } else {
        edge
    };
    [x.max(0.0), y.max(0.0)]
}

/// Codes and widths of a composite font, by the characters its `ToUnicode` names.
fn glyphs_of(font: &Dict<'_>) -> Option<BTreeMap<char, Glyph>> {
    if font.get::<Name<'_>>(b"Subtype").as_deref() != Some(b"Type0") {
        return None;
    }
    let cid_font = font.get::<Array<'_>>(b"DescendantFonts")?;
    let cid_font = cid_font.iter::<Dict<'_>>().next()?;
    let default = cid_font
        .get::<Number>(b"DW")
        .map_or(1000.0, |width| width.as_f64());
    let widths = widths_of(&cid_font);
    let map = font.get::<Stream<'_>>(b"ToUnicode")?;
    let map = map.decoded_data().ok()?;
    let glyphs = to_unicode(&String::from_utf8_lossy(&map))
        .into_iter()
        .map(|(code, c)| {
            let width = widths.get(&code).copied().unwrap_or(default);
            (c, Glyph { code, width })
        })
        .collect::<BTreeMap<_, _>>();
    (!glyphs.is_empty()).then_some(glyphs)
}

/// `W` of a CID font (9.7.4.3): `c [w1 w2 …]` and `first last w`.
fn widths_of(cid_font: &Dict<'_>) -> BTreeMap<u16, f64> {
    let mut widths = BTreeMap::new();
    let Some(array) = cid_font.get::<Array<'_>>(b"W") else {
        return widths;
    };
    let mut items = array.iter::<Object<'_>>();
    while let Some(first) = items.next().and_then(Object::into_number) {
        let first = first.as_i64() as u16;
        match items.next() {
            Some(Object::Array(list)) => {
                for (i, width) in list.iter::<Number>().enumerate() {
                    widths.insert(first.saturating_add(i as u16), width.as_f64());
                }
            }
            Some(Object::Number(last)) => {
                let Some(width) = items.next().and_then(Object::into_number) else {
                    break;
                };
                for code in first..=(last.as_i64() as u16) {
                    widths.insert(code, width.as_f64());
                }
            }
            _ => break,
        }
    }
    widths
}

/// Single characters of a ToUnicode map: `bfchar` pairs and `bfrange` triples (9.10.3).
fn to_unicode(map: &str) -> Vec<(u16, char)> {
    let mut found = Vec::new();
    let mut section = "";
    let mut numbers: Vec<u32> = Vec::new();
    for word in map.split_whitespace() {
        match word {
            "beginbfchar" | "beginbfrange" => {
                section = word;
                numbers.clear();
            }
            "endbfchar" | "endbfrange" => section = "",
            _ if section.is_empty() => {}
            _ => {
                for hex in word.split(['<', '>']).filter(|hex| !hex.is_empty()) {
                    numbers.push(u32::from_str_radix(hex, 16).unwrap_or(u32::MAX));
                }
                match (section, numbers.as_slice()) {
                    ("beginbfchar", &[code, to]) => {
                        found.extend(char::from_u32(to).map(|c| (code as u16, c)));
                        numbers.clear();
                    }
                    ("beginbfrange", &[first, last, to]) => {
                        for i in 0..=last.saturating_sub(first).min(0xff) {
                            let c = char::from_u32(to.saturating_add(i));
                            found.extend(c.map(|c| ((first + i) as u16, c)));
                        }
                        numbers.clear();
                    }
                    _ => {}
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lower_right_corner_is_found_on_every_turn() {
        let visible = Rect::new(-10.0, 20.0, 190.0, 320.0);
        let at = |rotate, unit, x: f64, y: f64| {
            let [a, b, c, d, e, f] = Frame::new(visible, rotate, unit).to_user;
            [a * x + c * y + e, b * x + d * y + f].map(|value| value.round() as i64)
        };
        // Ten points from the right and five from below, as shown.
        assert_eq!(at(0, 1.0, 190.0, 5.0), [180, 25]);
        assert_eq!(at(90, 1.0, 290.0, 5.0), [185, 310]);
        assert_eq!(at(180, 1.0, 190.0, 5.0), [0, 315]);
        assert_eq!(at(270, 1.0, 290.0, 5.0), [-5, 30]);
        assert_eq!(at(0, 2.0, 380.0, 10.0), [180, 25]);
    }

    #[test]
    fn maps_are_read_in_both_forms() {
        let map = "2 beginbfchar\n<0001> <0030>\n<0002><2014>\nendbfchar\n1 beginbfrange <0003> <0005> <0031> endbfrange";
        let expected = [(1, '0'), (2, '—'), (3, '1'), (4, '2'), (5, '3')];
        assert_eq!(to_unicode(map), expected);
    }
}
