//! `/office/certificates/{number}`: one certificate with its history, its file, and what may be done with it.

use std::collections::BTreeMap;

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Payload},
};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::{
    audit_list::{self, Line},
    certificates::status,
    desk::Desk,
};
use crate::{
    certificate::{self, Claims, Decision, Number},
    error_code::ErrorCode,
    http::{
        Services,
        access::Caller,
        body,
        pages::{
            form::{self, Fields},
            verification,
        },
        problem::{Answer, Problem},
        stored_file,
        v1::revoke_certificate::{RevocationOrder, revoke_now},
    },
    lang::Bilingual,
    store::{CertificateKey, CertificateRow, CertificateStatus},
};

#[derive(Serialize)]
struct Page {
    number: String,
    claims: Vec<(String, String)>,
    status: &'static str,
    status_at: String,
    superseded_by: Option<String>,
    supersedes: Option<String>,
    reason: Option<Bilingual>,
    effect: Option<Bilingual>,
    issued_at: String,
    leaf_index: u64,
    file_sha256: String,
    file_bytes: u64,
    commitment: String,
    records: Vec<Value>,
    history: Vec<Line>,
    /// What was typed into the revocation, when it was refused.
    typed: BTreeMap<String, String>,
    wrong: Option<Bilingual>,
}

/// The certificate of the address.
pub(super) async fn found(
    services: &Services,
    request: &HttpRequest,
) -> Result<(CertificateRow, Claims), Problem> {
    let number: Number = body::variable(request, "number")?;
    let key = CertificateKey::Number(number.as_str());
    let row = services.store.certificate(key).await?;
    let row = row.ok_or_else(|| Problem::new(ErrorCode::CertificateUnknown))?;
    let claims = Claims::read(row.issued.claims.as_bytes()).map_err(Problem::internal)?;
    Ok((row, claims))
}

/// Everything about it.
pub(super) async fn show(request: HttpRequest, services: Data<Services>, desk: Desk) -> Answer {
    page(
        &request,
        &services,
        &desk,
        StatusCode::OK,
        None,
        &Fields::default(),
    )
    .await
}

/// Its file, as the holder gets it.
pub(super) async fn file(request: HttpRequest, services: Data<Services>, caller: Caller) -> Answer {
    let (row, _) = found(&services, &request).await?;
    let subject = format!("leaf:{}", row.issued.leaf_index);
    caller
        .record(&services, "certificate.downloaded", subject)
        .await?;
    let name = format!("{}.pdf", row.issued.number);
    let blobs = services.store.blobs();
    let sha256 = row.issued.file_sha256;
    let stored = stored_file::of_blob(blobs, sha256, "application/pdf", name).await?;
    stored_file::answer(&request, stored)
}

/// Ends it.
pub(super) async fn revoke(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
    desk: Desk,
) -> Answer {
    let number: Number = body::variable(&request, "number")?;
    let fields = form::fields(&request, payload, &services).await?;
    let order = match order(&fields) {
        Ok(order) => order,
        Err(wrong) => {
            let refused = StatusCode::UNPROCESSABLE_ENTITY;
            return page(&request, &services, &desk, refused, Some(wrong), &fields).await;
        }
    };
    revoke_now(&services, &caller, &number, &order).await?;
    form::see_other(&format!("/office/certificates/{number}"))
}

/// Takes a revocation back.
pub(super) async fn reinstate(
    request: HttpRequest,
    services: Data<Services>,
    caller: Caller,
) -> Answer {
    let number: Number = body::variable(&request, "number")?;
    let now = services.clock.now();
    let (row, _) = found(&services, &request).await?;
    certificate::reinstate(&services.issuer, &services.store, &number, now).await?;
    let subject = format!("leaf:{}", row.issued.leaf_index);
    caller
        .record(&services, "certificate.reinstated", subject)
        .await?;
    form::see_other(&format!("/office/certificates/{number}"))
}

/// The order of revocation that was typed.
fn order(fields: &Fields) -> Result<RevocationOrder, Bilingual> {
    let named = |name: &str| Value::from(fields.text(name).unwrap_or_default());
    let reason = serde_json::from_value(named("reason"))
        .map_err(|_| Bilingual::new("请选择撤销原因", "choose why it is revoked"))?;
    let effect = serde_json::from_value(named("effect"))
        .map_err(|_| Bilingual::new("请选择效力", "choose from when it counts"))?;
    Ok(RevocationOrder {
        reason,
        effect,
        decision: decision(fields)?,
    })
}

/// The integrity record: all three parts, or none.
fn decision(fields: &Fields) -> Result<Option<Decision>, Bilingual> {
    let parts = ["decided_on", "decision_number", "decision_reason"].map(|name| fields.text(name));
    match parts {
        [None, None, None] => Ok(None),
        [Some(decided_on), Some(number), Some(reason)] => {
            let decided_on: Date = decided_on.parse().map_err(|_| {
                Bilingual::new(
                    "决定日期应如 2024-08-20",
                    "the day of the decision wants a date such as 2024-08-20",
                )
            })?;
            Ok(Some(Decision {
                decided_on,
                decision_number: number.to_owned(),
                reason: reason.to_owned(),
            }))
        }
        _ => Err(Bilingual::new(
            "诚信记录的决定日期、文号和事由应一并填写，或都不填",
            "the integrity record wants day, number and reason of the decision, or none of them",
        )),
    }
}

async fn page(
    request: &HttpRequest,
    services: &Services,
    desk: &Desk,
    code: StatusCode,
    wrong: Option<Bilingual>,
    typed: &Fields,
) -> Answer {
    let (row, claims) = found(services, request).await?;
    let today = services.clock.today();
    let store = &services.store;
    let records = store.integrity_records(&row.issued.number, today).await?;
    let subject = format!("leaf:{}", row.issued.leaf_index);
    let history = audit_list::lines(services, store.audit_of(&subject).await?).await?;
    let (reason, effect) = match &row.status {
        CertificateStatus::Revoked { reason, effect } => (
            serde_json::from_value(Value::from(reason.as_str()))
                .ok()
                .map(verification::reason),
            serde_json::from_value(Value::from(effect.as_str()))
                .ok()
                .map(verification::effect),
        ),
        CertificateStatus::Valid | CertificateStatus::Superseded { .. } => (None, None),
    };
    let superseded_by = match &row.status {
        CertificateStatus::Superseded { by } => Some(by.clone()),
        CertificateStatus::Valid | CertificateStatus::Revoked { .. } => None,
    };
    let shown = ["salt", "v", "alg", "template_sha256"];
    let page = Page {
        number: row.issued.number.clone(),
        status: status(&row.status),
        status_at: row.status_at.to_string(),
        superseded_by,
        supersedes: claims.get("supersedes").map(str::to_owned),
        reason,
        effect,
        issued_at: row.issued.issued_at.to_string(),
        leaf_index: row.issued.leaf_index,
        file_sha256: row.issued.file_sha256.to_hex(),
        file_bytes: row.issued.file_bytes,
        commitment: row.issued.commitment.to_hex(),
        records: records
            .iter()
            .filter_map(|record| serde_json::from_str(&record.record).ok())
            .collect(),
        history,
        claims: claims
            .iter()
            .filter(|(key, _)| !shown.contains(key))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect(),
        typed: typed
            .pairs()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect(),
        wrong,
    };
    desk.page_as(code, services, "office_certificate.html", page)
}
