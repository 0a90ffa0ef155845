//! `GET /v1/dossiers/{id}/pages/{file}/{page}.png`: a page as a picture, with what was found marked on it.

use actix_web::{HttpRequest, HttpResponse, http::header::CACHE_CONTROL, web::Data};
use serde::Deserialize;

use crate::{
    error_code::ErrorCode,
    finding::Report,
    http::{
        Services,
        access::OpenDossier,
        body, json,
        problem::{Answer, Problem},
    },
    sandbox::{RenderRequest, SandboxError},
    store::Id,
    units::PageNumber,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    mark: Option<Mark>,
    dpi: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mark {
    Findings,
}

/// Resolutions a preview may have: from a thumbnail to what shows a blurred scan.
const DPI: std::ops::RangeInclusive<f64> = 18.0..=200.0;
const USUAL_DPI: f64 = 96.0;

/// A page as a picture.
#[utoipa::path(get, path = "/v1/dossiers/{id}/pages/{file}/{page}.png", tag = "dossiers",
    params(
        ("id" = String, Path, description = "Id of a dossier"),
        ("file" = String, Path, description = "Id of a file"),
        ("page" = u32, Path, description = "Page, from 1"),
        ("mark" = Option<String>, Query, description = "`findings` marks what was found"),
        ("dpi" = Option<f64>, Query, description = "18 to 200; 96 by default")),
    responses(
        (status = 200, description = "The picture", content_type = "image/png"),
        (status = 400, description = "The query cannot be read", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such file or page", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The page cannot be drawn", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Busy; come back after `Retry-After`", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("dossier" = []), ("token" = []), ()))]
pub(in crate::http) async fn preview_page(
    request: HttpRequest,
    services: Data<Services>,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let query: Query = body::query(&request)?;
    let dpi = query.dpi.unwrap_or(USUAL_DPI);
    if !DPI.contains(&dpi) {
        return Err(Problem::new(ErrorCode::ParameterUnreadable)
            .because("`dpi` 应在 18 与 200 之间", "`dpi` is between 18 and 200"));
    }
    let file: Id = body::variable(&request, "file")?;
    let page: u32 = body::variable(&request, "page")?;
    let page = PageNumber::new(page).ok_or_else(Problem::not_found)?;
    let uploads = services.store.uploads(&row.id).await?;
    let upload = uploads.into_iter().find(|upload| upload.id == file);
    let upload = upload.ok_or_else(Problem::not_found)?;
    let reports = services.store.reports(&row.id).await?;
    let kept = reports.iter().find(|kept| kept.upload == upload.id);
    let report: Option<Report> = kept
        .map(|kept| serde_json::from_str(&kept.report))
        .transpose()
        .map_err(Problem::internal)?;
    let pages = report.as_ref().and_then(|report| report.pages);
    if pages.is_none_or(|pages| page.value() > pages) {
        return Err(Problem::not_found());
    }
    let marks = match (query.mark, &report) {
        (Some(Mark::Findings), Some(report)) => report.marks(page),
        _ => Vec::new(),
    };
    let wanted = RenderRequest {
        page: page.index(),
        dpi,
        marks,
    };
    let source = services.store.blobs().opened(upload.sha256).await?;
    let pool = services.pool.clone();
    let drawn = services.permits.run(move || pool.render(&source, &wanted));
    let png = drawn.await?.map_err(undrawable)?;
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "private, no-cache"));
    Ok(json::finish(response, "image/png", png))
}

/// What the file does is no error of ours.
fn undrawable(error: SandboxError) -> Problem {
    match error {
        SandboxError::Refused(_) | SandboxError::LimitMet { .. } | SandboxError::Died { .. } => {
            Problem::new(ErrorCode::PageNotDrawable).caused_by(error)
        }
        SandboxError::Broken(_) | SandboxError::Answer(_) => error.into(),
    }
}
