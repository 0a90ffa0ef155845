//! `GET /`: where a newcomer begins: the doors for applicants and verifiers, and the sample.

use actix_web::web::Data;
use serde::Serialize;

use super::templates;
use crate::http::{Services, problem::Answer, v1::DossierView};

#[derive(Serialize)]
struct Page {
    sample: Option<DossierView>,
    certificate: Option<String>,
    code: Option<String>,
}

/// Where a newcomer begins.
#[utoipa::path(get, path = "/", tag = "pages",
    responses((status = 200, description = "The start page", content_type = "text/html", body = String)))]
pub(in crate::http) async fn start(services: Data<Services>) -> Answer {
    let show = services.showcase();
    let row = match show {
        Some(show) => services.store.dossier(&show.dossier).await?,
        None => None,
    };
    let sample = match &row {
        Some(row) => Some(DossierView::of(&services, row).await?),
        None => None,
    };
    templates::page(
        "start.html",
        Page {
            sample,
            certificate: show.and_then(|show| show.certificate.clone()),
            code: show.and_then(|show| show.code.clone()),
        },
    )
}
