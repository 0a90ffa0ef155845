//! Every object of a file once, each with the place it hangs at: page by page, then the rest from the
//! catalog, then what nothing refers to. Uses a list of its own instead of recursion.

use std::{collections::HashSet, rc::Rc};

use hayro_syntax::{
    Pdf,
    object::{Array, Dict, MaybeRef, Name, ObjRef, Object, ObjectIdentifier},
};

use super::budget::Budget;
use crate::units::{PageIndex, PageNumber};

/// Where an object hangs.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// In plain English: `catalog OpenAction`, `annotation`, `names tree`.
    pub(crate) what: Rc<str>,
    /// The page it belongs to.
    pub(crate) page: Option<PageNumber>,
    /// The annotation's rectangle in default user space.
    pub(crate) rect: Option<[f64; 4]>,
}

/// A dictionary (of a stream or not) and the key it hangs on.
pub(crate) struct Found<'w, 'a> {
    /// The dictionary.
    pub(crate) dict: &'w Dict<'a>,
    /// Whether it is the dictionary of a stream.
    pub(crate) stream: bool,
    /// The key that led to it, empty for an object of its own.
    pub(crate) key: &'w [u8],
    /// Where it hangs.
    pub(crate) place: &'w Place,
}

struct Item<'a> {
    object: MaybeRef<Object<'a>>,
    key: Rc<[u8]>,
    place: Place,
    depth: u32,
}

/// Keys that lead back up or across, never down.
const UPWARDS: &[&[u8]] = &[
    b"Parent",
    b"P",
    b"Pg",
    b"Prev",
    b"Next",
    b"First",
    b"Last",
    b"Dest",
    b"D",
    b"IRT",
    b"Popup",
    b"StructParent",
    b"Kids",
];

/// Calls `see` with every dictionary of the file.
pub(crate) fn walk(pdf: &Pdf, budget: &mut Budget<'_>, see: &mut dyn FnMut(&Found<'_, '_>)) {
    let mut walk = Walk {
        pdf,
        seen: HashSet::new(),
        todo: Vec::new(),
    };
    walk.pages(budget, see);
    walk.catalog(budget, see);
    walk.leftovers(budget, see);
}

struct Walk<'a> {
    pdf: &'a Pdf,
    seen: HashSet<ObjectIdentifier>,
    todo: Vec<Item<'a>>,
}

impl<'a> Walk<'a> {
    fn pages(&mut self, budget: &mut Budget<'_>, see: &mut dyn FnMut(&Found<'_, '_>)) {
        let pages = self.pdf.pages();
        let limit = budget.limits.pages as usize;
        // Pages first, so that nothing that points at a page walks through it.
        for page in pages.iter().take(limit) {
            if let Some(id) = page.raw().obj_id() {
                self.seen.insert(id);
            }
        }
        for (i, page) in pages.iter().take(limit).enumerate() {
            let number = Some(PageIndex::new(i as u32).number());
            let dict = page.raw();
            let place = |what: &str, rect| Place {
                what: Rc::from(what),
                page: number,
                rect,
            };
            see(&Found {
                dict,
                stream: false,
                key: b"Page",
                place: &place("page", None),
            });
            if let Some(annotations) = dict.get::<Array<'_>>("Annots") {
                for annotation in annotations.raw_iter() {
                    let rect = self
                        .dict_of(&annotation)
                        .and_then(|dict| dict.get::<Array<'_>>("Rect"))
                        .and_then(|array| {
                            let numbers: Vec<f32> = array.iter::<f32>().collect();
                            let [a, b, c, d] = numbers.as_slice().try_into().ok()?;
                            let wide: [f32; 4] = [a, b, c, d];
                            Some(wide.map(f64::from))
                        });
                    self.push(annotation, b"Annots", place("annotation", rect), 0);
                    self.run(budget, see, true);
                }
            }
            if let Some(actions) = dict.get_raw::<Object<'_>>("AA") {
                self.push(actions, b"AA", place("page AA", None), 0);
            }
            self.run(budget, see, true);
        }
    }

    fn catalog(&mut self, budget: &mut Budget<'_>, see: &mut dyn FnMut(&Found<'_, '_>)) {
        let root = self.pdf.xref().root_id();
        self.seen.insert(root);
        let Some(catalog) = self.pdf.xref().get::<Dict<'_>>(root) else {
            return;
        };
        let place = |what: String| Place {
            what: Rc::from(what),
            page: None,
            rect: None,
        };
        see(&Found {
            dict: &catalog,
            stream: false,
            key: b"Root",
            place: &place("catalog".to_owned()),
        });
        for (key, value) in catalog.entries() {
            let what = match key.as_ref() {
                b"Names" => "names tree".to_owned(),
                b"AcroForm" => "form".to_owned(),
                b"Outlines" => "bookmarks".to_owned(),
                b"Pages" => "page tree".to_owned(),
                _ => format!("catalog {}", name_text(&key)),
            };
            self.push(value, key.as_ref(), place(what), 0);
            self.run(budget, see, false);
        }
    }

    fn leftovers(&mut self, budget: &mut Budget<'_>, see: &mut dyn FnMut(&Found<'_, '_>)) {
        for object in self.pdf.objects() {
            let id = match &object {
                Object::Dict(dict) => dict.obj_id(),
                Object::Stream(stream) => Some(stream.obj_id()),
                _ => None,
            };
            if let Some(id) = id
                && self.seen.contains(&id)
            {
                continue;
            }
            let what = match id {
                Some(id) => {
                    self.seen.insert(id);
                    format!("object {}, which nothing refers to", id.obj_number)
                }
                None => "an object that nothing refers to".to_owned(),
            };
            let place = Place {
                what: Rc::from(what),
                page: None,
                rect: None,
            };
            self.push(MaybeRef::NotRef(object), b"", place, 0);
            if !self.run(budget, see, false) {
                return;
            }
        }
    }

    fn dict_of(&self, object: &MaybeRef<Object<'a>>) -> Option<Dict<'a>> {
        match object {
            MaybeRef::Ref(id) => self.pdf.xref().get::<Dict<'_>>((*id).into()),
            MaybeRef::NotRef(Object::Dict(dict)) => Some(dict.clone()),
            MaybeRef::NotRef(_) => None,
        }
    }

    fn push(&mut self, object: MaybeRef<Object<'a>>, key: &[u8], place: Place, depth: u32) {
        let worth = match &object {
            MaybeRef::Ref(_) => true,
            MaybeRef::NotRef(object) => matches!(
                object,
                Object::Dict(_) | Object::Array(_) | Object::Stream(_)
            ),
        };
        if worth {
            self.todo.push(Item {
                object,
                key: Rc::from(key),
                place,
                depth,
            });
        }
    }

    /// Works off the list; false when the limit of objects was met.
    fn run(
        &mut self,
        budget: &mut Budget<'_>,
        see: &mut dyn FnMut(&Found<'_, '_>),
        on_page: bool,
    ) -> bool {
        while let Some(item) = self.todo.pop() {
            if item.depth > budget.limits.depth {
                budget.meet("depth", u64::from(budget.limits.depth), None);
                continue;
            }
            let object = match item.object {
                MaybeRef::NotRef(object) => object,
                MaybeRef::Ref(id) => {
                    if !self.seen.insert(id.into()) {
                        continue;
                    }
                    match self.resolve(id) {
                        Some(object) => object,
                        None => continue,
                    }
                }
            };
            if !budget.object() {
                self.todo.clear();
                return false;
            }
            match object {
                Object::Array(array) => {
                    // What an array holds stays at its key, one level down only when it is nested in itself.
                    for value in array.raw_iter() {
                        let depth = match &value {
                            MaybeRef::NotRef(_) => item.depth + 1,
                            MaybeRef::Ref(_) => 0,
                        };
                        self.push(value, &item.key, item.place.clone(), depth);
                    }
                }
                Object::Dict(dict) => self.dict(
                    &dict,
                    false,
                    &item.key,
                    &item.place,
                    item.depth,
                    see,
                    on_page,
                ),
                Object::Stream(stream) => {
                    self.dict(
                        stream.dict(),
                        true,
                        &item.key,
                        &item.place,
                        item.depth,
                        see,
                        on_page,
                    );
                }
                _ => {}
            }
        }
        true
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one item")]
    fn dict(
        &mut self,
        dict: &Dict<'a>,
        stream: bool,
        key: &[u8],
        place: &Place,
        depth: u32,
        see: &mut dyn FnMut(&Found<'_, '_>),
        on_page: bool,
    ) {
        see(&Found {
            dict,
            stream,
            key,
            place,
        });
        for (name, value) in dict.entries() {
            if on_page && UPWARDS.contains(&name.as_ref()) && !is_action_chain(dict, &name) {
                continue;
            }
            let depth = match &value {
                MaybeRef::NotRef(_) => depth + 1,
                MaybeRef::Ref(_) => 0,
            };
            self.push(value, name.as_ref(), place.clone(), depth);
        }
    }

    fn resolve(&self, id: ObjRef) -> Option<Object<'a>> {
        self.pdf.xref().get::<Object<'_>>(id.into())
    }
}

/// `Next` of an action is the action that follows, not a neighbour.
fn is_action_chain(dict: &Dict<'_>, key: &Name<'_>) -> bool {
    key.as_ref() == b"Next" && dict.contains_key("S")
}

fn name_text(name: &Name<'_>) -> String {
    String::from_utf8_lossy(name.as_ref())
        .chars()
        .filter(char::is_ascii_graphic)
        .take(40)
        .collect()
}
