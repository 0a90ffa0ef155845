//! `POST /dossiers/{id}/binding`: binds; asked twice at once, bound once.

use actix_web::{HttpRequest, web::Data};

use crate::{
    bind::BindOptions,
    digest::Digest,
    error_code::ErrorCode,
    http::{
        Services,
        access::{Caller, OpenDossier},
        pages::form,
        problem::{Answer, Problem},
        v1::bind_dossier,
    },
    store::{Begun, RequestKey},
};

/// Binds the volumes of the dossier as it stands, unless that was done.
pub(in crate::http) async fn bind(
    _: HttpRequest,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let done = format!("{}#bound", super::address(&row.id));
    let bound = services.store.binding(&row.id).await?;
    if bound.is_some_and(|bound| bound.revision == row.revision) {
        return form::see_other(&done);
    }
    // A double click, or two windows: the key is what is bound, so the second finds the first.
    let key = RequestKey {
        owner: caller.actor.clone(),
        key: Digest::of(format!("page binding of {} as of {}", row.id, row.revision).as_bytes()),
        request: Digest::of(&row.revision.to_be_bytes()),
    };
    match services
        .store
        .begin_request(&key, services.clock.now())
        .await?
    {
        Begun::InProgress => {
            return Err(Problem::new(ErrorCode::IdempotencyInProgress)
                .because(
                    "正在装订，稍等几秒再回到卷宗即可，不会装订两次",
                    "it is being bound; go back to the dossier in a few seconds, nothing is bound twice",
                )
                .retry_after(3));
        }
        Begun::New | Begun::Done(_) | Begun::OtherRequest => {}
    }
    // A task of its own: who closes the window does not stop it half way.
    let work = actix_web::rt::spawn(async move {
        let bound = bind_dossier::bind_now(&services, &caller, &row, BindOptions::default()).await;
        // The answer is the page itself, so nothing has to be remembered of this one.
        services.store.abandon_request(&key).await?;
        if bound.is_ok() {
            services.store.tell(&row.id, "bound", "{}").await?;
        }
        bound
    });
    work.await.map_err(Problem::internal)??;
    form::see_other(&done)
}
