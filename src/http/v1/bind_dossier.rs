//! `POST /v1/dossiers/{id}/binding`: binds the volumes, or says everything that is missing.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
};

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Payload},
};
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;
use utoipa::ToSchema;

use super::{
    dossier_view::{BoundView, pack_of},
    earlier_papers,
    judge::{self, Judging},
};
use crate::{
    bind::{self, BindError, BindOptions, Fit, Gutter, Leaves, Manifest, Supplements},
    digest::Digest,
    dossier::{self, CheckedDossier, CheckedItem, Dossier},
    error_code::ErrorCode,
    finding::Report,
    http::{
        Services,
        access::{Caller, OpenDossier},
        body,
        idempotency::{self, Made},
        jobs::{self, Progress},
        problem::{Answer, Problem},
    },
    inspect::Margins,
    intake::FileName,
    rulepack::Pack,
    store::{Binding, Blobs, BoundFile, DossierRow, ReportRow, StoreError, UploadRow},
    typeset::TypesetError,
};

/// The whole bundle in one file, among the bound files.
pub(super) const BUNDLE: &str = "bundle.zip";
/// The manifest, among the bound files.
pub(super) const MANIFEST: &str = "manifest.json";

/// Binds the volumes. A dossier with something missing is never half bound: the answer is 409 and says all of it.
#[utoipa::path(post, path = "/v1/dossiers/{id}/binding", tag = "dossiers",
    params(
        ("id" = String, Path, description = "Id of a dossier"),
        ("Prefer" = Option<String>, Header, description = "`respond-async`: 202 at once, the result at `GET /v1/jobs/{id}`"),
        ("Idempotency-Key" = Option<String>, Header, description = "16 to 128 visible ASCII signs")),
    request_body(content = Option<BindingBody>, description = "How to bind; nothing for what the notice asks"),
    responses(
        (status = 201, description = "Bound", body = BoundView, headers(("Location" = String, description = "The manifest"))),
        (status = 202, description = "Written down, with `Prefer: respond-async`", body = jobs::JobView, headers(("Location" = String, description = "The work"))),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "Incomplete: `errors` has every finding", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It was changed while it was bound", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "A character is in none of the fonts", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Busy; come back after `Retry-After`", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("dossier" = []), ("token" = [])))]
pub(in crate::http) async fn bind_dossier(
    request: HttpRequest,
    services: Data<Services>,
    caller: Caller,
    payload: Payload,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let sent = body::small(&request, payload, &services).await?;
    let options = options(&sent)?;
    let digest = Digest::of(&[row.revision.to_be_bytes().as_slice(), &sent].concat());
    if jobs::wanted(&request, &caller) {
        return jobs::ask_binding(&request, &services, &caller, &row, &sent, digest).await;
    }
    let progress = Progress::of_nobody();
    let work = bind_now(&services, &caller, &row, options, &progress);
    idempotency::once(
        &request,
        &caller,
        &services,
        digest,
        work,
        |_: &mut Value| (),
    )
    .await
}

/// What was asked for; nothing is what the notice asks.
pub(in crate::http) fn options(sent: &[u8]) -> Result<BindOptions, Problem> {
    if sent.is_empty() {
        return Ok(BindOptions::default());
    }
    let asked: BindingBody = serde_json::from_slice(sent).map_err(|error| {
        Problem::new(ErrorCode::BodyUnreadable)
            .because(
                "内容不是装订方式",
                "the body is not a way of binding as it is wanted here",
            )
            .error(json!({"reason": body::without_values(&error.to_string())}))
    })?;
    Ok(BindOptions {
        leaves: asked.leaves,
        gutter: asked.gutter,
        fit: asked.fit,
        supplements: asked.supplements,
        ..BindOptions::default()
    })
}

/// How to bind; every member may be left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(in crate::http) struct BindingBody {
    /// How the volumes will be printed.
    leaves: Leaves,
    /// What happens to pages with ink where the volume is glued.
    gutter: Gutter,
    /// What happens to pages that are not A4.
    fit: Fit,
    /// Where papers go that were handed in after the first binding.
    supplements: Supplements,
}

/// Binds a dossier and keeps what was bound.
pub(in crate::http) async fn bind_now(
    services: &Services,
    caller: &Caller,
    row: &DossierRow,
    mut options: BindOptions,
    progress: &Progress,
) -> Result<Made, Problem> {
    let pack = pack_of(services, row).await?;
    let on = row.judged_on.unwrap_or_else(|| services.clock.today());
    let statement: Dossier = serde_json::from_str(&row.statement).map_err(Problem::internal)?;
    // Holds copies of the papers where they are kept elsewhere, and what is bound until it is kept.
    let folder = services.store.blobs().work_folder()?;
    let papers = papers(services, row, &statement, &pack, on, Some(folder.path())).await?;
    let earlier = earlier_papers::of(services, row, &statement, on).await?;
    progress.at(1, 3).await?;
    let checked =
        dossier::check_with(&statement, &pack, papers, &earlier, on).map_err(|incomplete| {
            let problem = Problem::new(ErrorCode::DossierIncomplete).because(
                format!("卷宗有 {} 处问题，尚不能装订", incomplete.findings.len()),
                format!("{} things stand in the way", incomplete.findings.len()),
            );
            incomplete
                .findings
                .iter()
                .fold(problem, |problem, finding| problem.error(json!(finding)))
        })?;
    if let Some(kept) = services.store.bound_before(&row.id).await? {
        let manifest: Manifest = serde_json::from_str(&kept).map_err(Problem::internal)?;
        options.previous = Some(Arc::new(manifest));
    }
    let hold = services.store.hold_blobs().await?;
    let work = Work {
        services: services.clone(),
        checked,
        options,
        folder,
    };
    let (files, manifest) = services.permits.run(move || work.run()).await??;
    progress.at(2, 3).await?;
    let binding = Binding {
        revision: row.revision,
        judged_on: on,
        bound_at: services.clock.now(),
        files,
    };
    let kept = services.store.put_binding(&row.id, &binding).await;
    drop(hold);
    let unused = match kept {
        Ok(unused) => unused,
        Err(error) => {
            let digests = binding.files.iter().map(|file| file.sha256);
            services.store.delete_unused(digests).await?;
            return Err(error.into());
        }
    };
    services.store.delete_unused(unused).await?;
    services.store.keep_bound(&row.id, &manifest).await?;
    let subject = format!("dossier:{}", row.id);
    caller.record(services, "dossier.bound", subject).await?;
    Ok(Made {
        status: StatusCode::CREATED,
        location: Some(format!("/v1/dossiers/{}/{MANIFEST}", row.id)),
        body: serde_json::to_value(BoundView::of(binding)).map_err(Problem::internal)?,
        dossier: Some(row.id.clone()),
    })
}

/// The papers with their reports; one that was judged on another day or by another pack is judged again.
/// With `folder`, each has a path of its bytes on this machine: its own, or a copy in that folder.
pub(super) async fn papers(
    services: &Services,
    row: &DossierRow,
    statement: &Dossier,
    pack: &Arc<Pack>,
    on: Date,
    folder: Option<&Path>,
) -> Result<Vec<CheckedItem>, Problem> {
    let reports = services.store.reports(&row.id).await?;
    let mut papers = Vec::new();
    for upload in services.store.uploads(&row.id).await? {
        let kept = reports.iter().find(|kept| kept.upload == upload.id);
        let in_force =
            kept.filter(|kept| kept.judged_on == on && kept.judged_by == judge::judged_by(pack));
        let report: Report = match in_force {
            Some(kept) => serde_json::from_str(&kept.report).map_err(Problem::internal)?,
            None => judge_again(services, &upload, statement, pack, on).await?,
        };
        let margins = match folder {
            Some(_) => margins(services, &upload, kept, &report, pack).await?,
            None => None,
        };
        let path = match folder {
            Some(folder) => {
                let blobs = services.store.blobs();
                blobs.localised(upload.sha256, folder).await?
            }
            None => PathBuf::new(),
        };
        let slot = pack.slot(&upload.slot);
        let title = slot.map_or_else(|| upload.slot.clone(), |slot| slot.title.clone());
        papers.push(CheckedItem {
            title: upload.title.unwrap_or(title),
            slot: upload.slot,
            note: upload.note,
            file_name: upload.file_name,
            path,
            sha256: upload.sha256,
            pages: report.pages.unwrap_or_default(),
            report: Arc::new(report),
            margins: margins.map(Arc::new),
        });
    }
    Ok(papers)
}

/// The margins of a paper, kept with its report; those of a paper that was kept without are looked at and kept now.
async fn margins(
    services: &Services,
    upload: &UploadRow,
    kept: Option<&ReportRow>,
    report: &Report,
    pack: &Pack,
) -> Result<Option<Margins>, Problem> {
    if let Some(text) = kept.and_then(|kept| kept.margins.as_deref()) {
        return serde_json::from_str(text).map_err(Problem::internal);
    }
    let file = services.store.blobs().opened(upload.sha256).await?;
    let slot = pack.slot(&upload.slot);
    let margins = judge::margins(services, file, report, slot).await;
    if let Some(text) = judge::margins_kept(margins.as_ref())? {
        services.store.keep_margins(&upload.id, &text).await?;
    }
    Ok(margins)
}

pub(super) async fn judge_again(
    services: &Services,
    upload: &UploadRow,
    statement: &Dossier,
    pack: &Arc<Pack>,
    on: Date,
) -> Result<Report, Problem> {
    let judging = Judging {
        pack: Some(Arc::clone(pack)),
        slot: Some(upload.slot.clone()),
        on,
        holder: Some(judge::holder(statement)),
        online: judge::online(services, &upload.id).await?,
    };
    let file = services.store.blobs().opened(upload.sha256).await?;
    let name = FileName::shown(&upload.file_name);
    let report = judging.report(services, file, name, upload.sha256).await?;
    let kept = judge::kept(&upload.id, &report, pack)?;
    services.store.put_report(&kept).await?;
    Ok(report)
}

/// Binding itself, on a blocking thread.
struct Work {
    services: Services,
    checked: CheckedDossier,
    options: BindOptions,
    /// Holds everything on the way; gone with the work.
    folder: TempDir,
}

impl Work {
    /// Binds; the files to keep, and the manifest.
    fn run(&self) -> Result<(Vec<BoundFile>, String), Problem> {
        let blobs = self.services.store.blobs();
        let folder = self.folder.path();
        let out = folder.join("bound");
        let bound = bind::bind(
            &self.checked,
            &self.services.typesetter,
            &self.services.pool,
            &out,
            &self.options,
        )
        .map_err(problem)?;
        let mut paths = Vec::new();
        below(&out, &mut paths).map_err(StoreError::from)?;
        paths.sort();
        let mut files = Vec::new();
        let zip = File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .open(folder.join(BUNDLE))
            .map_err(StoreError::from)?;
        let mut zip = zip::ZipWriter::new(zip);
        for path in &paths {
            let name = path.strip_prefix(&out).unwrap_or(path).to_string_lossy();
            let mut file = File::open(path).map_err(StoreError::from)?;
            files.push(keep(blobs, &file, &name)?);
            add(&mut zip, &name, &mut file)?;
        }
        let zip = zip.finish().map_err(Problem::internal)?;
        std::io::Seek::rewind(&mut &zip).map_err(StoreError::from)?;
        files.push(keep(blobs, &zip, BUNDLE)?);
        let manifest = serde_json::to_string(&bound.manifest).map_err(Problem::internal)?;
        Ok((files, manifest))
    }
}

/// Adds a file to the bundle. PDFs hardly shrink, so bytes are stored as they are; no times, so that the same
/// dossier gives the same bundle.
fn add(zip: &mut zip::ZipWriter<File>, name: &str, file: &mut File) -> Result<(), Problem> {
    use std::io::Seek as _;
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default());
    zip.start_file(name, options).map_err(Problem::internal)?;
    file.rewind().map_err(StoreError::from)?;
    std::io::copy(file, zip).map_err(StoreError::from)?;
    Ok(())
}

fn keep(blobs: &Blobs, file: &File, name: &str) -> Result<BoundFile, Problem> {
    let media_type = match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("pdf") => "application/pdf",
        Some("json") => "application/json",
        Some("zip") => "application/zip",
        Some("txt") => "text/plain; charset=utf-8",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    };
    Ok(BoundFile {
        path: name.to_owned(),
        media_type: media_type.to_owned(),
        sha256: blobs.put_file(file)?,
        size_bytes: file.metadata().map_err(StoreError::from)?.len(),
    })
}

fn below(folder: &Path, into: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            below(&path, into)?;
        } else {
            into.push(path);
        }
    }
    Ok(())
}

/// A paper that cannot be bound is the applicant's to mend; all else is ours.
pub(in crate::http) fn problem(error: BindError) -> Problem {
    match error {
        BindError::Source {
            slot,
            file_name,
            page,
            why,
        } => {
            let message = why.message();
            Problem::new(ErrorCode::DossierIncomplete)
                .because(
                    format!("`{file_name}`：{}", message.zh),
                    format!("`{file_name}`: {}", message.en),
                )
                .error(json!({"slot": slot, "file": file_name, "page": page, "message": message}))
        }
        BindError::Typeset { cause, .. } => typesetting(cause),
        BindError::Gone { slot, title } => Problem::new(ErrorCode::DossierIncomplete)
            .because(
                format!("`{title}` 装订后已有改动，只能重新装订"),
                format!(
                    "`{title}` was changed after it was bound, the volumes have to be bound anew"
                ),
            )
            .error(json!({"slot": slot, "title": title})),
        BindError::NotBoundBefore => Problem::new(ErrorCode::NotBound).because(
            "卷宗尚未装订，没有可补入的分册",
            "nothing was bound before that papers could be added to",
        ),
        error @ (BindError::Changed { .. } | BindError::Worker { .. } | BindError::Io { .. }) => {
            Problem::internal(error)
        }
    }
}

/// A character no font has is the caller's to mend; all else is ours.
pub(super) fn typesetting(error: TypesetError) -> Problem {
    match error {
        TypesetError::NoGlyph { characters } => {
            let shown: Vec<String> = characters.iter().map(|c| format!("`{c}`")).collect();
            Problem::new(ErrorCode::CharacterNotPrintable)
                .because(
                    format!("字库中没有 {}", shown.join(" ")),
                    format!("no font has {}", shown.join(" ")),
                )
                .error(json!({"characters": characters}))
        }
        other => Problem::internal(other),
    }
}
