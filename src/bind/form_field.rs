//! Form fields that bring no appearance, or an old one: text and choices are drawn from their value, as a viewer would.
//!
//! ASCII is set in the form's own font; everything else and centred text in ours. Only what a clerk would see on paper is
//! drawn. Buttons without appearance show nothing in most viewers, and so here.

use std::sync::LazyLock;

use hayro_syntax::{
    Pdf,
    object::{Array, Dict, Number, Object, Rect},
};

use super::{
    appearance::Placed,
    error::Fault,
    field_value::FieldValue,
    output::{Output, PdfOutput, Ref},
    page,
    source::{CopyError, Source},
    syntax,
};
use crate::{
    limits::Limits,
    typeset::{PdfForm, TemplateSource, TypesetError, Typesetter},
};

/// From one row of a list box to the next, in sizes of its type.
const ROW: f64 = 1.1;
/// Fields inherit from their parents at most this far up.
const DEEPEST: usize = 32;
/// An entry of a field, its own or its parents'.
pub(super) fn inherited<'a>(field: &Dict<'a>, key: &[u8]) -> Option<Object<'a>> {
    let mut at = field.clone();
    for _ in 0..DEEPEST {
        if let Some(value) = at.get::<Object<'_>>(key) {
            return Some(value);
        }
        at = at.get::<Dict<'_>>(b"Parent")?;
    }
    None
}

/// Whether the form says that its fields' appearances are older than their values.
pub(super) fn needs_appearances(form: &Dict<'_>) -> bool {
    form.get::<bool>(b"NeedAppearances") == Some(true)
}

/// Draws a text or choice field from its value.
pub(super) fn draw<'a, O: Output>(
    file: &mut PdfOutput<O>,
    source: &mut Source<'a>,
    field: &Dict<'a>,
    form: Option<&Dict<'a>>,
    rect: Rect,
) -> Result<Option<(Ref, Placed)>, CopyError> {
    let kind = inherited(field, b"FT").and_then(Object::into_name);
    let drawable = kind.is_some_and(|kind| matches!(&*kind, b"Tx" | b"Ch"));
    if !drawable || rect.width() <= 0.0 || rect.height() <= 0.0 {
        return Ok(None);
    }
    let turned = turned(field);
    let upright = match turned {
        90 | 270 => Rect::new(0.0, 0.0, rect.height(), rect.width()),
        _ => Rect::new(0.0, 0.0, rect.width(), rect.height()),
    };
    let mut content = decoration(field, upright);
    let mut resources = Vec::new();
    if let Some(value) = FieldValue::of(field, upright) {
        let look = inherited(field, b"DA").or_else(|| form?.get::<Object<'_>>(b"DA"));
        let look = look.and_then(Object::into_string);
        let look = look
            .as_ref()
            .map_or(b"/Helv 0 Tf 0 g".as_slice(), |look| look);
        let tall = value.lines || !value.rows.is_empty();
        let (look, size) = default_appearance(look, upright.height(), tall);
        let value = FieldValue { size, ..value };
        if let Some(marks) = plain(&value, &look, form, border_width(field)) {
            content.extend_from_slice(&marks);
            if let Some(own) = form.and_then(|form| form.get_raw::<Object<'_>>(b"DR")) {
                resources.extend_from_slice(b"/Resources ");
                source.value(file, &mut resources, &own)?;
            }
        } else if let Some(set) = typeset(file, &value)? {
            content.extend_from_slice(b" /Jz0V Do");
            resources.extend_from_slice(b"/Resources<</XObject<</Jz0V ");
            syntax::reference(&mut resources, set);
            resources.extend_from_slice(b">>>>");
        }
    }
    if content.is_empty() {
        return Ok(None);
    }
    let (width, height) = (rect.width(), rect.height());
    let matrix = match turned {
        90 => [0.0, 1.0, -1.0, 0.0, width, 0.0],
        180 => [-1.0, 0.0, 0.0, -1.0, width, height],
        270 => [0.0, -1.0, 1.0, 0.0, 0.0, height],
        _ => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
    };
    let mut dict = b"/Type/XObject/Subtype/Form/BBox[0 0 ".to_vec();
    syntax::coordinate(&mut dict, upright.width());
    dict.push(b' ');
    syntax::coordinate(&mut dict, upright.height());
    dict.extend_from_slice(b"]/Matrix[");
    for value in matrix {
        syntax::coordinate(&mut dict, value);
        dict.push(b' ');
    }
    dict.push(b']');
    dict.extend_from_slice(&resources);
    let at = file.new_stream(&dict, &content)?;
    Ok(Some((at, Placed::new(upright, matrix))))
}

/// By how many degrees counter-clockwise a field is turned within its rectangle (`MK`, `R`).
fn turned(field: &Dict<'_>) -> i64 {
    let look = field.get::<Dict<'_>>(b"MK");
    let turned = look.and_then(|look| look.get::<Number>(b"R"));
    turned.map_or(0, |turned| turned.as_i64().rem_euclid(360))
}

/// Width of the border that is drawn around a field; 0 for none.
fn border_width(field: &Dict<'_>) -> f64 {
    let look = field.get::<Dict<'_>>(b"MK").unwrap_or_default();
    let style = field.get::<Dict<'_>>(b"BS").unwrap_or_default();
    let width = style.get::<Number>(b"W");
    match look.get::<Array<'_>>(b"BC") {
        Some(colour) if colour.raw_iter().next().is_some() => {
            width.map_or(1.0, |width| width.as_f64()).max(0.0)
        }
        _ => 0.0,
    }
}

/// Ground and border of a field (12.5.6.19, `MK`).
fn decoration(field: &Dict<'_>, rect: Rect) -> Vec<u8> {
    let mut marks = Vec::new();
    let look = field.get::<Dict<'_>>(b"MK").unwrap_or_default();
    let style = field.get::<Dict<'_>>(b"BS").unwrap_or_default();
    let width = style
        .get::<Number>(b"W")
        .map_or(1.0, |width| width.as_f64());
    for (key, inset) in [(b"BG".as_slice(), 0.0), (b"BC", width / 2.0)] {
        let colour = look.get::<Array<'_>>(key);
        let colour: Vec<f64> = colour
            .iter()
            .flat_map(|colour| colour.iter::<Number>().take(5))
            .map(|number| number.as_f64())
            .collect();
        let ground = key == b"BG";
        let operators: [&[u8]; 2] = match colour.len() {
            1 => [b"g ", b"G "],
            3 => [b"rg ", b"RG "],
            4 => [b"k ", b"K "],
            _ => continue,
        };
        if !ground && width <= 0.0 {
            continue;
        }
        marks.extend_from_slice(b"q ");
        for value in colour {
            syntax::coordinate(&mut marks, value);
            marks.push(b' ');
        }
        let [fill, stroke] = operators;
        marks.extend_from_slice(if ground { fill } else { stroke });
        if !ground {
            syntax::coordinate(&mut marks, width);
            marks.extend_from_slice(b" w ");
        }
        let inner = |side: f64| (side - 2.0 * inset).max(0.0);
        for value in [inset, inset, inner(rect.width()), inner(rect.height())] {
            syntax::coordinate(&mut marks, value);
            marks.push(b' ');
        }
        marks.extend_from_slice(if ground { b"re f Q " } else { b"re S Q " });
    }
    marks
}

/// The marks of a value that the form's own font has; `None` for one that needs ours.
fn plain(value: &FieldValue, look: &[u8], form: Option<&Dict<'_>>, border: f64) -> Option<Vec<u8>> {
    if !value.is_plain() {
        return None;
    }
    let fonts = form?.get::<Dict<'_>>(b"DR")?.get::<Dict<'_>>(b"Font")?;
    fonts.contains_key(font_of(look)?).then_some(())?;
    if !value.rows.is_empty() {
        return Some(list(value, look, border));
    }
    let mut content = b"q BT ".to_vec();
    content.extend_from_slice(look);
    let size = value.size;
    let leading = size * 1.15;
    let first = if value.lines {
        value.height - 2.0 - size
    } else {
        (value.height - size) / 2.0 + size * 0.22
    };
    for (i, line) in value.text.split('\n').enumerate() {
        content.extend_from_slice(b" 1 0 0 1 2 ");
        syntax::coordinate(&mut content, first - leading * i as f64);
        content.extend_from_slice(b" Tm ");
        syntax::byte_string(&mut content, line.as_bytes());
        content.extend_from_slice(b" Tj");
    }
    content.extend_from_slice(b" ET Q");
    Some(content)
}

/// The rows of a list box: chosen ones in white on black, as most viewers show them.
fn list(value: &FieldValue, look: &[u8], border: f64) -> Vec<u8> {
    let pitch = value.size * ROW;
    let mut content = Vec::new();
    for (i, row) in value.rows.iter().enumerate() {
        let baseline = value.height - pitch * (i + 1) as f64;
        if baseline + value.size < 0.0 {
            break;
        }
        content.extend_from_slice(b" q ");
        if row.chosen {
            content.extend_from_slice(b"0 g ");
            let (low, wide) = (baseline - 0.2 * value.size, value.width - 2.0 * border);
            let ground = [border, low, wide.max(0.0), pitch];
            for number in ground {
                syntax::coordinate(&mut content, number);
                content.push(b' ');
            }
            content.extend_from_slice(b"re f ");
        }
        content.extend_from_slice(b"BT 1 0 0 1 ");
        syntax::coordinate(&mut content, border + 2.0);
        content.push(b' ');
        syntax::coordinate(&mut content, baseline);
        content.extend_from_slice(b" Tm ");
        content.extend_from_slice(look);
        content.extend_from_slice(if row.chosen { b" 1 g " } else { b" " });
        syntax::byte_string(&mut content, row.text.as_bytes());
        content.extend_from_slice(b" Tj ET Q");
    }
    content
}

/// A value set in our own fonts, as a form.
fn typeset<O: Output>(
    file: &mut PdfOutput<O>,
    value: &FieldValue,
) -> Result<Option<Ref>, CopyError> {
    static TYPESETTER: LazyLock<Option<Typesetter>> =
        LazyLock::new(|| Typesetter::new(&TemplateSource::BuiltIn).ok());
    let form = PdfForm::plain("", None);
    let made = TYPESETTER
        .as_ref()
        .map(|typesetter| typesetter.typeset("field_value", value, &form));
    let made = match made {
        Some(Err(TypesetError::NoGlyph { characters })) => {
            let first = characters.first().copied().unwrap_or('\u{fffd}');
            return Err(CopyError::Fault(Fault::FieldCharacter(first)));
        }
        Some(Err(error)) => {
            tracing::warn!(%error, "a form field could not be drawn");
            None
        }
        Some(Ok(made)) => Some(made),
        None => None,
    };
    let pdf = made.and_then(|made| Pdf::new(made.pdf).ok());
    let Some(pdf) = pdf else { return Ok(None) };
    let Some(page) = pdf.pages().first() else {
        return Ok(None);
    };
    let mut own = Source::new(&pdf, Limits::DEFAULT.objects);
    page::as_form(file, &mut own, page).map(Some)
}

/// The default appearance with its size made certain: 0 means as large as fits.
fn default_appearance(look: &[u8], height: f64, multiline: bool) -> (Vec<u8>, f64) {
    let text = String::from_utf8_lossy(look);
    let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    let mut size = 12.0;
    if let Some(at) = words.iter().position(|word| word == "Tf")
        && let Some(word) = at.checked_sub(1).and_then(|i| words.get_mut(i))
    {
        size = word.parse().unwrap_or(0.0);
        if size <= 0.0 {
            let fits = if multiline { 12.0 } else { height * 0.7 };
            size = fits.clamp(4.0, 12.0);
            *word = format!("{size}");
        }
    }
    (words.join(" ").into_bytes(), size)
}

fn font_of(look: &[u8]) -> Option<&[u8]> {
    let start = look.iter().position(|&b| b == b'/')? + 1;
    let rest = look.get(start..)?;
    let end = rest.iter().position(|&b| b == b' ').unwrap_or(rest.len());
    rest.get(..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_of_zero_fits_the_field() {
        let (look, size) = default_appearance(b"/Helv 0 Tf 0 g", 10.0, false);
        assert_eq!(look, b"/Helv 7 Tf 0 g");
        assert!((size - 7.0).abs() < 1e-9);
        assert_eq!(font_of(&look), Some(b"Helv".as_slice()));
    }
}
