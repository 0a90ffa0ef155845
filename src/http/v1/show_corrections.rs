//! `GET /v1/dossiers/{id}/corrections` and `/corrections.pdf`: everything that must be mended, at once (补正告知书).

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION},
    web::Data,
};
use jiff::civil::Date;
use serde::Deserialize;

use super::{
    bind_dossier::{papers, typesetting},
    dossier_view::pack_of,
    earlier_papers,
};
use crate::{
    dossier::{self, Corrections, Dossier},
    error_code::ErrorCode,
    http::{
        Services,
        access::OpenDossier,
        body, json,
        problem::{Answer, Problem},
    },
    store::DossierRow,
    typeset::PdfForm,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    by: Option<Date>,
}

/// Everything that must be mended in a dossier: paper, page, what is wrong, how to mend, clause, by when.
#[utoipa::path(get, path = "/v1/dossiers/{id}/corrections", tag = "dossiers",
    params(
        ("id" = String, Path, description = "Id of a dossier"),
        ("by" = Option<String>, Query, format = Date, description = "The day the office sets; the end of the filing window by default")),
    responses(
        (status = 200, description = "What must be mended; `faults` is 0 when nothing is", body = Corrections),
        (status = 400, description = "The query cannot be read", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Busy; come back after `Retry-After`", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("dossier" = []), ("token" = []), ()))]
pub(in crate::http) async fn show_corrections(
    request: HttpRequest,
    services: Data<Services>,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let query: Query = body::query(&request)?;
    json::ok(&gather(&services, &row, query.by).await?)
}

/// The same as a letter to the applicant, in Chinese, typeset.
#[utoipa::path(get, path = "/v1/dossiers/{id}/corrections.pdf", tag = "dossiers",
    params(
        ("id" = String, Path, description = "Id of a dossier"),
        ("by" = Option<String>, Query, format = Date, description = "The day the office sets; the end of the filing window by default")),
    responses(
        (status = 200, description = "The letter", content_type = "application/pdf"),
        (status = 400, description = "The query cannot be read", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "Nothing must be mended", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "A character is in none of the fonts", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Busy; come back after `Retry-After`", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("dossier" = []), ("token" = []), ()))]
pub(in crate::http) async fn show_corrections_pdf(
    request: HttpRequest,
    services: Data<Services>,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let query: Query = body::query(&request)?;
    let corrections = gather(&services, &row, query.by).await?;
    if corrections.faults == 0 {
        return Err(Problem::new(ErrorCode::NothingToMend).because(
            "卷宗没有需要补正的内容",
            "nothing in this dossier must be mended",
        ));
    }
    let typesetter = services.typesetter.clone();
    let work = move || {
        let form = PdfForm::plain("补正告知书", Some(corrections.judged_on));
        typesetter.typeset("corrections", &corrections, &form)
    };
    let made = services.permits.run(work).await?.map_err(typesetting)?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .insert_header((CONTENT_DISPOSITION, "inline; filename=\"corrections.pdf\""));
    Ok(json::finish(response, "application/pdf", made.pdf))
}

async fn gather(
    services: &Services,
    row: &DossierRow,
    by: Option<Date>,
) -> Result<Corrections, Problem> {
    let pack = pack_of(services, row).await?;
    let on = row.judged_on.unwrap_or_else(|| services.clock.today());
    let statement: Dossier = serde_json::from_str(&row.statement).map_err(Problem::internal)?;
    let papers = papers(services, row, &statement, &pack, on, None).await?;
    let earlier = earlier_papers::of(services, row, &statement, on).await?;
    let findings = match dossier::check_with(&statement, &pack, papers.clone(), &earlier, on) {
        Ok(checked) => checked.remarks().to_vec(),
        Err(incomplete) => incomplete.findings,
    };
    let corrections = dossier::corrections(&statement, &pack, &papers, &findings, on, by);
    Ok(corrections)
}
