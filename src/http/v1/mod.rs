//! The API under `/v1` and what watches the service: one file an endpoint.

pub(super) mod bind_dossier;
mod certificate_problem;
pub(super) mod change_dossier;
pub(super) mod create_dossier;
pub(super) mod create_validation;
pub(super) mod create_verification;
pub(super) mod delete_dossier;
pub(super) mod dossier_events;
mod dossier_view;
pub(super) mod earlier_papers;
pub(super) mod health;
pub(super) mod issue_batch;
pub(super) mod issue_certificate;
pub(super) mod judge;
pub(super) mod judge_eligibility;
pub(super) mod list_certificates;
pub(super) mod list_checks;
pub(super) mod list_jobs;
pub(super) mod list_notices;
pub(super) mod list_versions;
pub(super) mod preview_page;
pub(super) mod reinstate_certificate;
pub(super) mod remove_file;
pub(super) mod reorder_files;
pub(super) mod replace_file;
pub(super) mod review_file;
pub(super) mod revoke_certificate;
pub(super) mod search_committees;
pub(super) mod show_certificate;
pub(super) mod show_check;
pub(super) mod show_corrections;
pub(super) mod show_dossier;
pub(super) mod show_file;
pub(super) mod show_job;
pub(super) mod show_limits;
pub(super) mod show_log;
pub(super) mod show_metrics;
pub(super) mod show_notice;
pub(super) mod show_upload;
pub(super) mod show_volume;
pub(super) mod slot;
pub(super) mod upload_file;

pub(super) use dossier_view::{BoundView, DossierView, pack_of};
pub(super) use judge::may_belong;

use actix_web::http::Method;

use super::{
    endpoints::{Access, Endpoint, endpoint},
    rates::Rate,
};
use crate::store::Scope;

const DOSSIER: &str = "/v1/dossiers/{id}";
const FILES: &str = "/v1/dossiers/{id}/slots/{slot}/files";
const FILE: &str = "/v1/dossiers/{id}/slots/{slot}/files/{n}";
const UPLOAD: &str = "/v1/dossiers/{id}/files/{file}.pdf";
const BINDING: &str = "/v1/dossiers/{id}/binding";
const VOLUME: &str = "/v1/dossiers/{id}/volumes/{volume}.pdf";
const BUNDLE: &str = "/v1/dossiers/{id}/bundle.zip";
const CORRECTIONS: &str = "/v1/dossiers/{id}/corrections";
const CORRECTIONS_PDF: &str = "/v1/dossiers/{id}/corrections.pdf";
const MANIFEST: &str = "/v1/dossiers/{id}/manifest.json";
const CERTIFICATE: &str = "/v1/certificates/{number}.pdf";
const REVOCATION: &str = "/v1/certificates/{number}/revocation";
const SUPERSESSION: &str = "/v1/certificates/{number}/supersession";
const IDENTITY: &str = "/v1/certificates/{number}/identity";
const EVENTS: &str = "/v1/dossiers/{id}/events";
const PAGE: &str = "/v1/dossiers/{id}/pages/{file}/{page}.png";

#[rustfmt::skip]
pub(super) fn endpoints() -> Vec<Endpoint> {
    use Access::{Anyone, Applicant, Dossier, Holder, Job};
    let bind = Access::Scope(Scope::Bind);
    let issue = Access::Scope(Scope::Issue);
    let revoke = Access::Scope(Scope::Revoke);
    vec![
        endpoint(Method::GET, "/livez", Anyone, health::livez),
        endpoint(Method::GET, "/readyz", Anyone, health::readyz),
        endpoint(Method::GET, "/metrics", Access::Scope(Scope::Observe), show_metrics::show_metrics),
        endpoint(Method::GET, "/v1/jobs", Access::Scope(Scope::Observe), list_jobs::list_jobs),
        endpoint(Method::GET, "/v1/jobs/{id}", Job, show_job::show_job),
        endpoint(Method::GET, "/v1/jobs/{id}/events", Job, show_job::job_events),
        endpoint(Method::POST, "/v1/jobs/{id}/cancellation", Job, show_job::cancel_job),
        endpoint(Method::GET, "/v1/limits", Anyone, show_limits::show_limits),
        endpoint(Method::GET, "/v1/notices", Anyone, list_notices::list_notices),
        endpoint(Method::GET, "/v1/notices/{id}", Anyone, show_notice::show_notice),
        endpoint(Method::GET, "/v1/notices/{id}/versions", Anyone, list_versions::list_versions),
        endpoint(Method::GET, "/v1/notices/{id}/committees", Anyone, search_committees::search_committees),
        endpoint(Method::POST, "/v1/eligibility", Anyone, judge_eligibility::judge_eligibility),
        endpoint(Method::GET, "/v1/checks", Anyone, list_checks::list_checks),
        endpoint(Method::GET, "/v1/checks/{code}", Anyone, show_check::show_check),
        endpoint(Method::POST, "/v1/validations", Applicant(Scope::Validate), create_validation::create_validation).counted(Rate::Upload),
        endpoint(Method::POST, "/v1/dossiers", Applicant(Scope::Bind), create_dossier::create_dossier).counted(Rate::Upload),
        endpoint(Method::GET, DOSSIER, Dossier, show_dossier::show_dossier),
        endpoint(Method::PATCH, DOSSIER, Dossier, change_dossier::change_dossier),
        endpoint(Method::DELETE, DOSSIER, Dossier, delete_dossier::delete_dossier),
        endpoint(Method::POST, FILES, Dossier, upload_file::upload_file).counted(Rate::Upload),
        endpoint(Method::PUT, FILES, Dossier, reorder_files::reorder_files),
        endpoint(Method::GET, FILE, Dossier, show_file::show_file),
        endpoint(Method::PUT, FILE, Dossier, replace_file::replace_file).counted(Rate::Upload),
        endpoint(Method::DELETE, FILE, Dossier, remove_file::remove_file),
        endpoint(Method::PATCH, FILE, bind, review_file::review_file),
        endpoint(Method::GET, EVENTS, Dossier, dossier_events::dossier_events),
        endpoint(Method::GET, UPLOAD, Dossier, show_upload::show_upload),
        endpoint(Method::GET, PAGE, Dossier, preview_page::preview_page),
        endpoint(Method::POST, BINDING, Dossier, bind_dossier::bind_dossier),
        endpoint(Method::GET, VOLUME, Dossier, show_volume::show_volume),
        endpoint(Method::GET, BUNDLE, Dossier, show_volume::show_bundle),
        endpoint(Method::GET, MANIFEST, Dossier, show_volume::show_manifest),
        endpoint(Method::GET, CORRECTIONS, Dossier, show_corrections::show_corrections),
        endpoint(Method::GET, CORRECTIONS_PDF, Dossier, show_corrections::show_corrections_pdf),
        endpoint(Method::POST, "/v1/certificates", issue, issue_certificate::issue_certificate),
        endpoint(Method::GET, "/v1/certificates", issue, list_certificates::list_certificates),
        endpoint(Method::POST, "/v1/certificates/batch", issue, issue_batch::issue_batch),
        endpoint(Method::POST, "/v1/certificates/search", issue, list_certificates::search_certificates),
        endpoint(Method::POST, IDENTITY, issue, list_certificates::ask_identity),
        endpoint(Method::GET, CERTIFICATE, Holder, show_certificate::show_certificate),
        endpoint(Method::GET, "/v1/certificates/{number}", issue, list_certificates::show_register_row),
        endpoint(Method::DELETE, REVOCATION, revoke, reinstate_certificate::reinstate_certificate),
        endpoint(Method::POST, REVOCATION, revoke, revoke_certificate::revoke_certificate),
        endpoint(Method::POST, SUPERSESSION, revoke, issue_certificate::supersede_certificate),
        endpoint(Method::GET, "/checkpoint", Anyone, show_log::checkpoint),
        endpoint(Method::GET, "/tile/{path:.*}", Anyone, show_log::tile),
        endpoint(Method::GET, "/status-list", Anyone, show_log::status_list),
        endpoint(Method::GET, "/status-list.gz", Anyone, show_log::status_list_file),
        endpoint(Method::GET, "/issuer.pem", Anyone, show_log::issuer_pem),
        endpoint(Method::GET, "/issuer.crl", Anyone, show_log::issuer_crl),
        endpoint(Method::GET, "/policy", Anyone, show_log::policy),
        endpoint(Method::GET, "/log-keys", Anyone, show_log::log_keys),
        endpoint(Method::POST, "/v1/verifications", Anyone, create_verification::create_verification).counted(Rate::Verification),
    ]
}
