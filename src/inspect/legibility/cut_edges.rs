//! Edges of the page at which its content is cut off.

use super::{
    Edge,
    ink::Ink,
    lines::{Line, Lines},
    overview::Overview,
};
use crate::inspect::raster::Turn;

/// Edges of the page at which lines run out of the picture.
pub(super) fn cut_edges(
    over: &Overview,
    ink: &Ink,
    lines: &Lines,
    turn: Option<Turn>,
) -> Vec<Edge> {
    let Some(turn) = turn.filter(|turn| !turn.mirrored) else {
        return Vec::new();
    };
    // Beside a dark border nobody can tell content from lid.
    if ink.border > 0.0 || lines.all.len() < 2 {
        return Vec::new();
    }
    let (width, height) = if lines.turned {
        (over.luma.height as f64, over.luma.width as f64)
    } else {
        (over.luma.width as f64, over.luma.height as f64)
    };
    // No paper is written on to within a millimetre; a cut between two characters leaves less than that.
    let near = over.px(1.0).max(1.0);
    let count = |at_edge: &dyn Fn(&Line) -> bool| lines.all.iter().filter(|l| at_edge(l)).count();
    let many = (rows(lines) / 5).max(2);
    let wide = over.px(12.0);
    let tall = lines.height * 1.4;
    let flat = |l: &Line| l.width() > wide && l.height() < tall;

    // In the frame, clockwise from the top.
    let cut = [
        count(&|l| l.y0 <= near && flat(l)) >= 1,
        count(&|l| l.x1 >= width - near && l.height() < tall) >= many,
        count(&|l| l.y1 >= height - near && flat(l)) >= 1,
        count(&|l| l.x0 <= near && l.height() < tall) >= many,
    ];
    // The frame's top is the picture's right when it was turned counter-clockwise; then the picture itself is turned on the page.
    let quarters = usize::from(lines.turned) + usize::from(turn.quarters);
    let edges = [Edge::Top, Edge::Right, Edge::Bottom, Edge::Left];
    let mut out: Vec<Edge> = cut
        .iter()
        .enumerate()
        .filter(|(_, cut)| **cut)
        .filter_map(|(i, _)| edges.get((i + quarters) % 4).copied())
        .collect();
    out.sort_by_key(|edge| *edge as u8);
    out
}

/// How many rows the lines stand in: the words of a row may be lines of their own.
fn rows(lines: &Lines) -> usize {
    let mut rows: Vec<(f64, f64)> = lines.all.iter().map(|l| (l.y0, l.y1)).collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut count, mut foot) = (0, f64::NEG_INFINITY);
    for (y0, y1) in rows {
        if y0 > foot - (y1 - y0) / 2.0 {
            count += 1;
            foot = y1;
        }
    }
    count
}
