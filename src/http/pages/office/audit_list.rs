//! `/office/audit`: who did what, when. No names of applicants, no codes, no secrets: they are not in the record.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, web::Data};
use serde::{Deserialize, Serialize};

use super::desk::Desk;
use crate::{
    http::{
        Services, body,
        problem::{Answer, Problem},
    },
    lang::Bilingual,
    store::{AuditEntry, CertificateKey},
};

/// Lines on one page.
const LINES: u32 = 50;
/// Kinds of actions one can look at alone: how their names begin.
const KINDS: [&str; 6] = [
    "certificate.",
    "batch.",
    "register.",
    "office.",
    "dossier.",
    "file",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    at: u32,
}

#[derive(Serialize)]
struct Page {
    lines: Vec<Line>,
    kinds: [&'static str; 6],
    kind: String,
    /// Number of this page, from 1.
    at: u32,
    more: bool,
}

/// One line of the record.
#[derive(Serialize)]
pub(super) struct Line {
    at: String,
    who: String,
    actor: String,
    what: Bilingual,
    action: String,
    subject: String,
    /// Number of the certificate it was done to.
    certificate: Option<String>,
    request_id: String,
}

/// The newest actions first.
pub(super) async fn audit_list(
    request: HttpRequest,
    services: Data<Services>,
    desk: Desk,
) -> Answer {
    let query: Query = body::query(&request)?;
    let at = query.at.clamp(1, 1_000_000);
    let kind = KINDS
        .into_iter()
        .find(|kind| *kind == query.kind)
        .unwrap_or_default();
    let store = &services.store;
    let mut entries = store.audit_page(kind, (at - 1) * LINES, LINES + 1).await?;
    let more = entries.len() > LINES as usize;
    entries.truncate(LINES as usize);
    let lines = lines(&services, entries).await?;
    let page = Page {
        lines,
        kinds: KINDS,
        kind: kind.to_owned(),
        at,
        more,
    };
    desk.page(&services, "office_audit.html", page)
}

/// Lines of the record as people read them.
pub(super) async fn lines(
    services: &Services,
    entries: Vec<AuditEntry>,
) -> Result<Vec<Line>, Problem> {
    let labels: BTreeMap<String, String> = services
        .store
        .tokens()
        .await?
        .into_iter()
        .map(|token| (format!("token:{}", token.id), token.label))
        .collect();
    let mut lines = Vec::new();
    for entry in entries {
        lines.push(Line {
            at: entry.at.to_string(),
            who: labels.get(&entry.actor).cloned().unwrap_or_default(),
            what: words(&entry.action),
            certificate: certificate_of(services, &entry.subject).await?,
            actor: entry.actor,
            action: entry.action,
            subject: entry.subject,
            request_id: entry.request_id,
        });
    }
    Ok(lines)
}

/// The certificate a line of the record is about.
async fn certificate_of(services: &Services, subject: &str) -> Result<Option<String>, Problem> {
    let Some(leaf) = subject
        .strip_prefix("leaf:")
        .and_then(|leaf| leaf.parse().ok())
    else {
        return Ok(None);
    };
    let row = services
        .store
        .certificate(CertificateKey::Leaf(leaf))
        .await?;
    Ok(row.map(|row| row.issued.number))
}

/// An action in words; one that has none yet is shown by its name.
fn words(action: &str) -> Bilingual {
    let (zh, en) = match action {
        "certificate.issued" => ("签发证书", "issued a certificate"),
        "certificate.revoked" => ("撤销证书", "revoked a certificate"),
        "certificate.reinstated" => ("恢复证书", "reinstated a certificate"),
        "certificate.downloaded" => ("下载证书", "downloaded a certificate"),
        "register.downloaded" => ("下载登记簿", "downloaded the register"),
        "register.searched_by_identity" => ("按身份证号查找", "searched by an identity number"),
        "batch.brought" => ("上传名单", "brought a list"),
        "batch.results_downloaded" => ("下载名单结果", "downloaded the results of a list"),
        "batch.checked" => ("检查名单", "checked a list"),
        "batch.begun" => ("开始批量签发", "began to issue a list"),
        "batch.ended" => ("批量签发结束", "ended issuing a list"),
        "log.audited" => ("全面核对日志", "looked through the whole log"),
        "office.signed_in" => ("登录", "signed in"),
        "office.signed_out" => ("退出", "signed out"),
        "office.sign_in_refused" => ("登录被拒", "was refused"),
        "dossier.created" => ("新建卷宗", "made a dossier"),
        "dossier.changed" => ("修改卷宗", "changed a dossier"),
        "dossier.bound" => ("装订卷宗", "bound a dossier"),
        "file.uploaded" => ("上传材料", "added a paper"),
        "file.replaced" => ("替换材料", "replaced a paper"),
        "file.removed" => ("移除材料", "removed a paper"),
        "files.reordered" => ("调整顺序", "changed the order of papers"),
        "dossier.deleted" => ("删除卷宗", "deleted a dossier"),
        other => (other, ""),
    };
    Bilingual::new(zh, en)
}
