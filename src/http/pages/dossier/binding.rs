//! `POST /dossiers/{id}/binding`: binds; asked twice at once, bound once.

use actix_web::{
    HttpRequest,
    web::{Data, Payload},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    bind::BindOptions,
    digest::Digest,
    error_code::ErrorCode,
    http::{
        Services,
        access::{Caller, OpenDossier},
        jobs::Progress,
        pages::form::{self, Fields},
        problem::{Answer, Problem},
        v1::bind_dossier,
    },
    store::{Begun, RequestKey},
};

/// Binds the volumes of the dossier as it stands, unless that was done and nobody asks for it `again`.
pub(in crate::http) async fn bind(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let done = format!("{}#bound", super::address(&row.id));
    let fields = form::fields(&request, payload, &services).await?;
    let options = options(&fields)?;
    let bound = services.store.binding(&row.id).await?;
    let again = fields.text("again").is_some();
    if bound.is_some_and(|bound| bound.revision == row.revision) && !again {
        return form::see_other(&done);
    }
    let how = serde_json::to_string(&options).map_err(Problem::internal)?;
    // A double click, or two windows: the key is what is bound, so the second finds the first.
    let key = RequestKey {
        owner: caller.actor.clone(),
        key: Digest::of(
            format!("page binding of {} as of {} {how}", row.id, row.revision).as_bytes(),
        ),
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
        let progress = Progress::of_nobody();
        let bound = bind_dossier::bind_now(&services, &caller, &row, options, &progress).await;
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

/// How the form wants it bound; a field that is missing is what the notice asks.
fn options(fields: &Fields) -> Result<BindOptions, Problem> {
    Ok(BindOptions {
        leaves: choice(fields, "leaves")?,
        gutter: choice(fields, "gutter")?,
        fit: choice(fields, "fit")?,
        supplements: choice(fields, "supplements")?,
        ..BindOptions::default()
    })
}

fn choice<T: DeserializeOwned + Default>(fields: &Fields, name: &str) -> Result<T, Problem> {
    let Some(word) = fields.text(name) else {
        return Ok(T::default());
    };
    serde_json::from_value(Value::String(word.to_owned())).map_err(|_| {
        Problem::new(ErrorCode::BodyUnreadable).because(
            format!("装订方式 `{name}` 没有这一选项"),
            format!("the way of binding `{name}` has no such choice"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bind::{Fit, Gutter, Leaves, Supplements};

    #[test]
    fn what_is_ticked_is_how_it_is_bound_and_nothing_is_what_the_notice_asks() {
        let read = |text| options(&Fields::read(text).unwrap());
        assert_eq!(read("").unwrap(), BindOptions::default());
        let asked = read("leaves=items_on_front&gutter=shift&fit=a4&supplements=at_the_end");
        let wanted = BindOptions {
            leaves: Leaves::ItemsOnFront,
            gutter: Gutter::Shift,
            fit: Fit::A4,
            supplements: Supplements::AtTheEnd,
            ..BindOptions::default()
        };
        assert_eq!(asked.unwrap(), wanted);
        assert!(read("leaves=both").is_err());
    }
}
