//! The graphics state while a content stream runs (ISO 32000-2, 8.4), as far as text and images need it.

use hayro_font::kurbo::{Affine, Point, Rect};

use super::ink::{Seen, Space};

/// Most saved states; more are counted, not kept.
const MAX_SAVED: usize = 2_000;

/// The state.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// From user space to the shown page.
    pub(crate) ctm: Affine,
    /// What is not clipped away, a box around it.
    pub(crate) clip: Rect,
    /// Colour space and colour of fills.
    pub(crate) fill: (Space, Seen),
    /// Colour space and colour of strokes.
    pub(crate) stroke: (Space, Seen),
    /// Opacity of fills.
    pub(crate) fill_alpha: f32,
    /// Opacity of strokes.
    pub(crate) stroke_alpha: f32,
    /// A soft mask or a blend mode other than Normal: nothing drawn is surely opaque.
    pub(crate) mixed: bool,
    /// Text state.
    pub(crate) text: Text,
}

/// The text state (9.3) with its matrices (9.4).
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) font: Option<usize>,
    pub(crate) size: f64,
    pub(crate) char_space: f64,
    pub(crate) word_space: f64,
    /// 1 for 100 %.
    pub(crate) scale: f64,
    pub(crate) leading: f64,
    pub(crate) rise: f64,
    pub(crate) mode: i64,
    pub(crate) matrix: Affine,
    pub(crate) line: Affine,
}

impl State {
    /// The state a page begins with.
    pub(crate) fn new(ctm: Affine, clip: Rect) -> State {
        State {
            ctm,
            clip,
            fill: (Space::Gray, Some([0.0; 3])),
            stroke: (Space::Gray, Some([0.0; 3])),
            fill_alpha: 1.0,
            stroke_alpha: 1.0,
            mixed: false,
            text: Text {
                font: None,
                size: 1.0,
                char_space: 0.0,
                word_space: 0.0,
                scale: 1.0,
                leading: 0.0,
                rise: 0.0,
                mode: 0,
                matrix: Affine::IDENTITY,
                line: Affine::IDENTITY,
            },
        }
    }
}

impl Text {
    /// Moves to the next line, offset by `(x, y)`.
    pub(crate) fn next_line(&mut self, x: f64, y: f64) {
        self.line *= Affine::translate((x, y));
        self.matrix = self.line;
    }
    /// From the space of the glyphs (1 is the size of the type) to user space.
    pub(crate) fn glyph_space(&self) -> Affine {
        self.matrix * Affine::new([self.size * self.scale, 0.0, 0.0, self.size, 0.0, self.rise])
    }
    /// Moves on by `across` or, for vertical type, `down` in unscaled text space.
    pub(crate) fn move_on(&mut self, vertical: bool, distance: f64) {
        let step = if vertical {
            (0.0, distance)
        } else {
            (distance * self.scale, 0.0)
        };
        self.matrix *= Affine::translate(step);
    }
}

/// `q` and `Q`.
#[derive(Debug, Default)]
pub(crate) struct Saved {
    states: Vec<State>,
    beyond: usize,
}

impl Saved {
    /// `q`
    pub(crate) fn save(&mut self, state: &State) {
        if self.states.len() < MAX_SAVED {
            self.states.push(state.clone());
        } else {
            self.beyond += 1;
        }
    }
    /// `Q`; the text matrices are not part of what is restored in well-formed content.
    pub(crate) fn restore(&mut self, state: &mut State) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else if let Some(saved) = self.states.pop() {
            *state = saved;
        }
    }
}

/// The path being built, as far as it must be known: its box, and whether it is made of upright rectangles.
#[derive(Debug, Default)]
pub(crate) struct Path {
    bounds: Option<Rect>,
    rects: Vec<Rect>,
    corners: Vec<Point>,
    curved: bool,
}

impl Path {
    /// `re`, on the shown page.
    pub(crate) fn rect(&mut self, ctm: Affine, x: f64, y: f64, w: f64, h: f64) {
        self.close_corners();
        let rect = Rect::new(x, y, x + w, y + h).abs();
        self.grow(ctm.transform_rect_bbox(rect));
        if upright(ctm) && self.rects.len() < 256 {
            self.rects.push(ctm.transform_rect_bbox(rect));
        } else {
            self.curved = true;
        }
    }
    /// `m`
    pub(crate) fn move_to(&mut self, point: Point) {
        self.close_corners();
        self.corners.push(point);
        self.grow(Rect::from_points(point, point));
    }
    /// `l`
    pub(crate) fn line_to(&mut self, point: Point) {
        if self.corners.len() < 6 {
            self.corners.push(point);
        } else {
            self.curved = true;
        }
        self.grow(Rect::from_points(point, point));
    }
    /// `c`, `v`, `y`
    pub(crate) fn curve_to(&mut self, points: &[Point]) {
        self.curved = true;
        for point in points {
            self.grow(Rect::from_points(*point, *point));
        }
    }
    fn grow(&mut self, rect: Rect) {
        if rect.is_finite() {
            self.bounds = Some(self.bounds.map_or(rect, |bounds| bounds.union(rect)));
        }
    }
    /// Four or five corners in a rectangle are one.
    fn close_corners(&mut self) {
        let corners = std::mem::take(&mut self.corners);
        match corners.as_slice() {
            [] | [_] => {}
            [a, b, c, d, rest @ ..] if rest.len() <= 1 => {
                let near = |x: f64, y: f64| (x - y).abs() < 0.01;
                let first = near(a.x, b.x) && near(b.y, c.y) && near(c.x, d.x) && near(d.y, a.y);
                let second = near(a.y, b.y) && near(b.x, c.x) && near(c.y, d.y) && near(d.x, a.x);
                if first || second {
                    self.rects.push(Rect::from_points(*a, *c));
                } else {
                    self.curved = true;
                }
            }
            _ => self.curved = true,
        }
    }
    /// The box around the path, and its rectangles when it is made of nothing else; the path begins anew.
    pub(crate) fn take(&mut self) -> (Option<Rect>, Vec<Rect>) {
        self.close_corners();
        let done = std::mem::take(self);
        let rects = if done.curved { Vec::new() } else { done.rects };
        (done.bounds, rects)
    }
}

fn upright(ctm: Affine) -> bool {
    let [a, b, c, d, ..] = ctm.as_coeffs();
    (b.abs() < 1e-6 && c.abs() < 1e-6) || (a.abs() < 1e-6 && d.abs() < 1e-6)
}
