//! Where links and bookmarks of one source lead: names and page objects become pages of the volume.
//!
//! Every source has its own names, so thirty-two files may all call their first chapter `chapter1`.

use std::collections::{BTreeMap, HashMap, HashSet};

use hayro_syntax::{
    Pdf,
    object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, String as PdfString},
};

use super::{layout, output::Ref, syntax};
use crate::inspect::items;

/// Name trees deeper or with more nodes than this are not followed further.
const DEEPEST: u32 = 32;
const MOST_NODES: usize = 20_000;

/// The pages of one source in the volume, and its named destinations.
pub(super) struct Destinations<'a> {
    pages: &'a [Ref],
    by_object: HashMap<ObjectIdentifier, usize>,
    catalog: Dict<'a>,
    names: Option<BTreeMap<Vec<u8>, Object<'a>>>,
    /// Pages that `juanzong:item/N` stands for; only in pages of ours.
    items: Vec<Option<Ref>>,
    /// From each page's user space in the source to that in the volume, where they differ.
    matrices: Vec<Option<[f64; 6]>>,
}

/// What a link or bookmark does.
pub(super) enum Target {
    /// Shows a place: the explicit destination, ready to be written.
    Place(Vec<u8>),
    /// Opens an address.
    Address(Vec<u8>),
}

impl Target {
    /// The entry that stands for it in a link or outline item.
    pub(super) fn write(&self, body: &mut Vec<u8>) {
        match self {
            Target::Place(place) => {
                body.extend_from_slice(b"/Dest");
                body.extend_from_slice(place);
            }
            Target::Address(address) => {
                body.extend_from_slice(b"/A<</S/URI/URI");
                syntax::byte_string(body, address);
                body.extend_from_slice(b">>");
            }
        }
    }
}

impl<'a> Destinations<'a> {
    /// The destinations of `pdf`, whose pages are `pages` in the volume.
    pub(super) fn new(pdf: &'a Pdf, catalog: Dict<'a>, pages: &'a [Ref]) -> Destinations<'a> {
        let by_object = pdf
            .pages()
            .iter()
            .enumerate()
            .filter_map(|(i, page)| Some((page.raw().obj_id()?, i)))
            .collect();
        Destinations {
            pages,
            by_object,
            catalog,
            names: None,
            items: Vec::new(),
            matrices: Vec::new(),
        }
    }

    /// Places on pages go through these matrices.
    pub(super) fn move_pages(&mut self, matrices: Vec<Option<[f64; 6]>>) {
        self.matrices = matrices;
    }

    /// Lets links to `juanzong:item/N` lead to these pages. Contents pages are typeset before the volume exists,
    /// so they can name an item but not a page.
    pub(super) fn understand_items(&mut self, items: Vec<Option<Ref>>) {
        self.items = items;
    }

    fn item(&self, address: &[u8]) -> Option<Target> {
        let number = address.strip_prefix(b"juanzong:item/")?;
        let number: usize = std::str::from_utf8(number).ok()?.parse().ok()?;
        let mut place = vec![b'['];
        syntax::reference(&mut place, (*self.items.get(number)?)?);
        place.extend_from_slice(b"/XYZ null null null]");
        Some(Target::Place(place))
    }

    /// The target of a link annotation or an outline item; `None` when it leads out of the file or does something.
    pub(super) fn target(&mut self, dict: &Dict<'a>) -> Option<Target> {
        if let Some(place) = dict.get::<Object<'_>>(b"Dest") {
            return self.place(&place).map(Target::Place);
        }
        let action = dict.get::<Dict<'_>>(b"A")?;
        match action.get::<Name<'_>>(b"S")?.as_ref() {
            b"GoTo" => {
                let place = action.get::<Object<'_>>(b"D")?;
                self.place(&place).map(Target::Place)
            }
            b"URI" => {
                let address = action.get::<PdfString<'_>>(b"URI")?;
                let harmless = is_harmless(&address);
                self.item(&address)
                    .or_else(|| harmless.then(|| Target::Address(address.to_vec())))
            }
            _ => None,
        }
    }

    fn place(&mut self, object: &Object<'a>) -> Option<Vec<u8>> {
        match object {
            Object::Array(array) => self.explicit(array),
            Object::Name(name) => {
                let name = name.to_vec();
                self.named(&name)
            }
            Object::String(name) => {
                let name = name.to_vec();
                self.named(&name)
            }
            Object::Dict(dict) => {
                let array = dict.get::<Array<'_>>(b"D")?;
                self.explicit(&array)
            }
            _ => None,
        }
    }

    fn named(&mut self, name: &[u8]) -> Option<Vec<u8>> {
        if self.names.is_none() {
            self.names = Some(all_names(&self.catalog));
        }
        match self.names.as_ref()?.get(name)? {
            Object::Array(array) => self.explicit(array),
            Object::Dict(dict) => self.explicit(&dict.get::<Array<'_>>(b"D")?),
            _ => None,
        }
    }

    /// `[page /XYZ left top zoom]` and its kin (12.3.2.2), with the page's new number.
    fn explicit(&self, array: &Array<'a>) -> Option<Vec<u8>> {
        let mut items = array.raw_iter();
        let index = match items.next()? {
            MaybeRef::Ref(to) => *self.by_object.get(&to.into())?,
            // Against the standard but common: the page's index.
            MaybeRef::NotRef(Object::Number(number)) => usize::try_from(number.as_i64()).ok()?,
            MaybeRef::NotRef(_) => return None,
        };
        let mut body = vec![b'['];
        syntax::reference(&mut body, *self.pages.get(index)?);
        if let Some(matrix) = self.matrices.get(index).copied().flatten() {
            view_through(&mut body, matrix, items);
            return Some(body);
        }
        let before_view = body.len();
        for item in items.take(5) {
            match item {
                MaybeRef::NotRef(Object::Name(view)) => syntax::name(&mut body, &view),
                MaybeRef::NotRef(Object::Number(number)) => {
                    body.push(b' ');
                    syntax::number(&mut body, number.as_f64());
                }
                _ => body.extend_from_slice(b" null"),
            }
        }
        if body.len() == before_view {
            body.extend_from_slice(b"/Fit");
        }
        body.push(b']');
        Some(body)
    }
}

/// The view of a destination on a page that was moved: its point, or the whole page where there is none.
fn view_through<'a>(
    body: &mut Vec<u8>,
    matrix: [f64; 6],
    mut items: impl Iterator<Item = MaybeRef<Object<'a>>>,
) {
    let number = |item: Option<MaybeRef<Object<'a>>>| match item {
        Some(MaybeRef::NotRef(Object::Number(number))) => Some(number.as_f64()),
        _ => None,
    };
    let view = match items.next() {
        Some(MaybeRef::NotRef(Object::Name(name))) => name.to_vec(),
        _ => Vec::new(),
    };
    let (left, top) = (number(items.next()), number(items.next()));
    match (view.as_slice(), left, top) {
        (b"XYZ", Some(left), Some(top)) => {
            let [left, top] = layout::through(matrix, [left, top]);
            body.extend_from_slice(b"/XYZ ");
            syntax::coordinate(body, left);
            body.push(b' ');
            syntax::coordinate(body, top);
            body.extend_from_slice(b" null]");
        }
        _ => body.extend_from_slice(b"/Fit]"),
    }
}

/// Schemes a reader may follow out of a volume.
fn is_harmless(address: &[u8]) -> bool {
    let address = address.to_ascii_lowercase();
    let schemes: [&[u8]; 3] = [b"http://", b"https://", b"mailto:"];
    schemes.iter().any(|scheme| address.starts_with(scheme))
}

/// All named destinations: the old dictionary and the name tree (12.3.2.4); the tree wins.
fn all_names<'a>(catalog: &Dict<'a>) -> BTreeMap<Vec<u8>, Object<'a>> {
    let mut names = BTreeMap::new();
    if let Some(dict) = catalog.get::<Dict<'_>>(b"Dests") {
        for (key, _) in dict.entries() {
            if let Some(place) = dict.get::<Object<'_>>(&*key) {
                names.insert(key.to_vec(), place);
            }
        }
    }
    let tree = catalog
        .get::<Dict<'_>>(b"Names")
        .and_then(|names| names.get::<Dict<'_>>(b"Dests"));
    let mut seen = HashSet::new();
    let mut nodes: Vec<(Dict<'a>, u32)> = tree.into_iter().map(|root| (root, 0)).collect();
    while let Some((node, depth)) = nodes.pop() {
        if node.obj_id().is_some_and(|id| !seen.insert(id)) && depth > 0 {
            continue;
        }
        if let Some(pairs) = node.get::<Array<'_>>(b"Names") {
            let mut each = items(&pairs);
            while let (Some(key), Some(place)) = (each.next(), each.next()) {
                if let (Some(Object::String(key)), Some(place)) = (key, place) {
                    names.entry(key.to_vec()).or_insert(place);
                }
            }
        }
        if let Some(kids) = node.get::<Array<'_>>(b"Kids")
            && depth < DEEPEST
            && nodes.len() + names.len() < MOST_NODES
        {
            let kids = items(&kids).flatten().filter_map(Object::into_dict);
            nodes.extend(kids.map(|kid| (kid, depth + 1)));
        }
    }
    names
}
