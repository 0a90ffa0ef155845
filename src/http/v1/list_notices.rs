//! `GET /v1/notices`: the notices that papers can be judged by.

use actix_web::{HttpRequest, web::Data};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::{Services, body, json, problem::Answer},
    lang::Bilingual,
    rulepack::{Pack, WindowState},
};

/// The notices, by id.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct NoticeList {
    notices: Vec<NoticeLine>,
}

/// One notice in the list.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct NoticeLine {
    /// Id to be named in requests.
    pub(in crate::http) id: String,
    /// Its title.
    pub(in crate::http) title: Bilingual,
    /// For example `连工信职称〔2024〕12号`.
    pub(in crate::http) document_number: Option<String>,
    /// The office that issued it.
    pub(in crate::http) issuer: String,
    /// Day it was issued.
    #[schema(value_type = Option<String>, format = Date)]
    pub(in crate::http) issued_on: Option<Date>,
    /// SHA-256 of its rule pack, which stands in every report made by it.
    pub(in crate::http) pack_sha256: String,
    /// Its windows and how they stand on the day asked about.
    #[schema(value_type = Vec<Object>)]
    pub(in crate::http) windows: Vec<WindowLine>,
}

/// One window and how it stands.
#[derive(Debug, Serialize)]
pub(in crate::http) struct WindowLine {
    #[serde(flatten)]
    window: serde_json::Value,
    now: WindowState,
}

impl NoticeLine {
    /// The line of a pack, windows as they stand on `day`.
    pub(in crate::http) fn of(pack: &Pack, day: Date) -> NoticeLine {
        let windows = pack.windows.iter().map(|window| WindowLine {
            window: serde_json::to_value(window).unwrap_or_default(),
            now: window.state(day),
        });
        NoticeLine {
            id: pack.id.clone(),
            title: pack.title.clone(),
            document_number: pack.document_number.clone(),
            issuer: pack.issuer.clone(),
            issued_on: pack.issued_on,
            pack_sha256: pack.sha256.to_hex(),
            windows: windows.collect(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    on: Option<Date>,
}

/// The notices that papers can be judged by, and how their windows stand.
#[utoipa::path(get, path = "/v1/notices", tag = "notices",
    params(("on" = Option<String>, Query, format = Date, description = "Day to look at; today in Shanghai by default")),
    responses(
        (status = 200, description = "The notices", body = NoticeList),
        (status = 400, description = "The query cannot be read", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")))]
pub(in crate::http) async fn list_notices(
    request: HttpRequest,
    services: Data<Services>,
) -> Answer {
    let query: Query = body::query(&request)?;
    let day = query.on.unwrap_or_else(|| services.clock.today());
    let lines = services.packs.iter().map(|pack| NoticeLine::of(pack, day));
    json::ok(&NoticeList {
        notices: lines.collect(),
    })
}
