//! C: keys and certificates that are not what they should be, and a signer that is rolled over.

use super::{cms_tree::*, *};

fn key(seed: u8) -> SigningKey {
    SigningKey::from_slice(&[seed; 32]).unwrap()
}

fn ed(seed: u8) -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[seed; 32])
}

const ROOT: u8 = 1;
const SIGNS: u8 = 2;

/// An office with a signer's certificate of one's own making, and a file it issued.
fn office_of(signer: Vec<u8>, signer_key: SigningKey) -> (Issuer, Vec<u8>) {
    let office = Office::sample();
    let root = x509::root(&office.name, &key(ROOT), &[7; 16], at());
    let keys = || {
        Keys::together(
            root.clone(),
            signer.clone(),
            signer_key.clone().into(),
            ed(3),
            ed(4),
            [5; 32],
        )
        .unwrap()
    };
    let issuer = Arc::new(Issuer::with_keys(office.clone(), keys()));
    let pdf = issue_with(&issuer).pdf;
    (Issuer::with_keys(office, keys()), pdf)
}

fn code_of(issuer: &Issuer, pdf: &[u8], now: Timestamp) -> String {
    let verification = verify::trust(issuer, now).look(pdf).verification;
    match verification.reason {
        None => format!("{:?}", verification.answer),
        Some(reason) => reason.code,
    }
}

fn signer_with(extensions: &[Vec<u8>], issuer_role: &str, years: i32) -> Vec<u8> {
    let office = Office::sample().name;
    let signer_key = key(SIGNS);
    let parts = Parts {
        serial: &[8; 16],
        issuer: &x509::name(&office, issuer_role),
        subject: &x509::name(&office, "证书签发 Signer"),
        years,
        from: at(),
        subject_key: signer_key.verifying_key(),
        extensions,
    };
    x509::certificate(&parts, &key(ROOT))
}

#[test]
fn c3_a_signer_that_is_not_one_is_refused() {
    let usage =
        |unused: u8, bits_: u8| x509::extension(oid::KEY_USAGE, true, &bits(unused, &[bits_]));
    let constraints = |ca: bool| {
        let body: Vec<u8> = if ca {
            sequence(&[&[1, 1, 0xff]])
        } else {
            sequence(&[])
        };
        x509::extension(oid::BASIC_CONSTRAINTS, true, &body)
    };
    let eku = |ids: &[&[u8]]| {
        let ids: Vec<Vec<u8>> = ids.iter().map(|id| object_id(id)).collect();
        let parts: Vec<&[u8]> = ids.iter().map(Vec::as_slice).collect();
        x509::extension(oid::EXT_KEY_USAGE, false, &sequence(&parts))
    };
    let both = || eku(&[oid::EMAIL_PROTECTION, oid::DOCUMENT_SIGNING]);
    let root = "根证书 Root";
    let good = vec![constraints(false), usage(6, 0xc0), both()];
    let (issuer, pdf) = office_of(signer_with(&good, root, 2), key(SIGNS));
    assert_eq!(code_of(&issuer, &pdf, at()), "Authentic");
    // C4: out of its time.
    let years = |n: i64| at() + jiff::SignedDuration::from_hours(24 * 365 * n);
    assert_eq!(code_of(&issuer, &pdf, years(3)), "signer_expired");
    assert_eq!(code_of(&issuer, &pdf, years(-1)), "signer_not_yet_valid");
    let critical = x509::extension(&[0x2a, 0x03, 0x04], true, &octets(b"x"));
    for (what, extensions, role) in [
        ("no key usage", vec![constraints(false), both()], root),
        (
            "digitalSignature alone",
            vec![constraints(false), usage(7, 0x80), both()],
            root,
        ),
        (
            "keyCertSign",
            vec![constraints(false), usage(2, 0xc4), both()],
            root,
        ),
        (
            "a CA itself",
            vec![constraints(true), usage(6, 0xc0), both()],
            root,
        ),
        (
            "documentSigning alone",
            vec![
                constraints(false),
                usage(6, 0xc0),
                eku(&[oid::DOCUMENT_SIGNING]),
            ],
            root,
        ),
        (
            "an unknown critical extension",
            vec![constraints(false), usage(6, 0xc0), both(), critical],
            root,
        ),
        ("C1 another issuer's name", good.clone(), "another"),
    ] {
        let (issuer, pdf) = office_of(signer_with(&extensions, role, 2), key(SIGNS));
        assert_eq!(code_of(&issuer, &pdf, at()), "signer", "{what}");
    }
    // No extended key usage at all is allowed.
    let none = vec![constraints(false), usage(6, 0xc0)];
    let (issuer, pdf) = office_of(signer_with(&none, root, 2), key(SIGNS));
    assert_eq!(code_of(&issuer, &pdf, at()), "Authentic");
    // C7: a leaf in the place of a root.
    let leaf = crate::certificate::keys::certificate_pem(&signer_with(&good, root, 2));
    assert!(Trust::new(leaf, issuer.log_key(), at()).anchors().is_err());
    // C1: the same names, another CA.
    let other = x509::root(&Office::sample().name, &key(9), &[7; 16], at());
    let foreign = Trust::new(
        crate::certificate::keys::certificate_pem(&other),
        issuer.log_key(),
        at(),
    );
    assert_eq!(
        foreign.look(&pdf).verification.reason.unwrap().code,
        "signer"
    );
}

/// I4: what would not fit is refused when the keys are opened, long before anything stands in the log.
#[test]
fn i4_a_signature_that_would_not_fit_is_refused_with_the_keys() {
    let keys_with = |padding: usize| {
        let long = x509::extension(&[0x2a, 0x03, 0x04], false, &octets(&vec![0; padding]));
        let signer = signer_with(&[long], "根证书 Root", 2);
        let root = x509::root("示例", &key(ROOT), &[7; 16], at());
        let made = Keys::together(root, signer, key(SIGNS).into(), ed(3), ed(4), [5; 32]);
        made.map(|keys| {
            let cms = cms::sign(Digest::of(b"x"), &keys.identity(), keys.signer());
            cms.unwrap().len()
        })
    };
    let lengths: Vec<_> = (0..1500).step_by(50).map(keys_with).collect();
    let fitting = lengths.iter().take_while(|length| length.is_ok()).count();
    assert!((3..20).contains(&fitting), "{fitting}");
    let place = crate::certificate::revision::CONTENTS_BYTES;
    for length in &lengths[..fitting] {
        assert!(*length.as_ref().unwrap() <= place);
    }
    // The last that is allowed uses most of the place; all that are longer are refused.
    assert!(place - lengths[fitting - 1].as_ref().unwrap() < 200);
    assert!(lengths[fitting..].iter().all(Result::is_err));
}

#[test]
fn c2_another_certificate_for_the_same_key_is_refused() {
    let (issuer, issued) = honest();
    let good = cms_of(&issued.pdf);
    // The root certifies the signer's key a second time; the signature value stays true.
    let keys = issuer.keys();
    let twin = x509::signer(
        &issuer.office().name,
        keys.signer().public(),
        &key(ROOT),
        &[9; 16],
        at(),
    );
    let mut swapped = Node::of(&good);
    swapped.at(CERTIFICATES).parts()[0] = Node::of(&twin);
    refused(&with_cms(&issued.pdf, &swapped.write()), "C2 swapped");
}

#[test]
fn c5_a_revoked_signer_is_judged_by_the_day_of_its_revocation() {
    let office = Office::sample().name;
    let signer = x509::signer(
        &office,
        key(SIGNS).verifying_key(),
        &key(ROOT),
        &[8; 16],
        at(),
    );
    let (issuer, pdf) = office_of(signer.clone(), key(SIGNS));
    let parsed = Node::of(&signer);
    let serial = match parsed {
        Node::Tree(_, parts) => match parts[0].clone() {
            Node::Tree(_, tbs) => tbs[1].write(),
            Node::Leaf(..) => panic!(),
        },
        Node::Leaf(..) => panic!(),
    };
    let hours = |n: i64| at() + jiff::SignedDuration::from_hours(n);
    let name = x509::name(&office, "根证书 Root");
    let list = |serial: &[u8], since: Timestamp, root: u8| {
        let revoked = [Revoked {
            serial: serial.to_vec(),
            at: since,
        }];
        let list = x509::crl(&name, &key(root), &revoked, since, hours(24 * 30));
        der::pem::encode_string("X509 CRL", der::pem::LineEnding::LF, &list).unwrap()
    };
    let judged = |list: String, now: Timestamp| {
        let trust = Trust {
            revoked_signers: Some(list),
            ..verify::trust(&issuer, now)
        };
        trust.look(&pdf).verification
    };
    let before = judged(list(&serial, hours(-1), ROOT), hours(1));
    assert_eq!(
        (before.answer, before.reason.unwrap().code.as_str()),
        (Answer::CouldNotTell, "signer_revoked")
    );
    // Revoked later than the instant it is judged at.
    let after = judged(list(&serial, hours(5), ROOT), hours(1));
    assert_eq!(after.answer, Answer::Authentic);
    assert!(after.checked.iter().any(|w| w.en.contains("not revoked")));
    // Another serial; a list that is out of date is said to be.
    let other = judged(list(&unsigned(&[1, 2, 3]), hours(-1), ROOT), hours(1));
    assert_eq!(other.answer, Answer::Authentic);
    let old = judged(list(&unsigned(&[1]), hours(-1), ROOT), hours(24 * 40));
    assert!(old.not_checked.iter().any(|w| w.en.contains("out of date")));
    // A list that another key signed, and rubbish.
    for wrong in [
        list(&serial, hours(-1), 9),
        "nonsense".to_owned(),
        String::new(),
    ] {
        let verification = judged(wrong, hours(1));
        assert_eq!(verification.reason.unwrap().code, "revoked_signers");
    }
}

#[test]
fn a_signer_is_rolled_over_and_what_it_signed_stays() {
    let folder = tempfile::tempdir().unwrap();
    let first = Issuer::init(folder.path(), &Office::sample(), at()).unwrap();
    let first = Arc::new(first);
    let old = issue_with(&first).pdf;
    let root_key = folder.path().join("root-key.pem");
    let offline = tempfile::tempdir().unwrap();
    let taken_away = offline.path().join("root-key.pem");
    std::fs::rename(&root_key, &taken_away).unwrap();
    // Without the root's key, or with another, nothing is changed.
    let not_the_root = folder.path().join("signer-key.pem");
    for wrong in [&root_key, &not_the_root] {
        assert!(Issuer::roll_over(folder.path(), wrong, None, at()).is_err());
    }
    let signer_before = folder
        .path()
        .join("signers")
        .join(format!("{}.pem", first.keys().signer_sha256()));
    let sha256 = Issuer::roll_over(folder.path(), &taken_away, None, at()).unwrap();
    assert!(signer_before.exists());
    let second = Arc::new(Issuer::open(folder.path()).unwrap());
    assert_eq!(second.keys().signer_sha256(), sha256);
    assert_ne!(sha256, first.keys().signer_sha256());
    let new = issue_with(&second).pdf;
    let trust = verify::trust(&second, at());
    for pdf in [&old, &new] {
        assert_eq!(trust.look(pdf).verification.answer, Answer::Authentic);
    }
    // The old one is revoked a day later: what it signed can no longer be told by itself; the new one is believed.
    let day = |n: i64| at() + jiff::SignedDuration::from_hours(24 * n);
    Issuer::revoke_signer(folder.path(), &taken_away, Some(&signer_before), day(1)).unwrap();
    assert!(
        Issuer::revoke_signer(folder.path(), &taken_away, Some(&signer_before), day(1)).is_err()
    );
    Issuer::revoke_signer(folder.path(), &taken_away, None, day(2)).unwrap();
    let third = Issuer::open(folder.path()).unwrap();
    let trust = verify::trust(&third, day(3));
    assert_eq!(
        trust.look(&old).verification.reason.unwrap().code,
        "signer_revoked"
    );
    assert_eq!(trust.look(&new).verification.answer, Answer::Authentic);
}
