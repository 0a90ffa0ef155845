//! A certificate is issued once; then everything that must be refused is tried on it. Ids (A6, B12 …) are those of the test list in
//! the design.

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
    store::{SecretHash, Store, StoreConfig},
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
        holder: SecretHash::of_text("holder"),
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

#[test]
fn a_certificate_is_authentic_offline_and_says_what_was_not_checked() {
    let verification = offline(&sample().pdf, &anchors());
    assert_eq!(verification.answer, Answer::Authentic, "{verification:?}");
    let shown = verification.certificate.unwrap();
    assert_eq!(shown.name_masked, "欧**");
    assert_eq!(shown.number, sample().number.as_str());
    assert!(verification.status_as_of.is_none());
    assert!(
        verification
            .not_checked
            .iter()
            .any(|n| n.en.contains("revoked"))
    );
    assert!(
        verification
            .not_checked
            .iter()
            .any(|n| n.en.contains("not witnessed"))
    );
    assert!(sample().pdf.len() < 60_000, "{}", sample().pdf.len());
}

/// Every byte, each with one of three masks; the second revision, where a signature has its gap, with all three. The example
/// `flip_every_byte` does all three on every byte.
#[test]
fn b12_every_byte_changed_is_refused() {
    let pdf = &sample().pdf;
    let anchors = anchors();
    let second = pdf.windows(6).position(|w| w == b"%%EOF\n").unwrap();
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let anchors = &anchors;
            scope.spawn(move || {
                let mut changed = pdf.clone();
                for at in (worker..pdf.len()).step_by(workers) {
                    for (turn, mask) in [0x01, 0x20, 0x80].into_iter().enumerate() {
                        if at >= second || at / workers % 3 == turn {
                            changed[at] ^= mask;
                            assert!(
                                read(&changed, anchors).is_err(),
                                "byte {at} with {mask:02x}"
                            );
                            changed[at] ^= mask;
                        }
                    }
                }
                assert!(read(&changed, anchors).is_ok());
            });
        }
    });
}

#[test]
fn a6_a7_a8_something_more_or_less() {
    let pdf = &sample().pdf;
    for more in ["\n", " ", "\0", "\n%%EOF", "%"] {
        let verification = refused(&[pdf.as_slice(), more.as_bytes()].concat());
        assert_eq!(verification.answer, Answer::Altered, "{more:?}");
    }
    refused(&[b"\n".as_slice(), pdf].concat());
    for less in 1..=64 {
        refused(&pdf[..pdf.len() - less]);
        refused(&pdf[less..]);
    }
    refused(b"");
    refused(b"%PDF-1.7\n%%EOF");
    refused(&[pdf.as_slice(), pdf].concat());
}

#[test]
fn a11_the_first_revision_alone_is_unsigned() {
    let pdf = &sample().pdf;
    let end = pdf.windows(6).position(|w| w == b"%%EOF\n").unwrap() + 5;
    let verification = refused(&pdf[..end]);
    assert_eq!(verification.reason.unwrap().code, "unsigned");
    assert_eq!(verification.answer, Answer::NotOurs);
}

#[test]
fn a14_a15_a18_the_signature_dictionary() {
    let pdf = &sample().pdf;
    let changes: [(&[u8], &[u8]); 8] = [
        (b"/ByteRange[0 ", b"/ByteRange[1 "),
        (
            b"/SubFilter/ETSI.CAdES.detached",
            b"/SubFilter/adbe.pkcs7.detached ",
        ),
        (b"/TransformParams/P 1", b"/TransformParams/P 2"),
        (b"/Type/Sig/Filter", b"/Type/Sag/Filter"),
        (b"/Perms<</DocMDP", b"/Parms<</DocMDP"),
        (b"/SigFlags 3", b"/SigFlags 1"),
        (b"/F 132", b"/F 130"),
        (b"/Rect[-10", b"/Rect[-90"),
    ];
    for (old, new) in changes {
        refused(&replaced(pdf, old, new));
    }
}

#[test]
fn b1_b2_b5_the_gap_has_no_free_byte() {
    let pdf = &sample().pdf;
    let start = place(pdf, b"/Contents<") + 10;
    let end = start + pdf[start..].iter().position(|b| *b == b'>').unwrap();
    // B1: one digit in lower case.
    let digit = (start..end)
        .find(|at| (b'A'..=b'F').contains(&pdf[*at]))
        .unwrap();
    let mut lower = pdf.clone();
    lower[digit] = lower[digit].to_ascii_lowercase();
    refused(&lower);
    // B5: padding.
    let mut padding = pdf.clone();
    padding[end - 1] = b'1';
    assert_eq!(refused(&padding).reason.unwrap().code, "signature_encoding");
    // B11: white space.
    let mut space = pdf.clone();
    space[end - 1] = b' ';
    refused(&space);
    // B2: n − s.
    let cms = data_encoding::HEXUPPER.decode(&pdf[start..end]).unwrap();
    let last = cms.iter().rposition(|b| *b != 0).unwrap();
    let value = (0..=last).rev().find_map(|at| {
        p256::ecdsa::Signature::from_der(cms.get(at..=last)?)
            .ok()
            .map(|s| (at, s))
    });
    let (at, signature) = value.unwrap();
    let (r, s) = signature.split_scalars();
    let high = p256::ecdsa::Signature::from_scalars(r.to_bytes(), (-*s).to_bytes()).unwrap();
    let other = high.to_der();
    let mut forged = cms[..at].to_vec();
    forged.extend_from_slice(other.as_bytes());
    // The lengths around it grow by the one byte of a leading zero: patch those that hold it.
    let grown = other.as_bytes().len() as isize - (last + 1 - at) as isize;
    if grown == 0 {
        forged.resize(cms.len(), 0);
        let mut changed = pdf.clone();
        changed[start..end].copy_from_slice(data_encoding::HEXUPPER.encode(&forged).as_bytes());
        assert_eq!(refused(&changed).reason.unwrap().code, "signature_encoding");
    } else {
        // The value alone decides: the check on it is what refuses.
        assert_ne!(high.normalize_s(), high);
    }
}

#[test]
fn c1_c7_c9_other_keys() {
    let pdf = &sample().pdf;
    let other = Issuer::for_demonstration(Office::sample(), b"somebody else", at()).unwrap();
    let log = issuer().log_key();
    let foreign = Anchors::new(&other.issuer_pem(), &[&log], at()).unwrap();
    let verification = offline(pdf, &foreign);
    assert_eq!(verification.reason.unwrap().code, "signer");
    let other_log = Anchors::new(&issuer().issuer_pem(), &[&other.log_key()], at()).unwrap();
    assert_eq!(offline(pdf, &other_log).reason.unwrap().code, "proof");
    let several = format!("{}{}", other.issuer_pem(), issuer().issuer_pem());
    let both = Anchors::new(&several, &[&other.log_key(), &log], at()).unwrap();
    assert!(offline(pdf, &both).is_authentic());
    assert!(
        Anchors::new(
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            &[],
            at()
        )
        .is_err()
    );
    assert!(Anchors::new(&issuer().issuer_pem(), &["a+b+c"], at()).is_err());
}

#[test]
fn c4_a_signer_that_ran_out_is_not_judged_offline() {
    let later = "2029-01-01T00:00:00Z".parse().unwrap();
    let anchors = super::anchors(issuer(), later).unwrap();
    let verification = offline(&sample().pdf, &anchors);
    assert_eq!(verification.answer, Answer::CouldNotTell);
    let earlier = "2020-01-01T00:00:00Z".parse().unwrap();
    let anchors = super::anchors(issuer(), earlier).unwrap();
    assert_eq!(
        offline(&sample().pdf, &anchors).answer,
        Answer::CouldNotTell
    );
}

#[test]
fn e4_witnesses_that_are_asked_for_must_have_seen_it() {
    let anchors = anchors().with_witnesses(Vec::new(), 1);
    let verification = offline(&sample().pdf, &anchors);
    assert_eq!(verification.answer, Answer::CouldNotTell);
    assert_eq!(verification.reason.unwrap().code, "witnesses");
}

#[test]
fn e2_e3_a_changed_proof_is_refused() {
    let parts = super::revisions::read(&sample().pdf).unwrap();
    let good = String::from_utf8(parts.proof).unwrap();
    let anchors = anchors();
    let check =
        |text: &str| super::proof::check(text.as_bytes(), &anchors.logs, &anchors.witnesses);
    assert_eq!(check(&good).unwrap().index, 2);
    let lines: Vec<&str> = good.lines().collect();
    let without_path: String = lines
        .iter()
        .enumerate()
        .filter(|(i, _)| *i != 3)
        .map(|(_, l)| format!("{l}\n"))
        .collect();
    let doubled: String = lines
        .iter()
        .enumerate()
        .flat_map(|(i, l)| std::iter::repeat_n(format!("{l}\n"), if i == 3 { 2 } else { 1 }))
        .collect();
    for wrong in [
        good.replace("index 2", "index 1"),
        good.replace("index 2", "index 02"),
        good.replace("index 2", "index 3"),
        good.replace("index 2", "index 18446744073709551615"),
        good.replace("tlog-proof@v1", "tlog-proof@v2"),
        good.replace(
            "sample.invalid/certificates\n",
            "other.invalid/certificates\n",
        ),
        good.replace('\n', "\r\n"),
        good.replacen("\n\n", "\n", 1),
        good.replace("\n3\n", "\n4\n"),
        good.trim_end().to_owned(),
        without_path,
        doubled,
        String::new(),
    ] {
        assert!(check(&wrong).is_err(), "{wrong}");
    }
}

#[test]
fn d5_the_page_says_what_the_claims_say() {
    let parts = super::revisions::read(&sample().pdf).unwrap();
    let page = parts.page_text.unwrap();
    let claims = crate::certificate::Claims::read(&parts.claims).unwrap();
    super::face::check(&page, &claims, &sample().code).unwrap();
    for (_, value) in claims.on_the_face() {
        let other = page.replace(value, "…");
        super::face::check(&other, &claims, &sample().code).unwrap_err();
    }
    let wrong = super::face::check(&page.replace('-', ""), &claims, &sample().code).unwrap_err();
    assert!(wrong.message.en.contains("`code`"));
}

#[tokio::test]
async fn d4_rare_characters_reach_the_page_and_come_back() {
    let registry = Registry::new().await;
    for name in ["𠮷野䶮", "阿卜杜拉·买买提", "镕喆堃玥"] {
        let issued = registry.issue(grant(name)).await;
        let parts = super::revisions::read(&issued.pdf).unwrap();
        assert!(parts.page_text.unwrap().contains(name), "{name}");
    }
}

#[tokio::test]
async fn the_audit_finds_nothing_in_an_honest_log_and_something_in_another() {
    use crate::certificate::audit;
    let registry = Registry::new().await;
    let store = &registry.store;
    let problems = async || audit(issuer(), store).await.unwrap();
    assert!(problems().await.is_empty());
    let one = registry.issue(grant("甲示例")).await;
    for name in ["乙示例", "丙示例"] {
        registry.issue(grant(name)).await;
    }
    revoke(
        issuer(),
        store,
        &one.number,
        ReasonClass::Fraud,
        Effect::AbInitio,
        None,
        at(),
    )
    .await
    .unwrap();
    assert!(problems().await.is_empty());
    // E8: each of these must show, and be gone when it is put right.
    for (wrong, right) in [
        (
            "UPDATE certificates SET status = 'valid' WHERE status = 'revoked'",
            "UPDATE certificates SET status = 'revoked' WHERE leaf_index = 0",
        ),
        (
            "UPDATE log_leaves SET leaf = leaf || ' ' WHERE leaf_index = 1",
            "UPDATE log_leaves SET leaf = trim(leaf) WHERE leaf_index = 1",
        ),
        (
            "UPDATE log_head SET size = 3",
            "UPDATE log_head SET size = 4",
        ),
        (
            "UPDATE certificates SET commitment = revision_1_sha256 || '' WHERE leaf_index = 1",
            "SELECT 1",
        ),
    ] {
        sqlx::query(wrong).execute(store.pool()).await.unwrap();
        assert!(!problems().await.is_empty(), "{wrong}");
        sqlx::query(right).execute(store.pool()).await.unwrap();
    }
    sqlx::query("DELETE FROM certificates WHERE leaf_index = 2")
        .execute(store.pool())
        .await
        .unwrap();
    let problems = problems().await;
    assert!(problems.iter().any(|p| p.leaf_index == Some(2)));
    assert!(!format!("{problems:?}").contains("示例"));
}

#[tokio::test]
async fn a9_saved_again_is_altered_and_never_authentic() {
    let pdf = sample().pdf.clone();
    let mut document = lopdf::Document::load_mem(&pdf).unwrap();
    let mut saved = Vec::new();
    document.save_to(&mut saved).unwrap();
    assert_eq!(refused(&saved).answer, Answer::Altered);
}

#[tokio::test]
async fn a_certificate_lives_through_its_states() {
    let registry = Registry::new().await;
    let first = registry.issue(grant("欧阳示例")).await;
    let store = &registry.store;
    let by = async |code| by_code(issuer(), store, code, at()).await.unwrap();
    assert_eq!(by(&first.code).await.answer, Answer::Authentic);
    assert_eq!(registry.file(&first.pdf).await.answer, Answer::Authentic);

    // F1, F4, F5: revoked at once, everywhere; once only; and back.
    let number = first.number.clone();
    revoke(
        issuer(),
        store,
        &number,
        ReasonClass::Fraud,
        Effect::AbInitio,
        None,
        at(),
    )
    .await
    .unwrap();
    assert_eq!(by(&first.code).await.answer, Answer::Revoked);
    let verification = registry.file(&first.pdf).await;
    assert_eq!(verification.answer, Answer::Revoked);
    assert_eq!(verification.revocation.unwrap().reason, ReasonClass::Fraud);
    let again = revoke(
        issuer(),
        store,
        &number,
        ReasonClass::Error,
        Effect::FromDate,
        None,
        at(),
    )
    .await;
    assert!(matches!(again, Err(IssueError::Status(_))));
    reinstate(issuer(), store, &number, at()).await.unwrap();
    assert_eq!(by(&first.code).await.answer, Answer::Authentic);
    assert!(matches!(
        reinstate(issuer(), store, &number, at()).await,
        Err(IssueError::Status(_))
    ));

    // F6: superseded, with nothing of the new one.
    let mut newer = grant("欧阳示例");
    newer.supersedes = Some(number);
    let second = registry.issue(newer.clone()).await;
    let old = by(&first.code).await;
    assert_eq!(old.answer, Answer::Superseded);
    assert!(
        !serde_json::to_string(&old)
            .unwrap()
            .contains(second.number.as_str())
    );
    assert_eq!(registry.file(&second.pdf).await.answer, Answer::Authentic);
    assert!(matches!(
        registry.try_issue(newer).await,
        Err(IssueError::Status(_))
    ));
}

#[tokio::test]
async fn f5_reinstated_after_it_was_superseded_it_is_superseded_again() {
    let registry = Registry::new().await;
    let store = &registry.store;
    let old = registry.issue(grant("欧阳示例")).await;
    let mut newer = grant("欧阳示例");
    newer.supersedes = Some(old.number.clone());
    registry.issue(newer).await;
    let (reason, effect) = (ReasonClass::Error, Effect::FromDate);
    revoke(issuer(), store, &old.number, reason, effect, None, at())
        .await
        .unwrap();
    let answer = async || registry.file(&old.pdf).await.answer;
    assert_eq!(answer().await, Answer::Revoked);
    reinstate(issuer(), store, &old.number, at()).await.unwrap();
    assert_eq!(answer().await, Answer::Superseded);
    let list = crate::certificate::status_list(issuer(), store, at())
        .await
        .unwrap();
    let key = issuer().status_key().parse().unwrap();
    let held = super::HeldStatusList::open(&list.note, &list.bits, &key).unwrap();
    assert_eq!(held.of(old.leaf_index), super::ListedStatus::Superseded);
    let problems = crate::certificate::audit(issuer(), store).await.unwrap();
    assert!(problems.is_empty(), "{problems:?}");
}

#[tokio::test]
async fn g1_g2_a_guess_learns_nothing() {
    let registry = Registry::new().await;
    let issued = registry.issue(grant("欧阳示例")).await;
    let store = &registry.store;
    // D10: a code that differs is as unknown as any.
    let wrong = by_code(issuer(), store, &sample().code, at())
        .await
        .unwrap();
    assert_eq!(wrong.answer, Answer::NotOurs);
    let unknown_hash = by_sha256(store, Digest::of(b"x"), at()).await.unwrap();
    let same = |v: &Verification| {
        (
            v.answer,
            v.message.clone(),
            v.reason.clone(),
            v.certificate.clone(),
            v.checked.clone(),
        )
    };
    assert_eq!(same(&wrong), same(&unknown_hash));
    let known_hash = by_sha256(store, issued.file_sha256, at()).await.unwrap();
    assert_eq!(known_hash.answer, Answer::Authentic);
    let text = serde_json::to_string(&known_hash).unwrap();
    assert!(
        !text.contains('欧')
            && !text.contains(issued.number.as_str())
            && !text.contains(issued.code.as_str())
    );
    // The whole name is nowhere, not even for the one who has the code.
    let known = by_code(issuer(), store, &issued.code, at()).await.unwrap();
    assert!(!serde_json::to_string(&known).unwrap().contains("欧阳"));
    // E9, G9: nothing personal in the log, no code in the database.
    let leaves = store.log_leaves(0, 10).await.unwrap().concat();
    assert!(!leaves.contains('欧') && !leaves.contains(issued.number.as_str()));
    let rows: Vec<(String,)> = sqlx::query_as("SELECT code_mac || claims FROM certificates")
        .fetch_all(store.pool())
        .await
        .unwrap();
    assert!(!rows[0].0.contains(issued.code.as_str()) && !rows[0].0.contains("000000199001010000"));
}

#[tokio::test]
async fn e8_an_edited_row_contradicts_the_log() {
    let registry = Registry::new().await;
    let issued = registry.issue(grant("欧阳示例")).await;
    sqlx::query("UPDATE certificates SET claims = replace(claims, '工程师', '高级工程师')")
        .execute(registry.store.pool())
        .await
        .unwrap();
    let verification = by_code(issuer(), &registry.store, &issued.code, at())
        .await
        .unwrap();
    assert_eq!(verification.answer, Answer::CouldNotTell);
    assert!(verification.certificate.is_none());
    // A deleted row: the file still proves that it was issued, and is not called authentic.
    sqlx::query("DELETE FROM certificates")
        .execute(registry.store.pool())
        .await
        .unwrap();
    assert_eq!(
        registry.file(&issued.pdf).await.answer,
        Answer::CouldNotTell
    );
}

#[tokio::test]
async fn altered_files_are_recognised_by_the_registry() {
    let registry = Registry::new().await;
    let issued = registry.issue(grant("欧阳示例")).await;
    let end = issued.pdf.windows(6).position(|w| w == b"%%EOF\n").unwrap() + 5;
    let verification = registry.file(&issued.pdf[..end]).await;
    assert_eq!(verification.answer, Answer::Altered);
    let mut changed = issued.pdf.clone();
    changed[20_000] ^= 1;
    assert_ne!(registry.file(&changed).await.answer, Answer::Authentic);
    assert_eq!(
        registry.file(b"%PDF-1.7 something").await.answer,
        Answer::NotOurs
    );
}

#[tokio::test]
async fn e11_what_fails_leaves_no_number_and_no_leaf() {
    let registry = Registry::new().await;
    let (store, typesetter) = (&registry.store, typesetter());
    let refuse: crate::certificate::SelfCheck = |_, _, _| Err("for the test".to_owned());
    let failed = issue(
        issuer(),
        store,
        typesetter,
        order(grant("甲示例")),
        at(),
        refuse,
    )
    .await;
    assert!(matches!(failed, Err(IssueError::SelfCheck(_))));
    let unprintable = registry.try_issue(grant("\u{1f600}示例")).await;
    assert!(
        matches!(unprintable, Err(IssueError::Typeset(_))),
        "{unprintable:?}"
    );
    let bad = registry.try_issue(grant("e\u{301}")).await;
    assert!(matches!(bad, Err(IssueError::Claims(_))));
    assert!(store.log_head().await.unwrap().is_none());
    assert!(store.blobs().all().unwrap().is_empty());
    let issued = registry.issue(grant("乙示例")).await;
    assert!(issued.number.as_str().contains("00001"));
    assert_eq!(issued.leaf_index, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn e12_several_at_once_get_numbers_and_leaves_of_their_own() {
    let registry = Arc::new(Registry::new().await);
    let tasks: Vec<_> = (0..6)
        .map(|_| {
            let registry = Arc::clone(&registry);
            tokio::spawn(async move { registry.issue(grant("张示例")).await })
        })
        .collect();
    let mut seen = Vec::new();
    for task in tasks {
        let issued = task.await.unwrap();
        seen.push((
            issued.leaf_index,
            issued.number.to_string(),
            issued.commitment,
        ));
        assert!(offline(&issued.pdf, &anchors()).is_authentic());
    }
    seen.sort();
    assert!(seen.iter().map(|s| s.0).eq(0..6));
    seen.dedup_by(|a, b| a.1 == b.1 || a.2 == b.2);
    assert_eq!(seen.len(), 6);
}

#[tokio::test]
async fn i1_i2_the_same_input_gives_the_same_bytes() {
    let make = async || {
        let registry = Registry::new().await;
        let salt = Digest::of(b"once");
        issue_with_salt(
            issuer(),
            &registry.store,
            typesetter(),
            order(grant("张示例")),
            at(),
            self_check,
            salt,
        )
        .await
        .unwrap()
        .pdf
    };
    let (one, two) = (make().await, make().await);
    assert!(one == two);
    let parts = super::revisions::read(&one).unwrap();
    assert!(one[..parts.revision_1_bytes].ends_with(b"%%EOF"));
}

#[tokio::test]
async fn f1_f2_f3_the_status_list_says_it_offline() {
    let registry = Registry::new().await;
    let store = &registry.store;
    let one = registry.issue(grant("甲示例")).await;
    let two = registry.issue(grant("乙示例")).await;
    let key: super::NoteKey = issuer().status_key().parse().unwrap();
    let held = async |when| {
        let list = crate::certificate::status_list(issuer(), store, when)
            .await
            .unwrap();
        super::HeldStatusList::open(&list.note, &list.bits, &key).unwrap()
    };
    let before = held(at()).await;
    revoke(
        issuer(),
        store,
        &one.number,
        ReasonClass::Fraud,
        Effect::AbInitio,
        None,
        at(),
    )
    .await
    .unwrap();
    let mut newer = grant("乙示例");
    newer.supersedes = Some(two.number.clone());
    let three = registry.issue(newer).await;
    let after = held(at()).await;
    let answer =
        |issued: &Issued, list| super::offline_with_status(&issued.pdf, &anchors(), list).answer;
    assert_eq!(answer(&one, &after), Answer::Revoked);
    assert_eq!(answer(&two, &after), Answer::Superseded);
    assert_eq!(answer(&three, &after), Answer::Authentic);
    assert_eq!(answer(&one, &before), Answer::Authentic);
    assert!(
        super::offline_with_status(&three.pdf, &anchors(), &before)
            .status_as_of
            .is_none()
    );
    // F2: two days later it is called old. F3: another key, another file, another text.
    let old = held(at() - jiff::SignedDuration::from_hours(48)).await;
    let verification = super::offline_with_status(&three.pdf, &anchors(), &old);
    assert!(
        verification
            .not_checked
            .iter()
            .any(|n| n.en.contains("older than 24 hours"))
    );
    let list = crate::certificate::status_list(issuer(), store, at())
        .await
        .unwrap();
    let open = |note: &str, bits: &[u8], key: &super::NoteKey| {
        super::HeldStatusList::open(note, bits, key).is_ok()
    };
    let log: super::NoteKey = issuer().log_key().parse().unwrap();
    assert!(open(&list.note, &list.bits, &key));
    assert!(!open(&list.note, &list.bits, &log));
    assert!(!open(&list.note, b"", &key));
    assert!(!open(
        &list.note.replacen("\n4\n", "\n3\n", 1),
        &list.bits,
        &key
    ));
}

#[tokio::test]
async fn e10_tiles_are_the_hashes_and_the_leaves() {
    use crate::certificate::{LogPath, log_file, tree::leaf_hash};
    let registry = Registry::new().await;
    let store = &registry.store;
    let empty = log_file(store, LogPath::Checkpoint).await.unwrap();
    assert!(empty.is_none());
    for name in ["甲示例", "乙示例", "丙示例"] {
        registry.issue(grant(name)).await;
    }
    let read = async |path: &str| log_file(store, path.parse().unwrap()).await.unwrap();
    let tile = read("tile/0/000.p/3").await.unwrap();
    let entries = read("tile/entries/000.p/3").await.unwrap();
    let mut rest = entries.as_slice();
    for hash in tile.chunks(32) {
        let length = usize::from(u16::from_be_bytes([rest[0], rest[1]]));
        assert_eq!(leaf_hash(&rest[2..2 + length]).as_bytes().as_slice(), hash);
        rest = &rest[2 + length..];
    }
    assert!(rest.is_empty());
    assert!(read("tile/0/000").await.is_none());
    assert!(read("tile/0/000.p/4").await.is_none());
    assert!(read("tile/1/000.p/1").await.is_none());
    let checkpoint = String::from_utf8(read("checkpoint").await.unwrap()).unwrap();
    let key: super::NoteKey = issuer().log_key().parse().unwrap();
    assert!(key.open(&checkpoint).unwrap().contains("\n3\n"));
}

#[test]
fn i6_verify_shares_no_code_with_what_makes_a_certificate() {
    let sources = [
        include_str!("anchors.rs"),
        include_str!("answer.rs"),
        include_str!("chain.rs"),
        include_str!("cms.rs"),
        include_str!("face.rs"),
        include_str!("file.rs"),
        include_str!("online.rs"),
        include_str!("pdf.rs"),
        include_str!("policy.rs"),
        include_str!("proof.rs"),
        include_str!("revisions.rs"),
        include_str!("sandboxed.rs"),
        include_str!("scanned.rs"),
        include_str!("status_list.rs"),
        include_str!("wrong.rs"),
    ];
    let types = [
        "Claims",
        "FaceCode",
        "Leaf",
        "Effect",
        "ReasonClass",
        "Issuer",
        "Finished",
        // of `x509_cert`, not of our room
        "Rfc5280",
    ];
    for source in sources {
        for line in source
            .lines()
            .filter(|l| l.contains("certificate::") && !l.trim_start().starts_with("//"))
        {
            let names = line.rsplit("certificate::").next().unwrap_or_default();
            for name in names
                .split(|c: char| !c.is_alphanumeric())
                .filter(|n| !n.is_empty())
            {
                assert!(types.contains(&name), "verify uses certificate::{name}");
            }
        }
        for room in ["lopdf", "crate::bind", "crate::typeset", "tree::", "note::"] {
            assert!(!source.contains(room), "verify uses {room}");
        }
    }
}
