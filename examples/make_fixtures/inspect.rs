//! Pass and fail fixtures of the families FM, AC and LM: each shows one thing only.

use std::{fmt::Write as _, io::Write as _, path::Path};

use crate::{
    bad,
    raw_pdf::{PageSpec, RawPdf},
    write,
};

const FONT: &str = "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>";

fn page(content: &str) -> PageSpec<'_> {
    PageSpec {
        content,
        resources: FONT,
        ..PageSpec::default()
    }
}

fn plain() -> PageSpec<'static> {
    page("BT /F1 20 Tf 72 700 Td (Annual assessment, sample) Tj ET")
}

/// A good file of one page.
fn good() -> Vec<u8> {
    RawPdf::pages(&[plain()])
}

/// A good file whose page has more entries.
fn with_page(extra: &str) -> Vec<u8> {
    RawPdf::pages(&[PageSpec { extra, ..plain() }])
}

/// A good file whose catalog has more entries, with objects that they name; `{n}` stands for the n-th of them.
fn with_catalog(entries: &str, objects: &[&str]) -> Vec<u8> {
    let mut pdf = RawPdf::new();
    let mut entries = entries.to_owned();
    for (i, object) in objects.iter().enumerate() {
        let number = pdf.add(object);
        entries = entries.replace(&format!("{{{i}}}"), &format!("{number} 0 R"));
    }
    let root = pdf.add_pages(&[plain()], &entries);
    pdf.finish(root)
}

fn link(action: &str) -> Vec<u8> {
    with_page(&format!(
        "/Annots [<< /Type /Annot /Subtype /Link /Rect [72 690 300 720] /Border [0 0 0] /A << {action} >> >>]"
    ))
}

fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// One page whose content is the given stream.
fn with_content(dict: &str, data: &[u8]) -> Vec<u8> {
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
fn packed(objects: &[&str], root: usize) -> Vec<u8> {
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

pub fn make(fixtures: &Path) {
    let put = |code: &str, name: &str, bytes: &[u8]| {
        write(
            &fixtures
                .join("checks")
                .join(code)
                .join(format!("{name}.pdf")),
            bytes,
        );
    };
    format_family(&put);
    active_family(&put);
    limits_family(fixtures, &put);
}

fn format_family(put: &dyn Fn(&str, &str, &[u8])) {
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

fn active_family(put: &dyn Fn(&str, &str, &[u8])) {
    let script = "<< /Type /Action /S /JavaScript /JS (app.alert\\(1\\);) >>";
    let words = "BT /F1 12 Tf 72 700 Td (/S /JavaScript /JS \\(app.alert\\)) Tj ET";
    put("AC101", "pass-words", &RawPdf::pages(&[page(words)]));
    put(
        "AC101",
        "fail-open-action",
        &with_catalog("/OpenAction {0}", &[script]),
    );
    put(
        "AC101",
        "fail-names-tree",
        &with_catalog("/Names << /JavaScript << /Names [(a) {0}] >> >>", &[script]),
    );
    put(
        "AC101",
        "fail-object-stream",
        &packed(
            &[
                "<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >>",
                "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595.276 841.89] >>",
                "<< /Type /Page /Parent 2 0 R /Resources << >> >>",
                script,
            ],
            1,
        ),
    );
    put("AC101", "fail-unreferenced", &with_catalog("", &[script]));

    let go = "/Type /Action /S /GoTo /D [0 /Fit]";
    put("AC102", "pass-a", &link(go));
    put(
        "AC102",
        "fail-a",
        &link("/Type /Action /S /Launch /F (calc.exe)"),
    );
    put("AC103", "pass-reset", &link("/Type /Action /S /ResetForm"));
    put(
        "AC103",
        "fail-submit",
        &link(
            "/Type /Action /S /SubmitForm /F << /Type /Filespec /FS /URL /F (http://example.com/) >>",
        ),
    );
    put(
        "AC103",
        "fail-import",
        &link("/Type /Action /S /ImportData /F (data.fdf)"),
    );
    put("AC104", "pass-a", &link(go));
    put(
        "AC104",
        "fail-remote",
        &link("/Type /Action /S /GoToR /F (other.pdf) /D [0 /Fit]"),
    );
    put(
        "AC104",
        "fail-embedded",
        &link("/Type /Action /S /GoToE /D [0 /Fit] /T << /R /C /N (other.pdf) >>"),
    );

    put("AC105", "pass-a", &good());
    let mut pdf = RawPdf::new();
    let file = pdf.stream("/Type /EmbeddedFile", b"sample");
    let specification = pdf.add(format!(
        "<< /Type /Filespec /F (a.txt) /EF << /F {file} 0 R >> >>"
    ));
    let root = pdf.add_pages(
        &[plain()],
        &format!("/Names << /EmbeddedFiles << /Names [(a) {specification} 0 R] >> >>"),
    );
    put("AC105", "fail-a", &pdf.finish(root));
    put("AC106", "pass-a", &good());
    put(
        "AC106",
        "fail-a",
        &with_page(
            "/Annots [<< /Type /Annot /Subtype /Movie /Rect [72 400 300 600] /Movie << /F (a.avi) >> >>]",
        ),
    );
    put(
        "AC107",
        "pass-a",
        &with_catalog(
            "/AcroForm << /Fields [{0}] >>",
            &["<< /FT /Tx /T (name) >>"],
        ),
    );
    let mut pdf = RawPdf::new();
    let xfa = pdf.stream("", b"<xdp:xdp xmlns:xdp=\"http://ns.adobe.com/xdp/\"/>");
    let root = pdf.add_pages(
        &[plain()],
        &format!("/AcroForm << /Fields [] /XFA {xfa} 0 R >>"),
    );
    put("AC107", "fail-a", &pdf.finish(root));
    let web = "/Type /Action /S /URI /URI (https://example.com/)";
    put("AC108", "pass-a", &link(web));
    put(
        "AC108",
        "fail-script",
        &link("/Type /Action /S /URI /URI (java\\nscript:app.alert\\(1\\))"),
    );
    put(
        "AC108",
        "fail-file",
        &link("/Type /Action /S /URI /URI (file:///etc/hosts)"),
    );
    put(
        "AC109",
        "pass-view",
        &with_catalog("/OpenAction [0 /Fit]", &[]),
    );
    put(
        "AC109",
        "fail-print",
        &with_catalog("/OpenAction {0}", &["<< /S /Named /N /Print >>"]),
    );
    put(
        "AC109",
        "fail-page",
        &with_page("/AA << /O << /S /Named /N /Print >> >>"),
    );
    put("AC110", "pass-a", &link(go));
    put("AC110", "fail-a", &link(web));
}

fn limits_family(fixtures: &Path, put: &dyn Fn(&str, &str, &[u8])) {
    put(
        "LM101",
        "pass-a",
        &with_content("/Filter /FlateDecode", &deflate(b"q Q")),
    );
    let bomb = deflate(&deflate(&vec![b' '; 34 << 20]));
    put(
        "LM101",
        "fail-a",
        &with_content("/Filter [/FlateDecode /FlateDecode]", &bomb),
    );
    let nested = |depth: usize| format!("/Extra {}{}", "[".repeat(depth), "]".repeat(depth));
    put("LM102", "pass-a", &with_catalog(&nested(40), &[]));
    put("LM102", "fail-a", &with_catalog(&nested(400), &[]));
    put(
        "LM103",
        "pass-a",
        &with_content("/Filter /FlateDecode", &deflate(&b"q Q\n".repeat(1_000))),
    );
    let heavy = deflate(&deflate(&b"q Q\n".repeat(1_000_100)));
    put(
        "LM103",
        "fail-a",
        &with_content("/Filter [/FlateDecode /FlateDecode]", &heavy),
    );
    let pages = |count: usize| {
        let mut pdf = RawPdf::new();
        let kids = "<</Type/Page>>".repeat(count);
        let tree = pdf.add(format!(
            "<< /Type /Pages /MediaBox [0 0 595.276 841.89] /Kids [{kids}] /Count {count} >>"
        ));
        let root = pdf.add(format!("<< /Type /Catalog /Pages {tree} 0 R >>"));
        pdf.finish(root)
    };
    put("LM104", "pass-a", &pages(20));
    put("LM104", "fail-a", &pages(2_001));
    put("LM105", "pass-a", &good());
    write(
        &fixtures.join("checks/LM105/case.toml"),
        b"no_fail = \"only a file that stops its worker could show it: tests/it/sandbox.rs\"\n",
    );
}
