//! The family FM, as far as it looks at the file as bytes and objects.

use super::{
    Put,
    writers::{good, plain},
};
use crate::{bad, raw_pdf::RawPdf};

pub(super) fn make(put: Put<'_>) {
    put("FM101", "pass-a", &good());
    put(
        "FM101",
        "fail-jpeg",
        b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x48\0\x48\0\0\xFF\xD9",
    );
    put(
        "FM101",
        "fail-ofd",
        b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x07\0\0\0OFD.xml",
    );
    put(
        "FM101",
        "fail-html",
        b"<!DOCTYPE html><html><body>login expired</body></html>",
    );
    put(
        "FM101",
        "fail-word",
        b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x11\0\0\0word/document.xml",
    );

    put("FM102", "pass-a", &good());
    let whole = good();
    put("FM102", "fail-truncated", &whole[..120]);
    let mut empty = RawPdf::new();
    let tree = empty.add("<< /Type /Pages /Kids [] /Count 0 >>");
    let root = empty.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    put("FM102", "fail-no-page", &empty.finish(root));

    let words = "BT /F1 20 Tf 72 700 Td (Annual assessment, sample) Tj ET";
    put("FM103", "pass-a", &bad::encrypted(words, b""));
    put("FM103", "fail-a", &bad::encrypted(words, b"sample"));
    put("FM104", "pass-a", &good());
    put("FM104", "fail-a", &bad::encrypted(words, b""));

    put("FM105", "pass-a", &good());
    let text = String::from_utf8_lossy(&whole).into_owned();
    let at = text.rfind("startxref").unwrap();
    let mut wrong = whole[..whole.len() - (text.len() - at)].to_vec();
    wrong.extend(b"startxref\n7\n%%EOF\n");
    put("FM105", "fail-startxref", &wrong);
    let mut pdf = RawPdf::new();
    let loose = pdf.add("<< /A 1 /A 2 >>");
    let root = pdf.add_pages(&[plain()], &format!("/Extra {loose} 0 R"));
    put("FM105", "fail-key-twice", &pdf.finish(root));

    put("FM106", "pass-a", &good());
    let mut shifted = b"Content-Type: application/pdf\r\n\r\n".to_vec();
    shifted.extend(&whole);
    put("FM106", "fail-a", &shifted);
    put("FM107", "pass-a", &good());
    let mut trailing = whole.clone();
    trailing.extend(b"</body></html>");
    put("FM107", "fail-a", &trailing);

    put("FM108", "pass-a", &good());
    let mut picture = b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x01\0\0\x48\0\x48\0\0".to_vec();
    picture.extend(&whole);
    put("FM108", "fail-jpeg-before", &picture);
    let mut archive = whole.clone();
    let local = archive.len() as u32;
    archive.extend(b"PK\x03\x04\x0A\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0a.txt");
    let directory = archive.len() as u32;
    archive.extend(b"PK\x01\x02\x0A\0\x0A\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0\0\0\0\0\0\0\0\0\0\0");
    archive.extend(local.to_le_bytes());
    archive.extend(b"a.txt");
    let size = archive.len() as u32 - directory;
    archive.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    archive.extend(size.to_le_bytes());
    archive.extend(directory.to_le_bytes());
    archive.extend(b"\0\0");
    put("FM108", "fail-zip-behind", &archive);

    put("FM109", "pass-a", &RawPdf::pages(&[plain(); 3]));
    put("FM109", "fail-cut-off", &cut_off());
}

/// A file of three pages that lost the object of the last one, and its end.
fn cut_off() -> Vec<u8> {
    let mut pdf = RawPdf::new();
    let tree = pdf.reserve();
    let page = format!("<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595.276 841.89] >>");
    let (first, second) = (pdf.add(&page), pdf.add(&page));
    pdf.set(
        tree,
        format!("<< /Type /Pages /Kids [{first} 0 R {second} 0 R 99 0 R] /Count 3 >>"),
    );
    let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
    let mut whole = pdf.finish(root);
    let end = whole
        .windows(9)
        .rposition(|word| word == b"startxref")
        .unwrap();
    whole.truncate(end);
    whole
}
