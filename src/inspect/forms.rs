//! The interactive form (ISO 32000-2, 12.7).

use std::collections::HashSet;

use hayro_syntax::object::{Array, Dict, MaybeRef, Object, ObjectIdentifier};

use super::facts::FormFacts;

/// Most fields that are counted.
const MOST: u32 = 100_000;

/// The form of a document, if its catalog has one with anything in it.
pub(crate) fn of(catalog: &Dict<'_>) -> Option<FormFacts> {
    let form = catalog.get::<Dict<'_>>("AcroForm")?;
    let xfa = matches!(
        form.get::<Object<'_>>("XFA"),
        Some(Object::Stream(_) | Object::Array(_))
    );
    let fields = form
        .get::<Array<'_>>("Fields")
        .map_or(0, |fields| count(&fields));
    if fields == 0 && !xfa {
        return None;
    }
    Some(FormFacts {
        fields,
        xfa,
        need_appearances: form.get::<bool>("NeedAppearances").unwrap_or(false),
    })
}

/// Fields without children, each object once.
fn count(fields: &Array<'_>) -> u32 {
    let mut seen: HashSet<ObjectIdentifier> = HashSet::new();
    let mut todo = vec![fields.clone()];
    let mut total = 0;
    while let Some(array) = todo.pop() {
        for (item, dict) in array.raw_iter().zip(super::items(&array)) {
            if let MaybeRef::Ref(id) = item
                && !seen.insert(id.into())
            {
                continue;
            }
            let Some(Object::Dict(dict)) = dict else {
                continue;
            };
            // Kids without a name of their own are the widgets of one field.
            let kids = dict.get::<Array<'_>>("Kids").filter(|kids| {
                super::items(kids)
                    .flatten()
                    .find_map(Object::into_dict)
                    .is_some_and(|kid| kid.contains_key("T"))
            });
            match kids {
                Some(kids) => todo.push(kids),
                None => total += 1,
            }
            if total >= MOST {
                return total;
            }
        }
    }
    total
}
