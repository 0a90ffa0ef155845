//! `/office/certificates`: the register, newest first, and the search in it.
//!
//! What is searched for may be a name or an identity number, so it comes in a form and never in an address.

use actix_web::{
    HttpRequest,
    web::{Data, Payload},
};
use serde::Serialize;

use super::desk::Desk;
use crate::{
    certificate::{Claims, FaceCode},
    http::{
        Services,
        access::Caller,
        pages::form::{self, Fields},
        problem::Answer,
    },
    store::{CertificateRow, CertificateStatus, Search},
};

/// Lines on one page.
const LINES: u32 = 20;

/// One certificate in a list.
#[derive(Serialize)]
pub(super) struct Line {
    number: String,
    name: String,
    unit: String,
    title: String,
    level: String,
    obtained_on: String,
    issued_at: String,
    status: &'static str,
}

impl Line {
    /// The line of a row.
    pub(super) fn of(row: &CertificateRow) -> Line {
        // What cannot be read shows as blanks; the certificate's own page says more.
        let claims = Claims::read(row.issued.claims.as_bytes()).ok();
        let value = |key: &str| {
            let claims = claims.as_ref();
            claims.map_or(String::new(), |claims| claims.value(key).to_owned())
        };
        Line {
            number: row.issued.number.clone(),
            name: value("name"),
            unit: value("unit"),
            title: value("title"),
            level: value("level"),
            obtained_on: value("obtained_on"),
            issued_at: row.issued.issued_at.to_string(),
            status: status(&row.status),
        }
    }
}

/// The name of a status, for templates and tables.
pub(super) fn status(status: &CertificateStatus) -> &'static str {
    match status {
        CertificateStatus::Valid => "valid",
        CertificateStatus::Superseded { .. } => "superseded",
        CertificateStatus::Revoked { .. } => "revoked",
    }
}

#[derive(Serialize)]
struct Page<'a> {
    lines: Vec<Line>,
    total: u64,
    q: &'a str,
    status: &'a str,
    /// Number of this page, from 1.
    at: u64,
    pages: u64,
}

/// The newest certificates.
pub(super) async fn newest(services: Data<Services>, caller: Caller, desk: Desk) -> Answer {
    list(&services, &caller, &desk, &Fields::default()).await
}

/// What a search finds.
pub(super) async fn search(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
    desk: Desk,
) -> Answer {
    let fields = form::fields(&request, payload, &services).await?;
    list(&services, &caller, &desk, &fields).await
}

async fn list(services: &Services, caller: &Caller, desk: &Desk, fields: &Fields) -> Answer {
    let q = fields.text("q").unwrap_or_default();
    let status = fields.text("status").unwrap_or_default();
    let at: u64 = fields
        .text("at")
        .and_then(|at| at.parse().ok())
        .unwrap_or(1);
    let at = at.clamp(1, 1_000_000);
    let search = meant(services, q);
    if let Search::Identity(_) = search {
        let subject = "register".to_owned();
        caller
            .record(services, "register.searched_by_identity", subject)
            .await?;
    }
    let skip = (at - 1) * u64::from(LINES);
    let wanted = Some(status).filter(|status| !status.is_empty());
    let found = services
        .store
        .search_certificates(&search, wanted, skip, LINES);
    let found = found.await?;
    let page = Page {
        lines: found.rows.iter().map(Line::of).collect(),
        total: found.total,
        q,
        status,
        at,
        pages: found.total.div_ceil(u64::from(LINES)).max(1),
    };
    desk.page(services, "office_certificates.html", page)
}

/// What was typed: a face code, an identity number, the beginning of a certificate number, or words.
fn meant(services: &Services, q: &str) -> Search {
    let keys = services.issuer.keys();
    let compact: String = q.chars().filter(|sign| !sign.is_whitespace()).collect();
    if compact.is_empty() {
        return Search::All;
    }
    if let Ok(code) = compact.parse::<FaceCode>() {
        return Search::Code(keys.mac("code", code.as_str()));
    }
    if is_identity_number(&compact) {
        return Search::Identity(keys.mac("identity", &compact.to_ascii_uppercase()));
    }
    if compact.is_ascii() {
        return Search::Number(compact.to_ascii_uppercase());
    }
    Search::Words(q.to_owned())
}

/// 17 digits and a digit or X: the shape is enough, for the search compares the whole.
fn is_identity_number(text: &str) -> bool {
    let body = text.get(..17);
    let digits = body.is_some_and(|body| body.bytes().all(|sign| sign.is_ascii_digit()));
    let last = text.get(17..).unwrap_or_default();
    let ends = last.len() == 1
        && last
            .bytes()
            .all(|s| s.is_ascii_digit() || s.eq_ignore_ascii_case(&b'x'));
    digits && ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_number_is_told_by_its_shape() {
        assert!(is_identity_number("32070019900307123x"));
        assert!(!is_identity_number("3207001990030712"));
        assert!(!is_identity_number("JZ2024000000330001"));
    }
}
