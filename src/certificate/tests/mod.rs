//! Forgeries that only we could make, because they are signed with our own keys; and every other way to write a signature.
//! Ids are those of the test list in the design. All of them must be refused offline.

mod cms_tree;
mod gap;
mod keys;
mod update;

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use lopdf::{Dictionary, Object, Stream, StringFormat, dictionary};
use p256::ecdsa::{Signature, SigningKey};

use super::{
    asn1::{SET, bits, object_id, octets, oid, sequence, tlv, unsigned},
    cms,
    keys::Keys,
    revision::{Update, sign_in_place, update},
    x509::{self, Parts, Revoked},
};
use crate::{
    certificate::{Grant, Issued, Issuer, Level, Method, Office, Order, issue},
    digest::Digest,
    store::{Secret, Store, StoreConfig},
    typeset::{TemplateSource, Typesetter},
    verify::{self, Answer, Trust, Verification},
};

fn at() -> Timestamp {
    "2026-11-20T04:00:00Z".parse().unwrap()
}

fn issue_with(issuer: &Arc<Issuer>) -> Issued {
    static TYPESETTER: OnceLock<Typesetter> = OnceLock::new();
    let typesetter = TYPESETTER.get_or_init(|| Typesetter::new(&TemplateSource::BuiltIn).unwrap());
    let grant = Grant {
        name: "欧阳示例".to_owned(),
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
    };
    let holder = Secret::random().hash();
    let order = Order {
        grant,
        photo: None,
        holder,
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::in_folder(folder.path().to_owned());
        let store = Store::open(&config).await.unwrap();
        // Whatever the keys are: here nobody looks before it is handed out.
        issue(issuer, &store, typesetter, order, at(), |_, _, _| Ok(()))
            .await
            .unwrap()
    })
}

fn honest() -> &'static (Arc<Issuer>, Issued) {
    static ONE: OnceLock<(Arc<Issuer>, Issued)> = OnceLock::new();
    ONE.get_or_init(|| {
        let issuer =
            Arc::new(Issuer::for_demonstration(Office::sample(), b"forged", at()).unwrap());
        let issued = issue_with(&issuer);
        (issuer, issued)
    })
}

fn look(bytes: &[u8]) -> Verification {
    verify::trust(&honest().0, at()).look(bytes).verification
}

#[track_caller]
fn refused(bytes: &[u8], what: &str) -> Verification {
    let verification = look(bytes);
    assert!(
        !matches!(
            verification.answer,
            Answer::Authentic | Answer::Superseded | Answer::Revoked
        ),
        "{what}: {verification:?}"
    );
    verification
}

/// Revision 1 and the proof of the honest file.
fn parts() -> (Vec<u8>, String) {
    let pdf = &honest().1.pdf;
    let end = pdf.windows(6).position(|w| w == b"%%EOF\n").unwrap() + 5;
    let mark = b"c2sp.org/tlog-proof@v1\n";
    let begin = pdf.windows(mark.len()).rposition(|w| w == mark).unwrap();
    let length = pdf[begin..]
        .windows(10)
        .position(|w| w == b"\nendstream")
        .unwrap();
    let proof = String::from_utf8(pdf[begin..begin + length].to_vec()).unwrap();
    (pdf[..end].to_vec(), proof)
}

/// A second revision of our own hand, correctly signed.
fn forged(alter: impl FnOnce(Update<'_>)) -> Vec<u8> {
    let (revision_1, proof) = parts();
    let begin = revision_1.len();
    let issuer = &honest().0;
    let office = &issuer.office().name;
    let mut file = update(revision_1, &proof, office, at(), alter).unwrap();
    sign_in_place(&mut file, begin, issuer.keys()).unwrap();
    file
}
