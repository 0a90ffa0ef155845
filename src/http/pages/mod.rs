//! Pages for people: templates of `templates/web/` (escaped by themselves), files of `web/` under hashed names.

pub(super) mod apply;
pub(super) mod assets;
pub(super) mod code_page;
pub(super) mod cookie;
pub(super) mod docs;
mod form;
pub(super) mod office;
pub(super) mod problem_page;
pub(super) mod refusal;
pub(super) mod start;
mod templates;
mod verification;
pub(super) mod verify;

use actix_web::http::Method;

use super::{
    endpoints::{Access::Anyone, Endpoint, endpoint, page},
    rates::Rate,
};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let mut all = vec![
        endpoint(Method::GET, "/", Anyone, start::start),
        page(Method::GET, "/apply", Anyone, apply::apply),
        page(Method::GET, "/verify", Anyone, verify::verify_page),
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
    ];
    all.extend(office::endpoints());
    all
}
