//! Prints how long it takes to load and check all built-in rule packs: the median of 21 runs, in milliseconds. For `bench/packs.sh`.

#![allow(
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a program of ours for the terminal"
)]

use std::time::Instant;

use juanzong::rulepack::Packs;

fn main() {
    let mut runs: Vec<f64> = (0..21)
        .map(|_| {
            let start = Instant::now();
            let count = Packs::builtin().iter().count();
            let took = start.elapsed().as_secs_f64() * 1_000.0;
            assert!(count > 0, "no packs are built in");
            took
        })
        .collect();
    runs.sort_by(f64::total_cmp);
    println!(
        "all packs loaded in {:.1} ms (median of {})",
        runs[runs.len() / 2],
        runs.len()
    );
}
