//! Which way characters stand, told by the characters themselves.
//!
//! Lines say how text runs and head and foot of characters which way up it is; where both leave a doubt, or say that a page is turned,
//! single characters are compared with those that are known, in all four directions. What is in figures or letters says nothing.

use super::{
    characters,
    glyphs::{self, Character},
    lines::Lines,
    overview::{Overview, Plane},
};
use crate::inspect::raster::{Grey, Raster};

/// Characters that are asked, at most.
const ASKED: usize = 12;
/// Fewer say nothing.
const ENOUGH: usize = 5;
/// Side of the square around a character, in heights of its line.
const AROUND: f64 = 1.45;
/// How sure characters are on average, in the direction in which they stand, at least; half of clean ones have more than 0.5.
const SURE: f64 = 0.2;
/// How many times as sure as in any other direction.
const CLEARLY: f64 = 1.7;

/// By how many quarters the frame has to be turned counter-clockwise until its characters stand upright; `None` where they do not say.
pub(super) fn turns(raster: &Raster, over: &Overview, ink: &Plane, lines: &Lines) -> Option<u8> {
    let characters = glyphs::characters(ink, lines, ASKED);
    let cut = |character: &Character| character.cut(raster, over, lines, AROUND);
    let squares: Vec<Grey> = characters.iter().filter_map(cut).take(ASKED).collect();
    if squares.len() < ENOUGH {
        return None;
    }
    let mut sums = [0.0; 4];
    for mut square in squares.iter().cloned() {
        for sum in &mut sums {
            let beside = (1.0 - 1.0 / AROUND) / 2.0;
            let margin = square.height as f64 * beside;
            *sum += characters::told(&square, margin.round() as usize);
            square = turned(&square);
        }
    }
    let mut ranked: Vec<(f64, u8)> = sums.into_iter().zip(0..).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    let [(best, quarters), (next, _), ..] = ranked[..] else {
        return None;
    };
    let sure = best > SURE * squares.len() as f64 && best > CLEARLY * next;
    sure.then_some(quarters)
}

/// Turned a quarter counter-clockwise.
fn turned(piece: &Grey) -> Grey {
    let (w, h) = (piece.width, piece.height);
    let at = |x: usize, y: usize| piece.data.get(y * w + x).copied().unwrap_or(255);
    let rows = (0..w).rev();
    let data = rows.flat_map(|x| (0..h).map(move |y| (x, y)));
    Grey {
        width: h,
        height: w,
        data: data.map(|(x, y)| at(x, y)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_counter_clockwise_brings_the_right_edge_to_the_top() {
        let piece = Grey {
            width: 3,
            height: 2,
            data: vec![1, 2, 3, 4, 5, 6],
        };
        let quarter = turned(&piece);
        assert_eq!((quarter.width, quarter.height), (2, 3));
        assert_eq!(quarter.data, [3, 6, 2, 5, 1, 4]);
        assert_eq!(turned(&turned(&turned(&quarter))).data, piece.data);
    }
}
