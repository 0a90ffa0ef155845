//! `GET /v1/certificates`: the register of the office, listed; `POST /v1/certificates/search`: searched, by what must not stand in an
//! address; `POST …/identity`: is a typed identity number the holder's?

use actix_web::{
    HttpRequest,
    web::{Data, Payload},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    certificate::{self, Listing, MOST_ROWS, Number, StatusName},
    error_code::ErrorCode,
    http::{
        Services,
        access::Caller,
        body, json,
        problem::{Answer, Problem},
    },
    store::{CertificateRow, CertificateStatus, Search},
};

/// What to list; everything that is given must hold. No names: addresses are written down in too many places.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ListQuery {
    /// The number, or how it begins.
    number: Option<String>,
    /// `valid`, `superseded` or `revoked`.
    #[param(value_type = Option<String>)]
    status: Option<StatusName>,
    /// Issued on this day or later.
    #[param(value_type = Option<String>)]
    from: Option<Date>,
    /// Issued on this day or before.
    #[param(value_type = Option<String>)]
    to: Option<Date>,
    /// Only leaves before this one: `next` of the page before.
    before: Option<u64>,
    /// Most rows, up to 200.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 200)]
    most: Option<u32>,
}

/// A page of the register, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct RegisterView {
    /// The rows.
    certificates: Vec<RegisterRow>,
    /// `before` of the next page; none on the last.
    next: Option<u64>,
}

/// One row of the register.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct RegisterRow {
    /// Number of the certificate.
    number: String,
    /// Name of its holder.
    name: String,
    /// Title.
    title: String,
    /// Level.
    level: String,
    /// Specialty.
    specialty: String,
    /// When it was obtained.
    obtained_on: String,
    /// When it was issued.
    #[schema(format = DateTime)]
    issued_at: String,
    /// `valid`, `superseded` or `revoked`.
    status: &'static str,
    /// Since when.
    #[schema(format = DateTime)]
    status_at: String,
    /// Number of the certificate that took its place.
    superseded_by: Option<String>,
    /// Its leaf in the public log.
    leaf_index: u64,
    /// Its file.
    file: String,
}

/// Lists the register of the office.
#[utoipa::path(get, path = "/v1/certificates", tag = "certificates", params(ListQuery),
    responses(
        (status = 200, description = "What was found, the newest first", body = RegisterView),
        (status = 400, description = "A parameter cannot be read", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("token" = [])))]
pub(in crate::http) async fn list_certificates(
    request: HttpRequest,
    services: Data<Services>,
) -> Answer {
    let query: ListQuery = body::query(&request)?;
    let most = asked_rows(query.most)?;
    if query
        .before
        .is_some_and(|leaf| i64::try_from(leaf).is_err())
    {
        return Err(Problem::new(ErrorCode::ParameterUnreadable).because(
            "`before` 过大",
            "`before` is beyond every leaf there can be",
        ));
    }
    let listing = Listing {
        number: query.number,
        status: query.status,
        issued_from: query.from,
        issued_to: query.to,
        before_leaf: query.before,
        most,
    };
    let rows = certificate::list(&services.store, &listing).await?;
    let full = rows.len() == most as usize;
    let next = rows
        .last()
        .filter(|_| full)
        .map(|row| row.issued.leaf_index);
    let certificates = rows.iter().map(register_row).collect();
    json::ok(&RegisterView { certificates, next })
}

/// Most rows a search leaves out.
const MOST_SKIPPED: u64 = 1_000_000_000;

/// What somebody typed to find certificates.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct SearchOrder {
    /// Words, parts of a name too; the beginning of a certificate number; a face code; or a whole identity number.
    q: String,
    /// `valid`, `superseded` or `revoked`.
    #[schema(value_type = Option<String>)]
    status: Option<StatusName>,
    /// How many to leave out, the newest first; at most a thousand million.
    #[serde(default)]
    #[schema(maximum = 1_000_000_000)]
    skip: u64,
    /// Most rows, up to 200.
    #[schema(value_type = Option<u64>, minimum = 1, maximum = 200)]
    most: Option<u32>,
}

/// How many rows are asked for, 50 if nothing is said.
fn asked_rows(most: Option<u32>) -> Result<u32, Problem> {
    let most = most.unwrap_or(50);
    if (1..=MOST_ROWS).contains(&most) {
        return Ok(most);
    }
    Err(Problem::new(ErrorCode::ParameterUnreadable).because(
        format!("`most` 应为 1 至 {MOST_ROWS}"),
        format!("`most` is 1 to {MOST_ROWS}"),
    ))
}

/// What a search found.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct SearchView {
    /// The rows, the newest first.
    certificates: Vec<RegisterRow>,
    /// How many there are in all.
    total: u64,
}

/// Searches the register of the office, as its page does. A search by an identity number is written down.
#[utoipa::path(post, path = "/v1/certificates/search", tag = "certificates", request_body = SearchOrder,
    responses(
        (status = 200, description = "What was found, the newest first", body = SearchView),
        (status = 400, description = "The body cannot be read", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("token" = [])))]
pub(in crate::http) async fn search_certificates(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
) -> Answer {
    let (order, _) = body::json::<SearchOrder>(&request, payload, &services).await?;
    let most = asked_rows(order.most)?;
    if order.skip > MOST_SKIPPED {
        return Err(Problem::new(ErrorCode::ParameterUnreadable).because(
            format!("`skip` 至多 {MOST_SKIPPED}"),
            format!("`skip` is at most {MOST_SKIPPED}"),
        ));
    }
    let search = certificate::meant(&services.issuer, &order.q);
    if let Search::Identity(_) = search {
        let (action, subject) = ("register.searched_by_identity", "register".to_owned());
        caller.record(&services, action, subject).await?;
    }
    let status = order.status.map(StatusName::as_str);
    let found = services
        .store
        .search_certificates(&search, status, order.skip, most);
    let found = found.await?;
    json::ok(&SearchView {
        certificates: found.rows.iter().map(register_row).collect(),
        total: found.total,
    })
}

/// What the register says of one certificate.
#[utoipa::path(get, path = "/v1/certificates/{number}", tag = "certificates",
    params(("number" = String, Path, description = "Number of a certificate")),
    responses(
        (status = 200, description = "The row", body = RegisterRow),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No certificate with this number", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("token" = [])))]
pub(in crate::http) async fn show_register_row(
    request: HttpRequest,
    services: Data<Services>,
) -> Answer {
    let number: Number = body::variable(&request, "number")?;
    let row = certificate::show(&services.store, &number).await?;
    json::ok(&register_row(&row))
}

/// Claims of a row that cannot be read show as empty; the audit of the log tells of them.
fn register_row(row: &CertificateRow) -> RegisterRow {
    let claims = certificate::Claims::read(row.issued.claims.as_bytes()).ok();
    let value = |key: &str| {
        let value = claims.as_ref().and_then(|claims| claims.get(key));
        value.unwrap_or_default().to_owned()
    };
    RegisterRow {
        number: row.issued.number.clone(),
        name: value("name"),
        title: value("title"),
        level: value("level"),
        specialty: value("specialty"),
        obtained_on: value("obtained_on"),
        issued_at: row.issued.issued_at.to_string(),
        status: match row.status {
            CertificateStatus::Valid => "valid",
            CertificateStatus::Superseded { .. } => "superseded",
            CertificateStatus::Revoked { .. } => "revoked",
        },
        status_at: row.status_at.to_string(),
        superseded_by: row.superseded_by.clone(),
        leaf_index: row.issued.leaf_index,
        file: format!("/v1/certificates/{}.pdf", row.issued.number),
    }
}

/// An identity number that somebody typed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct IdentityQuestion {
    /// The number as typed.
    id_number: String,
}

/// Whether it is the holder's.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct IdentityAnswer {
    /// `null` when none was given at issue.
    matches: Option<bool>,
}

/// Says whether a typed identity number is the holder's. The number itself is nowhere; ten questions an hour, each written down.
#[utoipa::path(post, path = "/v1/certificates/{number}/identity", tag = "certificates",
    params(("number" = String, Path, description = "Number of a certificate")),
    request_body = IdentityQuestion,
    responses(
        (status = 200, description = "The answer", body = IdentityAnswer),
        (status = 400, description = "The body cannot be read", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No certificate with this number", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 429, description = "Asked too often", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("token" = [])))]
pub(in crate::http) async fn ask_identity(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
) -> Answer {
    let number: Number = body::variable(&request, "number")?;
    let (question, _) = body::json::<IdentityQuestion>(&request, payload, &services).await?;
    let matches = certificate::identity_matches(
        &services.issuer,
        &services.store,
        &number,
        &question.id_number,
        &caller.actor,
        services.clock.now(),
    );
    let matches = matches.await.map_err(Problem::from)?;
    json::ok(&IdentityAnswer { matches })
}
