//! What a shine took of a page: a lamp or a window mirrored by the paper. It is told by the type that pales towards it, or by the paper.

mod bright_spots;
mod gaps;
mod groups;
mod paling_type;
mod rows;

use super::{overview::Overview, seals, text::Text};

/// Text that a shine took.
#[derive(Clone, Debug)]
pub(super) struct Shine {
    /// Left, top, right, bottom, in pixels of the raster.
    pub(super) bounds: [f64; 4],
    /// Length of the lines that are gone, in overview pixels.
    pub(super) length: f64,
    /// Whether the paper in its middle is white or lighter than elsewhere; where it is not, the print itself is pale.
    pub(super) is_bright: bool,
}

/// Finds what shines took.
pub(super) fn find(text: &Text, over: &Overview, seals: &[seals::Found]) -> Vec<Shine> {
    let mut found = paling_type::find(text, over, seals);
    add(&mut found, bright_spots::find(text, over));
    found
}

/// Adds those that were found in another way; two that overlap are one.
fn add(shines: &mut Vec<Shine>, others: Vec<Shine>) {
    for mut shine in others {
        let [l, t, r, b] = shine.bounds;
        let is_same = |other: &mut Shine| {
            let [x0, y0, x1, y1] = other.bounds;
            x0 < r && l < x1 && y0 < b && t < y1
        };
        for other in shines.extract_if(.., is_same) {
            let [l, t, r, b] = shine.bounds;
            let [x0, y0, x1, y1] = other.bounds;
            shine.bounds = [l.min(x0), t.min(y0), r.max(x1), b.max(y1)];
            shine.length = shine.length.max(other.length);
        }
        shines.push(shine);
    }
}
