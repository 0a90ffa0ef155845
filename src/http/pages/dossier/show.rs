//! `GET /dossiers/{id}`: the whole dossier on one page.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::ETAG},
    web::Data,
};
use serde::Serialize;

use super::standing::{self, FileCard, Group, Progress, Standing};
use crate::{
    bind::Manifest,
    finding::Finding,
    http::{
        Services,
        access::{Caller, OpenDossier},
        jobs,
        pages::{cookie, notice_words::NoticeWords, templates},
        problem::{Answer, Problem},
        v1::BoundView,
    },
    lang::Bilingual,
    store::{DossierRow, JobRow, JobState},
    units::PageNumber,
};

/// What the template shows.
#[derive(Serialize)]
struct Page {
    id: String,
    revision: i64,
    /// Whether whoever looks may change it.
    mine: bool,
    /// What follows `#` in the secret link.
    secret: Option<String>,
    notice: NoticeWords,
    applicant: crate::dossier::Applicant,
    judged_on: String,
    fixed_day: bool,
    groups: Vec<Group>,
    unplaced: Vec<FileCard>,
    /// All slots that take files, to choose from.
    places: Vec<(String, Bilingual)>,
    general: Vec<Finding>,
    progress: Progress,
    complete: bool,
    bound: Option<BoundView>,
    /// A binding that has not ended, or did not end well.
    binding: Option<BindingWork>,
    /// What should be looked at before printing what is bound.
    warnings: Vec<BoundWarning>,
    /// Whether it was ever bound: papers can then be added at the end.
    bound_before: bool,
    volumes: Vec<(u8, String)>,
    file_bytes: u64,
    /// What went wrong just now.
    troubles: Vec<Trouble>,
}

/// A binding that this page asked for.
#[derive(Serialize)]
struct BindingWork {
    /// It goes on without whoever asked; otherwise it was given up.
    under_way: bool,
    done: u64,
    total: u64,
}

/// What a binding says of some pages of a file.
#[derive(Serialize)]
struct BoundWarning {
    file_name: String,
    pages: Vec<PageNumber>,
    message: Bilingual,
}

/// A file that was not taken.
#[derive(Debug, Serialize)]
pub(super) struct Trouble {
    pub(super) file_name: String,
    pub(super) message: Bilingual,
}

/// The dossier.
pub(in crate::http) async fn show(
    request: HttpRequest,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    page(&request, &services, &caller, &row, Vec::new()).await
}

/// The dossier's page; with `troubles` as a refusal.
pub(super) async fn page(
    request: &HttpRequest,
    services: &Services,
    caller: &Caller,
    row: &DossierRow,
    troubles: Vec<Trouble>,
) -> Answer {
    let standing = standing::of(services, row).await?;
    let status = if troubles.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let mine = caller.actor != "anonymous";
    let secret = cookie::read(request.headers(), cookie::DOSSIER);
    let bound = services.store.binding(&row.id).await?;
    let before = services.store.bound_before(&row.id).await?;
    let warnings = match (&bound, &before) {
        (Some(_), Some(kept)) => warnings(kept)?,
        _ => Vec::new(),
    };
    let binding = jobs::binding_of_page(services, &row.id).await?;
    let page = Page {
        binding: binding.as_ref().and_then(BindingWork::of),
        id: row.id.to_string(),
        revision: row.revision,
        mine,
        secret: secret.filter(|_| mine).map(str::to_owned),
        notice: NoticeWords::of(&standing.pack, standing.on),
        applicant: standing.statement.applicant.clone(),
        judged_on: standing.on.to_string(),
        fixed_day: row.judged_on.is_some(),
        places: places(&standing),
        progress: standing.progress,
        complete: standing.complete,
        bound: bound.map(BoundView::of),
        warnings,
        bound_before: before.is_some(),
        volumes: standing
            .pack
            .volumes
            .iter()
            .map(|volume| (volume.number, volume.title.clone()))
            .collect(),
        groups: standing.groups,
        unplaced: standing.unplaced,
        general: standing.general,
        file_bytes: services.limits.file_bytes.value(),
        troubles,
    };
    let mut response: HttpResponse = templates::page_as(status, "dossier.html", page)?;
    let etag = format!("\"r{}\"", row.revision);
    let etag = etag.parse().map_err(Problem::internal)?;
    response.headers_mut().insert(ETAG, etag);
    Ok(response)
}

impl BindingWork {
    /// Nothing has to be said of one that ended well, or was refused: whoever asked was told.
    fn of(job: &JobRow) -> Option<BindingWork> {
        let under_way = match job.state {
            JobState::Waiting | JobState::Running => true,
            JobState::Dead => false,
            JobState::Done | JobState::Refused | JobState::Cancelled => return None,
        };
        Some(BindingWork {
            under_way,
            done: job.done,
            total: job.total,
        })
    }
}

/// The warnings of a manifest, with the names of the files.
fn warnings(manifest: &str) -> Result<Vec<BoundWarning>, Problem> {
    let manifest: Manifest = serde_json::from_str(manifest).map_err(Problem::internal)?;
    let items = &manifest.items;
    let warnings = manifest.warnings.into_iter().map(|warning| BoundWarning {
        file_name: items
            .get(warning.item)
            .map(|item| item.file_name.clone())
            .unwrap_or_default(),
        pages: warning.pages,
        message: warning.message,
    });
    Ok(warnings.collect())
}

fn places(standing: &Standing) -> Vec<(String, Bilingual)> {
    let slots = standing.pack.slots.iter().filter(|slot| slot.uploaded);
    slots.map(|slot| (slot.id.clone(), slot.name())).collect()
}
