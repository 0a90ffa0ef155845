//! `POST /dossiers/{id}/open` and `…/leave`: the secret link becomes a cookie of this dossier's addresses, and is forgotten again.

use actix_web::{
    HttpRequest,
    web::{Data, Payload},
};

use crate::{
    error_code::ErrorCode,
    http::{
        Services,
        access::DOSSIER_PREFIX,
        body,
        pages::{cookie, form},
        problem::{Answer, Problem},
    },
    store::{Id, SecretHash},
};

/// Opens a dossier with the secret of its link, typed, pasted or posted by the page's script.
pub(in crate::http) async fn open(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
) -> Answer {
    cookie::refuse_foreign_form(request.headers())?;
    let id: Id = body::variable(&request, "id")?;
    let fields = form::fields(&request, payload, &services).await?;
    let given = fields.text("secret").unwrap_or_default();
    // The whole link may be pasted as well as what follows `#`.
    let given = given.rsplit_once('#').map_or(given, |(_, secret)| secret);
    let secret = given.strip_prefix(DOSSIER_PREFIX).unwrap_or_default();
    let row = services.store.dossier(&id).await?;
    // Without a dossier a comparison is made all the same, so that both answers take equally long.
    let hash = row.map_or(SecretHash::of_text(""), |row| row.secret);
    if !hash.matches(secret) || secret.is_empty() {
        return Err(Problem::new(ErrorCode::CredentialsUnknown));
    }
    let address = super::address(&id);
    let mut response = form::see_other(&address)?;
    cookie::set(&request, &mut response, cookie::DOSSIER, given, &address)?;
    Ok(response)
}

/// Forgets the secret in this browser; the dossier stays as it is.
pub(in crate::http) async fn leave(request: HttpRequest) -> Answer {
    cookie::refuse_foreign_form(request.headers())?;
    let id: Id = body::variable(&request, "id")?;
    let mut response = form::see_other("/apply")?;
    let address = super::address(&id);
    cookie::clear(&request, &mut response, cookie::DOSSIER, &address)?;
    Ok(response)
}
