//! How a page of a source lies in the volume: its boxes and turn as they are, or moved away from the binding edge, or
//! fitted to A4.
//!
//! A page that is moved gets boxes of its own, `[0 0 width height]` as shown, and its content, annotations and
//! destinations go through one matrix. All others keep their user space to the bit.

use hayro_syntax::{
    object::{Number, Rect},
    page::{Page, Rotation},
};

use super::{
    boxes,
    error::Fault,
    number::Frame,
    options::{Fit, Gutter, Leaves},
    place::Moved,
    source::CopyError,
    syntax,
};
use crate::{
    inspect::PageMargins,
    units::{Mm, Pt, PtBox},
};

/// The size of a page without `MediaBox`: what poppler, MuPDF and PDFium assume.
const LETTER: Rect = Rect::new(0.0, 0.0, 612.0, 792.0);
/// What a glued volume hides at its spine.
pub(super) const GUTTER: Mm = Mm::new(25.0);
/// What stays free at the other side when a page is moved away from the spine.
const OTHER_SIDE: Mm = Mm::new(8.0);
/// A4 (ISO 216), upright.
const A4: [f64; 2] = [595.276, 841.89];
/// A page so close to A4 counts as A4.
const SLACK: Mm = Mm::new(2.0);

/// A page's boxes and turn.
pub(super) struct Shape {
    media: Rect,
    crop: Option<Rect>,
    pub(super) visible: Rect,
    pub(super) rotate: u16,
    user_unit: f64,
}

impl Shape {
    pub(super) fn of(page: &Page<'_>) -> Result<Shape, CopyError> {
        let usable = |rect: &Rect| rect.width() > 0.0 && rect.height() > 0.0;
        let media = boxes::inherited(page.raw(), b"MediaBox").filter(usable);
        let media = media.unwrap_or(LETTER);
        let crop = boxes::inherited(page.raw(), b"CropBox");
        let crop = crop.map(|crop| crop.intersect(media)).filter(usable);
        let visible = crop.unwrap_or(media);
        if !usable(&visible) {
            return Err(CopyError::Fault(Fault::NoArea));
        }
        let user_unit = page
            .raw()
            .get::<Number>(b"UserUnit")
            .map_or(1.0, |unit| unit.as_f64());
        Ok(Shape {
            media,
            crop,
            visible,
            rotate: match page.rotation() {
                Rotation::None => 0,
                Rotation::Horizontal => 90,
                Rotation::Flipped => 180,
                Rotation::FlippedHorizontal => 270,
            },
            user_unit: if user_unit > 0.0 { user_unit } else { 1.0 },
        })
    }

    pub(super) fn frame(&self) -> Frame {
        Frame::new(self.visible, self.rotate, self.user_unit)
    }

    /// The page's entries for its boxes and turn, as they are.
    fn write(&self, body: &mut Vec<u8>) {
        let boxes = [("MediaBox", Some(self.media)), ("CropBox", self.crop)];
        for (key, rect) in boxes {
            let Some(Rect { x0, y0, x1, y1 }) = rect else {
                continue;
            };
            body.extend_from_slice(format!("/{key}[").as_bytes());
            for value in [x0, y0, x1, y1] {
                syntax::number(body, value);
                body.push(b' ');
            }
            body.push(b']');
        }
        if self.rotate != 0 {
            body.extend_from_slice(format!("/Rotate {}", self.rotate).as_bytes());
        }
        if (self.user_unit - 1.0).abs() > 1e-9 {
            body.extend_from_slice(b"/UserUnit ");
            syntax::number(body, self.user_unit);
        }
    }
}

/// What may be done with pages.
#[derive(Clone, Copy)]
pub(super) struct Wishes {
    pub(super) gutter: Gutter,
    pub(super) fit: Fit,
    pub(super) leaves: Leaves,
}

/// How a page lies in the volume.
pub(super) struct Layout {
    pub(super) shape: Shape,
    /// Width and height as shown in the volume.
    pub(super) size: [f64; 2],
    /// From the page as it will be shown to its user space in the volume.
    pub(super) to_user: [f64; 6],
    /// From its user space in the source to that in the volume; `None` when they are the same.
    pub(super) matrix: Option<[f64; 6]>,
    /// The same as shown.
    pub(super) moved: Moved,
    /// From the binding edge to the nearest ink, where that is less than a volume needs; before the page was moved.
    pub(super) gutter_mm: Option<Mm>,
    /// How far the page was moved away from the binding edge.
    pub(super) shifted_mm: Option<Mm>,
    /// By how much the page was enlarged or reduced.
    pub(super) scaled: Option<f64>,
}

impl Layout {
    /// A page that is not moved.
    pub(super) fn as_it_is(shape: Shape) -> Layout {
        let wishes = Wishes {
            gutter: Gutter::Leave,
            fit: Fit::AsTheyAre,
            leaves: Leaves::RunOn,
        };
        Layout::of(shape, None, wishes, false)
    }

    /// The layout of a page; `back` tells the back of a leaf.
    pub(super) fn of(
        shape: Shape,
        margins: Option<&PageMargins>,
        wishes: Wishes,
        back: bool,
    ) -> Layout {
        let frame = shape.frame();
        let mut moved = Moved::NOT;
        let mut size = frame.size;
        let mut scaled = None;
        if wishes.fit == Fit::A4
            && let Some((fitted, to)) = fit(frame.size)
        {
            (moved, size) = (fitted, to);
            scaled = Some((fitted.scale * 10_000.0).round() / 10_000.0);
        }
        let edge = BindingEdge::of(size, back && wishes.leaves != Leaves::RunOn);
        let ink = margins.and_then(|margins| margins.ink_pt);
        let ink = ink.map(|ink| moved.onto(ink));
        let [near, far] = ink.map_or([f64::MAX; 2], |ink| edge.distances(ink, size));
        let wanted = GUTTER.to_pt().value() - near;
        let gutter_mm = (wanted > 0.05).then(|| Pt::new(near.max(0.0)).to_mm().rounded());
        let free = far - OTHER_SIDE.to_pt().value();
        let shift = wanted.min(free);
        let mut shifted_mm = None;
        // Less than half a millimetre is not worth a new page.
        if wishes.gutter == Gutter::Shift && shift > Mm::new(0.5).to_pt().value() {
            let [dx, dy] = edge.away();
            moved.dx += dx * shift;
            moved.dy += dy * shift;
            shifted_mm = Some(Pt::new(shift).to_mm().rounded());
        }
        let as_it_is = moved == Moved::NOT;
        let matrix = (!as_it_is).then(|| {
            let to_shown = inverse(frame.to_user);
            let Moved { scale, dx, dy } = moved;
            concat(to_shown, [scale, 0.0, 0.0, scale, dx, dy])
        });
        Layout {
            size,
            to_user: if as_it_is {
                frame.to_user
            } else {
                [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
            },
            matrix,
            moved,
            gutter_mm,
            shifted_mm,
            scaled,
            shape,
        }
    }

    /// The page's entries for its boxes and turn.
    pub(super) fn write(&self, body: &mut Vec<u8>) {
        if self.matrix.is_none() {
            return self.shape.write(body);
        }
        body.extend_from_slice(b"/MediaBox[0 0 ");
        for value in self.size {
            syntax::coordinate(body, value);
            body.push(b' ');
        }
        body.push(b']');
    }

    /// What comes before the page's own content. A moved page is cut to what was shown before.
    pub(super) fn opening(&self) -> Vec<u8> {
        let mut marks = b"q\n".to_vec();
        let Some(matrix) = self.matrix else {
            return marks;
        };
        put_matrix(&mut marks, matrix);
        let Rect { x0, y0, x1, y1 } = self.shape.visible;
        for value in [x0, y0, x1 - x0, y1 - y0] {
            syntax::number(&mut marks, value);
            marks.push(b' ');
        }
        marks.extend_from_slice(b"re W n\n");
        marks
    }
}

/// `a b c d e f cm`
pub(super) fn put_matrix(marks: &mut Vec<u8>, matrix: [f64; 6]) {
    for value in matrix {
        syntax::number(marks, value);
        marks.push(b' ');
    }
    marks.extend_from_slice(b"cm\n");
}

/// The scale and place that fit a page to A4, lying or upright as it is; `None` when it is A4.
fn fit([width, height]: [f64; 2]) -> Option<(Moved, [f64; 2])> {
    let [short, long] = A4;
    let to = if width > height {
        [long, short]
    } else {
        [short, long]
    };
    let close = |a: f64, b: f64| Pt::new(a).within(Pt::new(b), SLACK.to_pt());
    if close(width, to[0]) && close(height, to[1]) {
        return None;
    }
    let scale = (to[0] / width).min(to[1] / height);
    let moved = Moved {
        scale,
        dx: (to[0] - width * scale) / 2.0,
        dy: (to[1] - height * scale) / 2.0,
    };
    Some((moved, to))
}

/// The edge at which a page is glued. Lying pages are turned with their head to the spine of the front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BindingEdge {
    Left,
    Right,
    Head,
    Foot,
}

impl BindingEdge {
    fn of([width, height]: [f64; 2], back: bool) -> BindingEdge {
        match (width > height, back) {
            (false, false) => BindingEdge::Left,
            (false, true) => BindingEdge::Right,
            (true, false) => BindingEdge::Head,
            (true, true) => BindingEdge::Foot,
        }
    }

    /// From this edge, and from the one across, to the ink.
    fn distances(self, ink: PtBox, [width, height]: [f64; 2]) -> [f64; 2] {
        let [x0, y0, x1, y1] = <[f64; 4]>::from(ink);
        match self {
            BindingEdge::Left => [x0, width - x1],
            BindingEdge::Right => [width - x1, x0],
            BindingEdge::Head => [height - y1, y0],
            BindingEdge::Foot => [y0, height - y1],
        }
    }

    /// The direction away from it.
    fn away(self) -> [f64; 2] {
        match self {
            BindingEdge::Left => [1.0, 0.0],
            BindingEdge::Right => [-1.0, 0.0],
            BindingEdge::Head => [0.0, -1.0],
            BindingEdge::Foot => [0.0, 1.0],
        }
    }
}

/// First `m`, then `n`.
pub(super) fn concat(m: [f64; 6], n: [f64; 6]) -> [f64; 6] {
    let [a, b, c, d, e, f] = m;
    let [g, h, i, j, k, l] = n;
    [
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + l,
    ]
}

/// A point through a matrix.
pub(super) fn through([a, b, c, d, e, f]: [f64; 6], [x, y]: [f64; 2]) -> [f64; 2] {
    [a * x + c * y + e, b * x + d * y + f]
}

/// A rectangle through a matrix: the box around its corners.
pub(super) fn rect_through(matrix: [f64; 6], rect: Rect) -> Rect {
    let corners = [
        [rect.x0, rect.y0],
        [rect.x1, rect.y0],
        [rect.x0, rect.y1],
        [rect.x1, rect.y1],
    ]
    .map(|corner| through(matrix, corner));
    let fold = |axis: usize, best: fn(f64, f64) -> f64| {
        let values = corners
            .iter()
            .filter_map(|corner| corner.get(axis).copied());
        values.reduce(best).unwrap_or_default()
    };
    Rect::new(
        fold(0, f64::min),
        fold(1, f64::min),
        fold(0, f64::max),
        fold(1, f64::max),
    )
}

/// The way back. Frames are turned and scaled by what is above zero, so there always is one.
fn inverse([a, b, c, d, e, f]: [f64; 6]) -> [f64; 6] {
    let determinant = a * d - b * c;
    let [a, b, c, d] = [d, -b, -c, a].map(|value| value / determinant);
    [a, b, c, d, -(e * a + f * c), -(e * b + f * d)]
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these sums are exact")]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_and_its_way_back_cancel_out() {
        let frame = Frame::new(Rect::new(-10.0, 20.0, 190.0, 320.0), 90, 2.0);
        let both = concat(frame.to_user, inverse(frame.to_user));
        for (value, one) in both.iter().zip([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]) {
            assert!((value - one).abs() < 1e-9, "{both:?}");
        }
    }

    #[test]
    fn a_page_is_fitted_upright_or_lying_and_centred() {
        assert!(fit([595.0, 842.0]).is_none());
        assert!(fit([842.0, 595.0]).is_none());
        let (moved, to) = fit([842.0, 1191.0]).unwrap();
        assert_eq!(to, A4);
        assert!((moved.scale - 0.707).abs() < 0.001 && moved.dx.abs() < 0.5);
        let (moved, to) = fit([400.0, 200.0]).unwrap();
        assert_eq!(to, [A4[1], A4[0]]);
        assert!((moved.scale - 2.1).abs() < 0.01 && moved.dy > 80.0);
    }

    #[test]
    fn the_binding_edge_follows_the_leaf() {
        let ink = PtBox::new(10.0, 20.0, 500.0, 800.0);
        let near = |size, back| BindingEdge::of(size, back).distances(ink, size)[0];
        assert_eq!(near([595.0, 842.0], false), 10.0);
        assert_eq!(near([595.0, 842.0], true), 95.0);
        assert_eq!(near([900.0, 842.0], false), 42.0);
        assert_eq!(near([900.0, 842.0], true), 20.0);
    }
}
