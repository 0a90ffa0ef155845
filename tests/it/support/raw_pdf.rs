//! Writes PDFs object by object, so that tests and fixtures can say exactly what stands in the file.
//!
//! Shared by the tests and the fixture maker. It knows nothing of our own typesetter and binder on purpose:
//! what we read must come from a foreign writer.

use std::fmt::Write as _;

/// A PDF in the making. Object numbers are given in the order of adding, from 1.
#[derive(Clone, Default)]
pub struct RawPdf {
    objects: Vec<Vec<u8>>,
    trailer_extra: String,
    version: Option<&'static str>,
}

impl RawPdf {
    /// An empty file.
    pub fn new() -> RawPdf {
        RawPdf::default()
    }
    /// Sets the header version, for example `1.4`.
    pub fn version(&mut self, version: &'static str) -> &mut RawPdf {
        self.version = Some(version);
        self
    }
    /// Reserves a number to be filled later with [`RawPdf::set`].
    pub fn reserve(&mut self) -> usize {
        self.objects.push(b"null".to_vec());
        self.objects.len()
    }
    /// Adds an object given as PDF text and returns its number.
    pub fn add(&mut self, text: impl AsRef<[u8]>) -> usize {
        self.objects.push(text.as_ref().to_vec());
        self.objects.len()
    }
    /// Replaces object `number`.
    pub fn set(&mut self, number: usize, text: impl AsRef<[u8]>) {
        self.objects[number - 1] = text.as_ref().to_vec();
    }
    /// Adds a stream; `dict` is the inside of its dictionary without `/Length`.
    pub fn stream(&mut self, dict: &str, data: &[u8]) -> usize {
        let mut body = format!("<< {dict} /Length {} >>\nstream\n", data.len()).into_bytes();
        body.extend_from_slice(data);
        body.extend_from_slice(b"\nendstream");
        self.add(body)
    }
    /// Adds entries to the trailer, for example `/Info 5 0 R`.
    pub fn trailer(&mut self, text: &str) -> &mut RawPdf {
        let _ = write!(self.trailer_extra, " {text}");
        self
    }
    /// The file with a classic cross-reference table; `root` is the catalog's number.
    pub fn finish(&self, root: usize) -> Vec<u8> {
        let mut out = format!(
            "%PDF-{}\n%\u{e2}\u{e3}\u{cf}\u{d3}\n",
            self.version.unwrap_or("1.7")
        )
        .into_bytes();
        let mut offsets = Vec::new();
        for (i, object) in self.objects.iter().enumerate() {
            offsets.push(out.len());
            out.extend_from_slice(format!("{} 0 obj\n", i + 1).as_bytes());
            out.extend_from_slice(object);
            out.extend_from_slice(b"\nendobj\n");
        }
        let start = out.len();
        let mut tail = format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1);
        for offset in &offsets {
            let _ = writeln!(tail, "{offset:010} 00000 n ");
        }
        let _ = write!(
            tail,
            "trailer\n<< /Size {} /Root {root} 0 R{} >>\nstartxref\n{start}\n%%EOF\n",
            offsets.len() + 1,
            self.trailer_extra
        );
        out.extend_from_slice(tail.as_bytes());
        out
    }
    /// A file of one A4 page with this content and these resources.
    pub fn one_page(content: &str, resources: &str) -> Vec<u8> {
        RawPdf::pages(&[PageSpec {
            content,
            resources,
            ..PageSpec::default()
        }])
    }
    /// Adds a JPEG of `width` by `height` pixels in a colour space and returns its number.
    pub fn jpeg(&mut self, jpeg: &[u8], (width, height): (u32, u32), space: &str) -> usize {
        self.stream(
            &format!("/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace {space} /BitsPerComponent 8 /Filter /DCTDecode"),
            jpeg,
        )
    }
    /// A file of one page that is this JPEG, `width` by `height` pixels in a colour space, at `dpi`.
    pub fn of_jpeg(jpeg: &[u8], (width, height): (u32, u32), space: &str, dpi: f64) -> Vec<u8> {
        let pt = |pixels: u32| f64::from(pixels) * 72.0 / dpi;
        let mut pdf = RawPdf::new();
        let picture = pdf.jpeg(jpeg, (width, height), space);
        let root = pdf.add_pages(
            &[PageSpec {
                content: &format!("q {:.3} 0 0 {:.3} 0 0 cm /Im Do Q", pt(width), pt(height)),
                resources: &format!("/XObject << /Im {picture} 0 R >>"),
                media_box: &format!("0 0 {:.3} {:.3}", pt(width), pt(height)),
                ..PageSpec::default()
            }],
            "",
        );
        pdf.finish(root)
    }
    /// A file of these pages.
    pub fn pages(specs: &[PageSpec<'_>]) -> Vec<u8> {
        let mut pdf = RawPdf::new();
        let root = pdf.add_pages(specs, "");
        pdf.finish(root)
    }
    /// Adds a page tree and a catalog (with `catalog_extra`) and returns the catalog's number.
    pub fn add_pages(&mut self, specs: &[PageSpec<'_>], catalog_extra: &str) -> usize {
        let tree = self.reserve();
        let mut kids = String::new();
        for spec in specs {
            let content = self.stream("", spec.content.as_bytes());
            let page = self.add(format!(
                "<< /Type /Page /Parent {tree} 0 R /MediaBox [{}] /Resources << {} >> /Contents {content} 0 R {} >>",
                spec.media_box, spec.resources, spec.extra
            ));
            let _ = write!(kids, "{page} 0 R ");
        }
        self.set(
            tree,
            format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", specs.len()),
        );
        self.add(format!(
            "<< /Type /Catalog /Pages {tree} 0 R {catalog_extra} >>"
        ))
    }
}

/// One page of [`RawPdf::pages`].
#[derive(Clone, Copy)]
pub struct PageSpec<'a> {
    /// Content stream.
    pub content: &'a str,
    /// Inside of the resource dictionary.
    pub resources: &'a str,
    /// Four numbers.
    pub media_box: &'a str,
    /// More entries of the page dictionary, for example `/Rotate 90`.
    pub extra: &'a str,
}

impl Default for PageSpec<'_> {
    fn default() -> Self {
        PageSpec {
            content: "",
            resources: "",
            media_box: "0 0 595.276 841.89",
            extra: "",
        }
    }
}
