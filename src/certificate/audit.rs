//! Reads the whole log again and says everything that does not fit: `fsck`. Names leaves by their index, never people.

use std::collections::BTreeMap;

use data_encoding::BASE64;

use super::{
    gaps::Serials,
    leaf::Leaf,
    log::checkpoint,
    office::Issuer,
    tree::{Node, Peaks},
};
use crate::{
    digest::Digest,
    lang::Bilingual,
    store::{CertificateKey, CertificateStatus, NewCertificate, Store, StoreError},
};

/// Leaves read at once.
const BATCH: u64 = 1024;

/// One thing that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogProblem {
    /// The leaf it is about.
    pub leaf_index: Option<u64>,
    /// What it is.
    pub message: Bilingual,
}

pub(super) fn problem(leaf_index: Option<u64>, zh: &str, en: &str) -> LogProblem {
    LogProblem {
        leaf_index,
        message: Bilingual::new(zh, en),
    }
}

/// What the leaves say of each certificate, by the leaf of its issue.
struct Expected {
    status: BTreeMap<u64, CertificateStatus>,
    superseded_by: BTreeMap<u64, String>,
    /// In the log, not handed out yet.
    waiting: BTreeMap<u64, (NewCertificate, String)>,
    serials: Serials,
}

/// Compares leaves, tree, checkpoint, rows, numbers and files.
pub async fn audit(issuer: &Issuer, store: &Store) -> Result<Vec<LogProblem>, StoreError> {
    let mut problems = Vec::new();
    let mut peaks = Peaks::default();
    let mut serials = Serials::begin(store).await?;
    let waiting = store.pending_certificates(u32::MAX).await?;
    for one in &waiting {
        serials.note(&one.new.number);
    }
    let waiting = waiting.into_iter();
    let mut expected = Expected {
        status: BTreeMap::new(),
        superseded_by: BTreeMap::new(),
        waiting: waiting
            .map(|one| (one.new.leaf_index, (one.new, one.revision_1)))
            .collect(),
        serials,
    };
    let published = store.log_published().await?;
    let mut published_root = None;
    loop {
        let leaves = store.log_leaves(peaks.size(), BATCH).await?;
        if leaves.is_empty() {
            break;
        }
        let mut nodes = Vec::new();
        for text in &leaves {
            let index = peaks.size();
            nodes.extend(peaks.append(text.as_bytes()).nodes);
            if published.as_ref().is_some_and(|p| p.size == peaks.size()) {
                published_root = Some(peaks.root());
            }
            match Leaf::read(text.as_bytes()) {
                Ok(leaf) => {
                    problems.extend(leaf_problems(store, index, &leaf, &mut expected).await?);
                }
                Err(_) => problems.push(problem(
                    Some(index),
                    "叶子不是签发格式",
                    "the leaf is not written as we write it",
                )),
            }
        }
        problems.extend(node_problems(store, nodes).await?);
    }
    problems.extend(row_problems(store, &expected.status).await?);
    problems.extend(expected.serials.problems(store).await?);
    problems.extend(head_problems(issuer, store, &peaks).await?);
    if let Some(published) = published {
        // What witnesses have signed must be a tree this log once was; their lines follow the log's own.
        let shown = published_root.map(|root| checkpoint(issuer, published.size, &root));
        if !shown.is_some_and(|shown| published.checkpoint.starts_with(&shown)) {
            problems.push(problem(
                None,
                "已公布的检查点不是本日志的：日志分叉或被改动",
                "the published checkpoint is not one of this log: it was forked or changed",
            ));
        }
    }
    Ok(problems)
}

/// Looks at the row and the file of an issue, and notes what status the leaves give.
async fn leaf_problems(
    store: &Store,
    index: u64,
    leaf: &Leaf,
    expected: &mut Expected,
) -> Result<Vec<LogProblem>, StoreError> {
    let mut problems = Vec::new();
    let at = Some(index);
    match leaf {
        Leaf::Issue(issue) => {
            let row = store.certificate(CertificateKey::Leaf(index)).await?;
            expected.status.insert(index, CertificateStatus::Valid);
            if let (None, Some(waiting)) = (&row, expected.waiting.get(&index)) {
                let whole = BASE64.decode(waiting.1.as_bytes()).ok();
                if waiting.0.commitment != issue.c
                    || whole.is_none_or(|b| Digest::of(&b) != issue.b)
                {
                    problems.push(problem(
                        at,
                        "待完成的证书与叶子不符",
                        "what waits to be finished says something else than the leaf",
                    ));
                }
                if let Some(of) = issue.of {
                    let by = waiting.0.number.clone();
                    expected.superseded_by.insert(of, by.clone());
                    expected
                        .status
                        .insert(of, CertificateStatus::Superseded { by });
                }
                return Ok(problems);
            }
            let Some(row) = row else {
                problems.push(problem(
                    at,
                    "登记行缺失",
                    "the row of this certificate is missing",
                ));
                return Ok(problems);
            };
            expected.serials.note(&row.issued.number);
            if row.issued.commitment != issue.c || row.issued.revision_1_sha256 != issue.b {
                problems.push(problem(
                    at,
                    "登记行与叶子不符",
                    "the row says something else than the leaf",
                ));
            }
            if !store.blobs().contains(row.issued.file_sha256)? {
                problems.push(problem(
                    at,
                    "证书文件缺失",
                    "the file of this certificate is missing",
                ));
            }
            if let Some(of) = issue.of {
                let by = row.issued.number;
                expected.superseded_by.insert(of, by.clone());
                let status = CertificateStatus::Superseded { by };
                if expected.status.insert(of, status).is_none() {
                    problems.push(problem(
                        at,
                        "替代了不存在的证书",
                        "it supersedes a leaf that is no certificate",
                    ));
                }
            }
        }
        Leaf::Revoke { of, r, eff, .. } => {
            let status = CertificateStatus::Revoked {
                reason: r.name().to_owned(),
                effect: eff.name().to_owned(),
            };
            if expected.status.insert(*of, status).is_none() {
                problems.push(problem(
                    at,
                    "撤销了不存在的证书",
                    "it revokes a leaf that is no certificate",
                ));
            }
        }
        Leaf::Reinstate { of, .. } => {
            let status = match expected.superseded_by.get(of) {
                Some(by) => CertificateStatus::Superseded { by: by.clone() },
                None => CertificateStatus::Valid,
            };
            if expected.status.insert(*of, status).is_none() {
                problems.push(problem(
                    at,
                    "恢复了不存在的证书",
                    "it reinstates a leaf that is no certificate",
                ));
            }
        }
    }
    Ok(problems)
}

async fn node_problems(store: &Store, nodes: Vec<Node>) -> Result<Vec<LogProblem>, StoreError> {
    let mut by_level: BTreeMap<u32, Vec<Node>> = BTreeMap::new();
    for node in nodes {
        by_level.entry(node.level).or_default().push(node);
    }
    let mut problems = Vec::new();
    for (level, nodes) in by_level {
        let first = nodes.first().map_or(0, |node| node.index);
        let stored = store.log_nodes(level, first, nodes.len() as u64).await?;
        if !stored.iter().eq(nodes.iter().map(|node| &node.hash)) {
            problems.push(problem(
                Some(first << level),
                "树节点与叶子不符",
                "stored nodes of the tree are not those of the leaves",
            ));
        }
    }
    Ok(problems)
}

async fn row_problems(
    store: &Store,
    expected: &BTreeMap<u64, CertificateStatus>,
) -> Result<Vec<LogProblem>, StoreError> {
    let mut problems = Vec::new();
    for (index, status) in expected {
        let row = store.certificate(CertificateKey::Leaf(*index)).await?;
        if row.is_some_and(|row| row.status != *status) {
            problems.push(problem(
                Some(*index),
                "登记状态与日志不符",
                "the status in the registry is not that of the log",
            ));
        }
    }
    if store.certificate_count().await? > expected.len() as u64 {
        problems.push(problem(
            None,
            "有登记行没有叶子",
            "the registry has certificates that the log does not have",
        ));
    }
    Ok(problems)
}

async fn head_problems(
    issuer: &Issuer,
    store: &Store,
    peaks: &Peaks,
) -> Result<Vec<LogProblem>, StoreError> {
    let head = store.log_head().await?;
    let fits = match head {
        None => peaks.size() == 0,
        Some(head) => {
            let signed = checkpoint(issuer, peaks.size(), &peaks.root());
            head.size == peaks.size() && head.peaks == peaks.to_text() && head.checkpoint == signed
        }
    };
    let wrong = problem(
        None,
        "检查点与叶子不符",
        "the checkpoint is not that of the leaves",
    );
    Ok(if fits { Vec::new() } else { vec![wrong] })
}
