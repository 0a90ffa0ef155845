//! One pack file: text in, a [`Pack`] or everything that is wrong with it out.

use serde::Deserialize;
use serde_json::Value;

use super::{
    CertificateWords, CheckEntry, CheckSettings, Committees, Contact, CorrectionsRule, Cutoff, Fee,
    Mail, Pack, Penalty, Slot, Specialty, Volume, Way, Window,
    agree::cross_check,
    eligibility::Eligibility,
    error::Problem,
    known,
    pack_shape::PACK,
    read::{
        Source,
        Step::{At, Key},
    },
};
use crate::{
    digest::Digest,
    finding::{Code, Severity},
    lang::Bilingual,
};

/// A pack as it is written, fitting the shape; what shapes cannot say is looked at afterwards.
#[derive(Deserialize)]
pub(super) struct Written {
    pub(super) id: String,
    pub(super) version: u32,
    pub(super) title: Bilingual,
    pub(super) document_number: Option<String>,
    pub(super) cite_as: String,
    pub(super) issuer: String,
    pub(super) issued_on: Option<jiff::civil::Date>,
    pub(super) way: Way,
    #[serde(default)]
    pub(super) volume: Vec<Volume>,
    pub(super) slot: Vec<Slot>,
    pub(super) window: Vec<Window>,
    #[serde(default)]
    pub(super) cutoff: Vec<Cutoff>,
    #[serde(default)]
    pub(super) specialty: Vec<Specialty>,
    pub(super) check: Vec<Value>,
    #[serde(default)]
    pub(super) fee: Vec<Fee>,
    #[serde(default)]
    pub(super) penalty: Vec<Penalty>,
    pub(super) mail: Option<Mail>,
    pub(super) certificate: Option<CertificateWords>,
    pub(super) contact: Option<Contact>,
    pub(super) eligibility: Option<Eligibility>,
    pub(super) committees: Option<Committees>,
    pub(super) corrections: Option<CorrectionsRule>,
}

#[derive(Deserialize)]
pub(super) struct WrittenCheck {
    pub(super) code: String,
    pub(super) severity: Option<Severity>,
    #[serde(default)]
    pub(super) slots: Vec<String>,
    pub(super) required: Option<bool>,
    pub(super) clause: String,
}

/// Loads a pack from the text of its file. `stem` is the file's name without `.toml`: the pack's id, or `<id>@<version>`.
pub fn load(file: &str, stem: &str, text: &str) -> Result<Pack, Vec<Problem>> {
    let mut source = Source::parse(file, text);
    let value = source.fit(PACK);
    if source.has_problems() {
        return Err(source.problems());
    }
    let written: Written = match serde_json::from_value(value) {
        Ok(written) => written,
        Err(error) => {
            // The shape let something through that the types refuse: still an answer, never a panic.
            source.wrong(&[], format!("无法读取：{error}"), error.to_string());
            return Err(source.problems());
        }
    };
    let checks = checks(&written, &mut source);
    cross_check(&written, stem, &mut source);
    if source.has_problems() {
        return Err(source.problems());
    }
    let mut slots = written.slot;
    // Binding order: volumes by number, then what is not bound; the file's order within each.
    slots.sort_by_key(|slot| slot.volume.unwrap_or(u8::MAX));
    let mut volumes = written.volume;
    volumes.sort_by_key(|volume| volume.number);
    Ok(Pack {
        id: written.id,
        version: written.version,
        title: written.title,
        document_number: written.document_number,
        cite_as: written.cite_as,
        issuer: written.issuer,
        issued_on: written.issued_on,
        way: written.way,
        sha256: Digest::of(text.as_bytes()),
        volumes,
        slots,
        windows: written.window,
        cutoffs: written.cutoff,
        specialties: written.specialty,
        checks,
        fees: written.fee,
        penalties: written.penalty,
        mail: written.mail,
        certificate: written.certificate,
        contact: written.contact,
        eligibility: written.eligibility,
        committees: written.committees,
        corrections: written.corrections,
        text: text.into(),
    })
}

fn checks(written: &Written, source: &mut Source<'_>) -> Vec<CheckEntry> {
    let mut out = Vec::new();
    for (index, value) in written.check.iter().enumerate() {
        let common: Result<WrittenCheck, _> = serde_json::from_value(value.clone());
        let read = common.and_then(|entry| {
            let known = known::known(&entry.code);
            let own: serde_json::Map<String, Value> = value
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(key, _)| {
                    known.is_some_and(|known| known.fields.iter().any(|field| field.key == *key))
                })
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            let settings = known.map_or(Ok(CheckSettings::None), |known| {
                (known.read)(Value::Object(own))
            })?;
            Ok(CheckEntry {
                code: Code::from(entry.code),
                severity: entry.severity,
                slots: entry.slots,
                required: entry.required,
                settings,
                clause: entry.clause,
            })
        });
        match read {
            Ok(entry) => out.push(entry),
            Err(error) => source.wrong(
                &[Key("check"), At(index)],
                format!("无法读取：{error}"),
                error.to_string(),
            ),
        }
    }
    out
}
