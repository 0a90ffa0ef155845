//! Where and how page numbers are printed, and how pages are counted.

use serde::{Deserialize, Serialize};

use crate::units::{Mm, Pt};

/// Where and how page numbers are printed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberStyle {
    /// Which corner.
    pub place: NumberPlace,
    /// Height of the type.
    pub size_pt: Pt,
    /// Whether an em dash stands on each side, as in official documents.
    pub dashes: bool,
    /// From the side of the page to the number.
    pub from_side_mm: Mm,
    /// From the lower (or upper) edge of the page to the foot of the number.
    pub from_edge_mm: Mm,
}

/// Which corner of a page as shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberPlace {
    /// 右下角
    LowerRight,
    /// Front pages lower right, back pages lower left (双面).
    LowerOuter,
    /// 下居中
    LowerCentre,
    /// 右上角
    UpperRight,
    /// Front pages upper right, back pages upper left (双面).
    UpperOuter,
}

impl NumberPlace {
    /// Whether it is at the head of the page.
    pub(super) fn is_upper(self) -> bool {
        match self {
            NumberPlace::UpperRight | NumberPlace::UpperOuter => true,
            NumberPlace::LowerRight | NumberPlace::LowerOuter | NumberPlace::LowerCentre => false,
        }
    }
}

/// How a number came to its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Placed {
    /// Where the notice wants it, which is free.
    #[default]
    AsAsked,
    /// Where the notice wants it; the page could not be looked at.
    NotLookedAt,
    /// Beside it, within the same band, because ink stands there.
    Moved,
    /// Where there is least ink; no place is free.
    OverInk,
}

impl NumberStyle {
    /// The practice of title reviews: lower right corner, 4号.
    pub const LOWER_RIGHT: NumberStyle = NumberStyle {
        place: NumberPlace::LowerRight,
        size_pt: Pt::new(14.0),
        dashes: false,
        from_side_mm: Mm::new(15.0),
        from_edge_mm: Mm::new(10.0),
    };
    /// Official documents (GB/T 9704-2012, 7.5): 4号 with dashes, outer side, one character in from the text,
    /// 7 mm below it.
    pub const OFFICIAL: NumberStyle = NumberStyle {
        place: NumberPlace::LowerOuter,
        size_pt: Pt::new(14.0),
        dashes: true,
        from_side_mm: Mm::new(31.0),
        from_edge_mm: Mm::new(25.0),
    };
}

impl Default for NumberStyle {
    fn default() -> NumberStyle {
        NumberStyle::LOWER_RIGHT
    }
}

/// How pages are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// 1, 2, 3
    Decimal,
    /// i, ii, iii
    Roman,
    /// None at all.
    None,
}

impl Counting {
    /// The number `n` (from 1) in words of this numbering; `None` when nothing is printed.
    pub fn text(self, n: u32) -> Option<String> {
        match self {
            Counting::Decimal => Some(n.to_string()),
            Counting::Roman => Some(roman(n)),
            Counting::None => None,
        }
    }
}

fn roman(mut n: u32) -> String {
    const STEPS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    let mut text = String::new();
    for (value, sign) in STEPS {
        while n >= value {
            text.push_str(sign);
            n -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roman_numbers() {
        let all = [1, 4, 9, 14, 40, 99, 444].map(roman);
        assert_eq!(all, ["i", "iv", "ix", "xiv", "xl", "xcix", "cdxliv"]);
    }
}
