//! The family LM: one file just within a limit, one beyond it.

use std::path::Path;

use super::{
    Put,
    writers::{deflate, good, with_catalog, with_content},
};
use crate::{raw_pdf::RawPdf, write};

pub(super) fn make(fixtures: &Path, put: Put<'_>) {
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
