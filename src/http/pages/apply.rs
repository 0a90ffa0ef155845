//! `GET /apply` and `GET /notices/{id}`: the notices one can file under, and one of them with what it asks for.

use actix_web::{HttpRequest, web::Data};
use serde::{Deserialize, Serialize};

use super::{notice_words::NoticeWords, templates};
use crate::{
    http::{
        Services, body,
        problem::{Answer, Problem},
    },
    lang::Bilingual,
    rulepack::{Committee, Pack, Presence, Sides},
};

#[derive(Serialize)]
struct Notices {
    notices: Vec<NoticeWords>,
}

/// The notices to choose from.
pub(in crate::http) async fn apply(services: Data<Services>) -> Answer {
    let today = services.clock.today();
    let notices = services.packs.iter();
    let notices = notices.map(|pack| NoticeWords::of(pack, today)).collect();
    templates::page("apply.html", Notices { notices })
}

/// The pack of the address.
pub(super) fn pack_of_address(
    request: &HttpRequest,
    services: &Services,
) -> Result<std::sync::Arc<Pack>, Problem> {
    let id: String = body::variable(request, "id")?;
    let pack = services.packs.get(&id).cloned();
    pack.ok_or_else(|| Problem::not_found().because("没有这个通知", "there is no such notice"))
}

#[derive(Serialize)]
struct NoticePage {
    notice: NoticeWords,
    open_to_applicants: bool,
    has_eligibility: bool,
    slots: Vec<SlotLine>,
    committees: Option<Committees>,
}

#[derive(Serialize)]
struct SlotLine {
    title: Bilingual,
    volume: Option<u8>,
    presence: Presence,
    conditions: Vec<Bilingual>,
    copies: u16,
    duplex: bool,
    uploaded: bool,
    note: Option<Bilingual>,
    source: String,
}

#[derive(Serialize)]
struct Committees {
    wanted: String,
    rows: Vec<Committee>,
    total: u16,
    missing: Vec<crate::rulepack::MissingRows>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    committee: Option<String>,
}

/// A notice: its windows, its papers, its committees.
pub(in crate::http) async fn notice(request: HttpRequest, services: Data<Services>) -> Answer {
    let pack = pack_of_address(&request, &services)?;
    let query: Query = body::query(&request)?;
    let wanted = query.committee.unwrap_or_default();
    let committees = pack.committees.as_ref().map(|committees| {
        let found = committees.search(&wanted);
        Committees {
            rows: found.rows.into_iter().cloned().collect(),
            wanted: wanted.trim().chars().take(60).collect(),
            total: committees.rows,
            missing: committees.missing.clone(),
        }
    });
    let slots = pack.slots.iter().map(|slot| SlotLine {
        title: slot.name(),
        volume: slot.volume,
        presence: slot.presence,
        conditions: slot.when.iter().map(|one| one.name()).collect(),
        copies: slot.copies,
        duplex: slot.sides == Sides::Duplex,
        uploaded: slot.uploaded,
        note: slot.note.clone(),
        source: pack.source(&slot.clause),
    });
    let page = NoticePage {
        notice: NoticeWords::of(&pack, services.clock.today()),
        open_to_applicants: services.config.open_to_applicants,
        has_eligibility: pack.eligibility.is_some(),
        slots: slots.collect(),
        committees,
    };
    templates::page("notice.html", page)
}
