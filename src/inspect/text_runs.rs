//! Glyphs joined to runs: one line, one font, one look; in the order of the content.

use std::rc::Rc;

use hayro_font::kurbo::{Point, Rect, Vec2};

/// What makes two glyphs look alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Look {
    /// Number of the font.
    pub(crate) font: usize,
    /// Colour of the type, `None` when it cannot be told.
    pub(crate) colour: Option<[f32; 3]>,
    /// Render mode 3 or 7, fully transparent, or in a layer that is off.
    pub(crate) invisible: bool,
    /// Outside of the clip.
    pub(crate) clipped: bool,
}

/// One glyph as placed on the shown page.
#[derive(Clone, Debug)]
pub(crate) struct PlacedGlyph {
    /// Its text, `None` when the file does not say.
    pub(crate) text: Option<Rc<str>>,
    /// What is shown is something else than its text, or may be.
    pub(crate) doubted: bool,
    /// Start of its advance on the base line.
    pub(crate) start: Point,
    /// End of its advance.
    pub(crate) end: Point,
    /// From the base line to the top of the type: its length is the size of the type.
    pub(crate) up: Vec2,
    /// Whether it is set downwards.
    pub(crate) vertical: bool,
    /// How it looks.
    pub(crate) look: Look,
    /// How many things were drawn before it.
    pub(crate) order: u32,
}

/// A run in the making or done.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    /// Its text.
    pub(crate) text: String,
    /// Where it stands.
    pub(crate) rect: Rect,
    /// Size of its type in points.
    pub(crate) size: f64,
    /// How it looks.
    pub(crate) look: Look,
    /// How many things were drawn before its first glyph.
    pub(crate) order: u32,
    /// Glyphs whose text is not known.
    pub(crate) unknown: u32,
    /// Glyphs that are shown as something else than their text, or may be.
    pub(crate) doubted: u32,
    end: Point,
    up: Vec2,
    vertical: bool,
}

/// What became of a glyph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joined {
    /// It went on the run before.
    On,
    /// It began a new run.
    New,
}

/// Joins glyphs to runs.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    done: Vec<Run>,
}

impl Runs {
    /// Takes the next glyph.
    pub(crate) fn push(&mut self, glyph: &PlacedGlyph) -> Joined {
        let size = glyph.up.hypot();
        if !size.is_finite() || !glyph.start.is_finite() || !glyph.end.is_finite() {
            return Joined::On;
        }
        let rect = glyph_rect(glyph);
        if let Some(run) = self.done.last_mut()
            && let Some(space) = run.goes_on(glyph, size)
        {
            if space && !run.text.ends_with(' ') {
                run.text.push(' ');
            }
            run.add(glyph, rect);
            return Joined::On;
        }
        let mut run = Run {
            text: String::new(),
            rect,
            size,
            look: glyph.look,
            order: glyph.order,
            unknown: 0,
            doubted: 0,
            end: glyph.end,
            up: glyph.up,
            vertical: glyph.vertical,
        };
        run.add(glyph, rect);
        self.done.push(run);
        Joined::New
    }

    /// The runs in content order; runs of nothing but white space are dropped.
    pub(crate) fn finish(self) -> Vec<Run> {
        let mut runs = self.done;
        for run in &mut runs {
            let trimmed = run.text.trim_end().len();
            run.text.truncate(trimmed);
        }
        runs.retain(|run| !run.text.trim().is_empty());
        runs
    }
}

impl Run {
    /// Whether `glyph` goes on this run, and whether a space lies between.
    fn goes_on(&self, glyph: &PlacedGlyph, size: f64) -> Option<bool> {
        if self.look != glyph.look || self.vertical != glyph.vertical || self.text.len() > 4096 {
            return None;
        }
        if (size - self.size).abs() > self.size * 0.05 || size <= 0.0 {
            return None;
        }
        // Same direction of the type: the up vectors agree.
        if (glyph.up - self.up).hypot() > self.size * 0.05 {
            return None;
        }
        let along_line = if self.vertical {
            -self.up / self.size
        } else {
            Vec2::new(self.up.y, -self.up.x) / self.size
        };
        let gap = glyph.start - self.end;
        let along = gap.dot(along_line);
        let across = gap.cross(along_line).abs();
        let near =
            across <= self.size * 0.2 && along >= -self.size * 0.4 && along <= self.size * 0.9;
        near.then_some(along > self.size * 0.22)
    }

    fn add(&mut self, glyph: &PlacedGlyph, rect: Rect) {
        if let Some(text) = &glyph.text {
            self.text.push_str(text);
        } else {
            self.text.push('\u{FFFD}');
            self.unknown += 1;
        }
        self.doubted += u32::from(glyph.doubted);
        self.rect = self.rect.union(rect);
        self.end = glyph.end;
    }
}

/// The box of the type: 0.88 em above and 0.14 em below the base line, or half an em to both sides of a
/// vertical one (the em box of Chinese type; close enough for Latin).
fn glyph_rect(glyph: &PlacedGlyph) -> Rect {
    let (above, below) = if glyph.vertical {
        let across = Vec2::new(glyph.up.y, -glyph.up.x) * 0.5;
        (across, -across)
    } else {
        (glyph.up * 0.88, glyph.up * -0.14)
    };
    Rect::from_points(glyph.start + above, glyph.end + below)
        .union(Rect::from_points(glyph.start + below, glyph.end + above))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyph(text: &str, x: f64, y: f64) -> PlacedGlyph {
        PlacedGlyph {
            text: Some(Rc::from(text)),
            doubted: false,
            start: Point::new(x, y),
            end: Point::new(x + 5.0, y),
            up: Vec2::new(0.0, 10.0),
            vertical: false,
            look: Look {
                font: 0,
                colour: Some([0.0; 3]),
                invisible: false,
                clipped: false,
            },
            order: 0,
        }
    }

    #[test]
    fn neighbours_join_a_gap_gives_a_space_and_a_wide_gap_a_new_run() {
        let mut runs = Runs::default();
        for (text, x) in [("a", 0.0), ("b", 5.0), ("c", 13.0), ("d", 40.0)] {
            runs.push(&glyph(text, x, 0.0));
        }
        let runs = runs.finish();
        let texts: Vec<_> = runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(texts, ["ab c", "d"]);
        let Rect { x0, y0, x1, y1 } = runs[0].rect;
        for (edge, wanted) in [(x0, 0.0), (y0, -1.4), (x1, 18.0), (y1, 8.8)] {
            assert!((edge - wanted).abs() < 1e-9, "{edge} {wanted}");
        }
    }

    #[test]
    fn another_line_is_another_run() {
        let mut runs = Runs::default();
        runs.push(&glyph("a", 0.0, 0.0));
        assert_eq!(runs.push(&glyph("b", 5.0, -12.0)), Joined::New);
    }
}
