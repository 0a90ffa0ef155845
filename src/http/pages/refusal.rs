//! A refusal as a page, when a browser asked for one; programs get `application/problem+json` all the same.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::ACCEPT},
};
use serde_json::json;

use super::templates;
use crate::{error_code::ErrorCode, http::problem::Problem, lang::Bilingual};

/// Marks a refusal that has its own page: a form shown again with what was wrong.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct HasOwnPage;

/// The page of a refusal, when whoever asks is a browser that looks at a page.
pub(in crate::http) fn page(
    request: &HttpRequest,
    problem: &Problem,
    status: StatusCode,
    request_id: &str,
) -> Option<HttpResponse> {
    let accept = request.headers().get(ACCEPT)?.to_str().ok()?;
    let path = request.path();
    if !accept.contains("text/html") || path.starts_with("/v1/") {
        return None;
    }
    if let (StatusCode::UNAUTHORIZED, Some(id)) = (status, dossier_of(path)) {
        return templates::page_as(status, "open.html", opening(problem, id)).ok();
    }
    let body = problem.page_data(status, request_id, back(path));
    let page = templates::page_as(status, "refusal.html", &body);
    page.ok()
}

/// The dossier an address belongs to.
fn dossier_of(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/dossiers/")?;
    let id = rest.split('/').next()?;
    (!id.is_empty() && is_id(id)).then_some(id)
}

/// What `open.html` shows: no credential came, or one that opens nothing (any more).
fn opening(problem: &Problem, id: &str) -> serde_json::Value {
    let wrong = problem.code() == ErrorCode::CredentialsUnknown;
    let detail = Bilingual::new(
        "这个链接打不开任何卷宗：可能抄漏了几个字符，或者卷宗已经删除",
        "this link opens no dossier: a few signs may be missing, or the dossier was deleted",
    );
    json!({"id": id, "wrong": wrong, "detail": detail})
}

/// Where one goes on from a refusal at this address.
fn back(path: &str) -> String {
    let mut parts = path.trim_start_matches('/').split('/');
    match (parts.next(), parts.next()) {
        (Some("dossiers"), Some(_)) if path.matches('/').count() > 2 => {
            dossier_of(path).map_or("/".to_owned(), |id| format!("/dossiers/{id}"))
        }
        (Some("office"), Some(_)) => "/office".to_owned(),
        (Some("verify" | "v"), _) => "/verify".to_owned(),
        (Some("notices"), _) => "/apply".to_owned(),
        _ => "/".to_owned(),
    }
}

fn is_id(text: &str) -> bool {
    text.bytes().all(|sign| sign.is_ascii_alphanumeric())
}

/// What `refusal.html` shows.
impl Problem {
    fn page_data(&self, status: StatusCode, request_id: &str, back: String) -> serde_json::Value {
        let zh = self.body(status, crate::lang::Lang::Zh, request_id);
        json!({
            "status": status.as_u16(),
            "title": self.code().title(),
            "detail": zh.get("message"),
            "errors": zh.get("errors"),
            "code": self.code().as_str(),
            "request_id": request_id,
            "back": back,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_leads_back_to_where_one_was() {
        assert_eq!(back("/dossiers/ab12/binding"), "/dossiers/ab12");
        assert_eq!(back("/dossiers/ab12"), "/");
        assert_eq!(back("/dossiers/%22onload/x"), "/");
        assert_eq!(back("/office/issue"), "/office");
        assert_eq!(back("/office"), "/");
        assert_eq!(back("/v/abc"), "/verify");
        assert_eq!(back("/nowhere"), "/");
    }
}
