//! The appearance of an annotation: which one is in force, copied as a form, and how it fits its rectangle (12.5.5).

use hayro_syntax::object::{Array, Dict, Name, Number, Object, Rect, Stream};

use super::{
    boxes, form_field,
    layout::concat,
    output::{Output, PdfOutput, Ref},
    source::{CopyError, Source},
};

/// The normal appearance in the state the annotation is in.
pub(super) fn of<'a>(annotation: &Dict<'a>) -> Option<Stream<'a>> {
    let normal = annotation.get::<Dict<'_>>(b"AP")?.get::<Object<'_>>(b"N")?;
    match normal {
        Object::Stream(stream) => Some(stream),
        Object::Dict(states) => {
            let state = annotation
                .get::<Name<'_>>(b"AS")
                .or_else(|| form_field::inherited(annotation, b"V")?.into_name());
            let state: &[u8] = state.as_deref().unwrap_or(b"Off");
            states.get::<Stream<'_>>(state)
        }
        _ => None,
    }
}

/// The box of a form, turned by its own matrix.
pub(super) struct Placed {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Placed {
    /// A form whose box and matrix are these.
    pub(super) fn new(bbox: Rect, [a, b, c, d, e, f]: [f64; 6]) -> Placed {
        let corners = [
            (bbox.x0, bbox.y0),
            (bbox.x1, bbox.y0),
            (bbox.x0, bbox.y1),
            (bbox.x1, bbox.y1),
        ]
        .map(|(x, y)| (a * x + c * y + e, b * x + d * y + f));
        let fold = |pick: fn(&(f64, f64)) -> f64, best: fn(f64, f64) -> f64| {
            corners.iter().map(pick).reduce(best).unwrap_or_default()
        };
        let (x, y) = (fold(|c| c.0, f64::min), fold(|c| c.1, f64::min));
        Placed {
            x,
            y,
            width: fold(|c| c.0, f64::max) - x,
            height: fold(|c| c.1, f64::max) - y,
        }
    }

    /// The matrix that fits the form into `rect` (12.5.5, algorithm 8.1); `turned` keeps it upright on a page that is
    /// turned by so many degrees. `None` when there is nothing to see.
    pub(super) fn matrix_into(&self, rect: Rect, turned: u16) -> Option<[f64; 6]> {
        let scale = |of: f64, to: f64| if of.abs() < 1e-9 { 1.0 } else { to / of };
        let (sx, sy) = (
            scale(self.width, rect.width()),
            scale(self.height, rect.height()),
        );
        if sx == 0.0 || sy == 0.0 {
            return None;
        }
        let fit = [
            sx,
            0.0,
            0.0,
            sy,
            rect.x0 - self.x * sx,
            rect.y0 - self.y * sy,
        ];
        let (sin, cos) = match turned {
            90 => (1.0, 0.0),
            180 => (0.0, -1.0),
            270 => (-1.0, 0.0),
            _ => return Some(fit),
        };
        // Turned about the upper left corner of the rectangle.
        let (x, y) = (rect.x0, rect.y1);
        let turn = [
            cos,
            sin,
            -sin,
            cos,
            x - cos * x + sin * y,
            y - sin * x - cos * y,
        ];
        Some(concat(fit, turn))
    }
}

pub(super) fn copy<'a, O: Output>(
    file: &mut PdfOutput<O>,
    source: &mut Source<'a>,
    stream: &Stream<'a>,
    form: Option<&Dict<'a>>,
) -> Result<(Ref, Placed), CopyError> {
    let dict = stream.dict();
    let bbox = boxes::rectangle(dict, b"BBox").unwrap_or(Rect::ZERO);
    let matrix = matrix_of(dict);
    let mut extra = b"/Type/XObject/Subtype/Form".to_vec();
    if !dict.contains_key(b"Resources")
        && let Some(resources) = form.and_then(|form| form.get_raw::<Object<'_>>(b"DR"))
    {
        extra.extend_from_slice(b"/Resources ");
        source.value(file, &mut extra, &resources)?;
    }
    let replaced: [&[u8]; 2] = [b"Type", b"Subtype"];
    let form = source.stream_with(file, stream, &extra, &replaced)?;
    Ok((form, Placed::new(bbox, matrix)))
}

fn matrix_of(dict: &Dict<'_>) -> [f64; 6] {
    let mut matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
    if let Some(array) = dict.get::<Array<'_>>(b"Matrix") {
        for (place, number) in matrix.iter_mut().zip(array.iter::<Number>()) {
            *place = number.as_f64();
        }
    }
    matrix
}

/// Whether an appearance shows text.
pub(super) fn shows_text(stream: &Stream<'_>) -> bool {
    let content = stream.decoded_data().unwrap_or_default();
    let mut words = content.split(|b| b.is_ascii_whitespace() || b"()<>[]".contains(b));
    words.any(|word| matches!(word, b"Tj" | b"TJ" | b"'" | b"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_appearance_fills_its_rectangle() {
        let placed = Placed::new(
            Rect::new(0.0, 0.0, 10.0, 20.0),
            [0.0, 1.0, -1.0, 0.0, 0.0, 0.0],
        );
        let rect = Rect::new(100.0, 100.0, 140.0, 110.0);
        // The form lies on its side: 20 wide, 10 high, left of its origin.
        let [a, b, c, d, e, f] = placed.matrix_into(rect, 0).unwrap();
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(a, 2.0) && close(b, 0.0) && close(c, 0.0) && close(d, 1.0));
        assert!(close(a * -20.0 + e, 100.0) && close(f, 100.0));
        assert!(placed.matrix_into(Rect::ZERO, 0).is_none());
    }
}
