//! Issues certificates: numbers, pages, leaves, then what [`mod@super::publish`] does: witnesses, proofs, signatures, rows.
//!
//! The database's write lock is held for moments only: to reserve numbers, to append leaves, to write rows. Between them pages
//! are typeset and files are signed on all cores. A number that was reserved and not used goes to the next; a leaf that is in the
//! log waits in a row of its own until its file is finished, so a crash anywhere leaves no gap, no double and no file without
//! proof. Nothing is handed out before the finished file has passed verification by other code than that which made it.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    error::IssueError,
    grant::{Issued, Order},
    leaf::Leaf,
    log::append,
    number::Number,
    office::Issuer,
    page::{Numbered, Page, page},
    publish::{self, publish},
};
use crate::{
    clock::Clock,
    digest::Digest,
    store::{CertificateKey, CertificateRow, CertificateStatus, Id, LogTransaction, Store},
    typeset::Typesetter,
};

/// Certificates that share one transaction and one checkpoint.
const TOGETHER: usize = 64;
/// How long a number stays reserved for whoever works on it.
const LEASE: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);

/// What is looked at before it leaves our hands.
#[derive(Clone, Copy, Debug)]
pub enum Finished<'a> {
    /// A first revision, before its leaf stands in the log.
    Revision1(&'a [u8]),
    /// A whole file, before anybody gets it.
    File(&'a [u8]),
}

/// Looks at what was made with other code than that which made it: `verify::self_check`. The text says what is wrong.
pub type SelfCheck = fn(&Issuer, Finished<'_>, Timestamp) -> Result<(), String>;

/// Issues one certificate at `at`.
pub async fn issue(
    issuer: &Arc<Issuer>,
    store: &Store,
    typesetter: &Typesetter,
    order: Order,
    at: Timestamp,
    check: SelfCheck,
) -> Result<Issued, IssueError> {
    let salt = Digest::from_bytes(rand::random());
    issue_with_salt(issuer, store, typesetter, order, at, check, salt).await
}

/// [`issue`] with a given salt: the same claims, salt, instant and log give the same bytes. The salt must be used once only.
pub async fn issue_with_salt(
    issuer: &Arc<Issuer>,
    store: &Store,
    typesetter: &Typesetter,
    order: Order,
    at: Timestamp,
    check: SelfCheck,
    salt: Digest,
) -> Result<Issued, IssueError> {
    let office = At {
        issuer,
        store,
        typesetter,
        at,
        check,
    };
    let mut results = office.together(vec![(order, salt)]).await;
    results.pop().unwrap_or_else(|| Err(publish::cut_short()))
}

/// Issues several, each with its own result, in their order: a page of each typeset on all cores, one transaction and one
/// checkpoint for many leaves.
pub async fn issue_each(
    issuer: &Arc<Issuer>,
    store: &Store,
    typesetter: &Typesetter,
    orders: Vec<Order>,
    at: Timestamp,
    check: SelfCheck,
) -> Vec<Result<Issued, IssueError>> {
    let office = At {
        issuer,
        store,
        typesetter,
        at,
        check,
    };
    let mut results = Vec::new();
    let mut orders = orders.into_iter().peekable();
    while orders.peek().is_some() {
        let salted = |order| (order, Digest::from_bytes(rand::random()));
        let some = orders.by_ref().take(TOGETHER).map(salted).collect();
        results.extend(office.together(some).await);
    }
    results
}

/// The row of a certificate.
pub async fn show(store: &Store, number: &Number) -> Result<CertificateRow, IssueError> {
    let key = CertificateKey::Number(number.as_str());
    store
        .certificate(key)
        .await?
        .ok_or(IssueError::NoSuchCertificate)
}

/// Where and when it is issued.
struct At<'a> {
    issuer: &'a Arc<Issuer>,
    store: &'a Store,
    typesetter: &'a Typesetter,
    at: Timestamp,
    check: SelfCheck,
}

impl At<'_> {
    async fn together(&self, orders: Vec<(Order, Digest)>) -> Vec<Result<Issued, IssueError>> {
        match self.try_together(orders).await {
            Ok(results) => results,
            Err((count, error)) => {
                // What struck the whole batch strikes each of it; the first gets the error itself.
                let rest = (1..count).map(|_| Err(IssueError::Batch(error.to_string())));
                let rest: Vec<_> = rest.collect();
                std::iter::once(Err(error))
                    .chain(rest)
                    .take(count)
                    .collect()
            }
        }
    }

    async fn try_together(
        &self,
        orders: Vec<(Order, Digest)>,
    ) -> Result<Vec<Result<Issued, IssueError>>, (usize, IssueError)> {
        let count = orders.len();
        let worker = Id::random();
        let all = |error: IssueError| (count, error);
        let numbered = self.reserve(orders, worker.as_str()).await.map_err(all)?;
        let pages = self.typeset(numbered).await.map_err(all)?;
        let appended = self.append(pages, worker.as_str()).await.map_err(all)?;
        let published = publish(self.issuer, self.store, self.check).await;
        let why = published.err().map(|error| error.to_string());
        let mut results = Vec::new();
        for page in appended {
            results.push(match page {
                Ok((page, index)) => self.handed_out(page, index, why.as_deref()).await,
                Err(error) => Err(error),
            });
        }
        Ok(results)
    }

    /// Numbers for all that can have one, in a transaction of its own. Whoever does not use its number in time loses it to
    /// the next.
    async fn reserve(
        &self,
        orders: Vec<(Order, Digest)>,
        worker: &str,
    ) -> Result<Vec<Result<Numbered, IssueError>>, IssueError> {
        // The computer's own time: a lease has nothing to do with the day something is issued at.
        let now = Clock::System.now();
        let until = now.checked_add(LEASE).unwrap_or(Timestamp::MAX);
        let mut log = self.store.begin_reserving().await?;
        let mut numbered = Vec::new();
        for (order, salt) in orders {
            let of = match &order.grant.supersedes {
                Some(old) => match superseded(&mut log, old).await {
                    Ok(row) => Some(row.issued.leaf_index),
                    Err(error) => {
                        numbered.push(Err(error));
                        continue;
                    }
                },
                None => None,
            };
            let template = &self.issuer.office().number;
            let grant = &order.grant;
            let year = grant.obtained_on.year();
            let scope = template.serial_scope(year);
            let serial = log.reserve_serial(&scope, worker, now, until).await?;
            let number = template.number(year, grant.level, grant.method, serial);
            numbered.push(match number {
                Some(number) => Ok(Numbered {
                    order,
                    salt,
                    number,
                    scope,
                    serial,
                    of,
                }),
                None => Err(IssueError::SerialsUsedUp),
            });
        }
        log.commit().await?;
        Ok(numbered)
    }

    /// Pages on all cores, without any lock. Serials of pages that cannot be are given back.
    async fn typeset(
        &self,
        numbered: Vec<Result<Numbered, IssueError>>,
    ) -> Result<Vec<Result<Page, (Option<(String, u64)>, IssueError)>>, IssueError> {
        let (issuer, typesetter) = (Arc::clone(self.issuer), self.typesetter.clone());
        let (at, check) = (self.at, self.check);
        let pages = tokio::task::spawn_blocking(move || {
            publish::on_all_cores(numbered, |numbered| match numbered {
                Ok(numbered) => {
                    let serial = (numbered.scope.clone(), numbered.serial);
                    let page = page(&issuer, &typesetter, numbered, at, check);
                    page.map_err(|error| (Some(serial), error))
                }
                Err(error) => Err((None, error)),
            })
        });
        pages.await.map_err(|_| publish::cut_short())
    }

    /// All leaves in one transaction, with one new checkpoint; the certificates wait from then on.
    async fn append(
        &self,
        pages: Vec<Result<Page, (Option<(String, u64)>, IssueError)>>,
        worker: &str,
    ) -> Result<Vec<Result<(Page, u64), IssueError>>, IssueError> {
        let mut log = self.store.begin_log().await?;
        let mut kept = Vec::new();
        let mut taken: Vec<Number> = Vec::new();
        for page in pages {
            let page = match page {
                Ok(page) => page,
                Err((serial, error)) => {
                    if let Some((scope, serial)) = serial {
                        log.release_serial(&scope, serial, worker).await?;
                    }
                    kept.push(Err(error));
                    continue;
                }
            };
            let numbered = &page.numbered;
            // Since the number was reserved the other one may have been superseded or revoked.
            if let Some(old) = &numbered.order.grant.supersedes {
                let again = if taken.contains(old) {
                    Err(IssueError::Status("superseded already"))
                } else {
                    superseded(&mut log, old).await.map(drop)
                };
                if let Err(error) = again {
                    log.release_serial(&numbered.scope, numbered.serial, worker)
                        .await?;
                    kept.push(Err(error));
                    continue;
                }
                taken.push(old.clone());
            }
            kept.push(
                if log
                    .use_serial(&numbered.scope, numbered.serial, worker)
                    .await?
                {
                    Ok(page)
                } else {
                    Err(IssueError::TooSlow)
                },
            );
        }
        let good = kept.iter().flatten();
        let leaves: Vec<Leaf> = good.map(|page| Leaf::Issue(page.leaf.clone())).collect();
        if leaves.is_empty() {
            log.commit().await?;
            return Ok(kept
                .into_iter()
                .map(|page| page.map(|page| (page, 0)))
                .collect());
        }
        let mut indexes = append(&mut log, self.issuer, &leaves).await?.into_iter();
        let mut appended = Vec::new();
        for page in kept {
            let mut page = match page {
                Ok(page) => page,
                Err(error) => {
                    appended.push(Err(error));
                    continue;
                }
            };
            let index = indexes.next().ok_or_else(publish::cut_short)?;
            page.pending.new.leaf_index = index;
            log.insert_pending(&page.pending).await?;
            if let Some(old) = &page.numbered.order.grant.supersedes {
                let by = page.numbered.number.to_string();
                let status = CertificateStatus::Superseded { by };
                log.set_status(old.as_str(), &status, self.at).await?;
            }
            appended.push(Ok((page, index)));
        }
        log.commit().await?;
        Ok(appended)
    }

    /// The finished file, or that it waits and why.
    async fn handed_out(
        &self,
        page: Page,
        leaf_index: u64,
        why: Option<&str>,
    ) -> Result<Issued, IssueError> {
        let row = self
            .store
            .certificate(CertificateKey::Leaf(leaf_index))
            .await?;
        let Some(row) = row else {
            return Err(IssueError::Waits {
                number: page.numbered.number,
                leaf_index,
                why: why.unwrap_or("it is being finished elsewhere").to_owned(),
            });
        };
        let (blobs, sha256) = (self.store.blobs().clone(), row.issued.file_sha256);
        let pdf = tokio::task::spawn_blocking(move || blobs.read(sha256));
        let pdf = pdf.await.map_err(|_| publish::cut_short())??;
        Ok(Issued {
            number: page.numbered.number,
            code: page.code,
            file_sha256: sha256,
            pdf,
            leaf_index,
            commitment: page.leaf.c,
            issued_at: self.at,
        })
    }
}

async fn superseded(log: &mut LogTransaction, old: &Number) -> Result<CertificateRow, IssueError> {
    let row = log
        .certificate(old.as_str())
        .await?
        .ok_or(IssueError::NoSuchCertificate)?;
    match row.status {
        CertificateStatus::Valid => Ok(row),
        CertificateStatus::Superseded { .. } => Err(IssueError::Status("superseded already")),
        CertificateStatus::Revoked { .. } => Err(IssueError::Status(
            "revoked: a revoked certificate cannot be superseded",
        )),
    }
}
