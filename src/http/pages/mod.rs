//! Pages for people: templates of `templates/web/` (escaped by themselves), files of `web/` under hashed names.

pub(super) mod apply;
pub(super) mod assets;
pub(super) mod code_page;
pub(super) mod cookie;
pub(super) mod docs;
mod form;
pub(super) mod problem_page;
pub(super) mod refusal;
pub(super) mod start;
mod templates;

use actix_web::http::Method;

use super::endpoints::{Access::Anyone, Endpoint, endpoint, page};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        endpoint(Method::GET, "/", Anyone, start::start),
        page(Method::GET, "/apply", Anyone, apply::apply),
        page(Method::GET, "/verify", Anyone, code_page::verify_page),
        endpoint(Method::GET, "/v/{code}", Anyone, code_page::code_page),
        endpoint(Method::POST, "/verify", Anyone, code_page::verify_form),
        endpoint(Method::GET, "/docs", Anyone, docs::docs),
        endpoint(Method::GET, "/openapi.json", Anyone, docs::openapi_json),
        endpoint(
            Method::GET,
            "/problems/{code}",
            Anyone,
            problem_page::problem_page,
        ),
        endpoint(Method::GET, "/assets/{name}", Anyone, assets::asset),
    ]
}
