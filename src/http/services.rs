//! What the endpoints work with.

use std::sync::{Arc, OnceLock};

use super::{Config, known_answers::KnownAnswers, permits::Permits, rates::Rates};
use crate::{
    certificate::{Issuer, StatusLists},
    clock::Clock,
    lang::Bilingual,
    limits::Limits,
    rulepack::Packs,
    sandbox::Pool,
    store::{Id, Store},
    typeset::Typesetter,
};

/// The rooms behind the HTTP face. Cheap to clone; all clones share the same rooms.
#[derive(Clone)]
pub struct Services {
    /// Everything that is kept.
    pub store: Store,
    /// Where foreign bytes are parsed.
    pub pool: Pool,
    /// The notices.
    pub packs: Arc<Packs>,
    /// Where pages are typeset.
    pub typesetter: Typesetter,
    /// The issuing office and its keys.
    pub issuer: Arc<Issuer>,
    /// The time.
    pub clock: Clock,
    /// The limits in force.
    pub limits: Limits,
    /// Settings of this face.
    pub config: Config,
    /// Turns for heavy work.
    pub(super) permits: Arc<Permits>,
    /// How often one caller may ask.
    pub(super) rates: Arc<Rates>,
    /// Answers about codes that were asked about before.
    pub(super) known_answers: Arc<KnownAnswers>,
    /// Tells the hands of this node that there is work.
    pub(super) wake: Arc<tokio::sync::Notify>,
    /// Status lists, made of a log that only grows.
    pub(super) status_lists: Arc<StatusLists>,
    /// The dossier of made-up papers that anyone may look at.
    pub(super) showcase: Arc<OnceLock<Showcase>>,
}

/// The sample: made-up papers that anyone may look at without a secret.
#[derive(Clone, Debug)]
pub struct Showcase {
    /// The sample dossier.
    pub dossier: Id,
    /// Number of the sample certificate.
    pub certificate: Option<String>,
    /// Its check code.
    pub code: Option<String>,
    /// Certificates a verifier may try, each with what became of it.
    pub certificates: Vec<SampleCertificate>,
}

/// A certificate of the sample.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SampleCertificate {
    /// Its number.
    pub number: String,
    /// Its face code.
    pub code: String,
    /// What became of it.
    pub what: Bilingual,
}

impl Services {
    /// The services of one process.
    pub fn new(
        store: Store,
        pool: Pool,
        packs: Arc<Packs>,
        typesetter: Typesetter,
        issuer: Arc<Issuer>,
        clock: Clock,
        config: Config,
    ) -> Services {
        Services {
            limits: *pool.limits(),
            permits: Arc::new(Permits::new(&config)),
            rates: Arc::new(Rates::new(&config)),
            known_answers: Arc::default(),
            wake: super::jobs::wake(),
            status_lists: Arc::default(),
            showcase: Arc::new(OnceLock::new()),
            store,
            pool,
            packs,
            typesetter,
            issuer,
            clock,
            config,
        }
    }
    /// The sample, if there is one.
    pub fn showcase(&self) -> Option<&Showcase> {
        self.showcase.get()
    }
}

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Services").finish_non_exhaustive()
    }
}
