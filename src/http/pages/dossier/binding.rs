//! `POST /dossiers/{id}/binding`: binds; asked twice at once, bound once.
//!
//! The volumes are made as long work (`http::jobs`), so that neither a closed window nor a dead node stops them half way. Whoever
//! asked waits for the end, as long as that is a matter of seconds; then the page of the dossier says how far it is.

use std::time::Duration;

use actix_web::{
    HttpRequest,
    web::{Data, Payload},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    bind::BindOptions,
    error_code::ErrorCode,
    http::{
        Services,
        access::{Caller, OpenDossier},
        jobs,
        pages::form::{self, Fields},
        problem::{Answer, Problem},
    },
    store::{JobRow, JobState},
};

/// Longer nobody looks at a page that does not come.
const PATIENCE: Duration = Duration::from_secs(20);

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
    let work = jobs::ask_binding_on_page(&services, &caller, &row, &options).await?;
    if let Some(job) = jobs::ended(&services, &work, PATIENCE).await? {
        bound_or_why_not(&job)?;
    }
    form::see_other(&done)
}

/// What work that has ended says to whoever asked for it.
fn bound_or_why_not(job: &JobRow) -> Result<(), Problem> {
    if job.state == JobState::Done {
        return Ok(());
    }
    let body = job.result.as_ref().map(|answer| answer.body.as_str());
    let body = body.and_then(|body| serde_json::from_str::<Value>(body).ok());
    Err(body.as_ref().and_then(Problem::of_body).unwrap_or_else(|| {
        Problem::new(ErrorCode::NotReady)
            .because(
                "装订没有完成，什么也没有改变；请稍后再试",
                "binding did not end well and nothing was changed; try again later",
            )
            .retry_after(60)
    }))
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
