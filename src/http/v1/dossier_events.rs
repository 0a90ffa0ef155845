//! `GET /v1/dossiers/{id}/events`: what happens to a dossier, as server-sent events.
//!
//! An id is `<revision>.<number>`; `Last-Event-ID` goes on behind it, on any node.

use actix_web::{HttpRequest, web::Data};

use crate::{
    http::{
        Services,
        access::OpenDossier,
        event_stream::{self, Look, Watched, event},
        problem::Answer,
    },
    store::{Id, StoreError},
};

/// What happens to a dossier while one watches: `changed` when it has another revision, `file.received`, `file.judged` and
/// `file.failed` with the name of the file, `bound`, `gone` when it was deleted.
#[utoipa::path(get, path = "/v1/dossiers/{id}/events", tag = "dossiers",
    params(
        ("id" = String, Path, description = "Id of a dossier"),
        ("Last-Event-ID" = Option<String>, Header, description = "Goes on behind this event")),
    responses(
        (status = 200, description = "Server-sent events", content_type = "text/event-stream", body = String),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Too many watch; come back after `Retry-After`", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("dossier" = []), ("token" = []), ()))]
pub(in crate::http) async fn dossier_events(
    request: HttpRequest,
    services: Data<Services>,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let header = request.headers().get("last-event-id");
    let given = header.and_then(|value| seen(value.to_str().ok()?));
    let (revision, number) = match given {
        Some(given) => given,
        None => (row.revision, services.store.last_told(&row.id).await?),
    };
    event_stream::answer(Watch {
        services: services.get_ref().clone(),
        dossier: row.id,
        revision,
        number,
    })
}

/// `12.34`: the revision and the event that were seen last.
fn seen(text: &str) -> Option<(i64, i64)> {
    let (revision, number) = text.trim().split_once('.')?;
    Some((revision.parse().ok()?, number.parse().ok()?))
}

struct Watch {
    services: Services,
    dossier: Id,
    revision: i64,
    number: i64,
}

impl Watched for Watch {
    async fn look(&mut self) -> Result<Look, StoreError> {
        let mut look = Look::default();
        let store = &self.services.store;
        let Some(row) = store.dossier(&self.dossier).await? else {
            return Ok(Look::gone());
        };
        for told in store.told_since(&self.dossier, self.number).await? {
            self.number = told.number;
            let id = format!("{}.{}", self.revision, self.number);
            look.text.push_str(&event(&id, &told.kind, &told.data));
        }
        if row.revision != self.revision {
            self.revision = row.revision;
            let id = format!("{}.{}", self.revision, self.number);
            let data = format!("{{\"revision\":{}}}", self.revision);
            look.text.push_str(&event(&id, "changed", &data));
        }
        Ok(look)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_we_gave_is_an_id() {
        assert_eq!(seen("12.34"), Some((12, 34)));
        for other in ["", "12", "a.b", "1.2.3", "1;2"] {
            assert_eq!(seen(other), None, "{other}");
        }
    }
}
