//! Binding: what a volume keeps, drops and adds, seen by readers that know nothing of the writer.

mod annotations;
mod failures;
mod form_fields;
mod geometry;
mod ink;
mod keeps;
mod links;
mod one_plan;
mod print_pack;
mod supplement;

use std::{io, sync::OnceLock};

use juanzong::{
    bind::{
        Counting, Fit, Gutter, JobBookmark, Leaves, NumberStyle, Part, Place, VolumeError,
        VolumeJob, VolumeResult, number_font, write_volume,
    },
    limits::Limits,
    typeset::{TemplateSource, Typesetter},
    units::PageNumber,
};

use crate::support::raw_pdf::{PageSpec, RawPdf};

/// The font of the numbers, typeset once for all tests.
pub fn font() -> &'static [u8] {
    static FONT: OnceLock<Vec<u8>> = OnceLock::new();
    FONT.get_or_init(|| {
        let typesetter = Typesetter::new(&TemplateSource::BuiltIn).unwrap();
        number_font(&typesetter).unwrap()
    })
}

/// A file of one page with these annotations; `catalog` is put into its catalog.
pub fn annotated(mut pdf: RawPdf, annots: &str, catalog: &str) -> Vec<u8> {
    let extra = format!("/Annots [{annots}]");
    let specs = [PageSpec {
        content: "0 g",
        extra: &extra,
        ..PageSpec::default()
    }];
    let root = pdf.add_pages(&specs, catalog);
    pdf.finish(root)
}

/// Binds sources one after the other, numbered from 1.
pub fn bound(sources: &[Vec<u8>]) -> (Vec<u8>, VolumeResult) {
    try_bound(sources).unwrap()
}

/// As [`bound`], or why not.
pub fn try_bound(sources: &[Vec<u8>]) -> Result<(Vec<u8>, VolumeResult), VolumeError> {
    let pages: Vec<u32> = sources
        .iter()
        .map(|bytes| {
            hayro_syntax::Pdf::new(bytes.clone()).map_or(1, |pdf| pdf.pages().len() as u32)
        })
        .collect();
    write(&job(&pages), sources)
}

/// The job that binds sources of so many pages: input 0 is the font, then the sources.
pub fn job(pages: &[u32]) -> VolumeJob {
    let mut first = 1;
    let mut parts = Vec::new();
    let mut bookmarks = Vec::new();
    for (i, &pages) in pages.iter().enumerate() {
        bookmarks.push(JobBookmark {
            title: format!("材料{}", i + 1),
            to: Place { part: i, page: 0 },
            with_outline: true,
            children: Vec::new(),
        });
        parts.push(Part {
            input: Some(i + 1),
            pages,
            counting: Counting::Decimal,
            first: PageNumber::new(first).unwrap(),
            label: None,
            foreign: true,
            sha256: None,
            margins: Vec::new(),
        });
        first += pages;
    }
    VolumeJob {
        title: "测试 第一分册".to_owned(),
        author: "张样例".to_owned(),
        on: jiff::civil::date(2024, 8, 20),
        numbers: NumberStyle::default(),
        number_font: 0,
        gutter: Gutter::default(),
        fit: Fit::default(),
        leaves: Leaves::default(),
        parts,
        bookmarks,
        targets: Vec::new(),
    }
}

/// Writes a volume into memory.
pub fn write(job: &VolumeJob, sources: &[Vec<u8>]) -> Result<(Vec<u8>, VolumeResult), VolumeError> {
    let mut output = Vec::new();
    let mut input = |index: usize, _: Vec<u8>| match index {
        0 => Ok(font().to_vec()),
        _ => sources
            .get(index - 1)
            .cloned()
            .ok_or(io::ErrorKind::NotFound.into()),
    };
    let result = write_volume(job, &mut input, &mut output, &Limits::DEFAULT)?;
    Ok((output, result))
}

/// A page drawn at 72 dpi: width, height, RGB.
pub fn drawn(pdf: &[u8], page: u32) -> image::RgbImage {
    let page = juanzong::units::PageIndex::new(page);
    let png = juanzong::inspect::raster::render_png(pdf.to_vec(), page, 72.0, &Limits::DEFAULT);
    image::load_from_memory(&png.unwrap()).unwrap().to_rgb8()
}
