//! `POST /v1/dossiers`: a new dossier and the secret that opens it.

use std::sync::Arc;

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Payload},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{
    dossier_view::{PackView, kept_pack, notice_unknown},
    earlier_papers,
};
use crate::{
    digest::Digest,
    dossier::{Absent, Applicant, Dossier},
    error_code::ErrorCode,
    http::{
        Services,
        access::{Caller, DOSSIER_PREFIX},
        body,
        idempotency::{self, Made, OneTimeSecret},
        problem::{Answer, Problem},
    },
    rulepack::Pack,
    store::{Id, NewDossier, PackText},
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
    /// SHA-256 of the pack it begins with; the newest version of the notice when absent.
    #[schema(value_type = Option<String>)]
    pack_sha256: Option<Digest>,
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
        (status = 422, description = "No such notice, or no such version of it", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("token" = []), ()))]
pub(in crate::http) async fn create_dossier(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
) -> Answer {
    let (sent, digest) = body::json::<Value>(&request, payload, &services).await?;
    let (dossier, judged_on) = read(sent)?;
    let key = idempotency::key(&request)?;
    let secret = OneTimeSecret::of_key(&services, &caller, key, digest, "secret", DOSSIER_PREFIX);
    let id = idempotency::id_of_key("dossier", &caller, key, digest);
    let work = make(&services, &caller, id, &dossier, judged_on, &secret);
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
        .error(json!({"reason": body::without_values(&error.to_string())}))
}

/// The version of a notice's pack that somebody chose.
pub(super) async fn version(
    services: &Services,
    notice: &str,
    sha256: Digest,
) -> Result<Arc<Pack>, Problem> {
    let pack = kept_pack(services, sha256).await?;
    pack.filter(|pack| pack.id == notice).ok_or_else(|| {
        let known = services.packs.versions(notice);
        let problem = Problem::new(ErrorCode::PackUnknown).because(
            format!("通知 `{notice}` 没有摘要为 `{sha256}` 的规则包"),
            format!("the notice `{notice}` has no pack with the digest `{sha256}`"),
        );
        known.into_iter().fold(problem, |problem, pack| {
            problem.error(json!(PackView::of(pack)))
        })
    })
}

/// Keeps the text of a pack, so that the dossier has it whatever the office puts in its place.
pub(super) async fn keep(services: &Services, pack: &Pack) -> Result<(), Problem> {
    let text = PackText {
        sha256: pack.sha256,
        id: pack.id.clone(),
        version: pack.version,
        text: pack.text.to_string(),
    };
    let now = services.clock.now();
    Ok(services.store.keep_pack(&text, now).await?)
}

/// Makes the dossier and keeps it. One with this id is there already when a node made it for the same key and died before it could
/// remember its answer.
pub(in crate::http) async fn make(
    services: &Services,
    caller: &Caller,
    id: Id,
    dossier: &Dossier,
    judged_on: Option<Date>,
    secret: &OneTimeSecret,
) -> Result<Made, Problem> {
    let pack = match dossier.pack_sha256 {
        Some(sha256) => version(services, &dossier.notice, sha256).await?,
        None => {
            let newest = services.packs.get(&dossier.notice);
            Arc::clone(newest.ok_or_else(|| notice_unknown(&dossier.notice))?)
        }
    };
    // The column holds the version, so that the statement cannot say another.
    let statement = Dossier {
        pack_sha256: None,
        ..dossier.clone()
    };
    let before = services.store.dossier(&id).await?;
    let new = NewDossier {
        id: id.clone(),
        secret: secret.hash(),
        notice: dossier.notice.clone(),
        pack_sha256: pack.sha256,
        statement: serde_json::to_string(&statement).map_err(Problem::internal)?,
        judged_on,
    };
    keep(services, &pack).await?;
    if before.is_none() {
        let now = services.clock.now();
        services.store.create_dossier(&new, now).await?;
    }
    let key = earlier_papers::key(&dossier.applicant);
    services.store.put_applicant(&id, key).await?;
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
