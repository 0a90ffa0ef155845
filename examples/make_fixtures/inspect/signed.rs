//! FM114–FM116: signatures and revisions. The value of the signatures is made of zeros: nothing verifies it.

use super::{
    Put,
    writers::{good, plain},
};
use crate::raw_pdf::RawPdf;

const WIDE: usize = 10;

/// A file with a signature whose range is right.
fn signed() -> Vec<u8> {
    let mut pdf = RawPdf::new();
    let blank = "0".repeat(WIDE);
    let value = pdf.add(format!(
        "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /M (D:20240630120000+08'00') /ByteRange [0 {blank} {blank} {blank}] /Contents <{}> >>",
        "0".repeat(64)
    ));
    let field = pdf.add(format!("<< /FT /Sig /T (signature) /V {value} 0 R >>"));
    let root = pdf.add_pages(
        &[plain()],
        &format!("/AcroForm << /Fields [{field} 0 R] /SigFlags 3 >>"),
    );
    let mut file = pdf.finish(root);
    let find = |word: &[u8], from: usize| {
        from + file[from..]
            .windows(word.len())
            .position(|part| part == word)
            .unwrap()
    };
    let contents = find(b"/Contents <", find(b"/ByteRange", 0)) + 10;
    let end = find(b">", contents) + 1;
    let range = find(b"/ByteRange [0 ", 0) + 14;
    let numbers = [contents, end, file.len() - end]
        .map(|n| format!("{n:0WIDE$}"))
        .join(" ");
    file[range..range + numbers.len()].copy_from_slice(numbers.as_bytes());
    file
}

/// A new part behind `file`: one more object and a cross-reference section of its own.
fn revised(file: &[u8]) -> Vec<u8> {
    let mut out = file.to_vec();
    let text = String::from_utf8_lossy(file);
    let old = text
        .rsplit("startxref")
        .next()
        .unwrap()
        .trim()
        .lines()
        .next()
        .unwrap()
        .to_owned();
    let trailer = text.rsplit("trailer").next().unwrap();
    let root = trailer
        .split("/Root ")
        .nth(1)
        .unwrap()
        .split(" R")
        .next()
        .unwrap()
        .to_owned();
    let size: usize = trailer
        .split("/Size ")
        .nth(1)
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let object = out.len();
    out.extend(format!("{size} 0 obj\n<< /Note (added) >>\nendobj\n").bytes());
    let table = out.len();
    out.extend(
        format!(
            "xref\n{size} 1\n{object:010} 00000 n \ntrailer\n<< /Size {} /Root {root} R /Prev {old} >>\nstartxref\n{table}\n%%EOF\n",
            size + 1
        )
        .bytes(),
    );
    out
}

pub(super) fn make(put: Put<'_>) {
    put("FM114", "pass-whole", &signed());
    put("FM114", "pass-not-signed", &good());
    put("FM114", "fail-added", &revised(&signed()));
    let mut gap = signed();
    // The range leaves out one byte more than the signature.
    let at = gap
        .windows(14)
        .position(|part| part == b"/ByteRange [0 ")
        .unwrap()
        + 14;
    let first: usize = String::from_utf8_lossy(&gap[at..at + WIDE])
        .parse()
        .unwrap();
    gap[at..at + WIDE].copy_from_slice(format!("{:0WIDE$}", first - 1).as_bytes());
    put("FM114", "fail-gap", &gap);
    put("FM115", "pass-a", &good());
    put("FM115", "fail-a", &signed());
    put("FM116", "pass-a", &good());
    put("FM116", "fail-a", &revised(&good()));
}
