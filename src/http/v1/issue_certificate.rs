//! `POST /v1/certificates` and `POST /v1/certificates/{number}/supersession`: issues a certificate.

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Payload},
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{
    certificate::{self, Claims, Grant, IssueError, Number, Order},
    digest::Digest,
    error_code::ErrorCode,
    http::{
        Services,
        access::{Caller, HOLDER_PREFIX},
        body,
        idempotency::{self, Made, OneTimeSecret},
        problem::{Answer, Problem},
    },
    store::Id,
    verify,
};

/// A certificate that was issued.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct IssuedView {
    /// Its number.
    number: String,
    /// Its face code, which opens the verification page: for the holder only.
    code: String,
    /// SHA-256 of its file.
    file_sha256: String,
    /// Its leaf in the public log.
    leaf_index: u64,
    /// Commitment to its claims.
    commitment: String,
    /// When it was issued.
    #[schema(format = DateTime)]
    issued_at: String,
    /// Lets the holder fetch the file: `Authorization: Bearer jzh_…`. Shown this once.
    holder_secret: String,
}

/// Issues a certificate: numbered, signed, logged, registered.
#[utoipa::path(post, path = "/v1/certificates", tag = "certificates",
    params(("Idempotency-Key" = Option<String>, Header, description = "16 to 128 visible ASCII signs; the same key and body issue once")),
    request_body(content = Object, description = "The grant: `name`, `series`, `specialty`, `title`, `level`, `method`, `committee`, `obtained_on`, and optionally `sex`, `born`, `unit`, `id_number`, `doc_no`, `dossier_sha256`, `pack_sha256`"),
    responses(
        (status = 201, description = "Issued", body = IssuedView, headers(("Location" = String, description = "The file"))),
        (status = 202, description = "Numbered and in the log; its witnesses have not answered yet: the file comes under `Location`, do not ask again", content_type = "application/json"),
        (status = 400, description = "The body cannot be read", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "The claims cannot stand, or a character is in none of the fonts", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("token" = [])))]
pub(in crate::http) async fn issue_certificate(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
) -> Answer {
    let (grant, digest) = body::json::<Grant>(&request, payload, &services).await?;
    if grant.supersedes.is_some() {
        return Err(Problem::new(ErrorCode::BodyUnreadable).because(
            "替代旧证书请用 `/v1/certificates/{number}/supersession`",
            "to supersede, use `/v1/certificates/{number}/supersession`",
        ));
    }
    issue(&request, &services, &caller, grant, digest).await
}

/// Issues a certificate that takes the place of another.
#[utoipa::path(post, path = "/v1/certificates/{number}/supersession", tag = "certificates",
    params(
        ("number" = String, Path, description = "Number of the certificate to be superseded"),
        ("Idempotency-Key" = Option<String>, Header, description = "16 to 128 visible ASCII signs; the same key and body issue once")),
    request_body(content = Object, description = "The grant of the new certificate, as for `POST /v1/certificates`"),
    responses(
        (status = 201, description = "Issued", body = IssuedView, headers(("Location" = String, description = "The file"))),
        (status = 202, description = "Numbered and in the log; its witnesses have not answered yet: the file comes under `Location`, do not ask again", content_type = "application/json"),
        (status = 400, description = "The body cannot be read", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No certificate with this number", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It is no longer in force", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("token" = [])))]
pub(in crate::http) async fn supersede_certificate(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
) -> Answer {
    let number: Number = body::variable(&request, "number")?;
    let (mut grant, digest) = body::json::<Grant>(&request, payload, &services).await?;
    grant.supersedes = Some(number);
    issue(&request, &services, &caller, grant, digest).await
}

async fn issue(
    request: &HttpRequest,
    services: &Services,
    caller: &Caller,
    grant: Grant,
    digest: Digest,
) -> Answer {
    let key = idempotency::key(request)?;
    let secret = OneTimeSecret::of_key(
        services,
        caller,
        key,
        digest,
        "holder_secret",
        HOLDER_PREFIX,
    );
    let work = make(services, caller, grant, &secret);
    let reveal = |body: &mut Value| secret.reveal(body);
    idempotency::once(request, caller, services, digest, work, reveal).await
}

/// It is in the log and cannot be handed out yet: 202, and the file comes under its address when its witnesses answer.
async fn waits(
    services: &Services,
    caller: &Caller,
    number: &Number,
    leaf_index: u64,
    secret: &OneTimeSecret,
) -> Result<Made, Problem> {
    let subject = format!("leaf:{leaf_index}");
    caller
        .record(services, "certificate.waits", subject)
        .await?;
    let mut body = json!({ "number": number, "leaf_index": leaf_index, "waits": true });
    secret.put(&mut body);
    Ok(Made {
        status: StatusCode::ACCEPTED,
        location: Some(format!("/v1/certificates/{number}.pdf")),
        body,
        dossier: None,
    })
}

/// What a node issued for this key that died before it could remember its answer.
async fn found(
    services: &Services,
    caller: &Caller,
    secret: &OneTimeSecret,
) -> Result<Option<Made>, Problem> {
    let Some((number, finished)) = services.store.certificate_of_holder(secret.hash()).await?
    else {
        return Ok(None);
    };
    let number: Number = number.parse().map_err(Problem::internal)?;
    if !finished {
        let leaf_index = services.store.pending_leaf(number.as_str()).await?;
        return Ok(Some(
            waits(services, caller, &number, leaf_index, secret).await?,
        ));
    }
    let row = certificate::show(&services.store, &number).await?.issued;
    let claims = Claims::read(row.claims.as_bytes()).map_err(Problem::internal)?;
    let code = certificate::face_code(&claims).ok_or_else(|| Problem::new(ErrorCode::Internal))?;
    let mut body = json!({
        "number": number,
        "code": code.grouped(),
        "file_sha256": row.file_sha256,
        "leaf_index": row.leaf_index,
        "commitment": row.commitment,
        "issued_at": row.issued_at,
    });
    secret.put(&mut body);
    Ok(Some(Made {
        status: StatusCode::CREATED,
        location: Some(format!("/v1/certificates/{number}.pdf")),
        body,
        dossier: None,
    }))
}

/// Issues a certificate and keeps it. With a key of a request, what was issued for it before is found again.
pub(in crate::http) async fn make(
    services: &Services,
    caller: &Caller,
    grant: Grant,
    secret: &OneTimeSecret,
) -> Result<Made, Problem> {
    if secret.is_of_key()
        && let Some(made) = found(services, caller, secret).await?
    {
        return Ok(made);
    }
    let order = Order {
        grant,
        photo: None,
        holder: secret.hash(),
    };
    let issued = certificate::issue(
        &services.issuer,
        &services.store,
        &services.typesetter,
        order,
        services.clock.now(),
        verify::self_check,
    )
    .await;
    let issued = match issued {
        Ok(issued) => issued,
        Err(IssueError::Waits {
            number, leaf_index, ..
        }) => return waits(services, caller, &number, leaf_index, secret).await,
        Err(error) => return Err(error.into()),
    };
    caller
        .record(
            services,
            "certificate.issued",
            format!("leaf:{}", issued.leaf_index),
        )
        .await?;
    let mut body = json!({
        "number": issued.number,
        "code": issued.code.grouped(),
        "file_sha256": issued.file_sha256,
        "leaf_index": issued.leaf_index,
        "commitment": issued.commitment,
        "issued_at": issued.issued_at,
    });
    secret.put(&mut body);
    Ok(Made {
        status: StatusCode::CREATED,
        location: Some(format!("/v1/certificates/{}.pdf", issued.number)),
        body,
        dossier: None::<Id>,
    })
}
