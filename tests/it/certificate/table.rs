//! `docs/certificate-tests.md` names a test for every id of the design's list, and each of them is there.

use std::{fs, path::Path};

fn sources(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_test_of_the_table_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/certificate-tests.md")).unwrap();
    let mut code = String::new();
    for folder in [
        "src/certificate",
        "src/verify",
        "src/witness",
        "src/http",
        "tests/it",
    ] {
        sources(&root.join(folder), &mut code);
    }
    let programs = ["flip", "peers", "walk", "page"];
    let mut named = 0;
    for row in page
        .lines()
        .filter(|line| line.starts_with("| ") && line.contains('`'))
    {
        let held = row.split('|').nth(2).unwrap();
        for name in held.split('`').skip(1).step_by(2) {
            named += 1;
            assert!(
                programs.contains(&name) || code.contains(&format!("fn {name}(")),
                "{name} of `{row}` is nowhere"
            );
        }
    }
    assert!(named > 60, "{named}");
    for (letter, most) in [
        ('A', 24),
        ('B', 12),
        ('C', 9),
        ('E', 14),
        ('D', 12),
        ('F', 8),
        ('G', 14),
        ('H', 6),
        ('I', 6),
    ] {
        for number in 1..=most {
            let id = format!("{letter}{number}");
            let rows = page.lines().filter(|line| line.starts_with("| "));
            let mut ids = rows.flat_map(|row| row.split('|').nth(1).unwrap().split_whitespace());
            let within = |text: &str| {
                let (from, to) = text.split_once('–').unwrap_or((text, text));
                let number_of =
                    |t: &str| t.strip_prefix(letter).and_then(|n| n.parse::<u32>().ok());
                matches!((number_of(from), number_of(to)), (Some(a), Some(b)) if (a..=b).contains(&number))
            };
            assert!(ids.any(within), "{id} stands in no row");
        }
    }
}
