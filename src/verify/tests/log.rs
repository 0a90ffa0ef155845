//! E and F1–F3: the log, the audit of it, and the status list made of it.

use super::*;

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
    let found = problems().await;
    assert!(found.iter().any(|p| p.leaf_index == Some(2)));
    assert!(!format!("{found:?}").contains("示例"));
    // Who takes its leaf away too still leaves a hole in the numbers.
    let gap = |p: &crate::certificate::LogProblem| {
        p.message.zh.starts_with("编号缺口") && p.message.zh.contains("的流水号 3 不")
    };
    assert!(found.iter().any(gap));
    sqlx::query("DELETE FROM log_leaves WHERE leaf_index >= 2")
        .execute(store.pool())
        .await
        .unwrap();
    assert!(problems().await.iter().any(gap));
    // And who sets the counter back as well gives a used number twice.
    sqlx::query("UPDATE certificate_serials SET next_serial = 2")
        .execute(store.pool())
        .await
        .unwrap();
    let found = problems().await;
    assert!(!found.iter().any(gap));
    assert!(found.iter().any(|p| p.message.en.contains("was set back")));
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
    let key: crate::verify::NoteKey = issuer().log_key().parse().unwrap();
    assert!(key.open(&checkpoint).unwrap().contains("\n3\n"));
}

#[tokio::test]
async fn f1_f2_f3_the_status_list_says_it_offline() {
    let registry = Registry::new().await;
    let store = &registry.store;
    let one = registry.issue(grant("甲示例")).await;
    let two = registry.issue(grant("乙示例")).await;
    let key: crate::verify::NoteKey = issuer().status_key().parse().unwrap();
    let held = async |when| {
        let list = crate::certificate::status_list(issuer(), store, when)
            .await
            .unwrap();
        crate::verify::HeldStatusList::open(&list.note, &list.bits, &key).unwrap()
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
    let answer = |issued: &Issued, list| {
        crate::verify::offline_with_status(&issued.pdf, &anchors(), list).answer
    };
    assert_eq!(answer(&one, &after), Answer::Revoked);
    assert_eq!(answer(&two, &after), Answer::Superseded);
    assert_eq!(answer(&three, &after), Answer::Authentic);
    assert_eq!(answer(&one, &before), Answer::Authentic);
    assert!(
        crate::verify::offline_with_status(&three.pdf, &anchors(), &before)
            .status_as_of
            .is_none()
    );
    // F2: two days later it is called old. F3: another key, another file, another text.
    let old = held(at() - jiff::SignedDuration::from_hours(48)).await;
    let verification = crate::verify::offline_with_status(&three.pdf, &anchors(), &old);
    assert!(
        verification
            .not_checked
            .iter()
            .any(|n| n.en.contains("older than 24 hours"))
    );
    let list = crate::certificate::status_list(issuer(), store, at())
        .await
        .unwrap();
    let open = |note: &str, bits: &[u8], key: &crate::verify::NoteKey| {
        crate::verify::HeldStatusList::open(note, bits, key).is_ok()
    };
    let log: crate::verify::NoteKey = issuer().log_key().parse().unwrap();
    assert!(open(&list.note, &list.bits, &key));
    assert!(!open(&list.note, &list.bits, &log));
    assert!(!open(&list.note, b"", &key));
    assert!(!open(
        &list.note.replacen("\n4\n", "\n3\n", 1),
        &list.bits,
        &key
    ));
}
