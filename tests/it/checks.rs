//! The promise of the check registry: what a fail fixture shows is reported, what a pass fixture shows is not.
//!
//! `fixtures/checks/<CODE>/pass-*.pdf`, `fail-*.pdf`, and `unsure-*.pdf` where the check must say that it could not tell. A folder may hold `case.toml`: `notice`, `slot`, `on` and
//! `[holder]` (`name`, `born`, `sex`, `id_number`) for checks that need them, or `no_fail = "why"` where no file can show the fault.

use std::path::{Path, PathBuf};

use juanzong::{
    checks::{self, Holder, Request},
    digest::Digest,
    finding::{Cost, Outcome, Report},
    inspect,
    limits::Limits,
    rulepack::Packs,
};

/// Families whose checks must all have fixtures; the others are held to those they have.
const WHOLE_FAMILIES: &[&str] = &["FM", "AC", "LM", "PG"];

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Case {
    notice: Option<String>,
    slot: Option<String>,
    on: Option<jiff::civil::Date>,
    holder: Option<CaseHolder>,
    no_fail: Option<String>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct CaseHolder {
    name: Option<String>,
    born: Option<jiff::civil::Date>,
    sex: Option<String>,
    id_number: Option<String>,
}

fn folder(code: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/checks")
        .join(code)
}

fn case(folder: &Path) -> Case {
    match std::fs::read_to_string(folder.join("case.toml")) {
        Ok(text) => toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", folder.display())),
        Err(_) => Case::default(),
    }
}

fn files(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default();
    files.retain(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(prefix) && name.ends_with(".pdf")
    });
    files.sort();
    files
}

fn judge(file: &Path, case: &Case, packs: &Packs) -> Report {
    let bytes = std::fs::read(file).unwrap();
    let sha256 = Digest::of(&bytes);
    let inspection = inspect::inspect(bytes, &Limits::DEFAULT);
    let holder = case.holder.as_ref().map(|holder| Holder {
        name: holder.name.clone(),
        born: holder.born,
        sex: holder.sex.clone(),
        id_number: holder.id_number.clone(),
    });
    let pack = case.notice.as_deref().map(|id| {
        packs
            .get(id)
            .unwrap_or_else(|| panic!("{}: no notice {id}", file.display()))
    });
    checks::report(Request {
        file_name: "fixture.pdf",
        sha256,
        inspection: &inspection,
        pack: pack.map(AsRef::as_ref),
        slot: case.slot.as_deref(),
        on: case.on.unwrap_or(jiff::civil::date(2024, 8, 20)),
        holder: holder.as_ref(),
        cost: Cost::default(),
    })
}

#[test]
fn each_check_reports_its_fail_fixtures_and_passes_its_pass_fixtures() {
    let packs = Packs::builtin();
    let mut wrong = Vec::new();
    for check in checks::all() {
        let code = check.rule.code.as_str();
        let folder = folder(code);
        let case = case(&folder);
        let (passes, fails) = (files(&folder, "pass-"), files(&folder, "fail-"));
        let unsure = files(&folder, "unsure-");
        if WHOLE_FAMILIES.contains(&check.rule.code.family()) {
            if passes.is_empty() {
                wrong.push(format!("{code} has no pass fixture"));
            }
            if fails.is_empty() && unsure.is_empty() && case.no_fail.is_none() {
                wrong.push(format!("{code} has no fail fixture"));
            }
        }
        for file in &unsure {
            let report = judge(file, &case, &packs);
            let ended = report.outcomes.iter().find(|o| o.code.as_str() == code);
            if !matches!(ended.map(|o| &o.outcome), Some(Outcome::CouldNotTell(_))) {
                wrong.push(format!("{}: {code} ended {ended:?}", file.display()));
            }
        }
        for (files, wanted) in [(&passes, false), (&fails, true)] {
            for file in files {
                let report = judge(file, &case, &packs);
                let found = report.findings.iter().any(|f| f.code.as_str() == code);
                // A pass fixture must not get by on "could not tell" either.
                let told = wanted
                    || !report.outcomes.iter().any(|o| {
                        o.code.as_str() == code && matches!(o.outcome, Outcome::CouldNotTell(_))
                    });
                if found != wanted || !told {
                    let all: Vec<_> = report
                        .findings
                        .iter()
                        .map(|f| format!("{} {}", f.code, f.message.en))
                        .collect();
                    wrong.push(format!(
                        "{}: {code} {}; found {all:?}",
                        file.display(),
                        if wanted {
                            "is not reported"
                        } else {
                            "is reported"
                        },
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_pass_fixture_of_the_format_and_active_families_is_accepted() {
    let packs = Packs::builtin();
    for code in ["FM101", "FM102", "AC101", "AC110", "LM101"] {
        for file in files(&folder(code), "pass-") {
            let report = judge(&file, &Case::default(), &packs);
            let errors: Vec<_> = report
                .findings
                .iter()
                .filter(|f| f.severity == juanzong::finding::Severity::Error)
                .filter(|f| ["FM", "AC", "LM"].contains(&f.code.family()))
                .collect();
            assert!(errors.is_empty(), "{}: {errors:?}", file.display());
            assert!(!report.not_checked.is_empty());
        }
    }
}
