//! Time of an inspection in a warm worker, whole and without legibility: `report_time PROGRAM FILE...` (see `bench/text_report.sh`).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program of ours for the terminal: a fault shall stop it"
)]

use std::{fs::File, path::PathBuf, time::Instant};

use juanzong::{
    limits::Limits,
    sandbox::{Pool, PoolConfig},
};

/// Inspections of each file; the first few warm the worker.
const TIMES: usize = 40;

fn main() {
    let mut arguments = std::env::args().skip(1).map(PathBuf::from);
    let program = arguments.next().expect("the built program");
    let program = program.canonicalize().unwrap();
    let pool = |limits: Limits| {
        Pool::start(PoolConfig {
            program: program.clone(),
            workers: 1,
            limits,
            ..PoolConfig::new().unwrap()
        })
        .unwrap()
    };
    let whole = pool(Limits::DEFAULT);
    let without = pool(Limits {
        measured_pixels: 0,
        measured_pixels_per_byte: 0,
        ..Limits::DEFAULT
    });
    for path in arguments {
        let file = File::open(&path).unwrap();
        println!(
            "{}: {:.1} ms, without legibility {:.1} ms",
            path.display(),
            median(&whole, &file),
            median(&without, &file)
        );
    }
}

fn median(pool: &Pool, file: &File) -> f64 {
    let mut times: Vec<f64> = (0..TIMES)
        .map(|_| {
            let started = Instant::now();
            pool.inspect(file).unwrap();
            started.elapsed().as_secs_f64() * 1e3
        })
        .skip(5)
        .collect();
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
