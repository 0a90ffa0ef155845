//! `GET /`: where a newcomer begins: the doors for applicants and verifiers, and the sample.

use actix_web::web::Data;
use serde::Serialize;

use super::templates;
use crate::http::{Services, problem::Answer};

#[derive(Serialize)]
struct Page {
    sample: Option<Sample>,
    certificate: Option<String>,
    code: Option<String>,
}

#[derive(Serialize)]
struct Sample {
    id: String,
    bound: bool,
}

/// Where a newcomer begins.
#[utoipa::path(get, path = "/", tag = "pages",
    responses((status = 200, description = "The start page", content_type = "text/html", body = String)))]
pub(in crate::http) async fn start(services: Data<Services>) -> Answer {
    let show = services.showcase();
    let sample = match show {
        Some(show) => Some(Sample {
            id: show.dossier.to_string(),
            bound: services.store.binding(&show.dossier).await?.is_some(),
        }),
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
