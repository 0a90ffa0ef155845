//! A certificate is issued once; then everything that must be refused is tried on it. Ids (A6, B12 …) are those of the test list in
//! the design.

mod issuing;
mod keys_and_proof;
mod log;
mod page;
mod registry;
mod structure;

use std::sync::{Arc, OnceLock};

use super::{
    Anchors, Answer, Verification, by_code, by_sha256, file::read, file_parsed_here as online,
    offline, self_check,
};
use crate::{
    certificate::{
        Effect, Grant, IssueError, Issued, Issuer, Level, Method, Office, Order, ReasonClass,
        issue, issue_with_salt, reinstate, revoke,
    },
    digest::Digest,
    store::{Secret, Store, StoreConfig},
    typeset::{TemplateSource, Typesetter},
};

const AT: &str = "2026-11-20T04:00:00Z";

fn at() -> jiff::Timestamp {
    AT.parse().unwrap()
}

fn typesetter() -> &'static Typesetter {
    static ONE: OnceLock<Typesetter> = OnceLock::new();
    ONE.get_or_init(|| Typesetter::new(&TemplateSource::BuiltIn).unwrap())
}

fn issuer() -> &'static Arc<Issuer> {
    static ONE: OnceLock<Arc<Issuer>> = OnceLock::new();
    ONE.get_or_init(|| {
        Arc::new(Issuer::for_demonstration(Office::sample(), b"tests", at()).unwrap())
    })
}

fn grant(name: &str) -> Grant {
    Grant {
        name: name.to_owned(),
        sex: None,
        born: None,
        unit: None,
        id_number: Some("000000199001010000".to_owned()),
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

fn order(grant: Grant) -> Order {
    Order {
        grant,
        photo: None,
        holder: Secret::random().hash(),
    }
}

/// A store of its own, gone when dropped.
struct Registry {
    store: Store,
    _folder: tempfile::TempDir,
}

impl Registry {
    async fn new() -> Registry {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::in_folder(folder.path().to_owned());
        Registry {
            store: Store::open(&config).await.unwrap(),
            _folder: folder,
        }
    }
    async fn issue(&self, grant: Grant) -> Issued {
        self.try_issue(grant).await.unwrap()
    }
    async fn try_issue(&self, grant: Grant) -> Result<Issued, IssueError> {
        issue(
            issuer(),
            &self.store,
            typesetter(),
            order(grant),
            at(),
            self_check,
        )
        .await
    }
    async fn file(&self, bytes: &[u8]) -> Verification {
        online(issuer(), &self.store, bytes, at()).await.unwrap()
    }
}

/// One certificate with a fixed salt, the same in every test.
fn sample() -> &'static Issued {
    static ONE: OnceLock<Issued> = OnceLock::new();
    ONE.get_or_init(|| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let registry = Registry::new().await;
            // Two leaves before it, so that the proof has a path.
            for name in ["甲示例", "乙示例"] {
                registry.issue(grant(name)).await;
            }
            let salt = Digest::of(b"sample");
            let order = order(grant("欧阳示例"));
            issue_with_salt(
                issuer(),
                &registry.store,
                typesetter(),
                order,
                at(),
                self_check,
                salt,
            )
            .await
            .unwrap()
        })
    })
}

fn anchors() -> Anchors {
    super::anchors(issuer(), at()).unwrap()
}

fn refused(bytes: &[u8]) -> Verification {
    let verification = offline(bytes, &anchors());
    assert_ne!(verification.answer, Answer::Authentic, "{verification:?}");
    assert_ne!(verification.answer, Answer::Superseded);
    verification
}

fn place(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes
        .windows(wanted.len())
        .rposition(|w| w == wanted)
        .unwrap()
}

fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let at = place(bytes, old);
    [&bytes[..at], new, &bytes[at + old.len()..]].concat()
}
