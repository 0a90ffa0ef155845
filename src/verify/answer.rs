//! What a verifier is told: one answer, why, what was looked at and what was not, and as of when.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::wrong::Wrong;
use crate::{
    certificate::{Claims, Effect, ReasonClass},
    digest::Digest,
    lang::Bilingual,
};

/// The answer. Only the first is a yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Issued by us and as issued.
    Authentic,
    /// As issued, but a newer certificate took its place.
    Superseded,
    /// Issued by us and revoked.
    Revoked,
    /// Its content was issued, but this file is not the one that was handed out: saved again, stripped, appended to.
    Altered,
    /// Nothing shows that we issued it.
    NotOurs,
    /// It could not be told.
    CouldNotTell,
}

/// One verification.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Verification {
    /// Version of this format.
    pub verification_version: u32,
    /// The answer.
    pub answer: Answer,
    /// The answer in words.
    pub message: Bilingual,
    /// Why, when it is not a plain yes.
    pub reason: Option<Wrong>,
    /// What the certificate says, with personal data masked.
    pub certificate: Option<Shown>,
    /// When and why it was revoked.
    pub revocation: Option<Revocation>,
    /// What was looked at and holds.
    pub checked: Vec<Bilingual>,
    /// What was not looked at.
    pub not_checked: Vec<Bilingual>,
    /// The instant the status is known for; none when it was not asked for (offline).
    #[schema(value_type = Option<String>)]
    pub status_as_of: Option<Timestamp>,
    /// How many independent witnesses have seen the log with this certificate.
    pub witnesses: u32,
    /// SHA-256 of the file that was given.
    #[schema(value_type = Option<String>)]
    pub file_sha256: Option<Digest>,
    /// Its leaf in the public log.
    pub leaf_index: Option<u64>,
}

/// What a certificate says, as far as a stranger may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Shown {
    /// Certificate number.
    pub number: String,
    /// First character of the name, the rest masked.
    pub name_masked: String,
    /// Issuing office.
    pub issuer: String,
    /// Series.
    pub series: String,
    /// Specialty.
    pub specialty: String,
    /// Title.
    pub title: String,
    /// Level.
    pub level: String,
    /// How it was obtained.
    pub method: String,
    /// Committee or office that decided.
    pub committee: String,
    /// Number of the document that announced it.
    pub doc_no: Option<String>,
    /// When it was obtained.
    pub obtained_on: String,
    /// When the certificate was issued.
    pub issued_at: String,
    /// Commitment to the claims, as printed.
    #[schema(value_type = String)]
    pub commitment: Digest,
}

/// A revocation as the public log says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Revocation {
    /// When it was entered.
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// Reason class.
    #[schema(value_type = String)]
    pub reason: ReasonClass,
    /// From when it counts.
    #[schema(value_type = String)]
    pub effect: Effect,
}

impl Shown {
    pub(super) fn of(claims: &Claims, commitment: Digest) -> Shown {
        let value = |key: &str| claims.value(key).to_owned();
        Shown {
            number: value("number"),
            name_masked: masked(claims.value("name")),
            issuer: value("issuer"),
            series: value("series"),
            specialty: value("specialty"),
            title: value("title"),
            level: value("level"),
            method: value("method"),
            committee: value("committee"),
            doc_no: claims.get("doc_no").map(str::to_owned),
            obtained_on: value("obtained_on"),
            issued_at: value("issued_at"),
            commitment,
        }
    }
}

/// The first character, and two stars whatever follows, so that the length does not show.
fn masked(name: &str) -> String {
    name.chars().take(1).chain("**".chars()).collect()
}

impl Verification {
    pub(super) fn new(answer: Answer) -> Verification {
        Verification {
            verification_version: 1,
            answer,
            message: words(answer),
            reason: None,
            certificate: None,
            revocation: None,
            checked: Vec::new(),
            not_checked: always_unchecked(),
            status_as_of: None,
            witnesses: 0,
            file_sha256: None,
            leaf_index: None,
        }
    }
    pub(super) fn because(mut self, reason: Wrong) -> Verification {
        self.reason = Some(reason);
        self
    }
    pub(super) fn checked(mut self, zh: &str, en: &str) -> Verification {
        self.checked.push(Bilingual::new(zh, en));
        self
    }
    pub(super) fn not_checked(mut self, zh: &str, en: &str) -> Verification {
        self.not_checked.push(Bilingual::new(zh, en));
        self
    }
    pub(super) fn with_answer(mut self, answer: Answer) -> Verification {
        self.answer = answer;
        self.message = words(answer);
        self
    }
    /// Whether it is authentic and in force.
    pub fn is_authentic(&self) -> bool {
        self.answer == Answer::Authentic
    }
}

fn words(answer: Answer) -> Bilingual {
    let (zh, en) = match answer {
        Answer::Authentic => (
            "真实：由本机关签发，内容与签发时一致",
            "authentic: issued by this office and unchanged",
        ),
        Answer::Superseded => (
            "真实，但已被新证书替代：请向持证人索取新证书",
            "authentic but superseded: ask the holder for the newer certificate",
        ),
        Answer::Revoked => (
            "已撤销：该证书不再有效",
            "revoked: the certificate is no longer in force",
        ),
        Answer::Altered => (
            "所载事项曾由本机关签发，但本文件已被改动或另存：请重新下载原文件",
            "its content was issued by this office, but this file was altered or saved again: download the original",
        ),
        Answer::NotOurs => (
            "查无此证：没有证据表明由本机关签发",
            "not ours: nothing shows that this office issued it",
        ),
        Answer::CouldNotTell => ("无法判断", "could not tell"),
    };
    Bilingual::new(zh, en)
}

fn always_unchecked() -> Vec<Bilingual> {
    vec![Bilingual::new(
        "评审结论本身是否正确、出示证书的人是否为持证人",
        "whether the decision itself was right, and whether the person who shows it is the holder",
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_shows_its_first_character_only() {
        assert_eq!(masked("欧阳示例"), "欧**");
        assert_eq!(masked("𠮷"), "𠮷**");
    }
}
