//! What in a file can act (ISO 32000-2, 12.6 and 13): each kind by name, with its place.
//!
//! Looks at objects, never at text: a page that merely speaks of `/JavaScript` is fine.

use hayro_syntax::{
    Pdf,
    object::{Array, Dict, MaybeRef, Name, Object, String as PdfString},
};

use super::{
    document::Address,
    facts::{ActiveContent, ActiveKind},
    geometry::{self, Geometry},
    object_walk::Found,
};

/// Most entries of one file; more say nothing more.
const MOST: usize = 500;

/// Collects active content as objects pass by.
#[derive(Default)]
pub(crate) struct Collector {
    found: Vec<ActiveContent>,
    links: Vec<Address>,
}

impl Collector {
    /// Looks at one dictionary; `page` turns the place of an annotation into what is shown.
    pub(crate) fn see(&mut self, found: &Found<'_, '_>, page: Option<&Geometry>) {
        let dict = found.dict;
        match found.key {
            b"Root" => self.catalog(dict),
            b"Page" => {
                if acts(dict.get::<Dict<'_>>("AA").as_ref()) {
                    self.add(ActiveKind::AutomaticAction, found, page);
                }
                return;
            }
            _ => {}
        }
        let text = |key: &str| dict.get::<Name<'_>>(key);
        let kind = text("Type");
        let is = |wanted: &[u8]| kind.as_ref().is_some_and(|name| name.as_ref() == wanted);
        let subtype = text("Subtype");
        let structure = is(b"StructElem") || (dict.contains_key("K") && dict.contains_key("P"));
        if !structure {
            self.action(found, page);
        }
        let of_subtype = match subtype.as_ref().map(AsRef::as_ref) {
            Some(b"RichMedia") => Some(ActiveKind::RichMedia),
            Some(b"Movie") => Some(ActiveKind::Movie),
            Some(b"Sound") => Some(ActiveKind::Sound),
            Some(b"3D") => Some(ActiveKind::ThreeD),
            Some(b"Screen") => Some(ActiveKind::Rendition),
            _ => None,
        };
        if let Some(kind) = of_subtype.filter(|_| is(b"Annot") || dict.contains_key("Rect")) {
            self.add(kind, found, page);
        }
        let has_file = dict
            .get::<Dict<'_>>("EF")
            .is_some_and(|files| !files.is_empty());
        // A stream may say of itself that it is an embedded file, whether a file specification names it or not.
        let says_so = found.stream && is(b"EmbeddedFile");
        if has_file || says_so {
            self.add(ActiveKind::EmbeddedFile, found, page);
        }
        if matches!(
            dict.get::<Object<'_>>("XFA"),
            Some(Object::Stream(_) | Object::Array(_))
        ) {
            self.add(ActiveKind::Xfa, found, page);
        }
        // `PV`, `PO`, `PI` of an annotation run when its page is shown, without a click.
        if found.key == b"Annots"
            && let Some(actions) = dict.get::<Dict<'_>>("AA")
            && ["PO", "PV", "PI", "PC"]
                .iter()
                .any(|key| actions.contains_key(key))
        {
            self.add(ActiveKind::AutomaticAction, found, page);
        }
    }

    fn action(&mut self, found: &Found<'_, '_>, page: Option<&Geometry>) {
        let dict = found.dict;
        let name = dict.get::<Name<'_>>("S");
        let kind = match name.as_ref().map(AsRef::as_ref) {
            Some(b"JavaScript") => ActiveKind::JavaScript,
            Some(b"Launch") => ActiveKind::Launch,
            Some(b"SubmitForm") => ActiveKind::SubmitForm,
            Some(b"ImportData") => ActiveKind::ImportData,
            Some(b"ResetForm") => ActiveKind::ResetForm,
            Some(b"GoToR") => ActiveKind::GoToRemote,
            Some(b"GoToE") => ActiveKind::GoToEmbedded,
            Some(b"RichMediaExecute") => ActiveKind::RichMedia,
            Some(b"Movie") if dict.contains_key("Annotation") || dict.contains_key("T") => {
                ActiveKind::Movie
            }
            Some(b"Sound") if dict.contains_key("Sound") => ActiveKind::Sound,
            Some(b"GoTo3DView") => ActiveKind::ThreeD,
            Some(b"Rendition") => {
                self.add(ActiveKind::Rendition, found, page);
                if !dict.contains_key("JS") {
                    return;
                }
                ActiveKind::JavaScript
            }
            Some(b"URI") => match dict.get::<PdfString<'_>>("URI") {
                Some(uri) => {
                    self.link(&uri, found, page);
                    uri_kind(&uri)
                }
                None => return,
            },
            None if dict.contains_key("JS") => ActiveKind::JavaScript,
            _ => return,
        };
        self.add(kind, found, page);
    }

    fn catalog(&mut self, catalog: &Dict<'_>) {
        let open = catalog.get::<Dict<'_>>("OpenAction");
        let does_more = open.as_ref().is_some_and(|action| {
            let kind = action.get::<Name<'_>>("S");
            !matches!(
                kind.as_ref().map(AsRef::as_ref),
                None | Some(b"GoTo" | b"GoToDp" | b"SetOCGState" | b"Trans")
            ) || acts_next(action)
        });
        if does_more {
            self.push(ActiveKind::AutomaticAction, "catalog OpenAction");
        }
        if acts(catalog.get::<Dict<'_>>("AA").as_ref()) {
            self.push(ActiveKind::AutomaticAction, "catalog AA");
        }
        if let Some(base) = catalog
            .get::<Dict<'_>>("URI")
            .and_then(|uri| uri.get::<PdfString<'_>>("Base"))
            && uri_kind(&base) == ActiveKind::UriDangerous
        {
            self.push(ActiveKind::UriDangerous, "catalog URI base");
        }
        // A tree of scripts whose scripts this reader cannot find may be found by another one.
        if let Some(names) = catalog.get::<Dict<'_>>("Names")
            && names.contains_key("JavaScript")
            && !names.get::<Dict<'_>>("JavaScript").is_some_and(|tree| {
                tree.is_empty()
                    || tree
                        .get::<Array<'_>>("Names")
                        .is_some_and(|array| array.raw_iter().next().is_none())
            })
            && !matches!(
                names.get_raw::<Object<'_>>("JavaScript"),
                Some(MaybeRef::NotRef(Object::Null(_)))
            )
        {
            self.push(ActiveKind::JavaScript, "names tree");
        }
        // A names tree may name files without any file specification that could be read.
        if let Some(tree) = catalog
            .get::<Dict<'_>>("Names")
            .and_then(|names| names.get::<Dict<'_>>("EmbeddedFiles"))
        {
            let filled = |key: &str| {
                tree.get::<Array<'_>>(key)
                    .is_some_and(|array| array.raw_iter().next().is_some())
            };
            if filled("Names") || filled("Kids") {
                self.push(ActiveKind::EmbeddedFile, "names tree");
            }
        }
    }

    fn push(&mut self, kind: ActiveKind, place: &str) {
        self.found.push(ActiveContent {
            kind,
            place: place.to_owned(),
            page: None,
            box_pt: None,
        });
    }

    /// Keeps the address of a link on a page.
    fn link(&mut self, uri: &[u8], found: &Found<'_, '_>, page: Option<&Geometry>) {
        let Some(number) = found.place.page.filter(|_| self.links.len() < MOST) else {
            return;
        };
        let box_pt = page.zip(found.place.rect).map(|(page, [a, b, c, d])| {
            let rect = hayro_font::kurbo::Rect::new(a.min(c), b.min(d), a.max(c), b.max(d));
            geometry::pt_box(geometry::transformed(page.to_shown, rect))
        });
        self.links.push(Address {
            page: number,
            box_pt,
            content: String::from_utf8_lossy(uri.get(..2048).unwrap_or(uri)).into_owned(),
            from_qr: false,
        });
    }

    /// Addresses under links, in the order in which they were met.
    pub(crate) fn links(&mut self) -> Vec<Address> {
        std::mem::take(&mut self.links)
    }

    fn add(&mut self, kind: ActiveKind, found: &Found<'_, '_>, page: Option<&Geometry>) {
        let box_pt = page.zip(found.place.rect).map(|(page, [a, b, c, d])| {
            let rect = hayro_font::kurbo::Rect::new(a.min(c), b.min(d), a.max(c), b.max(d));
            let shown = geometry::transformed(page.to_shown, rect);
            [shown.x0, shown.y0, shown.x1, shown.y1].map(|pt| (pt * 100.0).round() as i64)
        });
        let entry = ActiveContent {
            kind,
            place: found.place.what.to_string(),
            page: found.place.page,
            box_pt,
        };
        if self.found.len() < MOST && !self.found.contains(&entry) {
            self.found.push(entry);
        }
    }

    /// Everything found, by kind and page.
    pub(crate) fn finish(mut self) -> Vec<ActiveContent> {
        self.found
            .sort_by(|a, b| (a.kind, a.page, &a.place).cmp(&(b.kind, b.page, &b.place)));
        self.found.dedup();
        self.found
    }
}

/// Whether additional actions do anything but go somewhere.
fn acts(actions: Option<&Dict<'_>>) -> bool {
    actions.is_some_and(|actions| {
        actions.keys().any(|key| {
            actions.get::<Dict<'_>>(&key).is_some_and(|action| {
                let kind = action.get::<Name<'_>>("S");
                !matches!(
                    kind.as_ref().map(AsRef::as_ref),
                    None | Some(b"GoTo" | b"GoToDp")
                ) || acts_next(&action)
            })
        })
    })
}

/// Whether an action is followed by one that does more than go somewhere.
fn acts_next(action: &Dict<'_>) -> bool {
    let does_more = |dict: &Dict<'_>| {
        dict.get::<Name<'_>>("S")
            .is_some_and(|name| name.as_ref() != b"GoTo")
    };
    match action.get::<Object<'_>>("Next") {
        Some(Object::Dict(next)) => does_more(&next),
        Some(Object::Array(array)) => array.iter::<Dict<'_>>().any(|next| does_more(&next)),
        _ => false,
    }
}

/// Schemes that run something, read the reader's own files, or carry their own content.
const DANGEROUS: &[&str] = &[
    "javascript",
    "vbscript",
    "livescript",
    "mocha",
    "data",
    "file",
    "jar",
    "smb",
    "nfs",
    "cmd",
    "shell",
    "res",
    "mhtml",
    "ms-its",
    "mk",
    "its",
    "hcp",
    "search-ms",
    "view-source",
    "wyciwyg",
    "app",
    "about",
    "chrome",
    "ldap",
    "telnet",
    "ssh",
    "wscript",
    "disk",
    "disks",
    "acrobat",
    "acrobat2018",
];

/// Whether a link is plain information or can do harm.
fn uri_kind(uri: &[u8]) -> ActiveKind {
    // Readers drop white space and control characters inside a scheme: `java\nscript:` runs.
    let clean: String = uri
        .iter()
        .filter(|b| b.is_ascii_graphic())
        .take(4096)
        .map(|b| char::from(b.to_ascii_lowercase()))
        .collect();
    let scheme = clean.split_once(':').map(|(scheme, _)| scheme);
    let unc = clean.starts_with("\\\\") || clean.starts_with("//");
    let drive = scheme.is_some_and(|scheme| scheme.len() == 1);
    let dangerous = scheme.is_some_and(|scheme| {
        DANGEROUS.contains(&scheme) || (scheme.starts_with("ms-") && !scheme.contains('/'))
    });
    if dangerous || unc || drive {
        ActiveKind::UriDangerous
    } else {
        ActiveKind::UriLink
    }
}

/// Number of layers, bookmarks and tags: what the catalog says of the whole document.
pub(crate) fn catalog_of(pdf: &Pdf) -> Option<Dict<'_>> {
    pdf.xref().get::<Dict<'_>>(pdf.xref().root_id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_judged_by_their_scheme() {
        for plain in [
            "http://example.com",
            "https://a/b",
            "mailto:a@b.c",
            "page.html",
            "www.example.com",
        ] {
            assert_eq!(uri_kind(plain.as_bytes()), ActiveKind::UriLink, "{plain}");
        }
        for bad in [
            "javascript:app.alert(1)",
            "Java\nScript:x",
            "file:///etc/passwd",
            "\\\\host\\share",
            "C:\\a.exe",
            "ms-msdt:/id",
        ] {
            assert_eq!(uri_kind(bad.as_bytes()), ActiveKind::UriDangerous, "{bad}");
        }
    }
}
