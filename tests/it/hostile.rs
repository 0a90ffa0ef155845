//! Damaged files: whatever is flipped, cut or put in, there is an answer, and never a panic.

use std::path::{Path, PathBuf};

use juanzong::{inspect::inspect, limits::Limits};
use proptest::prelude::*;

#[path = "../../fuzz/targets.rs"]
mod targets;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pdfs_below(folder: &Path, most_bytes: u64) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut todo = vec![folder.to_owned()];
    while let Some(folder) = todo.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let entry = entry.unwrap();
            let path = entry.path();
            if path.is_dir() {
                todo.push(path);
            } else if entry.metadata().unwrap().len() <= most_bytes {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[derive(Clone, Debug)]
enum Change {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index, usize),
    Insert(prop::sample::Index, Vec<u8>),
    Double(prop::sample::Index, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), 1_u8..).prop_map(|(at, bits)| Change::Flip(at, bits)),
        (at(), 1_usize..200).prop_map(|(at, len)| Change::Cut(at, len)),
        (at(), prop::collection::vec(any::<u8>(), 1..20))
            .prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (
            at(),
            "[0-9]{1,12}|<<|>>|\\[|\\]|\\(|R|obj|stream|/Length|null"
        )
            .prop_map(|(at, word)| Change::Insert(at, word.into_bytes())),
        (at(), 1_usize..400).prop_map(|(at, len)| Change::Double(at, len)),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    if bytes.is_empty() {
        return;
    }
    let len = bytes.len();
    match change {
        Change::Flip(at, bits) => bytes[at.index(len)] ^= bits,
        Change::Cut(at, count) => {
            let from = at.index(len);
            bytes.drain(from..(from + count).min(len));
        }
        Change::Insert(at, more) => {
            let at = at.index(len);
            bytes.splice(at..at, more.iter().copied());
        }
        Change::Double(at, count) => {
            let from = at.index(len);
            let copy = bytes[from..(from + count).min(len)].to_vec();
            bytes.splice(from..from, copy);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]
    #[test]
    fn a_changed_fixture_is_answered(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec(change(), 1..8),
    ) {
        let mut seeds = pdfs_below(&root().join("fixtures/checks"), 20_000);
        seeds.extend(pdfs_below(&root().join("fixtures/bad"), 20_000));
        prop_assume!(!seeds.is_empty());
        let mut bytes = std::fs::read(&seeds[which.index(seeds.len())]).unwrap();
        for change in &changes {
            apply(&mut bytes, change);
        }
        targets::inspect(&bytes);
    }

    #[test]
    fn a_changed_seed_of_any_target_is_answered(
        target in 1..targets::TARGETS.len(),
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec(change(), 1..8),
    ) {
        let (name, run) = targets::TARGETS[target];
        let seeds = pdfs_below(&root().join("fuzz/seeds").join(name), u64::MAX);
        let mut bytes = std::fs::read(&seeds[which.index(seeds.len())]).unwrap();
        for change in &changes {
            apply(&mut bytes, change);
        }
        run(&bytes);
    }
}

#[test]
fn seeds_and_crashers_of_the_fuzzer_are_answered() {
    for (name, run) in targets::TARGETS {
        let seeds = pdfs_below(&root().join("fuzz/seeds").join(name), u64::MAX);
        assert!(!seeds.is_empty(), "{name} has no seeds");
        let crashers = pdfs_below(&root().join("fuzz/crashers").join(name), u64::MAX);
        for file in seeds.iter().chain(&crashers) {
            run(&std::fs::read(file).unwrap());
        }
    }
    // Crashers of the inspection met the limits of the service, not the small ones.
    for file in pdfs_below(&root().join("fuzz/crashers/inspect"), u64::MAX) {
        let answer = inspect(std::fs::read(&file).unwrap(), &Limits::DEFAULT);
        assert!(serde_json::to_string(&answer).is_ok(), "{}", file.display());
    }
}
