//! `GET /v1/limits`: every limit that can refuse an upload.

use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::{Services, json, problem::Answer},
    limits::Limits,
};

/// Every limit in force. Sizes are bytes, times milliseconds or seconds as the name says.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct LimitsView {
    #[serde(flatten)]
    limits: Limits,
    /// Largest JSON body.
    json_bytes: usize,
    /// Most files in one slot.
    files_in_slot: usize,
    /// Most files in one dossier.
    files_in_dossier: usize,
}

/// Every limit in force.
#[utoipa::path(get, path = "/v1/limits", tag = "service",
    responses((status = 200, description = "The limits", body = LimitsView)))]
pub(in crate::http) async fn show_limits(services: Data<Services>) -> Answer {
    json::ok(&LimitsView {
        limits: services.limits,
        json_bytes: services.config.json_bytes,
        files_in_slot: services.config.files_in_slot,
        files_in_dossier: services.config.files_in_dossier,
    })
}
