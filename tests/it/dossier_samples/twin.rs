//! A sample dossier judged as the program judges it, and changed in one place.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex},
};

use jiff::civil::{Date, date};
use juanzong::{
    checks::{self, Holder, Request},
    digest::Digest,
    dossier::{self, Absent, CheckedItem, Dossier, Item},
    finding::{Cost, Finding, Report, Severity},
    inspect::{self, Inspection},
    limits::Limits,
    rulepack::{Circumstance, Pack, Packs},
};

static PACKS: LazyLock<Packs> = LazyLock::new(Packs::builtin);

pub(super) fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sample")
}

/// One sample: its dossier file and the day it is made for.
pub(super) fn sample(number: &str) -> (PathBuf, Date) {
    let file = match number {
        "004" => "004/dossier.toml".to_owned(),
        other => format!("{other}.toml"),
    };
    let on = match number {
        "000" => date(2023, 6, 1),
        "001" => date(2023, 10, 10),
        "003" => date(2024, 3, 5),
        _ => date(2024, 8, 20),
    };
    (samples().join(file), on)
}

/// Facts of a file: looked at once, whatever it is judged for.
fn inspected(path: &Path) -> (Digest, Arc<Inspection>) {
    static SEEN: Mutex<BTreeMap<Digest, Arc<Inspection>>> = Mutex::new(BTreeMap::new());
    let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let sha256 = Digest::of(&bytes);
    if let Some(known) = SEEN.lock().unwrap().get(&sha256) {
        return (sha256, Arc::clone(known));
    }
    let inspection = Arc::new(inspect::inspect(bytes, &Limits::DEFAULT));
    SEEN.lock().unwrap().insert(sha256, Arc::clone(&inspection));
    (sha256, inspection)
}

fn judged(pack: &Pack, dossier: &Dossier, item: &Item, on: Date) -> CheckedItem {
    let (sha256, inspection) = inspected(&item.file);
    let applicant = &dossier.applicant;
    let holder = Holder {
        name: Some(applicant.name.clone()),
        born: applicant.born,
        sex: applicant.sex.clone(),
        id_number: applicant.id_number.clone(),
    };
    let file_name = item
        .file
        .file_name()
        .unwrap()
        .to_string_lossy()
        .into_owned();
    let report: Report = checks::report(Request {
        file_name: &file_name,
        sha256,
        inspection: &inspection,
        pack: Some(pack),
        slot: Some(&item.slot),
        on,
        holder: Some(&holder),
        cost: Cost::default(),
    });
    CheckedItem {
        slot: item.slot.clone(),
        title: item.title.clone().unwrap_or_default(),
        note: item.note.clone(),
        file_name,
        path: item.file.clone(),
        sha256,
        pages: report.pages.unwrap_or(0),
        report: Arc::new(report),
        margins: None,
    }
}

/// A dossier to be spoilt.
pub(super) struct Twin {
    pub(super) dossier: Dossier,
    pub(super) on: Date,
    pack: Arc<Pack>,
}

impl Twin {
    pub(super) fn of(number: &str) -> Twin {
        let (path, on) = sample(number);
        let dossier = dossier::read(&path).unwrap_or_else(|e| panic!("{e}"));
        let pack = Arc::clone(PACKS.get(&dossier.notice).unwrap());
        Twin { dossier, on, pack }
    }
    /// The errors that stand against it: the code of the dossier rule and its slot, or for a refused file its own codes.
    pub(super) fn errors(&self) -> (Vec<String>, Vec<Finding>) {
        let papers: Vec<CheckedItem> = self
            .dossier
            .items
            .iter()
            .map(|item| judged(&self.pack, &self.dossier, item, self.on))
            .collect();
        match dossier::check(&self.dossier, &self.pack, papers, self.on) {
            Ok(checked) => (Vec::new(), checked.remarks().to_vec()),
            Err(incomplete) => {
                let errors = incomplete.findings.iter();
                let errors = errors.filter(|finding| finding.severity == Severity::Error);
                (errors.map(named).collect(), incomplete.findings)
            }
        }
    }
    pub(super) fn remove(&mut self, slot: &str) {
        let before = self.dossier.items.len();
        self.dossier.items.retain(|item| item.slot != slot);
        assert!(self.dossier.items.len() < before, "nothing in {slot}");
    }
    pub(super) fn remove_file(&mut self, end: &str) {
        let before = self.dossier.items.len();
        self.dossier.items.retain(|item| !item.file.ends_with(end));
        assert_eq!(self.dossier.items.len() + 1, before, "{end}");
    }
    pub(super) fn add(&mut self, slot: &str, file: &str) {
        self.dossier.items.push(Item {
            slot: slot.to_owned(),
            file: samples().join("..").join(file),
            title: None,
            note: None,
        });
    }
    pub(super) fn replace(&mut self, end: &str, file: &str) {
        let mut items = self.dossier.items.iter_mut();
        let item = items.find(|item| item.file.ends_with(end));
        item.unwrap_or_else(|| panic!("no {end}")).file = samples().join("..").join(file);
    }
    pub(super) fn circumstances(&mut self, change: impl Fn(&mut Vec<Circumstance>)) {
        change(self.dossier.applicant.circumstances.as_mut().unwrap());
    }
    pub(super) fn absent(&mut self, slot: &str) {
        self.dossier.absent.push(Absent {
            slot: slot.to_owned(),
            reason: "遗失".to_owned(),
        });
    }
}

/// An error as the tables below write it: `DS101 identity`, `CH103 degree`, `DS107`.
fn named(finding: &Finding) -> String {
    let slot = finding.expected.get("slot").and_then(|slot| slot.as_str());
    let codes = match finding
        .measured
        .get("codes")
        .and_then(|codes| codes.as_array())
    {
        Some(codes) => {
            let codes: Vec<&str> = codes.iter().map(|code| code.as_str().unwrap()).collect();
            codes.join("+")
        }
        None => finding.code.to_string(),
    };
    match slot {
        Some(slot) => format!("{codes} {slot}"),
        None => codes,
    }
}
