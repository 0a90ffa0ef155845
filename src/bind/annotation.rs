//! Annotations of a page: links stay links, what is printed is drawn into the page, what is only seen on screen stays
//! but can no longer be changed, and everything that acts is dropped.

use std::collections::HashSet;

use hayro_syntax::object::{Array, Dict, Name, Number, Object, ObjectIdentifier, Rect};

use super::{
    appearance, boxes,
    destination::Destinations,
    error::Fault,
    form_field, layout,
    output::{Output, PdfOutput, Ref},
    source::{CopyError, Source},
    syntax,
};
use crate::inspect::items;

/// Flags of annotations (12.5.3).
const HIDDEN: i64 = 1 << 1;
const PRINT: i64 = 1 << 2;
const NO_ROTATE: i64 = 1 << 4;
const NO_VIEW: i64 = 1 << 5;
/// Read only, locked, locked contents.
const FIXED: i64 = (1 << 6) | (1 << 7) | (1 << 9);

/// Most annotations looked at on one page.
const MOST: usize = 20_000;

/// What becomes of a page's annotations.
#[derive(Default)]
pub(super) struct Annotations {
    /// To be drawn into the page, in order.
    pub(super) drawn: Vec<Drawn>,
    /// Bodies of the annotations that stay.
    pub(super) kept: Vec<Vec<u8>>,
    /// Where those stand.
    over: Vec<Rect>,
}

impl Annotations {
    /// One that stays, at `rect`. Of very many, those behind the first count as one large one.
    fn stays(&mut self, rect: Rect, body: Vec<u8>) {
        const APART: usize = 256;
        let many = self.over.len() >= APART;
        match self.over.last_mut() {
            Some(last) if many => {
                *last = Rect::new(
                    last.x0.min(rect.x0),
                    last.y0.min(rect.y0),
                    last.x1.max(rect.x1),
                    last.y1.max(rect.y1),
                );
            }
            _ => self.over.push(rect),
        }
        self.kept.push(body);
    }
}

/// An appearance drawn into the page.
pub(super) struct Drawn {
    /// The form.
    pub(super) form: Ref,
    /// Where it is drawn.
    pub(super) matrix: [f64; 6],
}

/// What is needed beside the annotations themselves.
pub(super) struct Surroundings<'s, 'a> {
    /// Where links of this source lead.
    pub(super) destinations: &'s mut Destinations<'a>,
    /// Layers hidden by default.
    pub(super) hidden_layers: &'s HashSet<ObjectIdentifier>,
    /// The interactive form, if any.
    pub(super) form: Option<&'s Dict<'a>>,
    /// `/Rotate` of the page.
    pub(super) rotate: u16,
    /// From the page's user space in the source to that in the volume, when they differ.
    pub(super) matrix: Option<[f64; 6]>,
}

impl Surroundings<'_, '_> {
    /// A rectangle of the source in the volume.
    fn placed(&self, rect: Rect) -> Rect {
        self.matrix
            .map_or(rect, |matrix| layout::rect_through(matrix, rect))
    }
}

/// Sorts the annotations of a page and copies their appearances.
pub(super) fn of_page<'a, O: Output>(
    file: &mut PdfOutput<O>,
    source: &mut Source<'a>,
    page: &Dict<'a>,
    around: &mut Surroundings<'_, 'a>,
) -> Result<Annotations, CopyError> {
    let mut result = Annotations::default();
    let Some(array) = page.get::<Array<'_>>(b"Annots") else {
        return Ok(result);
    };
    for annotation in items(&array).take(MOST) {
        if let Some(Object::Dict(annotation)) = annotation {
            one(file, source, &annotation, around, &mut result)?;
        }
    }
    Ok(result)
}

fn one<'a, O: Output>(
    file: &mut PdfOutput<O>,
    source: &mut Source<'a>,
    annotation: &Dict<'a>,
    around: &mut Surroundings<'_, 'a>,
    result: &mut Annotations,
) -> Result<(), CopyError> {
    let subtype = annotation.get::<Name<'_>>(b"Subtype");
    let subtype: &[u8] = subtype.as_deref().unwrap_or_default();
    let flags = annotation
        .get::<Number>(b"F")
        .map_or(0, |flags| flags.as_i64());
    let layer = annotation.get_ref(b"OC").map(ObjectIdentifier::from);
    let layer_hidden = layer.is_some_and(|id| around.hidden_layers.contains(&id));
    let Some(rect) = boxes::rectangle(annotation, b"Rect") else {
        return Ok(());
    };
    if flags & HIDDEN != 0 || layer_hidden || subtype == b"Popup" {
        return Ok(());
    }
    if subtype == b"Link" {
        let target = around.destinations.target(annotation);
        let mut body = b"<</Type/Annot/Subtype/Link".to_vec();
        let kept: [&[u8]; 5] = [b"F", b"H", b"Border", b"BS", b"C"];
        keep_only(file, source, &mut body, annotation, &kept)?;
        keep_coordinates(&mut body, annotation, around.matrix, &[b"QuadPoints"]);
        put_rect(&mut body, around.placed(rect));
        if let Some(target) = target {
            target.write(&mut body);
        }
        if let Some(stream) = appearance::of(annotation) {
            let (form, _) = appearance::copy(file, source, &stream, around.form)?;
            body.extend_from_slice(b"/AP<</N ");
            syntax::reference(&mut body, form);
            body.extend_from_slice(b">>");
        }
        body.extend_from_slice(b">>");
        result.kept.push(body);
        return Ok(());
    }
    // What lies over an annotation that stays one has to stay one too, or it would sink below it.
    let covers = result.over.iter().any(|below| overlap(*below, rect));
    let prints = flags & PRINT != 0;
    let on_screen = flags & NO_VIEW == 0;
    let widget = subtype == b"Widget";
    let own = appearance::of(annotation);
    let drawn = if widget && around.form.is_some_and(form_field::needs_appearances) {
        match form_field::draw(file, source, annotation, around.form, rect) {
            // What our fonts lack, the appearance may well show.
            Err(CopyError::Fault(Fault::FieldCharacter(_)))
                if own.as_ref().is_some_and(appearance::shows_text) =>
            {
                None
            }
            drawn => drawn?,
        }
    } else {
        None
    };
    let form = match (drawn, own) {
        (Some(drawn), _) => Some(drawn),
        (None, Some(stream)) => Some(appearance::copy(file, source, &stream, around.form)?),
        (None, None) if widget => form_field::draw(file, source, annotation, around.form, rect)?,
        (None, None) => None,
    };
    match form {
        // Viewers lay these over the page in a way of their own (multiplied); drawn into the page they would look otherwise.
        Some((form, _)) if TEXT_MARKS.contains(&subtype) && around.matrix.is_none() => {
            let mut body = b"<</Type/Annot/Subtype".to_vec();
            syntax::name(&mut body, subtype);
            keep_only(file, source, &mut body, annotation, &[b"C", b"CA"])?;
            keep_coordinates(&mut body, annotation, None, &[b"QuadPoints"]);
            put_rect(&mut body, rect);
            body.extend_from_slice(format!("/F {}/AP<</N ", flags | FIXED).as_bytes());
            syntax::reference(&mut body, form);
            body.extend_from_slice(b">>>>");
            result.stays(rect, body);
        }
        Some((form, placed)) if prints && !covers => {
            let turned = flags & NO_ROTATE != 0;
            let matrix = placed.matrix_into(rect, if turned { around.rotate } else { 0 });
            result
                .drawn
                .extend(matrix.map(|matrix| Drawn { form, matrix }));
        }
        Some((form, _)) if prints || on_screen => {
            let mut body = b"<</Type/Annot/Subtype/Stamp".to_vec();
            put_rect(&mut body, around.placed(rect));
            body.extend_from_slice(format!("/F {}/AP<</N ", flags | FIXED).as_bytes());
            syntax::reference(&mut body, form);
            body.extend_from_slice(b">>>>");
            result.stays(rect, body);
        }
        None if (prints || on_screen) && VIEWERS_DRAW.contains(&subtype) => {
            let mut body = b"<</Type/Annot/Subtype".to_vec();
            syntax::name(&mut body, subtype);
            keep_only(file, source, &mut body, annotation, &LOOKS)?;
            if subtype == b"FreeText" {
                keep_only(file, source, &mut body, annotation, &[b"Contents"])?;
            }
            keep_coordinates(&mut body, annotation, around.matrix, &COORDINATES);
            put_rect(&mut body, around.placed(rect));
            body.extend_from_slice(format!("/F {}>>", flags | FIXED).as_bytes());
            result.stays(rect, body);
        }
        _ => {}
    }
    Ok(())
}

fn overlap(a: Rect, b: Rect) -> bool {
    a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1
}

/// Marks over text.
const TEXT_MARKS: [&[u8]; 4] = [b"Highlight", b"Underline", b"Squiggly", b"StrikeOut"];

/// Annotations that viewers draw themselves when they bring no appearance.
const VIEWERS_DRAW: [&[u8]; 13] = [
    b"Text",
    b"FreeText",
    b"Line",
    b"Square",
    b"Circle",
    b"Polygon",
    b"PolyLine",
    b"Highlight",
    b"Underline",
    b"Squiggly",
    b"StrikeOut",
    b"Ink",
    b"Caret",
];

/// Entries that decide how such an annotation looks.
const LOOKS: [&[u8]; 19] = [
    b"C", b"IC", b"Border", b"BS", b"BE", b"LE", b"DA", b"Q", b"DS", b"RC", b"RD", b"CA", b"ca",
    b"BM", b"Name", b"IT", b"LL", b"LLE", b"CO",
];

/// Entries that are points of the page.
const COORDINATES: [&[u8]; 5] = [b"QuadPoints", b"Vertices", b"L", b"CL", b"InkList"];

/// Writes entries that are points of the page, through `matrix`.
fn keep_coordinates(
    body: &mut Vec<u8>,
    annotation: &Dict<'_>,
    matrix: Option<[f64; 6]>,
    keys: &[&[u8]],
) {
    for key in keys {
        if let Some(array) = annotation.get::<Array<'_>>(key) {
            syntax::name(body, key);
            points(body, &array, matrix, 0);
        }
    }
}

/// An array of points; `InkList` has arrays of them.
fn points(body: &mut Vec<u8>, array: &Array<'_>, matrix: Option<[f64; 6]>, depth: u8) {
    body.push(b'[');
    let mut first: Option<f64> = None;
    for item in array.iter::<Object<'_>>().take(MOST) {
        match (item, first.take()) {
            (Object::Number(number), None) => first = Some(number.as_f64()),
            (Object::Number(number), Some(x)) => {
                let point = [x, number.as_f64()];
                let point = matrix.map_or(point, |matrix| layout::through(matrix, point));
                for value in point {
                    syntax::number(body, value);
                    body.push(b' ');
                }
            }
            (Object::Array(inner), _) if depth == 0 => points(body, &inner, matrix, 1),
            _ => {}
        }
    }
    body.push(b']');
}

fn keep_only<'a, O: Output>(
    file: &mut PdfOutput<O>,
    source: &mut Source<'a>,
    body: &mut Vec<u8>,
    annotation: &Dict<'a>,
    keys: &[&[u8]],
) -> Result<(), CopyError> {
    for key in keys {
        if let Some(value) = annotation.get_raw::<Object<'_>>(key) {
            syntax::name(body, key);
            body.push(b' ');
            source.value(file, body, &value)?;
        }
    }
    Ok(())
}

fn put_rect(body: &mut Vec<u8>, rect: Rect) {
    body.extend_from_slice(b"/Rect[");
    for value in [rect.x0, rect.y0, rect.x1, rect.y1] {
        syntax::coordinate(body, value);
        body.push(b' ');
    }
    body.push(b']');
}
