//! The cookies of pages: a credential a browser sends by itself, to one part of the site and to nobody else.
//!
//! A dossier's secret comes once, by a form (`POST /dossiers/{id}/open`), and goes into a cookie that scripts cannot
//! read (`HttpOnly`), that other sites cannot make a browser send (`SameSite=Strict`) and that only the addresses of
//! that dossier get (`Path`). It ends with the browser's session: many of these computers are shared.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{COOKIE, HeaderMap, HeaderValue, ORIGIN, SET_COOKIE},
};

use crate::{error_code::ErrorCode, http::problem::Problem};

/// Holds the secret of the dossier its path belongs to.
pub(in crate::http) const DOSSIER: &str = "jz-dossier";
/// Holds the token an office signed in with.
pub(in crate::http) const OFFICE: &str = "jz-office";

/// The value of a cookie, if the browser sent it.
pub(in crate::http) fn read<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let fields = headers.get_all(COOKIE);
    let mut pairs = fields
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.split(';'));
    pairs.find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name && !value.is_empty()).then_some(value)
    })
}

/// Has the browser keep `value` for the addresses under `path` until it is closed.
pub(super) fn set(
    request: &HttpRequest,
    response: &mut HttpResponse,
    name: &str,
    value: &str,
    path: &str,
) -> Result<(), Problem> {
    let plain = |sign: u8| sign.is_ascii_alphanumeric() || b"_-.".contains(&sign);
    if !value.bytes().all(plain) {
        return Err(Problem::new(ErrorCode::CredentialsUnknown));
    }
    write(request, response, &format!("{name}={value}; Path={path}"))
}

/// Has the browser forget the cookie.
pub(super) fn clear(
    request: &HttpRequest,
    response: &mut HttpResponse,
    name: &str,
    path: &str,
) -> Result<(), Problem> {
    write(
        request,
        response,
        &format!("{name}=; Path={path}; Max-Age=0"),
    )
}

fn write(request: &HttpRequest, response: &mut HttpResponse, cookie: &str) -> Result<(), Problem> {
    // Over TLS the cookie never leaves it; plain HTTP is for one's own machine.
    let secure = match request.connection_info().scheme() {
        "https" => "; Secure",
        _ => "",
    };
    let field = format!("{cookie}; HttpOnly; SameSite=Strict{secure}");
    let field = HeaderValue::from_str(&field).map_err(Problem::internal)?;
    response.headers_mut().append(SET_COOKIE, field);
    Ok(())
}

/// Refuses a form that a page of another site sent.
///
/// `SameSite=Strict` already keeps the cookie away from such a request; this is the second lock. Our pages send no
/// referrer, so a browser without `Sec-Fetch-Site` may give `Origin: null`: then the first lock decides alone.
pub(in crate::http) fn refuse_foreign_form(headers: &HeaderMap) -> Result<(), Problem> {
    let field = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let ours = match (field("sec-fetch-site"), field(ORIGIN.as_str())) {
        (Some(site), _) => site == "same-origin",
        (None, None | Some("null")) => true,
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == field("host")
        }
    };
    if ours {
        return Ok(());
    }
    Err(Problem::new(ErrorCode::RequestRefused).because(
        "这张表单不是从本站页面发出的",
        "this form was not sent by a page of this site",
    ))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let mut request = TestRequest::default();
        for pair in pairs {
            request = request.insert_header(*pair);
        }
        request.to_http_request().headers().clone()
    }

    #[test]
    fn a_cookie_is_found_among_others_and_only_by_its_whole_name() {
        let sent = headers(&[("cookie", "a=1; jz-dossier=jzd_x; jz-dossier2=y")]);
        assert_eq!(read(&sent, DOSSIER), Some("jzd_x"));
        assert_eq!(read(&sent, "jz"), None);
        assert_eq!(read(&headers(&[("cookie", "jz-dossier=")]), DOSSIER), None);
    }

    #[test]
    fn only_our_own_pages_send_forms() {
        let ours = |pairs: &[(&str, &str)]| refuse_foreign_form(&headers(pairs)).is_ok();
        assert!(ours(&[("sec-fetch-site", "same-origin")]));
        assert!(!ours(&[("sec-fetch-site", "cross-site")]));
        assert!(!ours(&[("sec-fetch-site", "same-site")]));
        assert!(!ours(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://a"),
            ("host", "a")
        ]));
        assert!(ours(&[("origin", "https://a:1"), ("host", "a:1")]));
        assert!(!ours(&[("origin", "https://b"), ("host", "a")]));
        assert!(ours(&[("origin", "null"), ("host", "a")]));
        assert!(ours(&[]));
    }

    #[test]
    fn a_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites_nor_split_by_its_value() {
        let request = TestRequest::default()
            .insert_header(("x-forwarded-proto", "https"))
            .to_http_request();
        let mut response = HttpResponse::Ok().finish();
        set(&request, &mut response, DOSSIER, "jzd_a-B", "/dossiers/1").unwrap();
        let field = response.headers().get(SET_COOKIE).unwrap();
        assert_eq!(
            field,
            "jz-dossier=jzd_a-B; Path=/dossiers/1; HttpOnly; SameSite=Strict; Secure"
        );
        for evil in ["a;b", "a b", "a\r\nb", "甲"] {
            assert!(set(&request, &mut response, DOSSIER, evil, "/").is_err());
        }
    }
}
