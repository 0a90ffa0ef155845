//! `GET /office`: how many certificates stand how, the newest ones, the log, and where to go on.

use actix_web::web::Data;
use serde::Serialize;

use super::{certificates::Line, desk::Desk};
use crate::{
    http::{Services, problem::Answer},
    store::Search,
};

/// Newest certificates shown.
const NEWEST: u32 = 5;

#[derive(Serialize)]
struct Page {
    total: u64,
    valid: u64,
    superseded: u64,
    revoked: u64,
    leaves: u64,
    newest: Vec<Line>,
}

/// Where one arrives after signing in.
pub(super) async fn overview(services: Data<Services>, desk: Desk) -> Answer {
    let store = &services.store;
    let count = async |status| {
        let found = store
            .search_certificates(&Search::All, Some(status), 0, 0)
            .await;
        found.map(|found| found.total)
    };
    let newest = store
        .search_certificates(&Search::All, None, 0, NEWEST)
        .await?;
    let page = Page {
        total: newest.total,
        valid: count("valid").await?,
        superseded: count("superseded").await?,
        revoked: count("revoked").await?,
        leaves: store.log_head().await?.map_or(0, |head| head.size),
        newest: newest.rows.iter().map(Line::of).collect(),
    };
    desk.page(&services, "office_overview.html", page)
}
