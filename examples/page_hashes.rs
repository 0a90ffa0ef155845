//! How far the hashes of one sheet scanned again lie apart, and how near those of other sheets come:
//! `cargo run --release --example page_hashes -- DIR`, where DIR was made by `make_fixtures second-scans DIR`.
//!
//! Prints for pairs of one sheet, for pairs of one form filled in by different people, and for other pairs the cells that differ in the
//! worst band, of a thousand that say something; and for limits around the one in force how many pairs each would judge wrongly. Exit 1 when the limit in force
//! takes two sheets for one, or misses more than one pair in fifty of one sheet.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::exit,
    clippy::print_stdout,
    reason = "a program of ours for the terminal: a fault shall stop it"
)]

use std::path::PathBuf;

use juanzong::{
    inspect::{PageHash, inspect},
    limits::Limits,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Scan {
    file: String,
    sheet: String,
    form: String,
}

impl Scan {
    /// The sheet's second digit.
    fn person(&self) -> Option<char> {
        self.sheet.chars().nth(1)
    }
}

#[derive(Default)]
struct Pairs {
    apart: Vec<usize>,
    same: usize,
    uncounted: usize,
}

impl Pairs {
    fn add(&mut self, a: &PageHash, b: &PageHash) {
        match a.difference(b) {
            Some(apart) => self.apart.push(apart.worst_band),
            None => self.uncounted += 1,
        }
        self.same += usize::from(a.same_page(b));
    }
    fn at(&self, share: f64) -> usize {
        let last = self.apart.len().saturating_sub(1);
        let at = (last as f64 * share).round() as usize;
        self.apart.get(at).copied().unwrap_or_default()
    }
}

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("a folder"));
    let text = std::fs::read_to_string(folder.join("expected.json")).unwrap();
    let scans: Vec<Scan> = serde_json::from_str(&text).unwrap();
    let hashed: Vec<(Scan, PageHash)> = scans
        .into_iter()
        .filter_map(|scan| {
            let bytes = std::fs::read(folder.join(&scan.file)).unwrap();
            let inspection = inspect(bytes, &Limits::DEFAULT);
            let hash = inspection.pages.into_iter().next()?.page_hash;
            if hash.is_none() {
                println!("{} has no hash", scan.file);
            }
            Some((scan, hash?))
        })
        .collect();
    let mut pairs: [(&str, Pairs); 3] = [
        ("one sheet, scanned again", Pairs::default()),
        ("one form, filled in by another person", Pairs::default()),
        ("other pages", Pairs::default()),
    ];
    for (i, (a, hash)) in hashed.iter().enumerate() {
        for (b, other) in hashed.iter().skip(i + 1) {
            // The same words in another font are neither one sheet nor another paper.
            if a.form == b.form && a.sheet != b.sheet && a.person() == b.person() {
                continue;
            }
            let kind = if a.sheet == b.sheet {
                0
            } else if a.form == b.form {
                1
            } else {
                2
            };
            if let Some((_, of_kind)) = pairs.get_mut(kind) {
                of_kind.add(hash, other);
                if (kind == 0) != hash.same_page(other) {
                    println!("{} and {}: {:?}", a.file, b.file, hash.difference(other));
                }
            }
        }
    }
    for (name, of_kind) in &mut pairs {
        of_kind.apart.sort_unstable();
        println!(
            "{name}: {} pairs, of 1000 cells of the worst band differ: least {}, one in a hundred {}, median {}, 99 in a hundred {}, most {}; judged one page {}",
            of_kind.apart.len(),
            of_kind.at(0.0),
            of_kind.at(0.01),
            of_kind.at(0.5),
            of_kind.at(0.99),
            of_kind.at(1.0),
            of_kind.same
        );
    }
    for limit in (60..=300).step_by(20) {
        let above = |p: &Pairs| p.apart.iter().filter(|n| **n > limit).count();
        let [(_, one), (_, form), (_, other)] = &pairs;
        println!(
            "limit {limit}: {} of {} pairs of one sheet missed, {} of one form and {} other pairs taken for one",
            above(one),
            one.apart.len(),
            form.apart.len() - above(form),
            other.apart.len() - above(other)
        );
    }
    let [(_, one), (_, form), (_, other)] = &pairs;
    let missed = one.apart.len() + one.uncounted - one.same;
    let failed = form.same + other.same > 0 || missed * 50 > one.apart.len() + one.uncounted;
    std::process::exit(i32::from(failed));
}
