//! Issuing as a whole: witnesses, crashes, the tree against three oracles, forged files that are signed by our own keys.

mod crashes;
mod hostile;
mod table;
mod tree;
mod witnesses;

use std::sync::{Arc, OnceLock};

use juanzong::{
    certificate::{Grant, IssueError, Issued, Issuer, Level, Method, Office, Order, SelfCheck},
    store::{Secret, Store, StoreConfig},
    verify,
};

use crate::support::server::{runtime, typesetter};

/// Noon of the day of these tests.
pub fn at() -> jiff::Timestamp {
    "2026-11-20T04:00:00Z".parse().unwrap()
}

/// An office of these tests.
pub fn office() -> Issuer {
    Issuer::for_demonstration(Office::sample(), b"certificate tests", at()).unwrap()
}

/// One office for tests that need no witnesses.
pub fn issuer() -> &'static Arc<Issuer> {
    static ONE: OnceLock<Arc<Issuer>> = OnceLock::new();
    ONE.get_or_init(|| Arc::new(office()))
}

/// What is granted; all invented.
pub fn grant(name: &str) -> Grant {
    Grant {
        name: name.to_owned(),
        sex: None,
        born: None,
        unit: None,
        id_number: None,
        series: "工程技术".to_owned(),
        specialty: "电子信息".to_owned(),
        title: "工程师".to_owned(),
        level: Level::Intermediate,
        method: Method::Recognition,
        committee: "示例市中级职称考核认定委员会".to_owned(),
        doc_no: None,
        obtained_on: jiff::civil::date(2026, 10, 30),
        supersedes: None,
        dossier_sha256: None,
        pack_sha256: None,
    }
}

pub fn order(name: &str) -> Order {
    Order {
        grant: grant(name),
        photo: None,
        holder: Secret::random().hash(),
    }
}

/// A register of its own, gone when dropped.
pub struct Register {
    pub store: Store,
    _folder: tempfile::TempDir,
}

impl Register {
    pub fn new() -> Register {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::in_folder(folder.path().to_owned());
        Register {
            store: runtime().block_on(Store::open(&config)).unwrap(),
            _folder: folder,
        }
    }
    pub fn issue_now(
        &self,
        issuer: &Arc<Issuer>,
        name: &str,
        now: jiff::Timestamp,
        check: SelfCheck,
    ) -> Result<Issued, IssueError> {
        let typesetter = typesetter();
        let made =
            juanzong::certificate::issue(issuer, &self.store, &typesetter, order(name), now, check);
        runtime().block_on(made)
    }
    pub fn issue(&self, issuer: &Arc<Issuer>, name: &str) -> Issued {
        self.issue_now(issuer, name, at(), verify::self_check)
            .unwrap()
    }
    pub fn size(&self) -> u64 {
        let head = runtime().block_on(self.store.log_head()).unwrap();
        head.map_or(0, |head| head.size)
    }
    pub fn waiting(&self) -> usize {
        let waiting = self.store.pending_certificates(1000);
        runtime().block_on(waiting).unwrap().len()
    }
    /// Everything that does not fit.
    pub fn audit(&self, issuer: &Issuer) -> Vec<juanzong::certificate::LogProblem> {
        runtime()
            .block_on(juanzong::certificate::audit(issuer, &self.store))
            .unwrap()
    }
    pub fn publish(&self, issuer: &Arc<Issuer>) -> Result<Vec<String>, IssueError> {
        runtime().block_on(juanzong::certificate::publish(
            issuer,
            &self.store,
            verify::self_check,
        ))
    }
}
