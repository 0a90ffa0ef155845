//! The OpenAPI 3.1 document, made from the endpoints themselves; a test compares it with the table of routes.

use serde::Serialize;
use serde_json::json;
use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use super::{
    endpoints::{self, Access, RouteInfo},
    pages,
    rates::Rate,
    v1,
};
use crate::{finding, lang::Bilingual};

/// Every refusal (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(in crate::http) struct ProblemBody {
    /// A page that explains it: `/problems/<code>`.
    #[serde(rename = "type")]
    kind: String,
    /// HTTP status.
    status: u16,
    /// Stable name.
    code: String,
    /// What the code means, in the language asked for.
    title: String,
    /// What was the matter this time, in the language asked for.
    detail: String,
    /// The same in both languages.
    message: Bilingual,
    /// Everything that is the matter, one entry each.
    #[schema(value_type = Vec<Object>)]
    errors: Vec<serde_json::Value>,
    /// Id of the request, as in `X-Request-Id`.
    request_id: String,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "juanzong 卷宗",
        description = "From upload to certificate: the paperwork of Chinese professional titles. \
                       Every refusal is RFC 9457 `application/problem+json`. \
                       `X-Request-Id` and `traceparent` pass through.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    paths(
        v1::health::livez,
        v1::health::readyz,
        v1::show_metrics::show_metrics,
        v1::list_jobs::list_jobs,
        v1::show_job::show_job,
        v1::show_job::job_events,
        v1::show_job::cancel_job,
        v1::show_limits::show_limits,
        v1::list_notices::list_notices,
        v1::show_notice::show_notice,
        v1::list_versions::list_versions,
        v1::search_committees::search_committees,
        v1::judge_eligibility::judge_eligibility,
        v1::list_checks::list_checks,
        v1::show_check::show_check,
        v1::create_dossier::create_dossier,
        v1::show_dossier::show_dossier,
        v1::change_dossier::change_dossier,
        v1::delete_dossier::delete_dossier,
        v1::create_validation::create_validation,
        v1::dossier_events::dossier_events,
        v1::upload_file::upload_file,
        v1::reorder_files::reorder_files,
        v1::show_file::show_file,
        v1::replace_file::replace_file,
        v1::remove_file::remove_file,
        v1::review_file::review_file,
        v1::show_upload::show_upload,
        v1::preview_page::preview_page,
        v1::bind_dossier::bind_dossier,
        v1::show_volume::show_volume,
        v1::show_volume::show_bundle,
        v1::show_volume::show_manifest,
        v1::show_corrections::show_corrections,
        v1::show_corrections::show_corrections_pdf,
        v1::issue_certificate::issue_certificate,
        v1::issue_certificate::supersede_certificate,
        v1::issue_batch::issue_batch,
        v1::list_certificates::list_certificates,
        v1::list_certificates::search_certificates,
        v1::list_certificates::show_register_row,
        v1::list_certificates::ask_identity,
        v1::reinstate_certificate::reinstate_certificate,
        v1::show_certificate::show_certificate,
        v1::revoke_certificate::revoke_certificate,
        v1::create_verification::create_verification,
        v1::show_log::checkpoint,
        v1::show_log::tile,
        v1::show_log::status_list,
        v1::show_log::status_list_file,
        v1::show_log::issuer_pem,
        v1::show_log::issuer_crl,
        v1::show_log::policy,
        v1::show_log::log_keys,
        pages::code_page::code_page,
        pages::verify::verify_page,
        pages::verify::verify_form,
        pages::start::start,
        pages::docs::docs,
        pages::docs::openapi_json,
        pages::problem_page::problem_page,
        pages::assets::asset,
    ),
    components(schemas(ProblemBody, finding::Report)),
    modifiers(&Credentials),
    tags(
        (name = "notices", description = "What papers are judged by"),
        (name = "validation", description = "One file in, one report out"),
        (name = "dossiers", description = "The papers of one applicant"),
        (name = "certificates", description = "Issuing, revoking, verifying"),
        (name = "log", description = "The public certificate log and what it is checked with"),
        (name = "jobs", description = "Long work asked for with `Prefer: respond-async`"),
        (name = "service", description = "Limits and health"),
        (name = "pages", description = "For people"),
    )
)]
struct Document;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let bearer = |description: &str| {
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Bearer)
                    .description(Some(description))
                    .build(),
            )
        };
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(
            "token",
            bearer("A token with scopes: `jzt_…`, made with `juanzong token create`"),
        );
        components.add_security_scheme(
            "holder",
            bearer("The secret of a certificate's holder: `jzh_…`, given when it was issued"),
        );
        components.add_security_scheme(
            "dossier",
            bearer("The secret of one dossier: `jzd_…`, given when it was made"),
        );
    }
}

/// The document: what the endpoints say of themselves, and what holds for every one of its kind.
pub fn document() -> serde_json::Value {
    // The document is put together from our own types: it always writes.
    let mut document = serde_json::to_value(Document::openapi()).unwrap_or_default();
    for route in endpoints::routes() {
        let path = route.path.replace(":.*", "").replace('/', "~1");
        let method = route.method.to_ascii_lowercase();
        if let Some(operation) = document.pointer_mut(&format!("/paths/{path}/{method}")) {
            complete(operation, &route);
        }
    }
    document
}

/// Adds the refusals that come before an endpoint's own words are looked at.
fn complete(operation: &mut serde_json::Value, route: &RouteInfo) {
    let mut refusals = Vec::new();
    match route.access {
        Access::Anyone => {}
        Access::Scope(_)
        | Access::Applicant(_)
        | Access::Dossier
        | Access::DossierPage
        | Access::Job
        | Access::Holder
        | Access::OfficePage(_) => refusals.extend([
            ("401", "No credential, or a wrong one"),
            ("403", "The scope is missing"),
        ]),
    }
    if route.path.contains('{') {
        refusals.push(("404", "Nothing is here"));
    }
    if route.rate != Rate::Free {
        refusals.push(("429", "Asked too often; come back after `Retry-After`"));
    }
    if let Some(body) = operation.get_mut("requestBody") {
        let first = body.pointer("/content/application~1json/schema/oneOf/0/type");
        if first.is_none_or(|kind| kind != "null")
            && let Some(body) = body.as_object_mut()
        {
            body.insert("required".into(), true.into());
        }
        refusals.extend([
            ("400", "The body cannot be read"),
            ("413", "The body is too large; the limit is named"),
            ("415", "The media type is not taken here"),
            ("422", "What it asks for is not there, or cannot be"),
        ]);
    }
    let keyed = |parameter: &serde_json::Value| parameter["name"] == "Idempotency-Key";
    let parameters = operation["parameters"].as_array();
    if parameters.is_some_and(|all| all.iter().any(keyed)) {
        refusals.extend([
            ("400", "The Idempotency-Key cannot be read"),
            ("409", "The same request is under way"),
            ("422", "The Idempotency-Key was used for another request"),
        ]);
    }
    let responses = operation.get_mut("responses");
    if let Some(responses) = responses.and_then(|all| all.as_object_mut()) {
        for (status, words) in refusals {
            responses.entry(status).or_insert_with(|| {
                json!({"description": words, "content": {"application/problem+json": {
                    "schema": {"$ref": "#/components/schemas/Problem"}}}})
            });
        }
    }
}
