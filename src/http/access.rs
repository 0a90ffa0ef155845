//! Who asks, and may they: decided in one place, by the table of endpoints, before an endpoint runs.
//!
//! Pages bring the same credentials in a cookie of their own part of the site.
//! A bearer is a token (`jzt_…`, or of a platform the office believes) with scopes or the secret of one dossier (`jzd_…`). A wrong credential is 401, a
//! token without the scope 403. A dossier that does not exist and one whose secret is wrong look the same.

use std::rc::Rc;

use actix_web::{
    Error, FromRequest, HttpMessage as _, HttpRequest, ResponseError as _,
    body::{BoxBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{AUTHORIZATION, HeaderMap},
    },
    middleware::Next,
    web::Data,
};
use futures_util::future::{Ready, ready};

use super::{
    ForeignTokens, Services,
    endpoints::{Access, Pattern},
    observe::RequestId,
    pages::{cookie, office::session},
    problem::Problem,
    rates::Rate,
};
use crate::{
    error_code::ErrorCode,
    store::{
        AuditEntry, CertificateKey, CertificateRow, DossierRow, Id, JobRow, Scope, Scopes,
        SecretHash,
    },
};

/// Begins the secret of a dossier.
pub(super) const DOSSIER_PREFIX: &str = "jzd_";
/// Begins the secret of a certificate's holder.
pub(super) const HOLDER_PREFIX: &str = "jzh_";

/// Who asks.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// `token:<id>`, `oidc:<id>` (of another platform), `dossier:<id>` or `anonymous`; stands in the audit record and owns idempotency keys.
    pub(super) actor: String,
    request_id: String,
}

impl Caller {
    /// One who does not come with a request.
    pub(super) fn of(actor: &str) -> Caller {
        Caller {
            actor: actor.to_owned(),
            request_id: String::new(),
        }
    }
    /// A line of the audit record.
    pub(super) async fn record(
        &self,
        services: &Services,
        action: &str,
        subject: String,
    ) -> Result<(), Problem> {
        let entry = AuditEntry {
            at: services.clock.now(),
            actor: self.actor.clone(),
            action: action.to_owned(),
            subject,
            request_id: self.request_id.clone(),
        };
        Ok(services.store.audit(&entry).await?)
    }
}

/// The dossier that was opened.
#[derive(Clone, Debug)]
pub(super) struct OpenDossier(pub(super) DossierRow);

/// The certificate that was opened.
#[derive(Clone, Debug)]
pub(super) struct OpenCertificate(pub(super) CertificateRow);

/// The long work that was opened.
#[derive(Clone, Debug)]
pub(super) struct OpenJob(pub(super) JobRow);

/// Middleware of one address: `allowed` lists its methods, `pattern` is for the log and the counters.
pub(super) async fn check(
    pattern: Pattern,
    allowed: Rc<[(Method, Access, Rate)]>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    request.extensions_mut().insert(pattern);
    // A HEAD is a GET whose body stays here.
    let method = match *request.method() {
        Method::HEAD => &Method::GET,
        ref method => method,
    };
    let known = allowed.iter().find(|(m, ..)| m == method);
    if let Some(&(_, access, rate)) = known
        && let Err(problem) = admit(&request, access, rate).await
    {
        let refused = match access {
            Access::OfficePage(_) => session::refused(&request, &problem),
            _ => problem.error_response(),
        };
        return Ok(request.into_response(refused));
    }
    next.call(request)
        .await
        .map(ServiceResponse::map_into_boxed_body)
}

async fn admit(request: &ServiceRequest, access: Access, rate: Rate) -> Result<(), Problem> {
    let services = request
        .app_data::<Data<Services>>()
        .ok_or_else(|| Problem::new(ErrorCode::Internal))?;
    let bearer = credential(request, access)?;
    let actor = match access {
        Access::Anyone => "anonymous".to_owned(),
        Access::Applicant(_) if services.config.open_to_applicants && bearer.is_none() => {
            "anonymous".to_owned()
        }
        Access::Applicant(scope) | Access::Scope(scope) => {
            by_token(services, bearer, scope).await?
        }
        Access::OfficePage(scopes) => {
            let session = session::of_cookie(services, bearer, scopes).await?;
            let actor = format!("token:{}", session.token.id);
            request.extensions_mut().insert(session);
            actor
        }
        Access::Holder => {
            let (row, actor) = open_certificate(services, request, bearer).await?;
            request.extensions_mut().insert(OpenCertificate(row));
            actor
        }
        Access::Job => {
            let (job, actor) = open_job(services, request, bearer).await?;
            request.extensions_mut().insert(OpenJob(job));
            actor
        }
        Access::Dossier | Access::DossierPage => {
            let id = id_of(request);
            let dossier = match &id {
                Some(id) => services.store.dossier(id).await?,
                None => None,
            };
            let on_show = *request.method() == Method::GET || *request.method() == Method::HEAD;
            let actor = open(services, dossier.as_ref(), bearer, on_show).await?;
            // An administrator may learn that there is no such dossier; nobody else gets here without one.
            let dossier = dossier.ok_or_else(Problem::not_found)?;
            request.extensions_mut().insert(OpenDossier(dossier));
            actor
        }
    };
    services.rates.take(rate, &actor, request)?;
    let request_id = request
        .extensions()
        .get::<RequestId>()
        .map(|id| id.0.clone());
    let request_id = request_id.unwrap_or_default();
    request
        .extensions_mut()
        .insert(Caller { actor, request_id });
    Ok(())
}

/// What the caller comes with: pages take it from their cookie, everything else from `Authorization`.
fn credential(request: &ServiceRequest, access: Access) -> Result<Option<&str>, Problem> {
    let headers = request.headers();
    let cookie = match access {
        Access::DossierPage => cookie::DOSSIER,
        Access::OfficePage(_) => cookie::OFFICE,
        Access::Anyone
        | Access::Applicant(_)
        | Access::Scope(_)
        | Access::Dossier
        | Access::Job
        | Access::Holder => return bearer(headers),
    };
    if !request.method().is_safe() {
        cookie::refuse_foreign_form(headers)?;
    }
    Ok(cookie::read(headers, cookie))
}

/// The bearer credential, if there is one; another scheme is as good as a wrong credential.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(AUTHORIZATION) else {
        return Ok(None);
    };
    let text = value.to_str().ok();
    let (scheme, credential) = text
        .and_then(|text| text.split_once(' '))
        .ok_or_else(|| Problem::new(ErrorCode::CredentialsUnknown))?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Problem::new(ErrorCode::CredentialsUnknown));
    }
    Ok(Some(credential.trim()))
}

/// The id in the address, when it is one.
fn id_of(request: &ServiceRequest) -> Option<Id> {
    let text = request.match_info().get("id");
    text.and_then(|text| text.parse().ok())
}

/// Who comes with a token, and what it opens.
struct Admitted {
    actor: String,
    scopes: Scopes,
}

/// A token of ours, or of a platform we were told to believe, that is neither expired nor revoked.
async fn any_token(services: &Services, bearer: Option<&str>) -> Result<Admitted, Problem> {
    let bearer = bearer.ok_or_else(|| Problem::new(ErrorCode::CredentialsMissing))?;
    let unknown = || Problem::new(ErrorCode::CredentialsUnknown);
    let now = services.clock.now();
    if let Some(tokens) = &services.config.foreign_tokens
        && ForeignTokens::looks_like_one(bearer)
    {
        let foreigner = tokens.of(bearer, now).ok_or_else(unknown)?;
        let ended = services.store.foreign_end(&foreigner.id).await?;
        if ended.is_some_and(|ended| foreigner.issued_at <= ended) {
            return Err(unknown());
        }
        return Ok(Admitted {
            actor: format!("oidc:{}", foreigner.id),
            scopes: foreigner.scopes,
        });
    }
    let token = services.store.token(bearer, now).await?;
    let token = token.ok_or_else(unknown)?;
    Ok(Admitted {
        actor: format!("token:{}", token.id),
        scopes: token.scopes,
    })
}

/// Opens long work for its owner, whoever holds its dossier's secret, or an administrator. Of others' work nobody learns that it is.
async fn open_job(
    services: &Services,
    request: &ServiceRequest,
    bearer: Option<&str>,
) -> Result<(JobRow, String), Problem> {
    let job = match &id_of(request) {
        Some(id) => services.store.job(id).await?,
        None => None,
    };
    if bearer.is_some_and(|bearer| bearer.starts_with(DOSSIER_PREFIX)) {
        let id = job.as_ref().and_then(|job| job.dossier.clone());
        let dossier = match &id {
            Some(id) => services.store.dossier(id).await?,
            None => None,
        };
        let actor = open(services, dossier.as_ref(), bearer, false).await?;
        let job = job.ok_or_else(Problem::not_found)?;
        return Ok((job, actor));
    }
    let token = any_token(services, bearer).await?;
    let theirs = |job: &JobRow| job.owner == token.actor || token.scopes.allow(Scope::Admin);
    let job = job.filter(theirs).ok_or_else(Problem::not_found)?;
    Ok((job, token.actor))
}

/// Admits a token with this scope.
async fn by_token(
    services: &Services,
    bearer: Option<&str>,
    scope: Scope,
) -> Result<String, Problem> {
    let token = any_token(services, bearer).await?;
    if token.scopes.allow(scope) {
        return Ok(token.actor);
    }
    Err(Problem::new(ErrorCode::ScopeMissing).because(
        format!("此请求需要权限 `{scope}`"),
        format!("this request needs the scope `{scope}`"),
    ))
}

/// Opens a certificate with its holder's secret or as issuing office; the sample's may be looked at by anyone.
async fn open_certificate(
    services: &Services,
    request: &ServiceRequest,
    bearer: Option<&str>,
) -> Result<(CertificateRow, String), Problem> {
    let number = request.match_info().get("number").unwrap_or_default();
    let key = CertificateKey::Number(number);
    let row = services.store.certificate(key).await?;
    let on_show = services
        .showcase()
        .is_some_and(|show| show.certificate.as_deref() == Some(number));
    let Some(bearer) = bearer else {
        return match row {
            Some(row) if on_show => Ok((row, "anonymous".to_owned())),
            _ => Err(Problem::new(ErrorCode::CredentialsMissing)),
        };
    };
    let Some(presented) = bearer.strip_prefix(HOLDER_PREFIX) else {
        let actor = by_token(services, Some(bearer), Scope::Issue).await?;
        let row = row.ok_or_else(|| Problem::new(ErrorCode::CertificateUnknown))?;
        return Ok((row, actor));
    };
    let never = SecretHash::of_text("");
    let hash = row.as_ref().map_or(never, |row| row.issued.holder);
    let matches = hash.matches(presented);
    match row {
        Some(row) if matches => {
            let actor = format!("holder:leaf:{}", row.issued.leaf_index);
            Ok((row, actor))
        }
        _ => Err(Problem::new(ErrorCode::CredentialsUnknown)),
    }
}

/// Opens a dossier with its secret or as administrator; the sample may be looked at by anyone.
async fn open(
    services: &Services,
    dossier: Option<&DossierRow>,
    bearer: Option<&str>,
    only_looking: bool,
) -> Result<String, Problem> {
    let on_show = services
        .showcase()
        .is_some_and(|show| dossier.is_some_and(|dossier| dossier.id == show.dossier));
    let Some(bearer) = bearer else {
        return if on_show && only_looking {
            Ok("anonymous".to_owned())
        } else {
            Err(Problem::new(ErrorCode::CredentialsMissing))
        };
    };
    if !bearer.starts_with(DOSSIER_PREFIX) {
        return by_token(services, Some(bearer), Scope::Admin).await;
    }
    let presented = bearer.strip_prefix(DOSSIER_PREFIX).unwrap_or_default();
    // Without a dossier a comparison is made all the same, so that both answers take equally long.
    let never = SecretHash::of_text("");
    let hash = dossier.map_or(never, |dossier| dossier.secret);
    let matches = hash.matches(presented);
    match dossier {
        Some(dossier) if matches => Ok(format!("dossier:{}", dossier.id)),
        _ => Err(Problem::new(ErrorCode::CredentialsUnknown)),
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Caller, Problem>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let caller = request.extensions().get::<Caller>().cloned();
        ready(caller.ok_or_else(|| Problem::new(ErrorCode::Internal)))
    }
}

impl FromRequest for OpenDossier {
    type Error = Problem;
    type Future = Ready<Result<OpenDossier, Problem>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let dossier = request.extensions().get::<OpenDossier>().cloned();
        ready(dossier.ok_or_else(|| Problem::new(ErrorCode::Internal)))
    }
}

impl FromRequest for OpenJob {
    type Error = Problem;
    type Future = Ready<Result<OpenJob, Problem>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let job = request.extensions().get::<OpenJob>().cloned();
        ready(job.ok_or_else(|| Problem::new(ErrorCode::Internal)))
    }
}

impl FromRequest for OpenCertificate {
    type Error = Problem;
    type Future = Ready<Result<OpenCertificate, Problem>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let certificate = request.extensions().get::<OpenCertificate>().cloned();
        ready(certificate.ok_or_else(|| Problem::new(ErrorCode::Internal)))
    }
}
