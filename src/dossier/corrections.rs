//! 补正告知书: everything that must be mended in a dossier, at once – paper, page, what is wrong, how to mend, clause, by when.
//!
//! Takes what [`super::check()`] found and the reports of the papers; gives data for a page and for programs. A paper that
//! was refused is told with every error of its own report, not only the first. It decides nothing anew.

use jiff::civil::Date;
use serde::Serialize;

use super::{CheckedItem, Dossier};
use crate::{
    checks::dossier_rules::FILE_REFUSED,
    finding::{Finding, Severity},
    lang::Bilingual,
    rulepack::{Contact, Pack, Slot, Step, Window, WindowState, workdays::Workdays},
};

/// Everything that must be mended, for one applicant.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Corrections {
    /// Who applies.
    pub applicant: ToldApplicant,
    /// Under which notice.
    pub notice: ToldNotice,
    /// The day it was judged at.
    #[schema(value_type = String, format = Date)]
    pub judged_on: Date,
    /// How many things must be mended.
    pub faults: usize,
    /// What must be mended, paper by paper in the notice's order; first what concerns the application itself.
    pub papers: Vec<FaultyPaper>,
    /// What does not stand in the way and is better mended too, in the same order.
    pub remarks: Vec<FaultyPaper>,
    /// Until when.
    pub by: Deadline,
    /// The clause that obliges the office to tell, and what follows when it is not mended in time.
    pub basis: Option<ToldBasis>,
    /// Where papers are handed in.
    #[schema(value_type = Option<Object>)]
    pub contact: Option<Contact>,
    /// Who tells.
    pub issuer: String,
}

/// The applicant, as far as a letter names one.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ToldApplicant {
    /// 姓名
    pub name: String,
    /// 工作单位
    pub unit: Option<String>,
    /// 申报专业
    pub specialty: Option<String>,
    /// 申报资格
    pub applied_title: Option<String>,
}

/// The notice, and the exact text of its pack.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ToldNotice {
    /// Pack id.
    pub id: String,
    /// Version of the pack.
    pub version: u32,
    /// SHA-256 of the pack's bytes.
    pub pack_sha256: String,
    /// Its title.
    pub title: Bilingual,
    /// For example `连职称办〔2024〕4号`.
    pub document_number: Option<String>,
}

/// A paper with what is wrong about it.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct FaultyPaper {
    /// The slot; `null` for what concerns the application as a whole.
    pub slot: Option<String>,
    /// Name of the paper, with its place in the volumes.
    pub title: Bilingual,
    /// The file, where one was handed in.
    pub file: Option<String>,
    /// What is wrong.
    pub faults: Vec<Fault>,
}

/// One thing to mend.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Fault {
    /// Code of the rule.
    pub code: String,
    /// The page, from 1, if it is on one.
    pub page: Option<u32>,
    /// What is wrong.
    pub wrong: Bilingual,
    /// How to mend it.
    pub mend: Option<Bilingual>,
    /// The clause that asks for it, cited.
    pub source: Option<String>,
}

/// Until when something must be mended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Deadline {
    /// The office chose the day.
    Chosen {
        /// The last day.
        #[schema(value_type = String, format = Date)]
        day: Date,
    },
    /// The filing window of the notice ends then.
    WindowEnds {
        /// The last day on which anybody accepts.
        #[schema(value_type = String, format = Date)]
        day: Date,
        /// Hours of acceptance, where the notice has them, for example `9:00–12:00`.
        hours: Vec<String>,
        /// The clause, cited.
        source: String,
    },
    /// The notice sets no day: the office fills it in.
    Open,
    /// The filing window is over: nothing can be mended in time.
    Over {
        /// Its last day.
        #[schema(value_type = String, format = Date)]
        day: Date,
        /// The clause, cited.
        source: String,
    },
}

/// Why the office tells, and what follows.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ToldBasis {
    /// What follows when it is not mended in time.
    pub consequence: Bilingual,
    /// The clause, cited.
    pub source: String,
}

/// Gathers everything that must be mended. `papers` are those that were checked on the day `on`, `findings` what the check
/// said (of [`super::Incomplete`], or the remarks of a [`super::CheckedDossier`]); `by` is the day the office chose.
pub fn corrections(
    dossier: &Dossier,
    pack: &Pack,
    papers: &[CheckedItem],
    findings: &[Finding],
    on: Date,
    by: Option<Date>,
) -> Corrections {
    let must = |severity| severity == Severity::Error;
    let faulty = gather(pack, papers, findings, must);
    let remarks = gather(pack, papers, findings, |severity| {
        severity == Severity::Warning
    });
    let applicant = &dossier.applicant;
    Corrections {
        applicant: ToldApplicant {
            name: applicant.name.clone(),
            unit: applicant.unit.clone(),
            specialty: applicant.specialty.clone(),
            applied_title: applicant.applied_title.clone(),
        },
        notice: ToldNotice {
            id: pack.id.clone(),
            version: pack.version,
            pack_sha256: pack.sha256.to_hex(),
            title: pack.title.clone(),
            document_number: pack.document_number.clone(),
        },
        judged_on: on,
        faults: faulty.iter().map(|paper| paper.faults.len()).sum(),
        papers: faulty,
        remarks,
        by: by.map_or_else(|| deadline(pack, on), |day| Deadline::Chosen { day }),
        basis: pack.corrections.as_ref().map(|rule| ToldBasis {
            consequence: rule.consequence.clone(),
            source: pack.source(&rule.clause),
        }),
        contact: pack.contact.clone(),
        issuer: pack
            .contact
            .as_ref()
            .map_or_else(|| pack.issuer.clone(), |contact| contact.office.clone()),
    }
}

/// Findings of the wanted weight, paper by paper: the application, then slots in the notice's order, in each what concerns
/// the slot, then its files in the applicant's order.
fn gather(
    pack: &Pack,
    papers: &[CheckedItem],
    findings: &[Finding],
    wanted: impl Fn(Severity) -> bool,
) -> Vec<FaultyPaper> {
    let about: Vec<&Finding> = findings
        .iter()
        // What a report found is told below, error by error.
        .filter(|finding| wanted(finding.severity) && finding.code != FILE_REFUSED.code)
        .collect();
    let mut out = Vec::new();
    let add = |slot: Option<&Slot>, file: Option<&str>, faults: Vec<Fault>, out: &mut Vec<_>| {
        if !faults.is_empty() {
            out.push(FaultyPaper {
                slot: slot.map(|slot| slot.id.clone()),
                title: slot.map_or_else(
                    || Bilingual::new("申报事项", "the application"),
                    Slot::place,
                ),
                file: file.map(str::to_owned),
                faults,
            });
        }
    };
    let known = |id: &str| pack.slot(id).is_some();
    let whole = about
        .iter()
        .filter(|finding| slot_of(finding).is_none_or(|id| !known(id)));
    add(None, None, whole.map(|f| fault(f)).collect(), &mut out);
    let strange = papers.iter().filter(|paper| !known(&paper.slot));
    for paper in strange {
        let faults = faults_of(paper, &wanted);
        add(None, Some(&paper.file_name), faults, &mut out);
    }
    for slot in &pack.slots {
        let here = about
            .iter()
            .filter(|finding| slot_of(finding) == Some(slot.id.as_str()));
        add(Some(slot), None, here.map(|f| fault(f)).collect(), &mut out);
        for paper in papers.iter().filter(|paper| paper.slot == slot.id) {
            let faults = faults_of(paper, &wanted);
            add(Some(slot), Some(&paper.file_name), faults, &mut out);
        }
    }
    out
}

/// The slot a finding of the dossier check is about.
fn slot_of(finding: &Finding) -> Option<&str> {
    finding.expected.get("slot").and_then(|slot| slot.as_str())
}

fn faults_of(paper: &CheckedItem, wanted: impl Fn(Severity) -> bool) -> Vec<Fault> {
    let found = paper.report.findings.iter();
    let mut faults: Vec<Fault> = found
        .filter(|finding| wanted(finding.severity))
        .map(fault)
        .collect();
    faults.sort_by_key(|fault| fault.page);
    // The same words about several places of a page are one thing to mend.
    faults.dedup();
    faults
}

fn fault(finding: &Finding) -> Fault {
    Fault {
        code: finding.code.to_string(),
        page: finding.page.map(crate::units::PageNumber::value),
        wrong: finding.message.clone(),
        mend: finding.hint.clone(),
        source: finding.source.clone(),
    }
}

/// The first filing window that ends; one that is over outweighs those that are open.
fn deadline(pack: &Pack, on: Date) -> Deadline {
    let filing = pack.windows.iter().filter(|window| {
        matches!(
            window.step,
            Step::FilingOnline | Step::FilingOnSite | Step::Filing
        )
    });
    let mut ends: Vec<(Date, &Window)> = Vec::new();
    for window in filing {
        match window.state(on) {
            WindowState::Over { closed } => {
                return Deadline::Over {
                    day: closed,
                    source: pack.source(&window.clause),
                };
            }
            WindowState::Open { until } => ends.push((last_accepting(window, on, until), window)),
            WindowState::Closed { .. } => {}
        }
    }
    match ends.into_iter().min_by_key(|(day, _)| *day) {
        Some((day, window)) => Deadline::WindowEnds {
            day,
            hours: window
                .hours
                .iter()
                .map(|hours| format!("{}–{}", hours.from, hours.to))
                .collect(),
            source: pack.source(&window.clause),
        },
        None => Deadline::Open,
    }
}

/// The last day of a window on which anybody accepts; its last day where no calendar tells.
fn last_accepting(window: &Window, on: Date, until: Date) -> Date {
    let mut day = until;
    while day > on && window.accepts(day, Workdays::builtin()) == Some(false) {
        match day.yesterday() {
            Ok(before) => day = before,
            Err(_) => break,
        }
    }
    day
}
