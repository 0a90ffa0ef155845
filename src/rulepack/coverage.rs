//! Every clause of every notice, and what becomes of it: checked by a code, done by a feature, or somebody's own duty.
//!
//! The list is kept by hand in `rules/coverage/<id>.tsv`; the clauses are read out of the notice's own text in
//! `rules/notices/<id>.txt`. A test holds one against the other; `docs/coverage.md` is printed from the list.

use std::fmt::Write as _;

use super::{Packs, packs::RULES};

/// One clause and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The clause, for example `四(三)`.
    pub clause: String,
    /// Its first words.
    pub words: String,
    /// Codes that check it.
    pub codes: Vec<String>,
    /// Features that do it.
    pub features: Vec<String>,
    /// Whose own duty it is: `applicant`, `unit` or `office`.
    pub duty: Option<String>,
    /// Why, or what is left to people.
    pub why: String,
}

/// The list of a notice; empty where there is none.
pub fn of(id: &str) -> Vec<Covered> {
    let text = RULES
        .get_file(format!("coverage/{id}.tsv"))
        .and_then(include_dir::File::contents_utf8)
        .unwrap_or_default();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut cells = line.split('\t').map(str::trim);
            let mut cell = || cells.next().unwrap_or_default().to_owned();
            let (clause, words) = (cell(), cell());
            let list = |text: String| -> Vec<String> {
                let parts = text.split(',').map(str::trim);
                parts
                    .filter(|part| !part.is_empty())
                    .map(str::to_owned)
                    .collect()
            };
            Covered {
                clause,
                words,
                codes: list(cell()),
                features: list_outside_brackets(&cell()),
                duty: Some(cell()).filter(|duty| !duty.is_empty()),
                why: cell(),
            }
        })
        .collect()
}

/// Parts between commas, commas in brackets apart.
fn list_outside_brackets(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_i32;
    for c in text.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if c == ',' && depth == 0 {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    let trimmed = parts.iter().map(|part| part.trim().to_owned());
    trimmed.filter(|part| !part.is_empty()).collect()
}

/// The text of a notice.
pub fn notice_text(id: &str) -> Option<&'static str> {
    RULES.get_file(format!("notices/{id}.txt"))?.contents_utf8()
}

/// The clauses of a notice in the order of its text: 一、 （一） 1. (1), and the volumes of 004.
pub fn clauses(text: &str) -> Vec<String> {
    const DIGITS: &str = "一二三四五六七八九十";
    let mut path: [String; 4] = Default::default();
    let mut out = Vec::new();
    for line in text.lines() {
        if line.contains('\t') {
            continue; // a row of a table
        }
        let line = line
            .trim()
            .trim_start_matches(['#', '*', '-', ' ', '\t'])
            .replace("**", "");
        let chinese: String = line.chars().take_while(|c| DIGITS.contains(*c)).collect();
        let rest = line.get(chinese.len()..).unwrap_or_default();
        let in_article = path.first().is_some_and(|part| !part.is_empty());
        if !chinese.is_empty() && rest.starts_with('、') {
            path = [chinese, String::new(), String::new(), String::new()];
        } else if let Some(inner) = bracketed(&line).filter(|_| in_article) {
            if inner.chars().all(|c| DIGITS.contains(c)) {
                set(&mut path, 1, format!("({inner})"));
            } else if inner.chars().all(|c| c.is_ascii_digit()) {
                set(&mut path, 3, format!("({inner})"));
            } else {
                continue;
            }
        } else if let Some(number) = numbered(&line).filter(|_| in_article) {
            set(&mut path, 2, number);
        } else if let Some(volume) = line.strip_prefix('第').and_then(|rest| {
            rest.strip_suffix("装订顺序：")
                .or(rest.strip_suffix("装订顺序:"))
        }) {
            let number = path
                .get(2)
                .and_then(|n| n.split(' ').next())
                .unwrap_or_default();
            let part = format!("{number} 第{volume}");
            set(&mut path, 2, part);
        } else {
            continue;
        }
        out.push(path.concat());
    }
    out
}

fn set(path: &mut [String; 4], at: usize, part: String) {
    for (index, place) in path.iter_mut().enumerate() {
        if index == at {
            place.clone_from(&part);
        } else if index > at {
            place.clear();
        }
    }
}

/// What stands in the brackets a line begins with.
fn bracketed(line: &str) -> Option<String> {
    let rest = line.strip_prefix(['（', '('])?;
    let (inner, _) = rest.split_once(['）', ')'])?;
    let inner = inner.trim();
    (!inner.is_empty() && inner.chars().count() <= 3).then(|| inner.to_owned())
}

/// The number of `1.` or `1、` that a line begins with, text following.
fn numbered(line: &str) -> Option<String> {
    let digits: String = line.chars().take_while(char::is_ascii_digit).collect();
    if digits.is_empty() || digits.len() > 2 {
        return None;
    }
    let rest = line.get(digits.len()..)?.strip_prefix(['.', '、', '．'])?;
    let next = rest.trim_start().chars().next()?;
    (!next.is_ascii_digit()).then_some(digits)
}

/// `docs/coverage.md`.
pub fn markdown(packs: &Packs) -> String {
    let mut out = String::from(
        "# Coverage\n\nEvery clause of every notice: checked by a code, done by a feature, or whose own duty and why. Printed by\n\
         `cargo run --release --example write_docs` from `rules/coverage/`; a test fails when a clause of `rules/notices/` has no line\n\
         or this page is not the printed one. Codes: `juanzong explain CODE`.\n",
    );
    for pack in packs.iter() {
        let _ = write!(
            out,
            "\n## {}\n\n{} · `{}`\n\n| clause | begins | checked by | done by | duty of | note |\n|---|---|---|---|---|---|\n",
            pack.title.zh, pack.cite_as, pack.id
        );
        for line in of(&pack.id) {
            let duty = line.duty.unwrap_or_default();
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {duty} | {} |",
                line.clause,
                line.words.replace('|', "/"),
                line.codes.join(" "),
                line.features.join("; "),
                line.why
            );
        }
    }
    out
}
