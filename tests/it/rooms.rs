//! The rooms of `src/` and the arrows between them: a room uses rooms before it, never a later one or a face.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The order data flows (docs/ARCHITECTURE.md). Shared nouns may be used by all.
const NOUNS: &[&str] = &[
    "units",
    "limits",
    "clock",
    "digest",
    "lang",
    "config",
    "error_code",
    "font_files",
];
const ROOMS: &[&str] = &[
    "store",
    "intake",
    "inspect",
    "finding",
    "sandbox",
    "rulepack",
    "recognise",
    "checks",
    "eligibility",
    "dossier",
    "typeset",
    "bind",
    "certificate",
    "verify",
    "witness",
    "http",
    "cli",
];

/// What lives in few rooms only: a crate, and the rooms that may name it.
const AT_HOME: &[(&str, &[&str])] = &[
    ("actix_web", &["http"]),
    ("actix_multipart", &["http"]),
    ("clap", &["cli"]),
    ("sqlx", &["store"]),
    ("typst", &["typeset"]),
    ("typst_pdf", &["typeset"]),
    ("hayro", &["inspect", "bind"]),
    ("hayro_syntax", &["inspect", "bind"]),
    ("hayro_interpret", &["inspect"]),
    ("lopdf", &["bind", "certificate"]),
    ("landlock", &["sandbox"]),
    ("seccompiler", &["sandbox"]),
];

fn source_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.ends_with("tests") {
            // Unit tests of a room, when they are many.
        } else if path.is_dir() {
            source_files(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
            into.push(path);
        }
    }
}

/// The room a file belongs to: the first part of its path below `src/`.
fn room_of(path: &Path) -> Option<String> {
    let below = path
        .strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
        .ok()?;
    let first = below.components().next()?.as_os_str().to_str()?;
    Some(first.trim_end_matches(".rs").to_owned())
}

/// The code of a file up to its unit tests, comments apart.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text
        .split("\n#[cfg(test)]\nmod tests")
        .next()
        .unwrap_or_default();
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// All names that follow `crate::`, braces opened.
fn rooms_used(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back().unwrap_or(' ');
        if before == '$' || before.is_alphanumeric() || before == '_' || before == ':' {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        let mut names = vec![rest];
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 1_i32;
            let parts = list.split_inclusive(['{', '}', ',']).take_while(|part| {
                let open = depth > 0;
                depth += i32::from(part.ends_with('{')) - i32::from(part.ends_with('}'));
                open
            });
            // A part begins a path of the list only where the part before it closed at the outermost depth.
            let mut inside = 1_i32;
            names.clear();
            for part in parts {
                if inside == 1 {
                    names.push(part.trim_start());
                }
                inside += i32::from(part.ends_with('{')) - i32::from(part.ends_with('}'));
            }
        }
        used.extend(names.into_iter().map(|name| {
            name.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect::<String>()
        }));
    }
    used.remove("");
    used
}

fn all_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    source_files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    files
}

#[test]
fn arrows_point_one_way() {
    let mut wrong = Vec::new();
    for path in all_files() {
        let Some(at) = room_of(&path).and_then(|room| ROOMS.iter().position(|r| *r == room)) else {
            continue;
        };
        for used in rooms_used(&code(&path)) {
            if let Some(other) = ROOMS.iter().position(|room| *room == used)
                && other > at
            {
                wrong.push(format!("{} uses the later room `{used}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_is_known_here_and_in_the_architecture() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ARCHITECTURE.md"))
            .unwrap();
    for path in all_files() {
        let room = room_of(&path).unwrap();
        if ["lib", "main"].contains(&room.as_str()) {
            continue;
        }
        assert!(
            ROOMS.contains(&room.as_str()) || NOUNS.contains(&room.as_str()),
            "src/{room} stands in no list"
        );
        assert!(
            page.contains(&format!("`{room}`")),
            "docs/ARCHITECTURE.md does not tell of `{room}`"
        );
    }
}

#[test]
fn heavy_crates_stay_at_home() {
    let mut wrong = Vec::new();
    for path in all_files() {
        let room = room_of(&path).unwrap();
        let code = code(&path);
        for (name, homes) in AT_HOME {
            let named = ["use ", " ", "(", "<", "&", "\n"]
                .iter()
                .any(|before| code.contains(&format!("{before}{name}::")));
            if named && !homes.contains(&room.as_str()) {
                wrong.push(format!("{} names `{name}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn verify_uses_nothing_that_made_the_file() {
    for path in all_files() {
        if room_of(&path).as_deref() == Some("verify") {
            let used = rooms_used(&code(&path));
            assert!(
                !used.contains("bind") && !used.contains("typeset"),
                "{}",
                path.display()
            );
        }
    }
}

#[test]
fn the_reader_of_arrows_reads_them() {
    let used = rooms_used(
        "use crate::{finding::{Code, x}, rulepack::Pack, lang};\nlet a = crate::bind::plan();",
    );
    let expected = ["finding", "rulepack", "lang", "bind"].map(str::to_owned);
    assert_eq!(used, BTreeSet::from(expected));
}
