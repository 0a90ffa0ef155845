//! E11, E12 and I: issuing seen from the verifier's side.

use super::*;

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
    let parts = crate::verify::revisions::read(&one).unwrap();
    assert!(one[..parts.revision_1_bytes].ends_with(b"%%EOF"));
}

#[test]
fn i6_verify_shares_no_code_with_what_makes_a_certificate() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/verify");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let sources: Vec<String> = files
        .filter(|path| path.is_file())
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    assert!(sources.len() > 15);
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
