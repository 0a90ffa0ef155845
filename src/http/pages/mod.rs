//! Pages for people: templates of `templates/web/` (escaped by themselves), files of `web/` under hashed names.

mod applicant_form;
pub(super) mod apply;
pub(super) mod assets;
pub(super) mod begin;
pub(super) mod code_page;
pub(super) mod cookie;
pub(super) mod docs;
mod dossier;
mod eligibility;
mod form;
mod notice_words;
pub(super) mod office;
pub(super) mod problem_page;
mod questions;
pub(super) mod refusal;
pub(super) mod sample;
pub(super) mod start;
mod templates;
mod verification;
pub(super) mod verify;

use actix_web::http::Method;

use super::{
    endpoints::{
        Access::{self, Anyone},
        Endpoint, endpoint, page,
    },
    rates::Rate,
};
use crate::store::Scope;

pub(super) fn endpoints() -> Vec<Endpoint> {
    let mut all = dossier::endpoints();
    all.extend(vec![
        endpoint(Method::GET, "/", Anyone, start::start),
        page(Method::GET, "/apply", Anyone, apply::apply),
        page(Method::GET, "/notices/{id}", Anyone, apply::notice),
        page(Method::GET, "/notices/{id}/begin", Anyone, begin::show),
        page(
            Method::POST,
            "/notices/{id}/begin",
            Access::Applicant(Scope::Bind),
            begin::begin,
        )
        .counted(Rate::Upload),
        page(
            Method::GET,
            "/notices/{id}/eligibility",
            Anyone,
            eligibility::show,
        ),
        page(
            Method::POST,
            "/notices/{id}/eligibility",
            Anyone,
            eligibility::judge,
        ),
        page(Method::POST, "/sample", Anyone, sample::begin).counted(Rate::Upload),
        endpoint(Method::GET, "/verify", Anyone, verify::verify_page),
        endpoint(Method::GET, "/v/{code}", Anyone, code_page::code_page)
            .counted(Rate::Verification),
        endpoint(Method::POST, "/verify", Anyone, verify::verify_form).counted(Rate::Verification),
        page(Method::POST, "/verify/proof", Anyone, verify::proof).counted(Rate::Verification),
        page(
            Method::GET,
            "/verify/samples/{name}.pdf",
            Anyone,
            verify::sample_file,
        ),
        endpoint(Method::GET, "/docs", Anyone, docs::docs),
        endpoint(Method::GET, "/openapi.json", Anyone, docs::openapi_json),
        endpoint(
            Method::GET,
            "/problems/{code}",
            Anyone,
            problem_page::problem_page,
        ),
        endpoint(Method::GET, "/assets/{name}", Anyone, assets::asset),
    ]);
    all.extend(office::endpoints());
    all
}
