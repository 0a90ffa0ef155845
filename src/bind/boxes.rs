//! Rectangles exactly as a source states them. The reader's own go through `f32`, and a page of 595.32 pt would then be
//! drawn one pixel higher than its source.

use hayro_syntax::object::{Array, Dict, MaybeRef, Number, Object, Rect};

/// Pages inherit from their parents at most this far up.
const DEEPEST: usize = 64;

/// The rectangle under `key`, its corners in order.
pub(super) fn rectangle(dict: &Dict<'_>, key: &[u8]) -> Option<Rect> {
    let array = dict.get::<Array<'_>>(key)?;
    let mut numbers = array.iter::<Number>().map(|number| number.as_f64());
    let (xa, ya) = (numbers.next()?, numbers.next()?);
    let (xb, yb) = (numbers.next()?, numbers.next()?);
    let finite = [xa, ya, xb, yb].iter().all(|value| value.abs() < 1e9);
    finite.then(|| Rect::new(xa.min(xb), ya.min(yb), xa.max(xb), ya.max(yb)))
}

/// The page's own box or the one it inherits.
pub(super) fn inherited(page: &Dict<'_>, key: &[u8]) -> Option<Rect> {
    let mut at = Some(page.clone());
    for _ in 0..DEEPEST {
        let dict = at?;
        let stated = dict.get_raw::<Object<'_>>(key);
        if stated.is_some_and(|value| !matches!(value, MaybeRef::NotRef(Object::Null(_)))) {
            return rectangle(&dict, key);
        }
        at = dict.get::<Dict<'_>>(b"Parent");
    }
    None
}
