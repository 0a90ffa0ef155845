//! Ends of lines that are too pale or too blurred to stand out as ink: a line goes on where its rows stay darker than the gaps
//! above and below.

use super::{
    detail::to_picture,
    lines::{Line, Lines},
    overview::{Overview, Plane},
};

/// Fewer line heights than this are not worth a look.
const LEAST: usize = 3;

/// Lengthens lines into what goes on beside them and is no ink of its own; `apart` says where something else stands (a seal).
pub(super) fn lengthen(
    lines: &mut Lines,
    over: &Overview,
    ink: &Plane,
    apart: impl Fn(f64, f64) -> bool,
) {
    let width = if lines.turned {
        over.depth.height
    } else {
        over.depth.width
    } as f64;
    let all = lines.all.clone();
    let tallest = all.iter().map(Line::height).fold(0.0, f64::max);
    let mut out = all.clone();
    for (line, longer) in all.iter().zip(&mut out) {
        let h = line.height();
        // They are sorted from the top: all that share a row with this one.
        let first = all.partition_point(|other| other.y0 <= line.y0 - tallest);
        let end = all.partition_point(|other| other.y0 < line.y1);
        let near = all.get(first..end).unwrap_or_default();
        let tall = h / lines.height.max(1.0);
        // What is set wide falls into pieces: a row of them says as much as a line. But a piece of few characters may be lower than they are.
        let regular = if line.width() < 3.0 * h {
            (0.85..1.2).contains(&tall)
        } else {
            lines.is_usual(line)
        };
        let in_row = |other: &&Line| {
            let middle = f64::midpoint(other.y0, other.y1);
            (line.y0..line.y1).contains(&middle)
        };
        let row: f64 = near.iter().filter(in_row).map(Line::width).sum();
        if !regular || h < 5.0 || row < 3.0 * h {
            continue;
        }
        let own = rows(lines, over, ink, line, line.x0, line.x1);
        if own.over_gaps() < 6.0 {
            continue;
        }
        // What stands in the same rows ends the look; the tail of a comma does not.
        let beside = near
            .iter()
            .filter(|other| line.y0 < other.y1 && other.height() > h / 2.0);
        let (mut left, mut right) = (0.0, width);
        for other in beside {
            if other.x1 > line.x1 {
                right = f64::min(right, line.x1.max(other.x0 - h));
            }
            if other.x0 < line.x0 {
                left = f64::max(left, line.x0.min(other.x1 + h));
            }
        }
        let goes_on = |x: f64| {
            let here = rows(lines, over, ink, line, x, x + h);
            let middle = f64::midpoint(line.y0, line.y1) + lines.slope * (x + h / 2.0);
            let (px, py) = to_picture(over, lines.turned, x + h / 2.0, middle);
            (0.45..1.7).contains(&(here.core / own.core))
                && here.over_gaps() > 4.0_f64.max(own.over_gaps() * 0.2)
                && here.inked < own.inked / 2.0
                && !apart(px, py)
        };
        let after = steps(|n| line.x1 + h * n, |x| x + h <= right && goes_on(x));
        let before = steps(|n| line.x0 - h * (n + 1.0), |x| x >= left && goes_on(x));
        if after >= LEAST {
            longer.x1 += h * after as f64;
        }
        if before >= LEAST {
            longer.x0 -= h * before as f64;
        }
    }
    lines.all = out;
}

/// How many steps go on; one may be missing between two, as a space is.
fn steps(at: impl Fn(f64) -> f64, goes_on: impl Fn(f64) -> bool) -> usize {
    let (mut last, mut missed, mut n) = (0, 0, 0);
    while missed < 2 {
        if goes_on(at(n as f64)) {
            (last, missed) = (n + 1, 0);
        } else {
            missed += 1;
        }
        n += 1;
    }
    last
}

/// Mean depth in the rows of a line and in the gaps beside it, and the share of its rows that is ink.
struct Rows {
    core: f64,
    gaps: f64,
    inked: f64,
}

impl Rows {
    fn over_gaps(&self) -> f64 {
        self.core - self.gaps
    }
}

fn rows(lines: &Lines, over: &Overview, ink: &Plane, line: &Line, x0: f64, x1: f64) -> Rows {
    let h = line.height();
    let mean = |plane: &Plane, from: f64, to: f64| {
        let (mut sum, mut n) = (0_u32, 0_u32);
        let mut x = x0;
        while x < x1 {
            let top = line.y0 + lines.slope * x;
            let mut y = top + from * h;
            while y < top + to * h {
                let (px, py) = to_picture(over, lines.turned, x, y);
                if px >= 0.0 && py >= 0.0 {
                    sum += u32::from(plane.at(px as usize, py as usize));
                    n += 1;
                }
                y += 1.0;
            }
            x += 2.0;
        }
        f64::from(sum) / f64::from(n.max(1))
    };
    Rows {
        core: mean(&over.depth, 0.1, 0.9),
        gaps: mean(&over.depth, -0.3, -0.12).min(mean(&over.depth, 1.12, 1.3)),
        inked: mean(ink, 0.1, 0.9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::{
        legibility::{ink::Ink, lines},
        raster::{Layout, Raster},
    };

    /// Words of strokes in lines, `apart` with wide gaps between them; from `blurred_from` on each row of strokes is one even grey.
    fn page(blurred_from: usize, apart: bool) -> Overview {
        let (width, height) = (800_usize, 1_000_usize);
        let mut data = vec![250_u8; width * height];
        for line in 0..20 {
            for x in 60..700_usize {
                for y in 0..14 {
                    let at = (60 + line * 40 + y) * width + x;
                    if x >= blurred_from {
                        data[at] = 205;
                    } else if x % 6 < 2 && !(apart && x % 52 > 36) {
                        data[at] = 30;
                    }
                }
            }
        }
        let raster = Raster::new(width, height, Layout::Grey, data).unwrap();
        Overview::of(&raster, 100.0).unwrap()
    }

    fn ends(over: &Overview) -> (f64, f64) {
        let ink = Ink::of(over);
        let mut found = lines::find(over, &ink);
        let furthest = |lines: &Lines| lines.all.iter().map(|l| l.x1).fold(0.0, f64::max);
        let before = furthest(&found);
        lengthen(&mut found, over, &ink.map, |_, _| false);
        (before, furthest(&found))
    }

    #[test]
    fn a_line_goes_on_where_it_is_only_a_smear() {
        for apart in [false, true] {
            let (before, after) = ends(&page(400, apart));
            assert!(before < 430.0, "{before}");
            assert!((650.0..720.0).contains(&after), "{after}");
        }
        let (before, after) = ends(&page(800, false));
        assert!((after - before).abs() < 0.5, "a clear line keeps its end");
    }
}
