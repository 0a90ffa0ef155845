//! Whether anything was committed to the embedded database, by whichever process, without asking the database.
//!
//! SQLite keeps the head of its write-ahead log's index in the file `…-shm`, twice, and counts a change in it for every transaction
//! that is committed, before the commit returns (<https://www.sqlite.org/walformat.html>, 2.1). So the same head read twice means
//! that nothing was committed between. Only equality is used; what cannot be read plainly is no head.

use std::{
    fs::File,
    os::unix::fs::{FileExt as _, MetadataExt as _},
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock},
};

/// Bytes of one copy of the head.
const HEAD: usize = 48;
/// The one version of the format there is.
const VERSION: u32 = 3_007_000;
/// Where the head says that it is filled.
const FILLED: usize = 12;

/// The state of the database's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commits([u8; HEAD]);

/// The index of one database's log. SQLite deletes it with the last connection and makes another with the next.
#[derive(Debug)]
pub(super) struct WalIndex {
    path: PathBuf,
    open: RwLock<Option<File>>,
}

impl WalIndex {
    pub(super) fn of(database: &Path) -> WalIndex {
        let mut path = database.as_os_str().to_owned();
        path.push("-shm");
        WalIndex {
            path: path.into(),
            open: RwLock::default(),
        }
    }

    /// The state of the log; `None` when there is no index, or it is being written this moment.
    pub(super) fn commits(&self) -> Option<Commits> {
        let held = self.open.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = held.as_ref()
            && file.metadata().is_ok_and(|about| about.nlink() > 0)
        {
            return head(file);
        }
        drop(held);
        let file = File::open(&self.path).ok();
        let head = file.as_ref().and_then(head);
        *self.open.write().unwrap_or_else(PoisonError::into_inner) = file;
        head
    }
}

fn head(index: &File) -> Option<Commits> {
    let mut both = [0; 2 * HEAD];
    index.read_exact_at(&mut both, 0).ok()?;
    let (first, second) = both.split_at(HEAD);
    let version = u32::from_ne_bytes(*first.first_chunk()?);
    let whole = first == second && version == VERSION && *first.get(FILLED)? == 1;
    whole.then_some(Commits(*first.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{AuditEntry, Store, StoreConfig};

    fn entry() -> AuditEntry {
        AuditEntry {
            at: jiff::Timestamp::UNIX_EPOCH,
            actor: "anonymous".to_owned(),
            action: "test".to_owned(),
            subject: String::new(),
            request_id: String::new(),
        }
    }

    #[actix_web::test]
    async fn every_commit_changes_it_and_reading_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::in_folder(folder.path());
        let (store, other) = (
            Store::open(&config).await.unwrap(),
            Store::open(&config).await.unwrap(),
        );
        let mut last = store
            .commits()
            .expect("a database that is open has an index");
        for round in 0..200 {
            store.register_mark().await.unwrap();
            assert_eq!(store.commits(), Some(last), "reading, round {round}");
            let writer = if round % 2 == 0 { &store } else { &other };
            writer.audit(&entry()).await.unwrap();
            let now = store.commits().unwrap();
            assert_ne!(now, last, "a commit, round {round}");
            last = now;
            if round % 50 == 7 {
                other.checkpoint().await.unwrap();
                last = store.commits().unwrap();
            }
        }
        store.close().await;
        other.close().await;
        assert_eq!(store.commits(), None, "nobody has it open");
        let third = Store::open(&config).await.unwrap();
        third.audit(&entry()).await.unwrap();
        assert_eq!(store.commits(), third.commits(), "another index was made");
        assert_ne!(third.commits(), Some(last));
    }

    #[test]
    fn what_is_no_index_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let index = WalIndex::of(&folder.path().join("x"));
        assert_eq!(index.commits(), None);
        let mut bytes = vec![0_u8; 2 * HEAD];
        let tried = |bytes: &[u8]| {
            crate::digest::write_atomically(&folder.path().join("x-shm"), bytes).unwrap();
            index.commits().is_some()
        };
        assert!(!tried(&bytes), "another version");
        for copy in [0, HEAD] {
            bytes[copy..copy + 4].copy_from_slice(&VERSION.to_ne_bytes());
        }
        assert!(!tried(&bytes), "not filled");
        bytes[FILLED] = 1;
        assert!(!tried(&bytes), "the copies differ");
        bytes[HEAD + FILLED] = 1;
        assert!(tried(&bytes));
        assert!(!tried(&bytes[..2 * HEAD - 1]), "too short");
    }
}
