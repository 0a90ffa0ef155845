//! The QR code on the page, read back from the squares it is drawn of: it must lead to this certificate and to no other.
//!
//! A template that prints the code of somebody else would be signed like any other. Its modules are bars on a whole-numbered grid in
//! the page's own content; whoever draws it otherwise (as a picture, turned, bent) is told that it could not be read.

use super::{pdf::Object, wrong::Wrong};
use crate::certificate::FaceCode;

/// Fewest bars of a QR code; a filled path of fewer is a drawing.
const BARS: usize = 40;
/// Most bars of one path.
const MOST_BARS: usize = 20_000;
/// Most codes on a page; a certificate has one.
const CODES: usize = 4;

/// The modules of a code: a square of dark and light.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Modules {
    size: usize,
    dark: Vec<bool>,
}

/// A bar from one corner to the other.
#[derive(Clone, Copy)]
struct Bar {
    from: (usize, usize),
    to: (usize, usize),
}

/// Follows the paths of a page's content.
#[derive(Default)]
pub(super) struct Paths {
    points: Vec<(usize, usize)>,
    bars: Vec<Bar>,
    /// Something in the path is no bar.
    other: bool,
    codes: Vec<Modules>,
}

impl Paths {
    /// One operator with its operands.
    pub(super) fn follow(&mut self, operator: &[u8], operands: &[Object]) {
        match operator {
            b"m" => {
                self.close();
                self.point(operands);
            }
            b"l" => self.point(operands),
            b"h" => self.close(),
            b"c" | b"v" | b"y" | b"re" => self.other = true,
            b"f" | b"F" | b"f*" => {
                self.close();
                if !self.other
                    && self.codes.len() < CODES
                    && let Some(code) = Modules::of(&self.bars)
                {
                    self.codes.push(code);
                }
                self.begin_again();
            }
            b"n" | b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*" => self.begin_again(),
            _ => {}
        }
    }
    /// The codes that were drawn.
    pub(super) fn codes(self) -> Vec<Modules> {
        self.codes
    }
    fn point(&mut self, operands: &[Object]) {
        let whole = |object: &Object| object.as_int().and_then(|n| usize::try_from(n).ok());
        match operands {
            [x, y] if self.points.len() < 4 => match (whole(x), whole(y)) {
                (Some(x), Some(y)) => self.points.push((x, y)),
                _ => self.other = true,
            },
            _ => self.other = true,
        }
    }
    /// The points so far must be the corners of a bar, one after the other.
    fn close(&mut self) {
        let points = std::mem::take(&mut self.points);
        match points.as_slice() {
            [] => {}
            [a, b, c, d]
                if a.1 == b.1
                    && b.0 == c.0
                    && c.1 == d.1
                    && d.0 == a.0
                    && a.0 < c.0
                    && a.1 < c.1 =>
            {
                self.bars.push(Bar { from: *a, to: *c });
            }
            _ => self.other = true,
        }
        self.other |= self.bars.len() > MOST_BARS;
    }
    fn begin_again(&mut self) {
        self.points.clear();
        self.bars.clear();
        self.other = false;
    }
}

impl Modules {
    /// Bars that fill a square of a size that QR codes have, no module twice.
    fn of(bars: &[Bar]) -> Option<Modules> {
        if bars.len() < BARS {
            return None;
        }
        let left = bars.iter().map(|bar| bar.from.0).min()?;
        let top = bars.iter().map(|bar| bar.from.1).min()?;
        let right = bars.iter().map(|bar| bar.to.0).max()?;
        let bottom = bars.iter().map(|bar| bar.to.1).max()?;
        let size = right - left;
        if bottom - top != size || !(21..=177).contains(&size) || size % 4 != 1 {
            return None;
        }
        let mut dark = vec![false; size * size];
        for bar in bars {
            for y in bar.from.1..bar.to.1 {
                for x in bar.from.0..bar.to.0 {
                    let module = dark.get_mut((y - top) * size + x - left)?;
                    if std::mem::replace(module, true) {
                        return None;
                    }
                }
            }
        }
        Some(Modules { size, dark })
    }
    /// What it says.
    fn text(&self) -> Option<String> {
        let dark = |x: usize, y: usize| self.dark.get(y * self.size + x) == Some(&true);
        let grid = rqrr::SimpleGrid::from_func(self.size, dark);
        rqrr::Grid::new(grid).decode().ok().map(|(_, text)| text)
    }
}

/// What the codes of a page say. Not for bytes of strangers: only for a page that is signed, or our own.
pub(super) fn texts(codes: &[Modules]) -> Vec<String> {
    codes
        .iter()
        .map(|code| code.text().unwrap_or_default())
        .collect()
}

/// Every code that was drawn must lead to the verification page of this certificate, wherever the office has it. Whether one was
/// found at all.
pub(super) fn check(codes: &[Modules], code: &FaceCode) -> Result<bool, Wrong> {
    let end = format!("/v/{}", code.as_str());
    if texts(codes).iter().all(|text| text.ends_with(&end)) {
        Ok(!codes.is_empty())
    } else {
        Err(foreign())
    }
}

/// The one code of a page must be exactly the office's own address of this certificate.
pub(super) fn check_own(codes: &[Modules], base_url: &str, code: &FaceCode) -> Result<(), Wrong> {
    match texts(codes).as_slice() {
        [text] if super::scanned(base_url, text).as_ref() == Ok(code) => Ok(()),
        [] => Err(Wrong::new(
            "qr",
            "页面上没有可识读的二维码",
            "the page has no QR code that can be read",
        )),
        _ => Err(foreign()),
    }
}

fn foreign() -> Wrong {
    Wrong::new(
        "qr",
        "页面上的二维码不属于本证书",
        "the QR code on the page does not belong to this certificate",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::pdf::Tokens;

    /// The codes that a content stream draws.
    fn drawn(content: &str) -> Vec<Modules> {
        let mut paths = Paths::default();
        let mut operands = Vec::new();
        for token in Tokens::new(content.as_bytes()) {
            match token {
                Ok(operand) => operands.push(operand),
                Err(operator) => {
                    paths.follow(&operator, &operands);
                    operands.clear();
                }
            }
        }
        paths.codes()
    }

    /// A code drawn module by module, its first corner at (`at`, `at`).
    fn content(text: &str, at: usize) -> String {
        let qr = qrcode::QrCode::new(text).unwrap();
        let (width, colors) = (qr.width(), qr.to_colors());
        let dark = (0..width * width).filter(|i| colors[*i] == qrcode::Color::Dark);
        let bars = dark.map(|i| {
            let (x, y) = (at + i % width, at + i / width);
            let (r, b) = (x + 1, y + 1);
            format!("{x} {y} m {r} {y} l {r} {b} l {x} {b} l\nh\n")
        });
        format!(
            "q 2.5 0 0 -2.5 85.03 181.4 cm {}f\nQ",
            bars.collect::<String>()
        )
    }

    #[test]
    fn a_code_is_read_from_its_squares_and_must_be_this_certificates() {
        let (base, code) = (
            "https://zhicheng.example.gov.cn",
            FaceCode::from_mac(&[7; 32]),
        );
        let address = format!("{base}/v/{}", code.as_str());
        for at in [0, 4] {
            let codes = drawn(&content(&address, at));
            assert_eq!(texts(&codes), [address.as_str()]);
            assert_eq!(check(&codes, &code), Ok(true));
            assert_eq!(check_own(&codes, base, &code), Ok(()));
        }
        let other = FaceCode::from_mac(&[8; 32]);
        let codes = drawn(&content(&address, 4));
        assert_eq!(check(&codes, &other).unwrap_err().code, "qr");
        assert_eq!(check_own(&codes, base, &other).unwrap_err().code, "qr");
        let elsewhere = "https://zhicheng.example.gov.cn.evil.cn";
        assert!(check_own(&codes, elsewhere, &code).is_err());
        // A second one beside it.
        let twice = content(&address, 4) + &content("https://evil.cn", 4);
        assert_eq!(check(&drawn(&twice), &code).unwrap_err().code, "qr");
        let twice = content(&address, 4) + &content(&address, 4);
        assert!(check_own(&drawn(&twice), base, &code).is_err());
    }

    #[test]
    fn what_is_no_code_is_none() {
        let good = content("https://example.cn/v/1", 4);
        for other in [
            String::new(),
            good.replacen(" m ", " m 1 1 l ", 1),
            good.replacen("4 4 m 5 4 l", "4.5 4 m 5 4 l", 1),
            good.replacen("4 4 m", "0 0 9 9 re 4 4 m", 1),
            good.replacen("f\n", "S\n", 1),
            format!("{} 4 4 m 5 4 l 5 5 l 4 5 l h f", good.replace("f\nQ", "")),
            "0 0 m 21 0 l 21 21 l 0 21 l h f".to_owned(),
        ] {
            assert_eq!(drawn(&other), [], "{other:.60}");
        }
        assert!(check_own(&[], "https://example.cn", &FaceCode::from_mac(&[7; 32])).is_err());
        assert_eq!(check(&[], &FaceCode::from_mac(&[7; 32])), Ok(false));
    }
}
