//! `POST /v1/eligibility`: a profile in; may this person apply, for which title, clause by clause. Nothing is kept.

use actix_web::{
    HttpRequest,
    web::{Data, Payload},
};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::judge;
use crate::{
    eligibility::{self, Profile},
    error_code::ErrorCode,
    http::{
        Services, body, json,
        problem::{Answer, Problem},
    },
    rulepack::PackErrors,
};

/// A profile and the notice it is held against.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct EligibilityBody {
    /// Id of a notice.
    notice: String,
    /// What is known of the person; a key that is left out, or `null`, is not known.
    #[schema(value_type = Profile)]
    profile: Value,
    /// The day it is judged at; today in Shanghai when absent.
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<Date>,
}

/// Whether somebody may apply under a notice: decided, not eligible, or needs a person, with every clause and what is missing.
#[utoipa::path(post, path = "/v1/eligibility", tag = "notices",
    request_body = EligibilityBody,
    responses(
        (status = 200, description = "The answer, whatever it is", body = eligibility::Answer),
        (status = 400, description = "The body cannot be read: `errors` has every key that does not fit", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "No such notice", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")))]
pub(in crate::http) async fn judge_eligibility(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
) -> Answer {
    let (sent, _) = body::json::<EligibilityBody>(&request, payload, &services).await?;
    let pack = judge::pack(&services, &sent.notice)?;
    let profile = eligibility::read_json(sent.profile).map_err(|errors| misfit(&errors))?;
    let on = sent.on.unwrap_or_else(|| services.clock.today());
    json::ok(&eligibility::judge(&pack, &profile, on))
}

/// Every key that does not fit, with what is allowed there.
fn misfit(errors: &PackErrors) -> Problem {
    let problem = Problem::new(ErrorCode::BodyUnreadable).because(
        format!("`profile` 有 {} 处无法读取", errors.0.len()),
        format!("{} thing(s) in `profile` cannot be read", errors.0.len()),
    );
    errors.0.iter().fold(problem, |problem, one| {
        let key = if one.key.is_empty() {
            "profile".to_owned()
        } else {
            format!("profile.{}", one.key)
        };
        problem.error(json!({"key": key, "message": one.message, "allowed": one.allowed}))
    })
}
