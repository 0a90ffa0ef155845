//! What is kept as it looks, what is stored once, what is refused.

use juanzong::bind::{Fault, VolumeError};

use super::{bound, drawn, job, try_bound, write};
use crate::support::raw_pdf::{PageSpec, RawPdf};

/// Pages that inherit everything, over a shared picture.
fn inheriting() -> Vec<u8> {
    let mut pdf = RawPdf::new();
    let picture: Vec<u8> = (0..120_000_u32).map(|i| (i * 7 % 251) as u8).collect();
    let image = pdf.stream(
        "/Type /XObject /Subtype /Image /Width 200 /Height 200 /BitsPerComponent 8 /ColorSpace /DeviceRGB",
        &picture,
    );
    let content = pdf.stream("", b"q 200 0 0 200 50 400 cm /Im0 Do Q");
    let (tree, node) = (pdf.reserve(), pdf.reserve());
    let pages: Vec<usize> = (0..3)
        .map(|_| {
            pdf.add(format!(
                "<< /Type /Page /Parent {node} 0 R /Contents [{content} 0 R] >>"
            ))
        })
        .collect();
    let kids: Vec<String> = pages.iter().map(|page| format!("{page} 0 R")).collect();
    pdf.set(node, format!(
        "<< /Type /Pages /Parent {tree} 0 R /Kids [{}] /Count 3 /Rotate 90 /Resources << /XObject << /Im0 {image} 0 R >> >> >>",
        kids.join(" ")
    ));
    pdf.set(
        tree,
        format!("<< /Type /Pages /Kids [{node} 0 R] /Count 3 /MediaBox [0 0 420 842] >>"),
    );
    let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    pdf.finish(root)
}

#[test]
fn what_pages_inherit_is_resolved_and_pictures_are_stored_once() {
    let source = inheriting();
    let (volume, result) = bound(&[source.clone(), source.clone()]);
    assert!(
        volume.len() < source.len() + 40_000,
        "the picture is stored twice: {}",
        volume.len()
    );
    assert_eq!(volume.len() as u64, result.size_bytes);
    assert_eq!(drawn(&volume, 5).dimensions(), (842, 420));
    let (before, after) = (drawn(&source, 1), drawn(&volume, 4));
    let differing = before
        .pixels()
        .zip(after.pixels())
        .filter(|(a, b)| a != b)
        .count();
    assert!(differing < 150, "{differing}");
}

#[test]
fn the_same_sources_give_the_same_bytes() {
    let sources = [inheriting(), RawPdf::one_page("0 0 9 9 re f", "")];
    assert_eq!(bound(&sources).0, bound(&sources).0);
}

#[test]
fn layers_stay_as_they_are_by_default() {
    let mut pdf = RawPdf::new();
    let hidden = pdf.add("<< /Type /OCG /Name (hidden) >>");
    let shown = pdf.add("<< /Type /OCG /Name (shown) >>");
    let resources = format!("/Properties << /H {hidden} 0 R /S {shown} 0 R >>");
    let content =
        "/OC /H BDC 1 0 0 rg 0 400 100 100 re f EMC /OC /S BDC 0 0 1 rg 200 400 100 100 re f EMC";
    let specs = [PageSpec {
        content,
        resources: &resources,
        ..PageSpec::default()
    }];
    let root = pdf.add_pages(
        &specs,
        &format!(
            "/OCProperties << /OCGs [{hidden} 0 R {shown} 0 R] /D << /OFF [{hidden} 0 R] >> >>"
        ),
    );
    let (volume, _) = bound(&[pdf.finish(root)]);
    let picture = drawn(&volume, 0);
    assert_eq!(picture.get_pixel(50, 842 - 450).0, [255, 255, 255]);
    assert_eq!(picture.get_pixel(250, 842 - 450).0, [0, 0, 255]);
}

#[test]
fn a_source_that_cannot_be_bound_is_named() {
    let good = RawPdf::one_page("0 0 9 9 re f", "");
    let fault = |sources: &[Vec<u8>]| match try_bound(sources) {
        Err(VolumeError::Source(fault)) => (fault.input, fault.why),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        fault(&[good.clone(), b"no PDF at all".to_vec()]),
        (2, Fault::DoesNotOpen)
    );
    let mut encrypted = RawPdf::new();
    let root = encrypted.add_pages(&[PageSpec::default()], "");
    let dict = encrypted.add("<< /Filter /Standard /V 1 /R 2 /O <00> /U <00> /P -4 >>");
    encrypted.trailer(&format!("/Encrypt {dict} 0 R"));
    let encrypted = encrypted.finish(root);
    assert_eq!(
        fault(&[good.clone(), good.clone(), encrypted]),
        (3, Fault::Encrypted)
    );
    let empty = {
        let mut pdf = RawPdf::new();
        let tree = pdf.add("<< /Type /Pages /Kids [] /Count 0 >>");
        let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
        pdf.finish(root)
    };
    let Err(VolumeError::Source(nothing)) = write(&job(&[0]), &[empty]) else {
        panic!("bound")
    };
    assert!(matches!(nothing.why, Fault::NoPages | Fault::DoesNotOpen));
    let Err(VolumeError::Source(fault)) = write(&job(&[2]), &[good]) else {
        panic!("bound")
    };
    assert_eq!(
        fault.why,
        Fault::PageCount {
            planned: 2,
            found: 1
        }
    );
}

#[test]
fn a_file_that_names_more_pages_than_it_has_is_not_bound() {
    let mut pdf = RawPdf::new();
    let tree = pdf.reserve();
    let page = pdf.add(format!(
        "<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595 842] >>"
    ));
    // The tree comes back to itself: readers show the page once, or again and again.
    pdf.set(
        tree,
        format!("<< /Type /Pages /Kids [{page} 0 R {tree} 0 R] /Count 3 >>"),
    );
    let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    match try_bound(&[pdf.finish(root)]) {
        Err(VolumeError::Source(fault)) => {
            assert_eq!(fault.why, Fault::PagesMissing { said: 3, found: 1 });
        }
        other => panic!("{other:?}"),
    }
}
