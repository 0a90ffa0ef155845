//! The pages that are judged: typed, set, pictured, and what paper, copiers and cameras make of them.

use image::{GrayImage, Luma, imageops};
use juanzong::{
    inspect::raster,
    limits::Limits,
    typeset::{PdfForm, TemplateSource, Typesetter},
    units::PageIndex,
};

use crate::support::raw_pdf::RawPdf;

const HELVETICA: &str = "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>";

/// A page of drawn lines in a size and with what sets their colour.
pub fn typed(size: f64, colour: &str) -> Vec<u8> {
    let lines: String = (0..14)
        .map(|n| {
            let y = 700 - 24 * n;
            format!("1 0 0 1 72 {y} Tm (A list of papers handed in, with the day of each) Tj ")
        })
        .collect();
    RawPdf::one_page(&format!("{colour} BT /F1 {size} Tf {lines} ET"), HELVETICA)
}

/// A page that is this picture at `dpi`.
pub fn pictured(image: &GrayImage, dpi: f64, quality: u8) -> Vec<u8> {
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, quality)
        .encode_image(image)
        .unwrap();
    RawPdf::of_jpeg(&jpeg, image.dimensions(), "/DeviceGray", dpi)
}

/// A paper of the sample, by the beginning of its name.
pub fn sample(start: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sample/004");
    let mut found = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path());
    let path = found
        .find(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with(start))
        })
        .unwrap();
    std::fs::read(path).unwrap()
}

/// A page of Chinese text as a screen shows it.
pub fn screen(dpi: f64) -> GrayImage {
    let png = raster::render_png(sample("13-"), PageIndex::new(0), dpi, &Limits::DEFAULT).unwrap();
    image::load_from_memory(&png).unwrap().to_luma8()
}

/// Numbers from −63 to 63, most near 0: the same every time.
pub fn throws() -> impl FnMut() -> i32 {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        // Two throws together: most lie near the middle.
        ((state >> 20) % 64 + (state >> 40) % 64) as i32 - 63
    }
}

/// What of a text is left on paper of a tone, with ink so much darker.
pub fn toned(text: &GrayImage, paper: i32, ink: i32, at: (u32, u32)) -> i32 {
    paper - (255 - i32::from(text.get_pixel(at.0, at.1).0[0])) * ink / 255
}

/// Ordered dots: a screen of four by four (Bayer 1973), as a printer or a copier makes grey.
pub fn dotted(text: &GrayImage, paper: i32) -> GrayImage {
    let level = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];
    GrayImage::from_fn(text.width(), text.height(), |x, y| {
        let step = level[y as usize % 4][x as usize % 4] * 16 + 8;
        Luma([u8::from(toned(text, paper, 120, (x, y)) > step) * 255])
    })
}

/// Blotches of some millimetres, from paper down to 0.6 of its light: the ground that a text lies on.
pub fn stained(text: &GrayImage, blotch: u32) -> GrayImage {
    let mut random = throws();
    let (across, down) = (text.width() / blotch + 2, text.height() / blotch + 2);
    let knots = GrayImage::from_fn(across, down, |_, _| {
        Luma([(128 + random() * 2).clamp(0, 255) as u8])
    });
    let (w, h) = (across * blotch, down * blotch);
    let ground = imageops::resize(&knots, w, h, imageops::FilterType::CatmullRom);
    GrayImage::from_fn(text.width(), text.height(), |x, y| {
        let ground = 250 - i32::from(ground.get_pixel(x, y).0[0].saturating_sub(110)).min(95);
        Luma([ground.min(toned(text, 255, 235, (x, y))) as u8])
    })
}

/// Pages as our own printer of forms sets them.
pub fn set(source: &str, dpi: f64) -> Vec<GrayImage> {
    let source = format!("#import \"style.typ\": *\n{source}");
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("page.typ", &*source), ("page.sample.json", "{}")] {
        juanzong::digest::write_atomically(&folder.path().join(name), text.as_bytes()).unwrap();
    }
    let typesetter = Typesetter::new(&TemplateSource::Folder(folder.path().to_owned())).unwrap();
    let form = PdfForm::plain("page", None);
    let made = typesetter.typeset_sample("page", &form).unwrap();
    let pages = (0..made.pages).map(|page| {
        let page = PageIndex::new(page);
        let png = raster::render_png(made.pdf.clone(), page, dpi, &Limits::DEFAULT).unwrap();
        image::load_from_memory(&png).unwrap().to_luma8()
    });
    pages.collect()
}

/// Pages of nothing but characters, line below line every `pitches` times their size: they stand in columns as well as in rows.
pub fn grids(size: f64, pitches: &[f64], dpi: f64) -> Vec<GrayImage> {
    let text = "参保人员缴费证明由申报单位统一打印并加盖电子印章险种为企业职工基本养老保险失业保险工伤保险缴费基数\
                按月核定以实际到账为准申报人应当对所提交材料的真实性负责逾期未补正的视为放弃本年度申报资格";
    let text: String = text.chars().cycle().take(1_300).collect();
    let pages = pitches.iter().map(|pitch| {
        let leading = pitch - 1.0;
        format!("#page[#set par(leading: {leading}em)\n{text}]\n")
    });
    let page = "#set page(width: 210mm, height: 297mm, margin: 18mm)";
    let type_of = format!("#set text(font: 宋, size: {size}pt, top-edge: 1em, bottom-edge: 0em)");
    set(
        &format!("{page}\n{type_of}\n{}", pages.collect::<String>()),
        dpi,
    )
}
