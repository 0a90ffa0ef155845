//! Many certificates from one table: every row is read, every problem of every row is said, one row gives one result.
//!
//! A heading in Chinese or the key of a grant names each column, in any order: 姓名 性别 出生年月 工作单位 身份证号 系列 专业 资格名称
//! 级别 取得方式 评审委员会 公布文号 取得时间 替代证书. A dry run says what issuing would refuse, and issues nothing.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;

use super::{
    batch_rows::{Batch, BatchRow, RowProblem, of_the_row, problem},
    claims::ClaimsError,
    error::IssueError,
    grant::{Issued, Order},
    issue::{SelfCheck, issue_each},
    number::Number,
    office::Issuer,
    page::rehearse,
};
use crate::{
    store::{CertificateKey, CertificateStatus, SecretHash, Store},
    typeset::{TypesetError, Typesetter},
};

/// What became of one row.
#[derive(Debug)]
pub struct RowResult {
    /// Its number in the file.
    pub row: u32,
    /// What it led to.
    pub outcome: RowOutcome,
}

/// What a row led to.
#[derive(Debug)]
pub enum RowOutcome {
    /// It would be issued (dry run).
    Good,
    /// It was issued.
    Issued(Box<Issued>),
    /// It is in the log under this number and waits for its witnesses: it is finished later, and must not be asked for again.
    Waits(Number),
    /// It was not issued, for all of these.
    Refused(Vec<RowProblem>),
}

/// Says what issuing would refuse, and issues nothing.
pub async fn rehearse_batch(
    issuer: &Arc<Issuer>,
    store: &Store,
    typesetter: &Typesetter,
    batch: &Batch,
    at: Timestamp,
) -> Vec<RowResult> {
    let mut results = Vec::new();
    let mut taken: BTreeMap<Number, u32> = BTreeMap::new();
    for BatchRow { row, grant } in &batch.rows {
        let mut problems = Vec::new();
        match grant {
            Err(found) => problems.clone_from(found),
            Ok(grant) => {
                let (issuer, typesetter, printed) =
                    (Arc::clone(issuer), typesetter.clone(), grant.clone());
                let tried = tokio::task::spawn_blocking(move || {
                    rehearse(&issuer, &typesetter, &printed, at)
                });
                match tried.await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => problems.extend(told(&error)),
                    Err(_) => problems.push(of_the_row("未能试排", "it could not be tried")),
                }
                if let Some(old) = &grant.supersedes {
                    problems.extend(old_one(store, old).await);
                    if let Some(first) = taken.insert(old.clone(), *row) {
                        problems.push(problem(
                            "supersedes",
                            &format!("与第 {first} 行替代同一证书"),
                            &format!("takes the place of the same certificate as row {first}"),
                        ));
                    }
                }
            }
        }
        let outcome = if problems.is_empty() {
            RowOutcome::Good
        } else {
            RowOutcome::Refused(problems)
        };
        results.push(RowResult { row: *row, outcome });
    }
    results
}

/// Whether the certificate to be superseded is there and in force.
async fn old_one(store: &Store, old: &Number) -> Option<RowProblem> {
    match store
        .certificate(CertificateKey::Number(old.as_str()))
        .await
    {
        Ok(Some(row)) if row.status == CertificateStatus::Valid => None,
        Ok(Some(_)) => Some(problem(
            "supersedes",
            "该证书已不是有效状态",
            "names a certificate that is no longer in force",
        )),
        Ok(None) => Some(problem(
            "supersedes",
            "没有此编号的证书",
            "names no certificate of ours",
        )),
        Err(error) => Some(of_the_row("登记簿无法读取", &error.to_string())),
    }
}

/// Issues the rows that can be issued. `holder` gives what is kept of the holder's secret of a row.
pub async fn issue_batch(
    issuer: &Arc<Issuer>,
    store: &Store,
    typesetter: &Typesetter,
    batch: Batch,
    mut holder: impl FnMut(u32) -> SecretHash + Send,
    at: Timestamp,
    check: SelfCheck,
) -> Vec<RowResult> {
    let mut results = Vec::new();
    let mut places = Vec::new();
    let mut orders = Vec::new();
    for BatchRow { row, grant } in batch.rows {
        match grant {
            Ok(grant) => {
                places.push(row);
                orders.push(Order {
                    grant,
                    photo: None,
                    holder: holder(row),
                });
            }
            Err(problems) => results.push(RowResult {
                row,
                outcome: RowOutcome::Refused(problems),
            }),
        }
    }
    let issued = issue_each(issuer, store, typesetter, orders, at, check).await;
    for (row, outcome) in places.into_iter().zip(issued) {
        let outcome = match outcome {
            Ok(issued) => RowOutcome::Issued(Box::new(issued)),
            Err(IssueError::Waits { number, .. }) => RowOutcome::Waits(number),
            Err(error) => RowOutcome::Refused(told(&error)),
        };
        results.push(RowResult { row, outcome });
    }
    results.sort_by_key(|result| result.row);
    results
}

/// What is wrong with the row itself; nothing when the cause lies with us, and the row may be tried again.
pub fn row_problems(error: &IssueError) -> Option<Vec<RowProblem>> {
    match error {
        IssueError::Store(_)
        | IssueError::SerialsUsedUp
        | IssueError::Waits { .. }
        | IssueError::Unwitnessed(_)
        | IssueError::TooSlow
        | IssueError::Batch(_)
        | IssueError::AskedTooOften
        | IssueError::SelfCheck(_)
        | IssueError::Revision(_) => None,
        IssueError::Claims(_)
        | IssueError::Typeset(_)
        | IssueError::Photo { .. }
        | IssueError::NoSuchCertificate
        | IssueError::Status(_) => Some(told(error)),
    }
}

/// Why a row was refused, a problem a column where we know the column.
fn told(error: &IssueError) -> Vec<RowProblem> {
    match error {
        IssueError::Claims(ClaimsError::Values(problems)) => problems
            .iter()
            .map(|p| RowProblem {
                column: Some(p.key.clone()),
                message: p.message.clone(),
            })
            .collect(),
        IssueError::Typeset(TypesetError::NoGlyph { characters }) => {
            let list: String = characters.iter().collect();
            vec![of_the_row(
                &format!("字库中没有：{list}"),
                &format!("no font has {list}"),
            )]
        }
        IssueError::NoSuchCertificate => {
            vec![problem(
                "supersedes",
                "没有此编号的证书",
                &error.to_string(),
            )]
        }
        IssueError::Status(_) => {
            vec![problem(
                "supersedes",
                "该证书已不是有效状态",
                &error.to_string(),
            )]
        }
        error => vec![of_the_row("未能签发", &error.to_string())],
    }
}
