//! The files that the fixtures of the families FM, AC, LM and PG vary.

use std::{fmt::Write as _, io::Write as _};

use crate::raw_pdf::{PageSpec, RawPdf};

pub(super) const FONT: &str =
    "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>";

pub(super) fn page(content: &str) -> PageSpec<'_> {
    PageSpec {
        content,
        resources: FONT,
        ..PageSpec::default()
    }
}

pub(super) fn plain() -> PageSpec<'static> {
    page("BT /F1 20 Tf 72 700 Td (Annual assessment, sample) Tj ET")
}

/// A good file of one page.
pub(super) fn good() -> Vec<u8> {
    RawPdf::pages(&[plain()])
}

/// A good file whose page has more entries.
pub(super) fn with_page(extra: &str) -> Vec<u8> {
    RawPdf::pages(&[PageSpec { extra, ..plain() }])
}

/// A good file whose catalog has more entries, with objects that they name; `{n}` stands for the n-th of them.
pub(super) fn with_catalog(entries: &str, objects: &[&str]) -> Vec<u8> {
    let mut pdf = RawPdf::new();
    let mut entries = entries.to_owned();
    for (i, object) in objects.iter().enumerate() {
        let number = pdf.add(object);
        entries = entries.replace(&format!("{{{i}}}"), &format!("{number} 0 R"));
    }
    let root = pdf.add_pages(&[plain()], &entries);
    pdf.finish(root)
}

pub(super) fn link(action: &str) -> Vec<u8> {
    with_page(&format!(
        "/Annots [<< /Type /Annot /Subtype /Link /Rect [72 690 300 720] /Border [0 0 0] /A << {action} >> >>]"
    ))
}

pub(super) fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// One page whose content is the given stream.
pub(super) fn with_content(dict: &str, data: &[u8]) -> Vec<u8> {
    let mut pdf = RawPdf::new();
    let tree = pdf.reserve();
    let content = pdf.stream(dict, data);
    let page = pdf.add(format!("<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595.276 841.89] /Resources << {FONT} >> /Contents {content} 0 R >>"));
    pdf.set(
        tree,
        format!("<< /Type /Pages /Kids [{page} 0 R] /Count 1 >>"),
    );
    let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    pdf.finish(root)
}

/// Objects packed in an object stream, found by a cross-reference stream (ISO 32000-2, 7.5.7 and 7.5.8).
pub(super) fn packed(objects: &[&str], root: usize) -> Vec<u8> {
    let mut heads = String::new();
    let mut bodies = String::new();
    for (i, object) in objects.iter().enumerate() {
        let _ = write!(heads, "{} {} ", i + 1, bodies.len());
        bodies.push_str(object);
        bodies.push('\n');
    }
    let first = heads.len();
    let data = deflate((heads + &bodies).as_bytes());
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let holder = objects.len() + 1;
    let holder_at = out.len();
    out.extend(
        format!(
            "{holder} 0 obj\n<< /Type /ObjStm /N {} /First {first} /Filter /FlateDecode /Length {} >>\nstream\n",
            objects.len(),
            data.len()
        )
        .bytes(),
    );
    out.extend(&data);
    out.extend(b"\nendstream\nendobj\n");
    let table = holder + 1;
    let table_at = out.len();
    let mut rows = vec![0, 0, 0, 0];
    for i in 0..objects.len() {
        rows.extend([2, 0, holder as u8, i as u8]);
    }
    for at in [holder_at, table_at] {
        rows.extend([1, (at >> 8) as u8, at as u8, 0]);
    }
    out.extend(
        format!(
            "{table} 0 obj\n<< /Type /XRef /Size {} /W [1 2 1] /Root {root} 0 R /Length {} >>\nstream\n",
            table + 1,
            rows.len()
        )
        .bytes(),
    );
    out.extend(&rows);
    out.extend(format!("\nendstream\nendobj\nstartxref\n{table_at}\n%%EOF\n").bytes());
    out
}
