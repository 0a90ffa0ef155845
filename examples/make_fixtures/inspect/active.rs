//! The family AC: each kind of content that can act, and what merely looks like it.

use super::{
    Put,
    writers::{good, link, packed, page, plain, with_catalog, with_page},
};
use crate::raw_pdf::RawPdf;

pub(super) fn make(put: Put<'_>) {
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

    // Scripts of a page, of a field, of a bookmark, of a rendition, and one behind another action.
    put(
        "AC101",
        "fail-page",
        &with_page("/AA << /O << /S /JavaScript /JS (1;) >> >>"),
    );
    put(
        "AC101",
        "fail-field",
        &with_catalog(
            "/AcroForm << /Fields [{0}] >>",
            &["<< /FT /Tx /T (name) /AA << /K << /S /JavaScript /JS (1;) >> >> >>"],
        ),
    );
    put(
        "AC101",
        "fail-document",
        &with_catalog("/AA << /WC << /S /JavaScript /JS (1;) >> >>", &[]),
    );
    put(
        "AC101",
        "fail-bookmark",
        &with_catalog(
            "/Outlines << /Type /Outlines /First {0} /Last {0} /Count 1 >>",
            &["<< /Title (a) /A << /S /JavaScript /JS (1;) >> >>"],
        ),
    );
    put(
        "AC101",
        "fail-next-action",
        &link("/S /GoTo /D [0 /Fit] /Next << /S /JavaScript /JS (1;) >>"),
    );
    put(
        "AC101",
        "pass-no-tree",
        &with_catalog("/Names << /Dests << /Names [] >> >>", &[]),
    );

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
    let annotation = |entries: &str| {
        with_page(&format!(
            "/Annots [<< /Type /Annot /Rect [72 400 300 600] {entries} >>]"
        ))
    };
    put(
        "AC106",
        "fail-sound",
        &annotation("/Subtype /Sound /Sound << /R 8000 >>"),
    );
    put(
        "AC106",
        "fail-3d",
        &annotation("/Subtype /3D /3DD << /Type /3D /Subtype /U3D >>"),
    );
    put(
        "AC106",
        "fail-rich-media",
        &annotation("/Subtype /RichMedia /RichMediaContent << >>"),
    );
    put(
        "AC106",
        "fail-screen",
        &annotation("/Subtype /Screen /A << /S /Rendition /OP 0 >>"),
    );
    put(
        "AC106",
        "pass-picture",
        &annotation("/Subtype /Stamp /Contents (Movie)"),
    );
    let mut pdf = RawPdf::new();
    let file = pdf.stream("/Type /EmbeddedFile", b"sample");
    let page = format!(
        "/Annots [<< /Type /Annot /Subtype /FileAttachment /Rect [72 400 90 420] /FS << /Type /Filespec /F (a.txt) /EF << /F {file} 0 R >> >> >>]"
    );
    let root = pdf.add_pages(
        &[crate::raw_pdf::PageSpec {
            extra: &page,
            ..plain()
        }],
        "",
    );
    put("AC105", "fail-annotation", &pdf.finish(root));
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
