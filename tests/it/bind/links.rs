//! Links and bookmarks of many sources that use the same names lead into their own pages.

use hayro_syntax::{
    Pdf,
    object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, String as PdfString},
};

use super::bound;
use crate::support::raw_pdf::{PageSpec, RawPdf};

const SOURCES: usize = 32;

/// Three pages; the first links to `chapter1` by a name in the tree, to `old` by a name in the old dictionary, to its
/// third page directly, to an address and to a script; the outline has two levels.
fn source_with_links() -> Vec<u8> {
    let mut pdf = RawPdf::new();
    let link =
        |target: &str| format!("<< /Type /Annot /Subtype /Link /Rect [10 10 90 30] {target} >>");
    let links = [
        link("/A << /S /GoTo /D (chapter1) >>"),
        link("/Dest /old"),
        link("/Dest [2 /FitH 700]"),
        link("/A << /S /URI /URI (https://example.org/a) >>"),
        link("/A << /S /URI /URI (javascript:alert) >>"),
        link("/A << /S /JavaScript /JS (app.alert) >>"),
    ];
    let first = format!("/Annots [{}]", links.join(" "));
    let specs = [
        PageSpec {
            content: "0 0 10 10 re f",
            extra: &first,
            ..PageSpec::default()
        },
        PageSpec::default(),
        PageSpec::default(),
    ];
    // Pages are objects 3, 5 and 7: tree, then content and page by turns.
    let outlines = "/Outlines << /First 9 0 R /Last 9 0 R /Count 1 >>";
    let root = pdf.add_pages(
        &specs,
        &format!(
            "/Names << /Dests << /Names [(chapter1) [5 0 R /XYZ 0 700 null]] >> >> \
             /Dests << /old << /D [7 0 R /Fit] >> >> {outlines} /OpenAction << /S /JavaScript /JS (x) >>"
        ),
    );
    assert_eq!(root, 8);
    let child = pdf.reserve() + 1;
    pdf.set(
        9,
        format!(
            "<< /Title (Part) /Dest [3 0 R /Fit] /First {child} 0 R /Last {child} 0 R /Count -1 >>"
        ),
    );
    pdf.add("<< /Title <FEFF7B2C4E007AE0> /Parent 9 0 R /A << /S /GoTo /D (chapter1) >> >>");
    pdf.finish(root)
}

fn page_objects(pdf: &Pdf) -> Vec<ObjectIdentifier> {
    pdf.pages()
        .iter()
        .map(|page| page.raw().obj_id().unwrap())
        .collect()
}

fn destination(dict: &Dict<'_>, pages: &[ObjectIdentifier]) -> usize {
    let array = dict.get::<Array<'_>>(b"Dest").unwrap();
    let MaybeRef::Ref(to) = array.raw_iter().next().unwrap() else {
        panic!("not a reference")
    };
    pages.iter().position(|page| *page == to.into()).unwrap()
}

#[test]
fn colliding_names_lead_into_their_own_source() {
    let sources = vec![source_with_links(); SOURCES];
    let (volume, result) = bound(&sources);
    assert_eq!(result.nested_bookmarks as usize, 2 * SOURCES);
    let pdf = Pdf::new(volume.clone()).unwrap();
    let pages = page_objects(&pdf);
    assert_eq!(pages.len(), 3 * SOURCES);
    for source in 0..SOURCES {
        let annotations = pdf.pages()[3 * source]
            .raw()
            .get::<Array<'_>>(b"Annots")
            .unwrap();
        let links: Vec<Dict<'_>> = annotations.iter::<Dict<'_>>().collect();
        assert_eq!(links.len(), 6);
        let led: Vec<usize> = links[..3]
            .iter()
            .map(|link| destination(link, &pages))
            .collect();
        assert_eq!(led, [3 * source + 1, 3 * source + 2, 3 * source + 2]);
        let action = links[3].get::<Dict<'_>>(b"A").unwrap();
        assert_eq!(
            action.get::<PdfString<'_>>(b"URI").unwrap().as_bytes(),
            b"https://example.org/a"
        );
        for dead in &links[4..] {
            assert!(!dead.contains_key(b"A") && !dead.contains_key(b"Dest"));
        }
    }
    for forbidden in [b"JavaScript".as_slice(), b"javascript:", b"OpenAction"] {
        assert!(
            !everything(&pdf)
                .windows(forbidden.len())
                .any(|w| w == forbidden)
        );
    }
}

/// All objects in one text; object streams are opened by the reader.
fn everything(pdf: &Pdf) -> Vec<u8> {
    let mut text = Vec::new();
    for object in pdf.objects() {
        text.extend_from_slice(format!("{object} ").as_bytes());
    }
    text
}

#[test]
fn bookmarks_of_each_source_stand_below_its_own() {
    let sources = vec![source_with_links(); 2];
    let (volume, _) = bound(&sources);
    let pdf = Pdf::new(volume).unwrap();
    let pages = page_objects(&pdf);
    let xref = pdf.xref();
    let catalog: Dict<'_> = xref.get(xref.root_id()).unwrap();
    assert_eq!(
        &*catalog.get::<Name<'_>>(b"PageMode").unwrap(),
        b"UseOutlines"
    );
    let outlines = catalog.get::<Dict<'_>>(b"Outlines").unwrap();
    // Two of ours, open, each with one closed one below: four are seen.
    assert_eq!(
        outlines.get::<Object<'_>>(b"Count").unwrap().into_i32(),
        Some(4)
    );
    let mut ours = outlines.get::<Dict<'_>>(b"First").unwrap();
    for source in 0..2 {
        assert_eq!(destination(&ours, &pages), 3 * source);
        let part = ours.get::<Dict<'_>>(b"First").unwrap();
        assert_eq!(
            part.get::<PdfString<'_>>(b"Title").unwrap().as_bytes(),
            b"Part"
        );
        assert_eq!(destination(&part, &pages), 3 * source);
        let chapter = part.get::<Dict<'_>>(b"First").unwrap();
        assert_eq!(destination(&chapter, &pages), 3 * source + 1);
        if source == 0 {
            ours = ours.get::<Dict<'_>>(b"Next").unwrap();
        }
    }
    assert!(!ours.contains_key(b"Next"));
}
