//! The one list of routes: method, address, who may, and the function that answers.

use std::rc::Rc;

use actix_web::{
    FromRequest, Handler, HttpResponse, Responder, ResponseError as _, guard,
    http::{
        Method,
        header::{ALLOW, HeaderValue},
    },
    middleware::from_fn,
    web::{self, ServiceConfig},
};

use super::{access, pages, problem::Problem, rates::Rate, v1};
use crate::{error_code::ErrorCode, store::Scope};

/// Who may use an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Anyone,
    /// A token with this scope, or anyone where the office lets applicants in.
    Applicant(Scope),
    /// A token with this scope.
    Scope(Scope),
    /// Whoever holds the secret of the dossier in the address, or an administrator.
    Dossier,
    /// As [`Access::Dossier`], but a page: the secret comes from a cookie, and forms only from our own pages.
    DossierPage,
    /// A page of the office: whoever signed in with a token that has one of these scopes, and forms only from our own pages.
    OfficePage(&'static [Scope]),
    /// Whoever asked for the long work in the address, holds the secret of its dossier, or is an administrator.
    Job,
    /// Whoever holds the holder's secret of the certificate in the address, or a token with scope `issue`.
    Holder,
}

/// One endpoint.
pub(super) struct Endpoint {
    method: Method,
    path: &'static str,
    access: Access,
    rate: Rate,
    in_contract: bool,
    route: actix_web::Route,
}

impl Endpoint {
    /// Counts who asks for it how often.
    pub(super) fn counted(self, rate: Rate) -> Endpoint {
        Endpoint { rate, ..self }
    }
}

/// What the table says of one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    /// HTTP method.
    pub method: String,
    /// Address with its variables in braces.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    /// What it is counted as.
    pub rate: Rate,
    /// Whether programs may rely on it: it stands in the OpenAPI document. Pages and their forms do not.
    pub in_contract: bool,
}

/// Every route there is, for tests that go through all of them.
pub fn routes() -> Vec<RouteInfo> {
    let info = |endpoint: Endpoint| RouteInfo {
        method: endpoint.method.to_string(),
        path: endpoint.path,
        access: endpoint.access,
        rate: endpoint.rate,
        in_contract: endpoint.in_contract,
    };
    table().into_iter().map(info).collect()
}

fn table() -> Vec<Endpoint> {
    let mut all = v1::endpoints();
    all.extend(pages::endpoints());
    all
}

pub(super) fn endpoint<F, Args>(
    method: Method,
    path: &'static str,
    access: Access,
    handler: F,
) -> Endpoint
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let route = web::route();
    let route = if method == Method::GET {
        route.guard(guard::Any(guard::Get()).or(guard::Head()))
    } else {
        route.method(method.clone())
    };
    Endpoint {
        method,
        path,
        access,
        rate: Rate::Free,
        in_contract: true,
        route: route.to(handler),
    }
}

/// A page or a form of one: for people, not in the OpenAPI document.
pub(super) fn page<F, Args>(
    method: Method,
    path: &'static str,
    access: Access,
    handler: F,
) -> Endpoint
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    Endpoint {
        in_contract: false,
        ..endpoint(method, path, access, handler)
    }
}

/// The pattern of the address that a request was led to, as in [`RouteInfo::path`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Pattern(pub(super) &'static str);

/// Registers all endpoints, one resource an address, each behind its access check. Addresses without variables come first: they are
/// found by comparing, and no pattern has to be tried for them.
pub(super) fn register(config: &mut ServiceConfig) {
    let mut left = table();
    left.sort_by_key(|endpoint| endpoint.path.contains('{'));
    while let Some(path) = left.first().map(|endpoint| endpoint.path) {
        let (here, others): (Vec<_>, Vec<_>) = left.into_iter().partition(|e| e.path == path);
        left = others;
        let allowed: Rc<[_]> = here
            .iter()
            .map(|e| (e.method.clone(), e.access, e.rate))
            .collect();
        let allow = allow_field(&here);
        let mut resource = web::resource(path);
        for endpoint in here {
            resource = resource.route(endpoint.route);
        }
        let resource = resource
            .default_service(web::to(move || refuse_method(allow.clone())))
            .wrap(from_fn(move |request, next| {
                access::check(Pattern(path), Rc::clone(&allowed), request, next)
            }));
        config.service(resource);
    }
}

fn allow_field(endpoints: &[Endpoint]) -> String {
    let mut methods: Vec<&str> = endpoints.iter().map(|e| e.method.as_str()).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.join(", ")
}

async fn refuse_method(allow: String) -> HttpResponse {
    let problem = Problem::new(ErrorCode::MethodNotAllowed).because(
        format!("此地址接受 {allow}"),
        format!("this address takes {allow}"),
    );
    match HeaderValue::from_str(&allow) {
        Ok(value) => problem.header(ALLOW, value).error_response(),
        Err(_) => problem.error_response(),
    }
}
