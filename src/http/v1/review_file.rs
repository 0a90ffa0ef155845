//! `PATCH /v1/dossiers/{id}/slots/{slot}/files/{n}`: a reviewer records what the issuer's site said about a report.

use actix_web::{
    HttpRequest,
    web::{Data, Payload},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{bind_dossier, dossier_view::pack_of, slot::OpenSlot};
use crate::{
    dossier::Dossier,
    error_code::ErrorCode,
    finding::Report,
    http::{
        Services,
        access::Caller,
        body, json,
        problem::{Answer, Problem},
    },
    inspect::document::OnlineState,
    store::{Id, OnlineRow},
};

/// What a reviewer records about a file.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Review {
    /// What the issuer's site said; `null` takes an earlier record away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<ReviewedOnline>)]
    online_result: Option<Option<ReviewedOnline>>,
}

/// What the issuer's site said.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ReviewedOnline {
    /// `valid`, `expired`, `closed` or `not_found`.
    state: OnlineState,
    /// The day it was looked up; today when absent.
    #[schema(value_type = Option<String>, format = Date)]
    checked_on: Option<Date>,
    /// The last day of the online verification, when the page said so.
    #[schema(value_type = Option<String>, format = Date)]
    valid_until: Option<Date>,
}

/// Tells `null` from absent.
fn given<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<ReviewedOnline>>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

/// Records what the issuer's site said about a report, and judges the file again. What was bound before is taken back.
#[utoipa::path(patch, path = "/v1/dossiers/{id}/slots/{slot}/files/{n}", tag = "dossiers",
    params(
        ("id" = String, Path, description = "Id of a dossier"),
        ("slot" = String, Path, description = "Id of a slot"),
        ("n" = i64, Path, description = "Place of the file in its slot, from 1")),
    request_body(content = Review, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "The report as it is now", body = Report),
        (status = 400, description = "The body cannot be read", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks the scope `bind`", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such dossier, slot or file", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("token" = [])))]
pub(in crate::http) async fn review_file(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
) -> Answer {
    body::expect_type(
        &request,
        &["application/merge-patch+json", "application/json"],
    )?;
    let id: Id = body::variable(&request, "id")?;
    let row = services.store.dossier(&id).await?;
    let row = row.ok_or_else(Problem::not_found)?;
    let slot = OpenSlot::of(&request, &services, &row).await?;
    let file = slot.file(&request, &services, &row).await?;
    let bytes = body::small(&request, payload, &services).await?;
    let review: Review = serde_json::from_slice(&bytes).map_err(|error| {
        Problem::new(ErrorCode::BodyUnreadable)
            .because(
                "内容不是所要求的查验结果",
                "the body is not a review as it is wanted here",
            )
            .error(json!({"reason": error.to_string()}))
    })?;
    let today = services.clock.today();
    if let Some(online) = review.online_result {
        let kept = online
            .map(|online| kept(&online, today, &caller))
            .transpose()?;
        services
            .store
            .put_online_result(&row.id, &file.id, kept.as_ref(), services.clock.now())
            .await?;
        let subject = format!("dossier:{} file:{}", row.id, file.id);
        caller.record(&services, "file.reviewed", subject).await?;
    }
    let statement: Dossier = serde_json::from_str(&row.statement).map_err(Problem::internal)?;
    let pack = pack_of(&services, &row).await?;
    let on = row.judged_on.unwrap_or(today);
    let report = bind_dossier::judge_again(&services, &file, &statement, &pack, on).await?;
    json::ok(&report)
}

fn kept(online: &ReviewedOnline, today: Date, caller: &Caller) -> Result<OnlineRow, Problem> {
    let checked_on = online.checked_on.unwrap_or(today);
    let odd = |zh: &str, en: &str| Err(Problem::new(ErrorCode::BodyUnreadable).because(zh, en));
    if checked_on > today {
        return odd(
            "查验日期晚于今天",
            "the day it was looked up lies in the future",
        );
    }
    if online.state == OnlineState::Valid && online.valid_until.is_some_and(|end| end < checked_on)
    {
        return odd(
            "状态为有效而有效期早于查验日期",
            "it cannot be valid and have ended before it was looked up",
        );
    }
    Ok(OnlineRow {
        state: online.state.word().to_owned(),
        checked_on,
        valid_until: online.valid_until,
        recorded_by: caller.actor.clone(),
    })
}
