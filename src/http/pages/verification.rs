//! The answer to a verifier as a page: one word with a colour and a shape, why, what it says, what was and was not checked.

use actix_web::{
    HttpResponse,
    http::header::{HeaderName, HeaderValue},
};
use serde::Serialize;

use super::templates;
use crate::{
    certificate::{Effect, ReasonClass},
    http::{
        Services,
        problem::{Answer as HttpAnswer, Problem},
    },
    lang::Bilingual,
    store::{CertificateKey, CertificateStatus},
    verify::{Answer, Verification},
};

/// What was asked about; the page says what such a question can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Asked {
    /// A face code.
    Code,
    /// The SHA-256 of a file that stayed where it is.
    Fingerprint,
    /// A file.
    File,
}

/// One word for the answer, the class of its colour and shape, and what to do.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Headline {
    kind: &'static str,
    word: Bilingual,
    advice: Option<Bilingual>,
}

#[derive(Serialize)]
struct Page<'a> {
    v: &'a Verification,
    asked: Asked,
    headline: Headline,
    revoked: Option<Revoked>,
    /// Number of the certificate that took its place.
    superseded_by: Option<String>,
    /// Field and value that ask for the proof; nothing where there is none.
    proof: Option<(&'static str, &'a str)>,
}

#[derive(Serialize)]
struct Revoked {
    at: String,
    reason: Bilingual,
    effect: Bilingual,
}

/// The page. `question` is the code or hash that was asked about, for the proof.
pub(super) async fn page(
    services: &Services,
    verification: &Verification,
    asked: Asked,
    question: &str,
) -> HttpAnswer {
    let field = match asked {
        Asked::Code => "code",
        Asked::Fingerprint | Asked::File => "sha256",
    };
    let revoked = verification.revocation.as_ref().map(|revocation| Revoked {
        at: revocation.at.to_string(),
        reason: reason(revocation.reason),
        effect: effect(revocation.effect),
    });
    let page = Page {
        v: verification,
        asked,
        headline: headline(verification),
        revoked,
        superseded_by: superseded_by(services, verification).await?,
        proof: has_proof(verification).then_some((field, question)),
    };
    let mut response: HttpResponse = templates::page("verification.html", page)?;
    let robots = HeaderName::from_static("x-robots-tag");
    let value = HeaderValue::from_static("noindex, nofollow, noarchive");
    response.headers_mut().insert(robots, value);
    Ok(response)
}

/// What a certificate was superseded by, for those who see the certificate at all: a hash alone shows no number.
async fn superseded_by(
    services: &Services,
    verification: &Verification,
) -> Result<Option<String>, Problem> {
    let Some(shown) = &verification.certificate else {
        return Ok(None);
    };
    let key = CertificateKey::Number(&shown.number);
    let row = services.store.certificate(key).await?;
    Ok(row.and_then(|row| match row.status {
        CertificateStatus::Superseded { by } => Some(by),
        CertificateStatus::Valid | CertificateStatus::Revoked { .. } => None,
    }))
}

/// Whether the log has a leaf for what was asked about.
pub(super) fn has_proof(verification: &Verification) -> bool {
    let registered = matches!(
        verification.answer,
        Answer::Authentic | Answer::Superseded | Answer::Revoked
    );
    registered && verification.leaf_index.is_some()
}

fn headline(verification: &Verification) -> Headline {
    let expired = verification
        .reason
        .as_ref()
        .is_some_and(|reason| reason.code == "signer_expired");
    let (kind, zh, en, advice) = match verification.answer {
        _ if expired => (
            "expired",
            "签名证书已过期",
            "Expired",
            Some((
                "签名证书已过期且没有见证时间，不能据此认定签发时间：请向签发机关核对",
                "the signer's certificate has run out and no witness shows when it signed: ask the issuing office",
            )),
        ),
        Answer::Authentic => ("authentic", "真实有效", "Authentic", None),
        Answer::Superseded => (
            "superseded",
            "真实，已被替代",
            "Superseded",
            Some((
                "请以新证书为准，并向持证人索取",
                "the newer certificate counts: ask the holder for it",
            )),
        ),
        Answer::Revoked => (
            "revoked",
            "已撤销",
            "Revoked",
            Some(("不能作为凭证使用", "it proves nothing any more")),
        ),
        Answer::Altered => (
            "altered",
            "文件已被改动",
            "Altered",
            Some((
                "另存、打印成 PDF 或编辑都会改变文件：请向持证人索取原文件，或用证面校验码查验",
                "saving again, printing to PDF and editing all change a file: ask for the original, or type the code on its face",
            )),
        ),
        Answer::NotOurs => (
            "unknown",
            "查无此证",
            "Unknown",
            Some((
                "请核对有无输错；若仍查不到，请向证面所载的签发机关核实",
                "check what was typed; if it stays unknown, ask the office named on the certificate",
            )),
        ),
        Answer::CouldNotTell => (
            "could_not_tell",
            "无法判断",
            "Could not tell",
            Some((
                "这不是“有效”：请向签发机关核实",
                "this is not a yes: ask the issuing office",
            )),
        ),
    };
    Headline {
        kind,
        word: Bilingual::new(zh, en),
        advice: advice.map(|(zh, en)| Bilingual::new(zh, en)),
    }
}

/// Why a certificate was revoked, in words.
pub(super) fn reason(class: ReasonClass) -> Bilingual {
    let (zh, en) = match class {
        ReasonClass::Fraud => ("弄虚作假取得", "obtained by fraud"),
        ReasonClass::Error => ("签发有误", "issued by mistake"),
        ReasonClass::Key => ("签名密钥不再安全", "the signing key was no longer safe"),
        ReasonClass::Other => ("其他原因", "another reason"),
    };
    Bilingual::new(zh, en)
}

/// From when a revocation counts, in words.
pub(super) fn effect(effect: Effect) -> Bilingual {
    let (zh, en) = match effect {
        Effect::AbInitio => ("自始无效", "void from the beginning"),
        Effect::FromDate => ("自撤销之时起失效", "no longer in force from then on"),
    };
    Bilingual::new(zh, en)
}
