//! A shine that the type tells: gaps in the lines of a text towards which its type grows paler and paler, over several lines. An ordinary
//! gap (a space, a table, the end of a paragraph) has type beside it that is as dark as the rest.

use super::{
    Shine,
    gaps::{Gap, gaps},
    groups::{end_alike, groups, is_ragged, take_in},
    rows::{Squares, rows},
};
use crate::inspect::legibility::{
    detail::to_picture, lines::Lines, overview::Overview, seals, text::Text,
};

/// Paper in a shine has this share of full white at least, or of the level elsewhere.
const BRIGHT: f64 = 0.97;
const BRIGHTER: f64 = 1.04;
/// Squares of fewer overview pixels are too small to look into.
const SMALLEST: f64 = 5.0;
/// A square with less depth than so many times the noise of the paper is empty.
const EMPTY: f64 = 2.0;
/// Type with less depth than so many times the noise of the paper fades everywhere.
const PLAIN: f64 = 8.0;
/// An end of a line is worth a look below this share of what is usual in the middle of lines.
const WORTH: f64 = 0.8;
/// What is paler than this share of the usual is gone.
const GONE: f64 = 0.25;
/// So many ends of lines have to say the same.
const ENDS: usize = 4;
/// The widest gap of a shine has so many characters at least, pale ones along: cells of a table leave two or three beside a rule.
const WIDEST: usize = 4;

/// Finds what a shine took.
pub(super) fn find(text: &Text, over: &Overview, seals: &[seals::Found]) -> Vec<Shine> {
    let lines = &text.lines;
    let square = lines.height;
    if !text.is_like_text() || square < SMALLEST {
        return Vec::new();
    }
    let squares = Squares { text, over, seals };
    let regular = lines.all.iter().filter(|line| lines.is_usual(line));
    // A look at the ends of lines spares most pages the rest.
    let mut middles: Vec<f64> = regular
        .clone()
        .map(|line| squares.ink(f64::midpoint(line.x0, line.x1), line.y0, line.y1))
        .collect();
    let usual = median(&mut middles);
    let ends = regular
        .clone()
        .flat_map(|line| [line.x0, line.x1 - square].map(|x| squares.ink(x, line.y0, line.y1)));
    if ends.filter(|ink| *ink < usual * WORTH).count() < ENDS {
        return Vec::new();
    }
    let (left, right) = regular.clone().fold((f64::INFINITY, 0.0), |(l, r), line| {
        (f64::min(l, line.x0), f64::max(r, line.x1))
    });
    let rows = rows(regular, &squares, (left, right));
    let mut inked: Vec<f64> = rows
        .iter()
        .flat_map(|row| row.ink.iter().copied())
        .collect();
    inked.retain(|ink| *ink > text.ink.floor * EMPTY);
    let usual = median(&mut inked);
    if usual < text.ink.floor * PLAIN {
        return Vec::new();
    }
    let gone = (usual * GONE).max(text.ink.floor);
    let (sure, doubtful): (Vec<Gap>, Vec<Gap>) = rows
        .iter()
        .enumerate()
        .flat_map(|(n, row)| gaps(n, row, gone, usual))
        .partition(|gap| gap.is_sure);
    let mut groups = groups(&sure, &rows, square);
    groups.iter_mut().for_each(|group| end_alike(group));
    groups.retain(|group| is_shine(group));
    let shine = |mut group: Vec<Gap>| {
        take_in(&mut group, &doubtful, &rows, square);
        let of = |value: fn(&Gap) -> usize| group.iter().map(value);
        let first = of(|gap| gap.from).min().unwrap_or(0);
        let last = of(|gap| gap.to).max().unwrap_or(0);
        let squares: usize = of(|gap| gap.to - gap.from).sum();
        let of_rows = || group.iter().filter_map(|gap| rows.get(gap.row));
        let top = of_rows().map(|row| row.y0).fold(f64::INFINITY, f64::min);
        let bottom = of_rows().map(|row| row.y1).fold(0.0, f64::max);
        let right = right.min(left + last as f64 * square);
        let bounds = [left + first as f64 * square, top, right, bottom];
        shine(lines, over, bounds, squares as f64 * square)
    };
    groups.into_iter().map(shine).collect()
}

/// Whether gaps one below the other are what a shine leaves.
fn is_shine(group: &[Gap]) -> bool {
    let ends: usize = group
        .iter()
        .map(|gap| gap.ends.iter().flatten().count())
        .sum();
    let widest = group.iter().map(|gap| gap.to - gap.from).max();
    // Where a square is half empty because a column begins in it, the next is as dark as all.
    let slow: usize = group.iter().map(|gap| gap.slow).sum();
    ends >= ENDS && widest >= Some(WIDEST) && (slow >= ENDS || is_ragged(group))
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

fn shine(lines: &Lines, over: &Overview, [x0, y0, x1, y1]: [f64; 4], length: f64) -> Shine {
    let corner = |x: f64, y: f64| to_picture(over, lines.turned, x, y + lines.slope * x);
    let corners = [(x0, y0), (x1, y0), (x0, y1), (x1, y1)].map(|(x, y)| corner(x, y));
    let bounds = corners.iter().fold(
        [f64::INFINITY, f64::INFINITY, 0.0, 0.0],
        |[l, t, r, b], (x, y)| [l.min(*x), t.min(*y), r.max(*x), b.max(*y)],
    );
    let (x, y) = corner(f64::midpoint(x0, x1), f64::midpoint(y0, y1));
    let level = over.paper_at(x, y);
    Shine {
        bounds: bounds.map(|v| v * over.factor as f64),
        length,
        is_bright: level > BRIGHT * 255.0 || level > over.paper * BRIGHTER,
    }
}
