//! The print of a page cut into strips, one a picture: what a recogniser reads best.
//!
//! A recogniser that is given a whole page guesses its layout, and loses what stands in tables, beside photographs or after wide gaps.
//! Given one piece of a line at a time it has nothing to guess. The pieces are enlarged or reduced to one size of type, their ink
//! is made darker (thin strokes of a scan are grey), and all are written as the pages of one TIFF, several sizes after each other.

use serde::{Deserialize, Serialize};

use super::{
    Grey, OpenPage, ReadingFrame, RenderError,
    print_pieces::{self, Piece},
    reading_frame::{between, grey_of},
    ruled_lines,
};
use crate::{inspect, limits::Limits, units::PtBox};

/// What is asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StripsRequest {
    /// How the page is laid.
    pub frame: ReadingFrame,
    /// Heights of characters in the strips, in pixels; each size gives all strips once.
    pub sizes: Vec<f64>,
}

/// The pieces, in the order of the strips.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Strips {
    /// Rectangles on the upright, straight page; none when the page is no page of print.
    pub pieces: Vec<PtBox>,
}

/// How much darker ink is made: its distance from the paper is multiplied. Measured (docs/chsi.md): without it one field of seven is lost.
const DARKER: f32 = 2.5;
/// Paper left around a piece, in characters.
const MARGIN: f64 = 0.2;
/// A piece higher than this many characters is set larger (a title) and is reduced to one.
const LARGER: f64 = 1.5;

/// The strips of a page: where they stand, and their TIFF.
pub fn strips(
    bytes: Vec<u8>,
    request: &StripsRequest,
    limits: &Limits,
) -> Result<(Strips, Vec<u8>), RenderError> {
    let frame = &request.frame;
    let pdf = inspect::open(bytes, limits).map_err(|_| RenderError::Unreadable)?;
    let mut grey = grey_of(&OpenPage::open(&pdf, frame.page)?, frame, limits)?;
    ruled_lines::erase(&mut grey, frame.dpi);
    let Some(print) = print_pieces::find(&grey, frame.dpi) else {
        return Ok((Strips { pieces: vec![] }, Vec::new()));
    };
    let mut pictures = Vec::new();
    for size in &request.sizes {
        for piece in &print.pieces {
            let high = piece.height() as f64;
            let usual = if high > print.em * LARGER {
                high
            } else {
                print.em
            };
            let scale = (size / usual).clamp(0.1, 4.0);
            pictures.push(strip(&grey, *piece, print.em * MARGIN, scale));
        }
    }
    let pieces = print.pieces.iter().map(|p| {
        let [x0, y0, x1, y1] = [p.x0, p.y0, p.x1, p.y1].map(|n| n as f64);
        frame.upright_box(x0, y0, x1, y1)
    });
    let strips = Strips {
        pieces: pieces.collect(),
    };
    Ok((strips, tiff(&pictures, frame.dpi)))
}

/// One piece with paper around it, its ink darker, at another scale.
fn strip(grey: &Grey, piece: Piece, margin: f64, scale: f64) -> Grey {
    let cut = Grey {
        width: piece.width(),
        height: piece.height(),
        data: (piece.y0..piece.y1)
            .filter_map(|y| {
                grey.data
                    .get(y * grey.width + piece.x0..y * grey.width + piece.x1)
            })
            .flatten()
            .copied()
            .collect(),
    };
    let paper = paper_of(&cut);
    let size = |n: usize| ((n as f64 + 2.0 * margin) * scale).round().max(8.0) as usize;
    let (width, height) = (size(cut.width), size(cut.height));
    // Where a piece is made smaller, each pixel is the mean of several.
    let n = (1.0 / scale).ceil().clamp(1.0, 4.0) as usize;
    let at =
        |i: usize, part: usize| (i as f64 + (part as f64 + 0.5) / n as f64) / scale - margin - 0.5;
    let mut data = Vec::with_capacity(width * height);
    for v in 0..height {
        for u in 0..width {
            let mut sum = 0.0;
            for part in 0..n * n {
                sum += between(&cut, at(u, part % n), at(v, part / n), paper);
            }
            let mean = sum / (n * n) as f32;
            data.push((paper - (paper - mean) * DARKER).clamp(0.0, 255.0) as u8);
        }
    }
    Grey {
        width,
        height,
        data,
    }
}

/// The paper of a piece: lighter than three of four of its pixels, ink takes less than that.
fn paper_of(cut: &Grey) -> f32 {
    let mut counts = [0_usize; 256];
    for value in &cut.data {
        if let Some(count) = counts.get_mut(usize::from(*value)) {
            *count += 1;
        }
    }
    let mut seen = 0;
    let paper = counts.iter().position(|n| {
        seen += n;
        seen * 4 >= cut.data.len() * 3
    });
    paper.unwrap_or(255) as f32
}

/// Grey pictures as the pages of one TIFF (6.0, little endian, not compressed).
fn tiff(pictures: &[Grey], dpi: f64) -> Vec<u8> {
    // Kinds of values.
    const SHORT: u16 = 3;
    const LONG: u16 = 4;
    const RATIO: u16 = 5;
    let pixels: usize = pictures.iter().map(|p| p.data.len() + 170).sum();
    let mut out: Vec<u8> = Vec::with_capacity(pixels + 8);
    out.extend_from_slice(b"II*\0\0\0\0\0");
    // Where the place of the next page is to be written.
    let mut link = 4;
    let place = |out: &[u8]| u32::try_from(out.len()).unwrap_or(u32::MAX);
    for picture in pictures {
        let data = place(&out);
        out.extend_from_slice(&picture.data);
        let resolution = place(&out);
        for n in [(dpi.round() as u32), 1] {
            out.extend_from_slice(&n.to_le_bytes());
        }
        if out.len() % 2 == 1 {
            out.push(0);
        }
        let page = place(&out);
        if let Some(slot) = out.get_mut(link..link + 4) {
            slot.copy_from_slice(&page.to_le_bytes());
        }
        let (width, height) = (picture.width as u32, picture.height as u32);
        let entries: [(u16, u16, u32); 12] = [
            (256, LONG, width),
            (257, LONG, height),
            (258, SHORT, 8),
            // Not compressed; black is nought; one sample a pixel; inches.
            (259, SHORT, 1),
            (262, SHORT, 1),
            (273, LONG, data),
            (277, SHORT, 1),
            (278, LONG, height),
            (279, LONG, width * height),
            (282, RATIO, resolution),
            (283, RATIO, resolution),
            (296, SHORT, 2),
        ];
        out.extend_from_slice(&(entries.len() as u16).to_le_bytes());
        for (tag, kind, value) in entries {
            out.extend_from_slice(&tag.to_le_bytes());
            out.extend_from_slice(&kind.to_le_bytes());
            out.extend_from_slice(&1_u32.to_le_bytes());
            out.extend_from_slice(&value.to_le_bytes());
        }
        link = out.len();
        out.extend_from_slice(&[0; 4]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_are_scaled_have_paper_around_and_darker_ink() {
        let (width, height) = (200, 100);
        let mut data = vec![230_u8; width * height];
        for row in data.chunks_exact_mut(width).skip(30).take(40) {
            row[50..54].fill(150);
        }
        let grey = Grey {
            width,
            height,
            data,
        };
        let piece = Piece {
            x0: 20,
            y0: 30,
            x1: 120,
            y1: 70,
        };
        let strip = strip(&grey, piece, 8.0, 0.5);
        assert_eq!((strip.width, strip.height), (58, 28));
        assert_eq!(strip.data[0], 230, "paper around");
        let darkest = strip.data.iter().min().unwrap();
        assert!(*darkest < 60, "{darkest}: 80 darker than paper, made 200");
    }

    #[test]
    fn a_tiff_holds_every_picture() {
        let picture = |width: usize, value: u8| Grey {
            width,
            height: 3,
            data: vec![value; width * 3],
        };
        let bytes = tiff(&[picture(5, 10), picture(4, 200)], 300.0);
        let u32_at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let mut page = u32_at(4);
        let mut seen = Vec::new();
        while page != 0 {
            assert_eq!(page % 2, 0);
            let entry = |n: usize| u32_at(page + 2 + n * 12 + 8);
            let (width, height, data) = (entry(0), entry(1), entry(5));
            assert_eq!(entry(8), width * height);
            seen.push((width, height, bytes[data]));
            page = u32_at(page + 2 + 12 * 12);
        }
        assert_eq!(seen, [(5, 3, 10), (4, 3, 200)]);
    }
}
