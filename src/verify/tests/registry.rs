//! F and G: what the registry answers.

use super::*;

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
    let held = crate::verify::HeldStatusList::open(&list.note, &list.bits, &key).unwrap();
    assert_eq!(
        held.of(old.leaf_index),
        crate::verify::ListedStatus::Superseded
    );
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
