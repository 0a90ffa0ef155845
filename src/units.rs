//! Lengths, resolutions, sizes and page counts as types that cannot be mixed up.
//!
//! Bare `f64` for a length lives only here; everywhere else it is [`Pt`] or [`Mm`].
//! A page's `UserUnit` is applied where a length is read, so every [`Pt`] is 1/72 inch.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A length in points, 1/72 inch (ISO 32000-2, 8.3.2.3); a page's `UserUnit` is already applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pt(f64);

impl Pt {
    /// Zero points.
    pub const ZERO: Pt = Pt(0.0);

    /// `value` points; anything that is not finite becomes zero.
    pub const fn new(value: f64) -> Pt {
        Pt(if value.is_finite() { value } else { 0.0 })
    }
    /// The bare number of points.
    pub const fn value(self) -> f64 {
        self.0
    }
    /// Exact by definition: 1 inch is 25.4 mm and 72 pt.
    pub const fn to_mm(self) -> Mm {
        Mm(self.0 * 25.4 / 72.0)
    }
    /// Rounded to 1/100 pt, as reports print it.
    #[must_use]
    pub fn rounded(self) -> Pt {
        Pt((self.0 * 100.0).round() / 100.0)
    }
    /// Whether `self` and `other` differ by no more than `slack`.
    pub fn within(self, other: Pt, slack: Pt) -> bool {
        (self.0 - other.0).abs() <= slack.0
    }
}

/// A length in millimetres.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mm(f64);

impl Mm {
    /// `value` millimetres; anything that is not finite becomes zero.
    pub const fn new(value: f64) -> Mm {
        Mm(if value.is_finite() { value } else { 0.0 })
    }
    /// The bare number of millimetres.
    pub const fn value(self) -> f64 {
        self.0
    }
    /// Exact by definition: 1 inch is 25.4 mm and 72 pt.
    pub const fn to_pt(self) -> Pt {
        Pt(self.0 * 72.0 / 25.4)
    }
    /// Rounded to 1/10 mm, as reports print it.
    #[must_use]
    pub fn rounded(self) -> Mm {
        Mm((self.0 * 10.0).round() / 10.0)
    }
    /// Whether `self` and `other` differ by no more than `slack`.
    pub fn within(self, other: Mm, slack: Mm) -> bool {
        (self.0 - other.0).abs() <= slack.0 + 1e-9
    }
}

impl fmt::Display for Mm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} mm", self.0)
    }
}

/// A resolution in dots per inch, as placed on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Dpi(f64);

impl Dpi {
    /// `value` dots per inch; anything that is not finite becomes zero.
    pub const fn new(value: f64) -> Dpi {
        Dpi(if value.is_finite() { value } else { 0.0 })
    }
    /// The bare number of dots per inch.
    pub const fn value(self) -> f64 {
        self.0
    }
}

impl fmt::Display for Dpi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} dpi", self.0)
    }
}

/// A number of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ByteLen(pub u64);

impl ByteLen {
    /// `n` mebibytes (2^20 bytes).
    pub const fn mib(n: u64) -> ByteLen {
        ByteLen(n * 1024 * 1024)
    }
    /// The bare number of bytes.
    pub const fn value(self) -> u64 {
        self.0
    }
}

impl fmt::Display for ByteLen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const KIB: f64 = 1024.0;
        let n = self.0 as f64;
        if n < KIB {
            write!(f, "{} bytes", self.0)
        } else if n < KIB * KIB {
            write!(f, "{:.1} KiB", n / KIB)
        } else {
            write!(f, "{:.1} MiB", n / KIB / KIB)
        }
    }
}

/// A page as people count it, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageNumber(u32);

/// A page as code counts it, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageIndex(u32);

impl PageNumber {
    /// The first page.
    pub const FIRST: PageNumber = PageNumber(1);
    /// Page `n`, from 1; `None` for 0.
    pub const fn new(n: u32) -> Option<PageNumber> {
        if n == 0 { None } else { Some(PageNumber(n)) }
    }
    /// The bare number, from 1.
    pub const fn value(self) -> u32 {
        self.0
    }
    /// The same page counted from 0.
    pub const fn index(self) -> PageIndex {
        PageIndex(self.0 - 1)
    }
}

impl PageIndex {
    /// Page `n`, from 0.
    pub const fn new(n: u32) -> PageIndex {
        PageIndex(n)
    }
    /// The bare number, from 0.
    pub const fn value(self) -> u32 {
        self.0
    }
    /// The same page counted from 1.
    pub const fn number(self) -> PageNumber {
        PageNumber(self.0 + 1)
    }
}

impl fmt::Display for PageNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A rectangle on a page **as it is shown**: points after CropBox, `/Rotate` and `UserUnit`,
/// origin at the lower left corner of what the reader sees. On the wire `[x0, y0, x1, y1]`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f64; 4]", into = "[f64; 4]")]
pub struct PtBox {
    /// Left edge.
    pub x0: Pt,
    /// Lower edge.
    pub y0: Pt,
    /// Right edge, not left of `x0`.
    pub x1: Pt,
    /// Upper edge, not below `y0`.
    pub y1: Pt,
}

impl PtBox {
    /// The rectangle spanned by two opposite corners, in any order.
    pub fn new(xa: f64, ya: f64, xb: f64, yb: f64) -> PtBox {
        PtBox {
            x0: Pt::new(xa.min(xb)),
            y0: Pt::new(ya.min(yb)),
            x1: Pt::new(xa.max(xb)),
            y1: Pt::new(ya.max(yb)),
        }
    }
    /// Its width.
    pub fn width(self) -> Pt {
        Pt(self.x1.0 - self.x0.0)
    }
    /// Its height.
    pub fn height(self) -> Pt {
        Pt(self.y1.0 - self.y0.0)
    }
    /// The smallest rectangle that holds both.
    #[must_use]
    pub fn union(self, other: PtBox) -> PtBox {
        PtBox {
            x0: Pt(self.x0.0.min(other.x0.0)),
            y0: Pt(self.y0.0.min(other.y0.0)),
            x1: Pt(self.x1.0.max(other.x1.0)),
            y1: Pt(self.y1.0.max(other.y1.0)),
        }
    }
}

impl From<[f64; 4]> for PtBox {
    fn from([xa, ya, xb, yb]: [f64; 4]) -> PtBox {
        PtBox::new(xa, ya, xb, yb)
    }
}

impl From<PtBox> for [f64; 4] {
    fn from(b: PtBox) -> [f64; 4] {
        [b.x0, b.y0, b.x1, b.y1].map(|pt| pt.rounded().0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a4_is_exact() {
        assert!((Mm::new(210.0).to_pt().value() - 595.275_590_551).abs() < 1e-9);
        assert!((Mm::new(297.0).to_pt().value() - 841.889_763_779).abs() < 1e-9);
    }

    #[test]
    fn a_box_has_ordered_corners_and_a_flat_wire_form() {
        let b = PtBox::new(10.0, 20.006, 5.0, 1.0);
        assert_eq!(serde_json::to_string(&b).unwrap(), "[5.0,1.0,10.0,20.01]");
        assert!(
            serde_json::from_str::<PtBox>("[5,1,10,20]")
                .unwrap()
                .width()
                == Pt::new(5.0)
        );
    }

    #[test]
    fn not_a_number_never_enters() {
        assert_eq!(Pt::new(f64::NAN), Pt::ZERO);
        assert_eq!(Mm::new(f64::INFINITY), Mm::new(0.0));
    }
}
