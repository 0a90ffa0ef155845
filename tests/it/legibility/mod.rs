//! What a page is judged to be, whatever it is made of: drawn type, a picture of a screen, paper with hardly anything on it.

mod direction;
mod memory;
pub mod pages;
mod regions;
mod verdict;

use juanzong::{
    inspect::{inspect, legibility::LegibilityFacts},
    limits::Limits,
};

pub fn judged(bytes: Vec<u8>) -> LegibilityFacts {
    let mut inspection = inspect(bytes, &Limits::DEFAULT);
    assert_eq!(inspection.pages.len(), 1, "{:?}", inspection.opening);
    inspection.pages.remove(0).legibility.expect("measured")
}
