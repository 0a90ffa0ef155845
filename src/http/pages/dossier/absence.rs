//! `POST /dossiers/{id}/slots/{slot}/absent`: why a slot stays empty; an empty reason takes it back.

use actix_web::{
    HttpRequest,
    web::{Data, Payload},
};

use crate::{
    dossier::{Absent, Dossier},
    http::{
        Services,
        access::{Caller, OpenDossier},
        body,
        pages::form,
        problem::{Answer, Problem},
        v1::{pack_of, slot::short},
    },
    store::DossierChange,
};

/// Says why a slot stays empty.
pub(in crate::http) async fn save(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let slot: String = body::variable(&request, "slot")?;
    let pack = pack_of(&services, &row).await?;
    if pack.slot(&slot).is_none() {
        return Err(Problem::not_found());
    }
    let fields = form::fields(&request, payload, &services).await?;
    let reason = fields
        .text("reason")
        .map(|text| short("reason", text.to_owned()));
    let reason = reason.transpose()?;
    let mut statement: Dossier = serde_json::from_str(&row.statement).map_err(Problem::internal)?;
    statement.absent.retain(|absent| absent.slot != slot);
    if let Some(reason) = reason {
        let slot = slot.clone();
        statement.absent.push(Absent { slot, reason });
    }
    let change = DossierChange {
        statement: Some(serde_json::to_string(&statement).map_err(Problem::internal)?),
        ..DossierChange::default()
    };
    // The statement is written whole: it must be the one that was read.
    let expected = Some(row.revision);
    let now = services.clock.now();
    services
        .store
        .change_dossier(&row.id, &change, expected, now)
        .await?;
    let subject = format!("dossier:{}", row.id);
    caller.record(&services, "dossier.changed", subject).await?;
    form::see_other(&format!(
        "{}{}",
        super::address(&row.id),
        super::anchor(&slot)
    ))
}
