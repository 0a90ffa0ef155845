//! `PATCH /v1/dossiers/{id}`: changes what the applicant said (JSON Merge Patch, RFC 7396).

use actix_web::{
    HttpRequest,
    web::{Data, Payload},
};
use serde_json::{Value, json};

use super::{
    bind_dossier::papers,
    create_dossier::{keep, unreadable, version},
    earlier_papers, show_dossier,
};
use crate::{
    dossier::Dossier,
    error_code::ErrorCode,
    http::{
        Services,
        access::{Caller, OpenDossier},
        body,
        problem::{Answer, Problem},
    },
    store::DossierChange,
};

/// Changes what the applicant said. What was bound before is taken back.
#[utoipa::path(patch, path = "/v1/dossiers/{id}", tag = "dossiers",
    params(
        ("id" = String, Path, description = "Id of a dossier"),
        ("If-Match" = Option<String>, Header, description = "`ETag` of the revision it is a change of")),
    request_body(content = Object, content_type = "application/merge-patch+json",
        description = "`applicant`, `absent`, `judged_on`: members given replace, `null` removes; `pack_sha256` moves the dossier to another version of its notice, and its papers are judged again"),
    responses(
        (status = 200, description = "The dossier as it is now", body = crate::http::v1::DossierView),
        (status = 400, description = "The body cannot be read", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "No such version of the notice", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It was changed in between", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("dossier" = []), ("token" = [])))]
pub(in crate::http) async fn change_dossier(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    body::expect_type(
        &request,
        &["application/merge-patch+json", "application/json"],
    )?;
    let expected = body::if_match(&request)?;
    let bytes = body::small(&request, payload, &services).await?;
    let mut patch: Value = serde_json::from_slice(&bytes).map_err(|e| unreadable(&e))?;
    let judged_on = match patch.as_object_mut().and_then(|o| o.remove("judged_on")) {
        None => None,
        Some(day) => Some(serde_json::from_value(day).map_err(|e| unreadable(&e))?),
    };
    let pack = match patch.as_object_mut().and_then(|o| o.remove("pack_sha256")) {
        None => None,
        Some(sha256) => {
            let sha256 = serde_json::from_value(sha256).map_err(|e| unreadable(&e))?;
            let pack = version(&services, &row.notice, sha256).await?;
            keep(&services, &pack).await?;
            Some(pack)
        }
    };
    let mut statement: Value = serde_json::from_str(&row.statement).map_err(Problem::internal)?;
    merge(&mut statement, patch);
    let dossier: Dossier = serde_json::from_value(statement).map_err(|e| unreadable(&e))?;
    if dossier.notice != row.notice || !dossier.items.is_empty() {
        return Err(Problem::new(ErrorCode::BodyUnreadable)
            .because(
                "通知和材料不能在此更改",
                "the notice and the papers are not changed here",
            )
            .error(json!({"members": ["notice", "item"]})));
    }
    let change = DossierChange {
        statement: Some(serde_json::to_string(&dossier).map_err(Problem::internal)?),
        judged_on,
        pack_sha256: pack.as_ref().map(|pack| pack.sha256),
    };
    let now = services.clock.now();
    services
        .store
        .change_dossier(&row.id, &change, expected, now)
        .await?;
    let key = earlier_papers::key(&dossier.applicant);
    services.store.put_applicant(&row.id, key).await?;
    caller
        .record(&services, "dossier.changed", format!("dossier:{}", row.id))
        .await?;
    let row = services.store.dossier(&row.id).await?;
    let row = row.ok_or_else(Problem::not_found)?;
    if let Some(pack) = &pack {
        // Another pack judges otherwise: the answer shows what it says.
        let on = row.judged_on.unwrap_or_else(|| services.clock.today());
        papers(&services, &row, &dossier, pack, on, None).await?;
        let subject = format!("dossier:{}", row.id);
        caller.record(&services, "dossier.moved", subject).await?;
    }
    show_dossier::answer(&services, &row).await
}

/// RFC 7396: members of objects are merged, `null` removes, everything else replaces.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (name, value) in patch {
        let Some(members) = target.as_object_mut() else {
            return;
        };
        if value.is_null() {
            members.remove(&name);
        } else {
            merge(members.entry(name).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_follows_the_examples_of_the_rfc() {
        for (target, patch, want) in [
            (
                json!({"a": "b"}),
                json!({"b": "c"}),
                json!({"a": "b", "b": "c"}),
            ),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (
                json!({"a": {"b": "c"}}),
                json!({"a": {"b": "d", "c": null}}),
                json!({"a": {"b": "d"}}),
            ),
            (
                json!({"e": null}),
                json!({"a": 1}),
                json!({"e": null, "a": 1}),
            ),
            (
                json!({}),
                json!({"a": {"bb": {"ccc": null}}}),
                json!({"a": {"bb": {}}}),
            ),
        ] {
            let mut merged = target;
            merge(&mut merged, patch);
            assert_eq!(merged, want);
        }
    }
}
