//! The resources of a page or form by kind, and the numbers in their dictionaries.

use hayro_syntax::{
    object::{Array, Dict},
    page::Page,
};

/// The resources of a page or form by kind.
#[derive(Clone)]
pub(super) struct Resources<'a> {
    pub(super) fonts: Dict<'a>,
    pub(super) x_objects: Dict<'a>,
    pub(super) states: Dict<'a>,
    pub(super) spaces: Dict<'a>,
    pub(super) properties: Dict<'a>,
}

/// Those of a page, inherited ones included.
pub(super) fn page_resources<'a>(page: &Page<'a>) -> Resources<'a> {
    let all = page.resources();
    Resources {
        fonts: all.fonts.clone(),
        x_objects: all.x_objects.clone(),
        states: all.ext_g_states.clone(),
        spaces: all.color_spaces.clone(),
        properties: all.properties.clone(),
    }
}

/// Those a form brings with it.
pub(super) fn own_resources<'a>(dict: &Dict<'a>) -> Option<Resources<'a>> {
    let all = dict.get::<Dict<'a>>("Resources")?;
    let part = |key: &str| all.get::<Dict<'a>>(key).unwrap_or_default();
    Some(Resources {
        fonts: part("Font"),
        x_objects: part("XObject"),
        states: part("ExtGState"),
        spaces: part("ColorSpace"),
        properties: part("Properties"),
    })
}

/// An array of exactly four numbers.
pub(super) fn four(dict: &Dict<'_>, key: &str) -> Option<[f64; 4]> {
    let numbers: Vec<f64> = dict
        .get::<Array<'_>>(key)?
        .iter::<f32>()
        .take(5)
        .map(f64::from)
        .collect();
    numbers.as_slice().try_into().ok()
}

/// An array of exactly six numbers.
pub(super) fn six(dict: &Dict<'_>, key: &str) -> Option<[f64; 6]> {
    let numbers: Vec<f64> = dict
        .get::<Array<'_>>(key)?
        .iter::<f32>()
        .take(7)
        .map(f64::from)
        .collect();
    numbers.as_slice().try_into().ok()
}
