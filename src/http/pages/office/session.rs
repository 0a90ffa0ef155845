//! Signing in and out. A token is typed once; from then on the browser holds a session of its own that ends by itself.

use actix_web::{
    HttpRequest, HttpResponse, ResponseError as _,
    dev::ServiceRequest,
    http::{
        StatusCode,
        header::{HeaderValue, LOCATION, WWW_AUTHENTICATE},
    },
    web::{Data, Payload},
};
use serde_json::json;

use super::{ANY, desk::Desk};
use crate::{
    error_code::ErrorCode,
    http::{
        Services,
        access::Caller,
        pages::{cookie, form, templates},
        problem::{Answer, Problem},
    },
    store::{OfficeSession, Scope},
};

/// Where one signs in.
pub(super) const SIGN_IN: &str = "/office/sign-in";
/// The addresses that get the cookie.
const PATH: &str = "/office";

/// Where a token is typed.
pub(super) async fn sign_in_page(request: HttpRequest, services: Data<Services>) -> Answer {
    let next = next_of(request.query_string());
    show(StatusCode::OK, &services, next, None)
}

/// Takes the token, gives the session.
pub(super) async fn sign_in(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
) -> Answer {
    cookie::refuse_foreign_form(request.headers())?;
    let fields = form::fields(&request, payload, &services).await?;
    let next = fields.text("next").filter(|next| is_ours(next));
    let next = next.unwrap_or(PATH);
    let now = services.clock.now();
    let presented = fields.text("token").unwrap_or_default();
    let Some(token) = services.store.token(presented, now).await? else {
        let subject = "token:unknown".to_owned();
        caller
            .record(&services, "office.sign_in_refused", subject)
            .await?;
        return show(
            StatusCode::UNAUTHORIZED,
            &services,
            next,
            Some(ErrorCode::CredentialsUnknown),
        );
    };
    let actor = Caller::of(&format!("token:{}", token.id));
    if !ANY.iter().any(|scope| token.scopes.allow(*scope)) {
        let subject = format!("token:{}", token.id);
        actor
            .record(&services, "office.sign_in_refused", subject)
            .await?;
        return show(
            StatusCode::FORBIDDEN,
            &services,
            next,
            Some(ErrorCode::ScopeMissing),
        );
    }
    let (session, text) = services.store.begin_session(&token, now).await?;
    let subject = format!("session:{}", session.id);
    actor.record(&services, "office.signed_in", subject).await?;
    let mut response = form::see_other(next)?;
    cookie::set(&request, &mut response, cookie::OFFICE, &text, PATH)?;
    Ok(response)
}

/// Ends the session here and in the browser.
pub(super) async fn sign_out(
    request: HttpRequest,
    services: Data<Services>,
    caller: Caller,
    desk: Desk,
) -> Answer {
    let id = &desk.session().id;
    services.store.end_session(id).await?;
    let subject = format!("session:{id}");
    caller
        .record(&services, "office.signed_out", subject)
        .await?;
    let mut response = form::see_other(SIGN_IN)?;
    cookie::clear(&request, &mut response, cookie::OFFICE, PATH)?;
    Ok(response)
}

/// The session of a request, when its token has one of these scopes.
pub(in crate::http) async fn of_cookie(
    services: &Services,
    credential: Option<&str>,
    scopes: &[Scope],
) -> Result<OfficeSession, Problem> {
    let text = credential.ok_or_else(|| Problem::new(ErrorCode::CredentialsMissing))?;
    let session = services.store.session(text, services.clock.now()).await?;
    let session = session.ok_or_else(|| Problem::new(ErrorCode::CredentialsUnknown))?;
    if scopes
        .iter()
        .any(|scope| session.token.scopes.allow(*scope))
    {
        return Ok(session);
    }
    let names: Vec<_> = scopes.iter().map(|scope| format!("`{scope}`")).collect();
    Err(Problem::new(ErrorCode::ScopeMissing).because(
        format!("登录所用的令牌没有权限 {}", names.join(" 或 ")),
        format!(
            "the token you signed in with lacks the scope {}",
            names.join(" or ")
        ),
    ))
}

/// What who may not come in gets: whoever only looks is sent to sign in and back afterwards, all else is refused.
pub(in crate::http) fn refused(request: &ServiceRequest, problem: &Problem) -> HttpResponse {
    let signed_out = matches!(
        problem.code(),
        ErrorCode::CredentialsMissing | ErrorCode::CredentialsUnknown
    );
    if !signed_out || !request.method().is_safe() {
        return problem.error_response();
    }
    let path = request.path();
    let next = if is_ours(path) { path } else { PATH };
    HttpResponse::SeeOther()
        .insert_header((LOCATION, format!("{SIGN_IN}?next={next}")))
        .finish()
}

fn show(status: StatusCode, services: &Services, next: &str, wrong: Option<ErrorCode>) -> Answer {
    let mut response: HttpResponse = templates::page_as(
        status,
        "office_sign_in.html",
        json!({
            "office": services.issuer.office().name,
            "next": next,
            "wrong": wrong.map(ErrorCode::title),
            "sample": services.showcase().is_some(),
        }),
    )?;
    if status == StatusCode::UNAUTHORIZED {
        let how = HeaderValue::from_static("Bearer realm=\"juanzong\"");
        response.headers_mut().insert(WWW_AUTHENTICATE, how);
    }
    Ok(response)
}

fn next_of(query: &str) -> &str {
    let next = query.split('&').find_map(|pair| pair.strip_prefix("next="));
    next.filter(|next| is_ours(next)).unwrap_or(PATH)
}

/// Whether an address is one of the office's pages: nothing that could lead elsewhere.
fn is_ours(path: &str) -> bool {
    let plain = |sign: u8| sign.is_ascii_alphanumeric() || b"/-_.".contains(&sign);
    let under = path == PATH || path.starts_with("/office/");
    under && !path.starts_with(SIGN_IN) && !path.contains("..") && path.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_one_stays_here() {
        assert_eq!(
            next_of("next=/office/certificates/JZ1"),
            "/office/certificates/JZ1"
        );
        for elsewhere in [
            "next=//evil.example",
            "next=/office/../x",
            "next=https://evil.example/office/",
            "next=/officer",
            "next=/office/%0d%0a",
            "next=/office/sign-in",
            "",
        ] {
            assert_eq!(next_of(elsewhere), "/office", "{elsewhere}");
        }
    }
}
