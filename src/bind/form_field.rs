//! Form fields that bring no appearance: text and choices are drawn from their value, as a viewer would draw them.
//!
//! Only what a clerk would see on paper is drawn. Buttons without appearance show nothing in most viewers, and so here.

use hayro_syntax::object::{Dict, Object, Rect, String as PdfString};

use super::{
    annotation::Placed,
    output::{Output, PdfOutput, Ref},
    source::{CopyError, Source},
    syntax,
};

/// Fields inherit from their parents at most this far up.
const DEEPEST: usize = 32;
/// Field flags (12.7.5.3).
const MULTILINE: i64 = 1 << 12;
const PASSWORD: i64 = 1 << 13;

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

/// Draws a text or choice field from its value.
pub(super) fn draw<'a, O: Output>(
    file: &mut PdfOutput<O>,
    source: &mut Source<'a>,
    field: &Dict<'a>,
    form: Option<&Dict<'a>>,
    rect: Rect,
) -> Result<Option<(Ref, Placed)>, CopyError> {
    let Some(content) = content(field, form, rect) else {
        return Ok(None);
    };
    let mut dict = b"/Type/XObject/Subtype/Form/BBox[0 0 ".to_vec();
    syntax::coordinate(&mut dict, rect.width());
    dict.push(b' ');
    syntax::coordinate(&mut dict, rect.height());
    dict.push(b']');
    if let Some(resources) = form.and_then(|form| form.get_raw::<Object<'_>>(b"DR")) {
        dict.extend_from_slice(b"/Resources ");
        source.value(file, &mut dict, &resources)?;
    }
    let at = file.new_stream(&dict, &content)?;
    let bbox = Rect::new(0.0, 0.0, rect.width(), rect.height());
    Ok(Some((
        at,
        Placed::new(bbox, [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
    )))
}

fn content<'a>(field: &Dict<'a>, form: Option<&Dict<'a>>, rect: Rect) -> Option<Vec<u8>> {
    let kind = inherited(field, b"FT")?.into_name()?;
    if !matches!(&*kind, b"Tx" | b"Ch") {
        return None;
    }
    let flags = inherited(field, b"Ff")
        .and_then(Object::into_number)
        .map_or(0, |flags| flags.as_i64());
    let value: PdfString<'a> = inherited(field, b"V")?.into_string()?;
    // Values in UTF-16 need a font and an encoding that the form's resources rarely have.
    let plain = value
        .iter()
        .all(|b| (0x20..0x7f).contains(b) || matches!(b, b'\r' | b'\n'));
    if value.is_empty() || !plain || flags & PASSWORD != 0 {
        return None;
    }
    let look = inherited(field, b"DA")
        .or_else(|| form?.get::<Object<'_>>(b"DA"))?
        .into_string()?;
    let (look, size) = default_appearance(&look, rect.height(), flags & MULTILINE != 0);
    let resources = form.and_then(|form| form.get::<Dict<'_>>(b"DR"));
    let fonts = resources.and_then(|resources| resources.get::<Dict<'_>>(b"Font"))?;
    fonts.contains_key(font_of(&look)?).then_some(())?;
    let mut content = b"q BT ".to_vec();
    content.extend_from_slice(&look);
    let lines: Vec<&[u8]> = value.split(|b| matches!(b, b'\r' | b'\n')).collect();
    let leading = size * 1.15;
    let first = if flags & MULTILINE != 0 {
        rect.height() - 2.0 - size
    } else {
        (rect.height() - size) / 2.0 + size * 0.22
    };
    for (i, line) in lines.iter().enumerate() {
        content.extend_from_slice(b" 1 0 0 1 2 ");
        syntax::coordinate(&mut content, first - leading * i as f64);
        content.extend_from_slice(b" Tm ");
        syntax::byte_string(&mut content, line);
        content.extend_from_slice(b" Tj");
    }
    content.extend_from_slice(b" ET Q");
    Some(content)
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
