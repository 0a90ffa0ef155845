//! `GET /apply`: where an applicant begins: the notices one can file under.

use actix_web::web::Data;
use serde::Serialize;

use super::templates;
use crate::http::{Services, problem::Answer, v1::NoticeLine};

#[derive(Serialize)]
struct Page {
    notices: Vec<NoticeLine>,
}

/// The notices to choose from.
pub(in crate::http) async fn apply(services: Data<Services>) -> Answer {
    let today = services.clock.today();
    let notices = services.packs.iter();
    let notices = notices.map(|pack| NoticeLine::of(pack, today)).collect();
    templates::page("apply.html", Page { notices })
}
