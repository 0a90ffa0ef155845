//! `POST /dossiers/{id}/files` and `…/files/{file}/replace`: files come, one or many, for a slot or for the classifier to place.

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Payload},
};
use futures_util::{StreamExt as _, stream};
use serde::Serialize;
use serde_json::json;

use super::{UNPLACED, show::Trouble, slot_for_files, upload_of, wants_json};
use crate::{
    error_code::ErrorCode,
    finding::Verdict,
    http::{
        Services,
        access::{Caller, OpenDossier},
        body::Upload,
        json as answer,
        many_files::{self, ManyFiles},
        pages::form,
        problem::{Answer, Problem},
        v1::{
            pack_of,
            slot::{self, Arrived, OpenSlot},
        },
    },
    intake::FileName,
    rulepack::Pack,
    store::{DossierRow, Id},
};

/// A file that found its place, or waits for one.
#[derive(Serialize)]
struct Placed {
    id: Id,
    file_name: String,
    slot: String,
    slot_title: Option<crate::lang::Bilingual>,
    verdict: Verdict,
    findings: usize,
}

/// Takes files into a slot, or where the classifier proposes, or among those without a place.
pub(in crate::http) async fn arrive(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    services.permits.refuse_when_full()?;
    let pack = pack_of(&services, &row).await?;
    let there = services.store.uploads(&row.id).await?;
    let room = services.config.files_in_dossier.saturating_sub(there.len());
    let mut many = many_files::receive(&request, payload, &services, room).await?;
    let wanted = many.fields.remove("slot").filter(|slot| !slot.is_empty());
    let tag = many.fields.remove("tag").unwrap_or_default();
    if let Some(slot) = &wanted {
        slot_for_files(&pack, slot)?;
        let here = there.iter().filter(|file| file.slot == *slot).count();
        let most = services.config.files_in_slot;
        if here + many.files.len() > most {
            return Err(Problem::new(ErrorCode::TooManyFiles).because(
                format!("每个材料项最多 {most} 个文件"),
                format!("a slot takes at most {most} files"),
            ));
        }
    }
    nothing_chosen(&many)?;
    let files = std::mem::take(&mut many.files);
    let names: Vec<FileName> = files.iter().map(|file| file.file_name.clone()).collect();
    for name in &names {
        tell(&services, &row, "file.received", name, &tag, &json!({})).await?;
    }
    let judged = stream::iter(files.into_iter().map(|upload| {
        let (services, row, pack, wanted) = (&services, &row, &pack, wanted.clone());
        async move {
            let title = title(&upload);
            if let Some(id) = wanted {
                let slot = OpenSlot {
                    pack: pack.clone(),
                    id,
                };
                slot::judged(services, row, &slot, upload, title, None).await
            } else {
                slot::arrive_unplaced(services, row, pack, upload, title).await
            }
        }
    }));
    let at_once = services.config.heavy_at_once.max(1);
    let judged: Vec<_> = judged.buffered(at_once).collect().await;
    let mut placed = Vec::new();
    let mut slots = Vec::new();
    for (name, judged) in names.iter().zip(judged) {
        let kept = match judged {
            Ok(arrived) => keep(&services, &caller, &pack, arrived, None).await,
            Err(problem) => Err(problem),
        };
        match kept {
            Ok(kept) => {
                let facts = json!({"slot": kept.slot, "verdict": kept.verdict});
                tell(&services, &row, "file.judged", name, &tag, &facts).await?;
                slots.push(kept.slot.clone());
                placed.push(kept);
            }
            Err(problem) => {
                tell(&services, &row, "file.failed", name, &tag, &json!({})).await?;
                many.refused.push((name.clone(), problem));
            }
        }
    }
    slots.dedup();
    let back = match slots.as_slice() {
        [one] => super::anchor(one),
        _ => "#papers".to_owned(),
    };
    finish(
        &request,
        &services,
        &caller,
        &row,
        placed,
        many.refused,
        &back,
    )
    .await
}

/// Takes a file in the place of another.
pub(in crate::http) async fn replace(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    services.permits.refuse_when_full()?;
    let old = upload_of(&request, &services, &row).await?;
    let pack = pack_of(&services, &row).await?;
    let mut many = many_files::receive(&request, payload, &services, 1).await?;
    let tag = many.fields.remove("tag").unwrap_or_default();
    nothing_chosen(&many)?;
    let mut placed = Vec::new();
    if let Some(upload) = many.files.pop() {
        let name = upload.file_name.clone();
        tell(&services, &row, "file.received", &name, &tag, &json!({})).await?;
        let slot = OpenSlot {
            pack: pack.clone(),
            id: old.slot.clone(),
        };
        let (title, note) = (old.title.clone(), old.note.clone());
        let arrived = if old.slot == UNPLACED {
            slot::arrive_unplaced(&services, &row, &pack, upload, title).await?
        } else {
            slot::judged(&services, &row, &slot, upload, title, note).await?
        };
        let in_place = arrived.new.slot == old.slot;
        let kept = keep(
            &services,
            &caller,
            &pack,
            arrived,
            in_place.then_some(&old.id),
        )
        .await?;
        if !in_place {
            let now = services.clock.now();
            let removed = services.store.remove_upload(&row.id, &old.id, None, now);
            removed.await?;
        }
        let facts = json!({"slot": kept.slot, "verdict": kept.verdict});
        tell(&services, &row, "file.judged", &name, &tag, &facts).await?;
        placed.push(kept);
    }
    let back = match placed.first() {
        Some(kept) => format!("/files/{}", kept.id),
        None => String::new(),
    };
    finish(
        &request,
        &services,
        &caller,
        &row,
        placed,
        many.refused,
        &back,
    )
    .await
}

fn nothing_chosen(many: &ManyFiles) -> Result<(), Problem> {
    if many.files.is_empty() && many.refused.is_empty() {
        return Err(
            Problem::new(ErrorCode::BodyUnreadable).because("还没有选择文件", "no file was chosen")
        );
    }
    Ok(())
}

/// The file's name as a title of the contents page, when it says something: `03-本科毕业证书.pdf` does, `scan0001.pdf` does not.
fn title(upload: &Upload) -> Option<String> {
    let name = upload.file_name.as_str();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = stem.trim_start_matches(|sign: char| {
        sign.is_ascii_digit() || sign.is_whitespace() || "-_.、（）()".contains(sign)
    });
    let han = |sign: &char| ('\u{4e00}'..='\u{9fff}').contains(sign);
    (stem.chars().filter(han).count() >= 2).then(|| stem.trim().to_owned())
}

async fn keep(
    services: &Services,
    caller: &Caller,
    pack: &Pack,
    arrived: Arrived,
    replacing: Option<&Id>,
) -> Result<Placed, Problem> {
    let Arrived {
        upload,
        new,
        report,
        kept,
    } = arrived;
    let now = services.clock.now();
    services
        .store
        .add_upload(&new, upload.bytes, &kept, replacing, None, now)
        .await?;
    let action = match replacing {
        Some(_) => "file.replaced",
        None => "file.uploaded",
    };
    let subject = format!("dossier:{} file:{}", new.dossier, new.id);
    caller.record(services, action, subject).await?;
    Ok(Placed {
        id: new.id,
        file_name: new.file_name,
        slot_title: pack.slot(&new.slot).map(crate::rulepack::Slot::name),
        slot: new.slot,
        verdict: report.verdict,
        findings: report.findings.len(),
    })
}

/// Tells whoever watches the dossier what became of a file.
async fn tell(
    services: &Services,
    row: &DossierRow,
    kind: &str,
    name: &FileName,
    tag: &str,
    more: &serde_json::Value,
) -> Result<(), Problem> {
    let tag: String = tag.chars().take(40).collect();
    let mut data = json!({"file_name": name.as_str(), "tag": tag});
    if let (Some(data), Some(more)) = (data.as_object_mut(), more.as_object()) {
        data.extend(more.clone());
    }
    Ok(services
        .store
        .tell(&row.id, kind, &data.to_string())
        .await?)
}

/// What a script reads, or the way back for a person; files that were not taken are named on the page.
async fn finish(
    request: &HttpRequest,
    services: &Services,
    caller: &Caller,
    row: &DossierRow,
    placed: Vec<Placed>,
    refused: Vec<(FileName, Problem)>,
    back: &str,
) -> Answer {
    let troubles: Vec<Trouble> = refused
        .into_iter()
        .map(|(name, problem)| Trouble {
            file_name: name.to_string(),
            message: problem.message(),
        })
        .collect();
    if wants_json(request) {
        let body = json!({"placed": placed, "refused": troubles});
        return answer::answer(StatusCode::OK, &body);
    }
    if troubles.is_empty() {
        return form::see_other(&format!("{}{back}", super::address(&row.id)));
    }
    let row = services.store.dossier(&row.id).await?;
    let row = row.ok_or_else(Problem::not_found)?;
    super::show::page(request, services, caller, &row, troubles).await
}
