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
    certificate::{Claims, meant},
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
    let search = meant(&services.issuer, q);
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
