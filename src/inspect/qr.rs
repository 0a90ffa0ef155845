//! QR codes on a page: where they stand and what they say. What it means is asked in `document`.
//!
//! A page of text has its code as a small square image, which is decoded alone; a scan is looked at as a whole, upright and
//! straight. A code drawn as lines is not seen: its content is evidence beside the print, never needed.

use hayro::hayro_syntax::Pdf;

use super::{
    document::Address,
    facts::{PageFacts, PageKind},
    raster::{Grey, OpenPage, ReadingFrame, grey_of},
};
use crate::{limits::Limits, units::PtBox};

/// Sides of an image that may be a code, in points.
const SIDES: std::ops::RangeInclusive<f64> = 20.0..=220.0;
/// Most images of a page that are tried.
const MOST_IMAGES: usize = 6;
/// Resolution at which a scan is looked at.
const SCAN_DPI: f64 = 200.0;
/// Longest content kept: an address of 学信网 has about a hundred characters.
const LONGEST: usize = 600;

/// The codes on the first pages of a file.
pub(super) fn codes(pdf: &Pdf, pages: &[PageFacts], limits: &Limits) -> Vec<Address> {
    pages
        .iter()
        .take(2)
        .flat_map(|page| {
            // A decoder that gives up on a picture must not take the other facts with it.
            let found = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                on_page(pdf, page, limits)
            }));
            found.ok().flatten().unwrap_or_default()
        })
        .collect()
}

/// The same from the bytes of a file: the worker's task for scans.
pub fn codes_of(bytes: Vec<u8>, pages: &[PageFacts], limits: &Limits) -> Vec<Address> {
    super::open(bytes, limits).map_or_else(|_| Vec::new(), |pdf| codes(&pdf, pages, limits))
}

fn on_page(pdf: &Pdf, page: &PageFacts, limits: &Limits) -> Option<Vec<Address>> {
    let address = |content: String, box_pt: PtBox| Address {
        page: page.page,
        box_pt: Some(box_pt),
        content,
        from_qr: true,
    };
    if page.kind == PageKind::Scan {
        let frame = ReadingFrame::of(page, SCAN_DPI);
        let open = OpenPage::open(pdf, frame.page).ok()?;
        let grey = grey_of(&open, &frame, limits).ok()?;
        let found = read(&grey).into_iter().map(|(content, [x0, y0, x1, y1])| {
            address(
                content,
                frame.box_on_page(frame.upright_box(x0, y0, x1, y1)),
            )
        });
        return Some(found.collect());
    }
    let square = |b: PtBox| {
        let (w, h) = (b.width().value(), b.height().value());
        SIDES.contains(&w) && SIDES.contains(&h) && (w / h - 1.0).abs() < 0.1
    };
    if !page.images.iter().any(|image| square(image.box_pt)) {
        return None;
    }
    let open = OpenPage::open(pdf, page.page.index()).ok()?;
    let mut found = Vec::new();
    let images = open.scene().images.iter();
    let whole = |image: &&super::raster::PlacedImage| {
        open.placement(image)
            .to_page(0.0, 0.0, f64::from(image.width), f64::from(image.height))
    };
    for image in images
        .filter(|image| square(whole(image)))
        .take(MOST_IMAGES)
    {
        let Ok(pixels) = open.decode(image, limits) else {
            continue;
        };
        let raster = &pixels.raster;
        let grey = enlarged(&raster.luma(0, 0, raster.width(), raster.height()));
        let codes = read(&grey).into_iter();
        found.extend(codes.map(|(content, _)| address(content, whole(&image))));
    }
    Some(found)
}

/// A code stored with one pixel a module is too small to be found: modules of four pixels, and a quiet zone around it.
fn enlarged(grey: &Grey) -> Grey {
    let times = (400 / grey.width.max(1)).clamp(1, 4);
    let quiet = 4 * times.max(4);
    let (width, height) = (
        grey.width * times + 2 * quiet,
        grey.height * times + 2 * quiet,
    );
    let at = |x: usize, y: usize| -> u8 {
        let inside =
            |v: usize, n: usize| v.checked_sub(quiet).map(|v| v / times).filter(|v| *v < n);
        inside(x, grey.width)
            .zip(inside(y, grey.height))
            .and_then(|(x, y)| grey.data.get(y * grey.width + x))
            .copied()
            .unwrap_or(255)
    };
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    Grey {
        width,
        height,
        data: places.map(|(x, y)| at(x, y)).collect(),
    }
}

/// What the codes in a picture say, with their box in pixels.
fn read(grey: &Grey) -> Vec<(String, [f64; 4])> {
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(grey.width, grey.height, |x, y| {
            grey.data.get(y * grey.width + x).copied().unwrap_or(255)
        });
    let grids = prepared.detect_grids();
    grids
        .iter()
        .take(MOST_IMAGES)
        .filter_map(|grid| {
            let (_, content) = grid.decode().ok()?;
            let xs = grid.bounds.map(|p| f64::from(p.x));
            let ys = grid.bounds.map(|p| f64::from(p.y));
            let least = |v: [f64; 4]| v.into_iter().fold(f64::INFINITY, f64::min);
            let most = |v: [f64; 4]| v.into_iter().fold(f64::NEG_INFINITY, f64::max);
            let short = content.chars().take(LONGEST).collect();
            Some((short, [least(xs), least(ys), most(xs), most(ys)]))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(content: &str) -> Grey {
        let code = qrcode::QrCode::new(content).unwrap();
        Grey {
            width: code.width(),
            height: code.width(),
            data: code
                .to_colors()
                .into_iter()
                .map(|c| if c == qrcode::Color::Dark { 0 } else { 255 })
                .collect(),
        }
    }

    #[test]
    fn a_code_of_one_pixel_a_module_is_read() {
        let content = "https://www.chsi.com.cn/xlcx/bg.do?vcode=A7K2M9P4R6T3W8Y5&srcid=bgcx";
        let found = read(&enlarged(&drawn(content)));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, content);
    }

    #[test]
    fn what_is_no_code_says_nothing() {
        let grey = Grey {
            width: 40,
            height: 40,
            data: (0..1600_u32).map(|i| (i * 37 % 251) as u8).collect(),
        };
        assert!(read(&enlarged(&grey)).is_empty());
        assert!(read(&Grey::default()).is_empty());
    }
}
