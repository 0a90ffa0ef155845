//! The ellipse through the outline of an area of ink, by least squares.
//!
//! What stands within a seal is not spread evenly: the axes of all its ink are not those of its ring. Its outline is the ring's.

use super::{
    overview::Plane,
    seals::{INKED, Part},
};

/// An ellipse: centre, half axes, and sine and cosine of the angle of the first axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ellipse {
    pub(super) cx: f64,
    pub(super) cy: f64,
    pub(super) a: f64,
    pub(super) b: f64,
    pub(super) axis: (f64, f64),
}

/// Rounds of fitting; after each, points far from the ellipse are left out.
const ROUNDS: usize = 3;
/// Fewest points on the outline.
const POINTS: usize = 40;

/// The ellipse through the outermost ink of the part; `None` when the outline is none.
pub(super) fn through_outline(mask: &Plane, part: &Part) -> Option<Ellipse> {
    let (mx, my) = (
        (part.x0 + part.x1) as f64 / 2.0,
        (part.y0 + part.y1) as f64 / 2.0,
    );
    let scale = (part.x1 - part.x0).max(part.y1 - part.y0) as f64 / 2.0;
    let outline = outline(mask, part);
    let mut points: Vec<(f64, f64)> = outline
        .into_iter()
        .map(|(x, y)| ((x - mx) / scale, (y - my) / scale))
        .collect();
    let mut conic = fit(&points)?;
    for _ in 1..ROUNDS {
        let off = |p: &(f64, f64)| value(&conic, *p).abs();
        let mut errors: Vec<f64> = points.iter().map(off).collect();
        errors.sort_by(f64::total_cmp);
        let limit = errors.get(errors.len() * 3 / 5).copied()?.max(0.04) * 2.0;
        points.retain(|p| value(&conic, *p).abs() <= limit);
        if points.len() < POINTS {
            return None;
        }
        conic = fit(&points)?;
    }
    let ellipse = shape(&conic)?;
    Some(Ellipse {
        cx: mx + ellipse.cx * scale,
        cy: my + ellipse.cy * scale,
        a: ellipse.a * scale + 0.5,
        b: ellipse.b * scale + 0.5,
        axis: ellipse.axis,
    })
}

/// The first and last ink of each row and column; what lies on the edge of the picture is where the ink is cut, not where it ends.
fn outline(mask: &Plane, part: &Part) -> Vec<(f64, f64)> {
    let mut out = Vec::new();
    let mut add = |x: usize, y: usize| {
        if x > 1 && y > 1 && x + 2 < mask.width && y + 2 < mask.height {
            out.push((x as f64 + 0.5, y as f64 + 0.5));
        }
    };
    for y in part.y0..part.y1 {
        let inked = |x: &usize| mask.at(*x, y) == INKED;
        if let (Some(first), Some(last)) = (
            (part.x0..part.x1).find(inked),
            (part.x0..part.x1).rfind(inked),
        ) {
            add(first, y);
            add(last, y);
        }
    }
    for x in part.x0..part.x1 {
        let inked = |y: &usize| mask.at(x, *y) == INKED;
        if let (Some(first), Some(last)) = (
            (part.y0..part.y1).find(inked),
            (part.y0..part.y1).rfind(inked),
        ) {
            add(x, first);
            add(x, last);
        }
    }
    out
}

/// A x² + B x y + C y² + D x + E y = 1.
type Conic = [f64; 5];

fn terms((x, y): (f64, f64)) -> Conic {
    [x * x, x * y, y * y, x, y]
}

/// How far a point lies off: 0 on the curve.
fn value(conic: &Conic, point: (f64, f64)) -> f64 {
    let sum: f64 = conic.iter().zip(terms(point)).map(|(k, t)| k * t).sum();
    sum - 1.0
}

/// The conic nearest to the points, from the normal equations.
#[expect(clippy::indexing_slicing, reason = "a matrix of fixed size")]
fn fit(points: &[(f64, f64)]) -> Option<Conic> {
    if points.len() < POINTS {
        return None;
    }
    let mut rows = [[0.0_f64; 6]; 5];
    for point in points {
        let terms = terms(*point);
        for (row, a) in rows.iter_mut().zip(terms) {
            for (sum, b) in row.iter_mut().zip(terms) {
                *sum += a * b;
            }
            row[5] += a;
        }
    }
    for column in 0..5 {
        let pivot =
            (column..5).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        if rows[pivot][column].abs() < 1e-9 {
            return None;
        }
        rows.swap(column, pivot);
        let upper = rows[column];
        for (i, row) in rows.iter_mut().enumerate() {
            if i != column {
                let share = row[column] / upper[column];
                for (value, above) in row.iter_mut().zip(upper) {
                    *value -= share * above;
                }
            }
        }
    }
    Some(std::array::from_fn(|i| rows[i][5] / rows[i][i]))
}

/// Centre and axes; `None` for a curve that is no ellipse.
fn shape([a, b, c, d, e]: &Conic) -> Option<Ellipse> {
    let (a, b, c, d, e) = (*a, *b, *c, *d, *e);
    let determinant = 4.0 * a * c - b * b;
    if determinant <= 1e-9 {
        return None;
    }
    let cx = (b * e - 2.0 * c * d) / determinant;
    let cy = (b * d - 2.0 * a * e) / determinant;
    // Around the centre: A u² + B u v + C v² = right.
    let right = 1.0 + a * cx * cx + b * cx * cy + c * cy * cy;
    let angle = 0.5 * b.atan2(a - c);
    let (s, k) = angle.sin_cos();
    let along = a * k * k + b * k * s + c * s * s;
    let across = a * s * s - b * k * s + c * k * k;
    let (p, q) = (right / along, right / across);
    (p > 0.0 && q > 0.0).then(|| Ellipse {
        cx,
        cy,
        a: p.sqrt(),
        b: q.sqrt(),
        axis: (s, k),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaning_oval_is_found_also_with_its_text_on_one_side_and_cut() {
        for cut in [0, 40] {
            let mut mask = Plane::new(300 - cut, 300);
            let (sin, cos) = 0.4_f64.sin_cos();
            for step in 0..3_000 {
                let t = f64::from(step) / 3_000.0 * std::f64::consts::TAU;
                // The ring, and a text that runs along a part of it.
                let shares: &[f64] = if t < 1.5 { &[1.0, 0.8, 0.75] } else { &[1.0] };
                for share in shares {
                    let (u, v) = (90.0 * share * t.cos(), 60.0 * share * t.sin());
                    let (x, y) = (200.0 + u * cos - v * sin, 150.0 + u * sin + v * cos);
                    mask.set(x as usize, y as usize, 1);
                }
            }
            let part = Part {
                x0: 100,
                y0: 70,
                x1: (300 - cut).min(295),
                y1: 230,
            };
            let found = through_outline(&mask, &part).unwrap();
            assert!(
                (found.cx - 200.0).abs() < 2.0 && (found.cy - 150.0).abs() < 2.0,
                "{cut}: {found:?}"
            );
            let (long, short) = (found.a.max(found.b), found.a.min(found.b));
            assert!(
                (long - 90.0).abs() < 2.5 && (short - 60.0).abs() < 2.5,
                "{cut}: {found:?}"
            );
        }
    }
}
