//! The report files of `fixtures/chsi/`: every kind and layout by every writer, variants, and defects; and what must be read.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use serde_json::{Value, json};

use super::{
    defects::defects,
    draw::Page,
    layouts::Report,
    reports::{all_layouts, degree_c, education_c},
    variants::variants,
    writers::{Writer, write},
};

/// One file.
pub struct Case {
    pub file: String,
    pub writer: &'static str,
    pub what: String,
    /// `None` for a file made elsewhere, kept in the folder.
    pub bytes: Option<Vec<u8>>,
    pub kind: &'static str,
    pub fields: BTreeMap<String, String>,
    /// Names of oddities, with the field.
    pub odd: Vec<(&'static str, Option<&'static str>)>,
    /// Certainty of every field.
    pub certainty: &'static str,
    /// Fields that are suspect all the same.
    pub suspect: Vec<&'static str>,
    /// Whether a photograph stands on it; `None` where nobody asks (old certification reports, text under a picture).
    pub photo: Option<bool>,
}

pub fn case(
    name: &str,
    writer: Writer,
    what: &str,
    report: &Report,
    odd: &[(&'static str, Option<&'static str>)],
) -> Case {
    drawn(name, writer, what, report, &[report.draw()], odd)
}

pub fn drawn(
    name: &str,
    writer: Writer,
    what: &str,
    report: &Report,
    pages: &[Page],
    odd: &[(&'static str, Option<&'static str>)],
) -> Case {
    let withheld = report
        .rows
        .iter()
        .filter(|row| row.printed == "＊" && !row.field.is_empty())
        .map(|row| ("unknown_by_issuer", Some(row.field)));
    let mut all: Vec<_> = withheld.collect();
    all.extend_from_slice(odd);
    Case {
        file: format!("{name}-{}.pdf", writer.name()),
        writer: writer.name(),
        what: what.to_owned(),
        bytes: Some(write(writer, pages)),
        kind: report.wire_kind(),
        fields: report.expected(),
        odd: all,
        certainty: "certain",
        suspect: odd
            .iter()
            .filter(|(what, _)| *what == "verification_code_suspect")
            .filter_map(|(_, field)| *field)
            .collect(),
        photo: report
            .wire_kind()
            .starts_with("chsi_")
            .then_some(())
            .filter(|()| !report.wire_kind().ends_with("_certification"))
            .map(|()| pages.first().is_some_and(Page::has_photo)),
    }
}

/// Prints by Chromium, made once (recipe in `fixtures/README.md`).
fn printed_by_chromium(cases: &mut Vec<Case>) {
    let mut add = |file: &str,
                   what: &str,
                   report: &Report,
                   odd: &[(&'static str, Option<&'static str>)],
                   gone: &[&str]| {
        let mut fields = report.expected();
        for field in gone {
            fields.remove(*field);
        }
        cases.push(Case {
            file: file.to_owned(),
            writer: "chromium",
            what: what.to_owned(),
            bytes: None,
            kind: report.wire_kind(),
            fields,
            odd: odd.to_vec(),
            certainty: "certain",
            suspect: odd
                .iter()
                .filter(|(what, _)| *what == "verification_code_suspect")
                .filter_map(|(_, field)| *field)
                .collect(),
            photo: Some(true),
        });
    };
    add(
        "education-c-chromium.pdf",
        "layout (c) as a table, printed by Chromium",
        &education_c(),
        &[],
        &[],
    );
    add(
        "degree-c-chromium.pdf",
        "layout (c), printed by Chromium",
        &degree_c(),
        &[],
        &[],
    );
    add(
        "bad-browser-print-chromium.pdf",
        "the web page printed: name and conclusion are images",
        &education_c(),
        &[
            ("name_is_an_image", Some("name")),
            ("value_is_an_image", Some("conclusion")),
        ],
        &["name", "conclusion"],
    );
}

pub fn make(fixtures: &Path) {
    let mut cases = Vec::new();
    for writer in Writer::ALL {
        for (name, report) in all_layouts() {
            cases.push(case(name, writer, "every row", &report, &[]));
        }
    }
    variants(&mut cases);
    defects(&mut cases);
    printed_by_chromium(&mut cases);
    cases.sort_by(|a, b| a.file.cmp(&b.file));

    let folder = fixtures.join("chsi");
    let mut list = Vec::new();
    for case in &cases {
        if let Some(bytes) = &case.bytes {
            crate::write(&folder.join(&case.file), bytes);
        }
        let odd: Vec<Value> = case
            .odd
            .iter()
            .map(|(what, field)| json!([what, field]))
            .collect();
        list.push(json!({
            "file": case.file, "writer": case.writer, "what": case.what, "kind": case.kind,
            "fields": case.fields, "oddities": odd, "certainty": case.certainty, "suspect": case.suspect, "photo": case.photo,
        }));
    }
    let text = serde_json::to_string_pretty(&list).expect("plain values");
    crate::write(&folder.join("expected.json"), (text + "\n").as_bytes());
    table(&fixtures.join("../docs/chsi.md"), &cases);
}

/// The table of `docs/chsi.md`, between its marks: every field of every file.
fn table(path: &Path, cases: &[Case]) {
    let mut table = String::from(
        "| file | shows | kind | fields, each to be read so | photo | oddities |\n|---|---|---|---|---|---|\n",
    );
    for case in cases {
        let odd: Vec<String> = case
            .odd
            .iter()
            .map(|(what, field)| {
                field.map_or_else(|| (*what).to_owned(), |field| format!("{what} ({field})"))
            })
            .collect();
        let photo = match case.photo {
            Some(true) => "yes",
            Some(false) => "no",
            None => "–",
        };
        let _ = writeln!(
            table,
            "| `{}` | {} | `{}` | {} | {photo} | {} |",
            case.file,
            case.what,
            case.kind,
            listed(&case.fields),
            odd.join("; ")
        );
    }
    between_marks(path, "table", &table);
}

/// Fields and values, as a cell of a table.
pub fn listed(fields: &BTreeMap<String, String>) -> String {
    let all: Vec<String> = fields
        .iter()
        .map(|(field, value)| format!("{field} {value}"))
        .collect();
    all.join("; ")
}

/// Puts `table` between `<!-- mark -->` and `<!-- /mark -->` of a document.
pub fn between_marks(path: &Path, mark: &str, table: &str) {
    let text = fs::read_to_string(path).expect("docs/chsi.md");
    let (begin, end) = (format!("<!-- {mark} -->\n"), format!("<!-- /{mark} -->"));
    let (head, rest) = text.split_once(&begin).expect("a mark");
    let (_, tail) = rest.split_once(&end).expect("a mark");
    fs::write(path, format!("{head}{begin}{table}{end}{tail}")).expect("a file");
}
