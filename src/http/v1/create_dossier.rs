//! `POST /v1/dossiers`: a new dossier and the secret that opens it.

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Payload},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::dossier_view::notice_unknown;
use crate::{
    dossier::{Absent, Applicant, Dossier},
    error_code::ErrorCode,
    http::{
        Services,
        access::{Caller, DOSSIER_PREFIX},
        body,
        idempotency::{self, Made, OneTimeSecret},
        problem::{Answer, Problem},
    },
    store::{Id, NewDossier},
};

/// What is sent to make a dossier: the dossier file of `juanzong bind` without its papers, which are uploaded.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "says the shape; what is read is `Dossier` itself")]
pub(in crate::http) struct NewDossierBody {
    /// Id of a notice.
    notice: String,
    /// Who applies.
    applicant: Applicant,
    /// What is absent and why.
    #[serde(default)]
    absent: Vec<Absent>,
    /// The day everything is judged at; without it the day of each request.
    #[schema(value_type = Option<String>, format = Date)]
    judged_on: Option<Date>,
}

/// A new dossier.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CreatedDossier {
    /// Its id.
    id: String,
    /// Opens it: `Authorization: Bearer jzd_…`. Shown this once; kept only as a digest.
    secret: String,
    /// The notice it is for.
    notice: String,
    /// 1.
    revision: i64,
}

/// Makes a dossier; the answer holds the secret that opens it, this once.
#[utoipa::path(post, path = "/v1/dossiers", tag = "dossiers",
    params(("Idempotency-Key" = Option<String>, Header, description = "16 to 128 visible ASCII signs; the same key and body give the same answer")),
    request_body = NewDossierBody,
    responses(
        (status = 201, description = "Made", body = CreatedDossier, headers(("Location" = String, description = "The dossier"))),
        (status = 400, description = "The body cannot be read", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "No such notice", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("token" = []), ()))]
pub(in crate::http) async fn create_dossier(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
) -> Answer {
    let (sent, digest) = body::json::<Value>(&request, payload, &services).await?;
    let (dossier, judged_on) = read(sent)?;
    let secret = OneTimeSecret::new(idempotency::key(&request)?, "secret", DOSSIER_PREFIX);
    let work = make(&services, &caller, &dossier, judged_on, &secret);
    let reveal = |body: &mut Value| secret.reveal(body);
    idempotency::once(&request, &caller, &services, digest, work, reveal).await
}

/// Reads the statement and the day; papers do not come with it.
fn read(mut sent: Value) -> Result<(Dossier, Option<Date>), Problem> {
    let judged_on = match sent.as_object_mut().and_then(|o| o.remove("judged_on")) {
        None | Some(Value::Null) => None,
        Some(day) => Some(serde_json::from_value(day).map_err(|e| unreadable(&e))?),
    };
    let dossier: Dossier = serde_json::from_value(sent).map_err(|e| unreadable(&e))?;
    if !dossier.items.is_empty() {
        return Err(Problem::new(ErrorCode::BodyUnreadable).because(
            "材料应逐一上传到各材料项，不写在 `item` 里",
            "papers are uploaded to their slots, not listed in `item`",
        ));
    }
    Ok((dossier, judged_on))
}

pub(super) fn unreadable(error: &serde_json::Error) -> Problem {
    Problem::new(ErrorCode::BodyUnreadable)
        .because(
            "内容不是所要求的卷宗",
            "the body is not a dossier as it is wanted here",
        )
        .error(json!({"reason": error.to_string()}))
}

/// Makes the dossier and keeps it.
pub(in crate::http) async fn make(
    services: &Services,
    caller: &Caller,
    dossier: &Dossier,
    judged_on: Option<Date>,
    secret: &OneTimeSecret,
) -> Result<Made, Problem> {
    let pack = services.packs.get(&dossier.notice);
    let pack = pack.ok_or_else(|| notice_unknown(&dossier.notice))?;
    let id = Id::random();
    let new = NewDossier {
        id: id.clone(),
        secret: secret.hash(),
        notice: dossier.notice.clone(),
        pack_sha256: pack.sha256,
        statement: serde_json::to_string(dossier).map_err(Problem::internal)?,
        judged_on,
    };
    services
        .store
        .create_dossier(&new, services.clock.now())
        .await?;
    caller
        .record(services, "dossier.created", format!("dossier:{id}"))
        .await?;
    let mut body = json!({"id": id, "notice": dossier.notice, "revision": 1});
    secret.put(&mut body);
    Ok(Made {
        status: StatusCode::CREATED,
        location: Some(format!("/v1/dossiers/{id}")),
        body,
        dossier: Some(id),
    })
}
