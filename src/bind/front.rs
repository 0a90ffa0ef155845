//! What stands over a volume's pages: the catalog and the document information.

use std::io;

use super::{
    job::VolumeJob,
    output::{Output, PdfOutput, Ref},
    syntax,
};

/// What the catalog names.
pub(super) struct CatalogParts<'p> {
    pub(super) tree: Ref,
    pub(super) outlines: Option<Ref>,
    pub(super) layers: Option<Ref>,
    pub(super) labels: &'p [u8],
}

/// Writes the catalog: Chinese, opened with its outline shown and its title in the window.
pub(super) fn catalog<O: Output>(
    file: &mut PdfOutput<O>,
    parts: &CatalogParts<'_>,
) -> io::Result<Ref> {
    let mut body =
        b"<</Type/Catalog/Lang(zh-CN)/ViewerPreferences<</DisplayDocTitle true>>".to_vec();
    body.extend_from_slice(b"/Pages ");
    syntax::reference(&mut body, parts.tree);
    if let Some(outlines) = parts.outlines {
        body.extend_from_slice(b"/PageMode/UseOutlines/Outlines ");
        syntax::reference(&mut body, outlines);
    }
    if let Some(layers) = parts.layers {
        body.extend_from_slice(b"/OCProperties ");
        syntax::reference(&mut body, layers);
    }
    body.extend_from_slice(b"/PageLabels");
    body.extend_from_slice(parts.labels);
    body.extend_from_slice(b">>");
    file.new_object(&body)
}

/// Writes the document information; its date is the day the volume is made for, never the clock's.
pub(super) fn information<O: Output>(file: &mut PdfOutput<O>, job: &VolumeJob) -> io::Result<Ref> {
    let mut body = b"<</Title".to_vec();
    syntax::text_string(&mut body, &job.title);
    body.extend_from_slice(b"/Author");
    syntax::text_string(&mut body, &job.author);
    let on = job.on;
    let date = format!(
        "D:{:04}{:02}{:02}000000+08'00'",
        on.year(),
        on.month(),
        on.day()
    );
    body.extend_from_slice(b"/Producer(juanzong)/CreationDate");
    syntax::text_string(&mut body, &date);
    body.extend_from_slice(b">>");
    file.new_object(&body)
}
