//! Bookmarks: ours for volumes, contents and papers, and under each paper those it brought along.

use std::{collections::HashSet, io};

use hayro_syntax::object::{Dict, Number, ObjectIdentifier, String as PdfString};

use super::{
    destination::{Destinations, Target},
    output::{Output, PdfOutput, Ref},
    syntax,
};

/// Outlines nested deeper than this, or with more items, are cut; people do not open them either.
const DEEPEST: u32 = 24;
const MOST_ITEMS: usize = 20_000;

/// One bookmark.
pub(super) struct Bookmark {
    /// The title as a PDF string, ready to be written.
    title: Vec<u8>,
    target: Option<Target>,
    open: bool,
    children: Vec<Bookmark>,
}

impl Bookmark {
    /// A bookmark of ours; it is shown open when it is `open`.
    pub(super) fn new(title: &str, page: Ref, open: bool) -> Bookmark {
        let mut place = vec![b'['];
        syntax::reference(&mut place, page);
        place.extend_from_slice(b"/XYZ null null null]");
        let mut text = Vec::new();
        syntax::text_string(&mut text, title);
        Bookmark {
            title: text,
            target: Some(Target::Place(place)),
            open,
            children: Vec::new(),
        }
    }

    /// Adds bookmarks below this one.
    pub(super) fn nest(&mut self, children: impl IntoIterator<Item = Bookmark>) {
        self.children.extend(children);
    }

    /// This bookmark and all below it.
    pub(super) fn count(&self) -> u32 {
        1 + self.children.iter().map(Bookmark::count).sum::<u32>()
    }

    /// Bookmarks seen when this one is shown: itself and, where open, those below.
    fn seen(&self) -> usize {
        1 + self.below()
    }
    fn below(&self) -> usize {
        if self.open {
            self.children.iter().map(Bookmark::seen).sum()
        } else {
            0
        }
    }
}

/// The outline of a source, with its targets in the volume.
pub(super) fn of_source<'a>(
    catalog: &Dict<'a>,
    destinations: &mut Destinations<'a>,
) -> Vec<Bookmark> {
    let mut walk = Walk {
        seen: HashSet::new(),
        left: MOST_ITEMS,
        destinations,
    };
    catalog
        .get::<Dict<'_>>(b"Outlines")
        .and_then(|root| root.get::<Dict<'_>>(b"First"))
        .map(|first| walk.siblings(first, 0))
        .unwrap_or_default()
}

struct Walk<'w, 'a> {
    seen: HashSet<ObjectIdentifier>,
    left: usize,
    destinations: &'w mut Destinations<'a>,
}

impl<'a> Walk<'_, 'a> {
    fn siblings(&mut self, first: Dict<'a>, depth: u32) -> Vec<Bookmark> {
        let mut found = Vec::new();
        let mut next = Some(first);
        while let Some(item) = next {
            let again = item.obj_id().is_none_or(|id| !self.seen.insert(id));
            if again || self.left == 0 {
                break;
            }
            self.left -= 1;
            found.push(self.item(&item, depth));
            next = item.get::<Dict<'_>>(b"Next");
        }
        found
    }

    fn item(&mut self, item: &Dict<'a>, depth: u32) -> Bookmark {
        let mut title = Vec::new();
        let text = item.get::<PdfString<'_>>(b"Title");
        syntax::byte_string(
            &mut title,
            text.as_ref().map_or(b"", |text| text.as_bytes()),
        );
        let children = match item.get::<Dict<'_>>(b"First") {
            Some(first) if depth < DEEPEST => self.siblings(first, depth + 1),
            _ => Vec::new(),
        };
        Bookmark {
            title,
            target: self.destinations.target(item),
            open: item
                .get::<Number>(b"Count")
                .is_some_and(|count| count.as_f64() > 0.0),
            children,
        }
    }
}

/// Writes the outline and gives its root.
pub(super) fn write<O: Output>(file: &mut PdfOutput<O>, bookmarks: &[Bookmark]) -> io::Result<Ref> {
    let root = file.reserve();
    let (ends, _) = write_level(file, bookmarks, root)?;
    let mut body = b"<</Type/Outlines".to_vec();
    body.extend_from_slice(&ends);
    let seen: usize = bookmarks.iter().map(Bookmark::seen).sum();
    body.extend_from_slice(format!("/Count {seen}>>").as_bytes());
    file.object(root, &body)?;
    Ok(root)
}

/// Writes siblings; the `First` and `Last` entries of their parent.
fn write_level<O: Output>(
    file: &mut PdfOutput<O>,
    bookmarks: &[Bookmark],
    parent: Ref,
) -> io::Result<(Vec<u8>, usize)> {
    let places: Vec<Ref> = bookmarks.iter().map(|_| file.reserve()).collect();
    for (i, (bookmark, &at)) in bookmarks.iter().zip(&places).enumerate() {
        let (ends, children) = write_level(file, &bookmark.children, at)?;
        let mut body = b"<</Title".to_vec();
        body.extend_from_slice(&bookmark.title);
        entry(&mut body, "/Parent ", Some(parent));
        let before = i.checked_sub(1).and_then(|i| places.get(i).copied());
        entry(&mut body, "/Prev ", before);
        entry(&mut body, "/Next ", places.get(i + 1).copied());
        body.extend_from_slice(&ends);
        if children > 0 {
            let count = if bookmark.open {
                bookmark.below() as i64
            } else {
                -(children as i64)
            };
            body.extend_from_slice(format!("/Count {count}").as_bytes());
        }
        if let Some(target) = &bookmark.target {
            target.write(&mut body);
        }
        body.extend_from_slice(b">>");
        file.object(at, &body)?;
    }
    let mut ends = Vec::new();
    entry(&mut ends, "/First ", places.first().copied());
    entry(&mut ends, "/Last ", places.last().copied());
    Ok((ends, places.len()))
}

fn entry(body: &mut Vec<u8>, key: &str, to: Option<Ref>) {
    if let Some(to) = to {
        body.extend_from_slice(key.as_bytes());
        syntax::reference(body, to);
    }
}
