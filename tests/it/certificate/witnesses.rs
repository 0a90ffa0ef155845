//! Witnesses over real HTTP: quorum 0, 1 and 2 in the words of the answer, one that is down, forks and the way back (E4–E7, I3).

use std::{net::TcpListener, path::Path, sync::Arc};

use juanzong::{
    certificate::{IssueError, Issuer},
    http, verify,
    verify::{Anchors, Answer, Policy, Trust},
    witness::{Witness, Witnesses},
};

use super::{Register, office};

/// A witness on a port of its own.
struct Running {
    line: String,
    url: String,
    folder: tempfile::TempDir,
}

fn witness(name: &str, log: &str) -> Running {
    let folder = tempfile::tempdir().unwrap();
    let line = Witness::init(folder.path(), name).unwrap().public_line();
    let url = serve(folder.path(), log);
    Running { line, url, folder }
}

fn serve(folder: &Path, log: &str) -> String {
    let witness = Arc::new(Witness::open(folder, &[log.to_owned()]).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || http::serve_witness(witness, listener));
    url
}

/// An office with these witnesses, of whom `quorum` is wanted.
fn with(witnesses: &[(&str, &str)], quorum: &str) -> Arc<Issuer> {
    let plain = office();
    let mut policy = format!("log {}\n", plain.log_key());
    for (at, (line, url)) in witnesses.iter().enumerate() {
        policy.push_str(&format!("witness w{at} {line} {url}\n"));
    }
    let names: Vec<String> = (0..witnesses.len()).map(|at| format!("w{at}")).collect();
    policy.push_str(&format!(
        "group all-of-them {quorum} {}\nquorum all-of-them\n",
        names.join(" ")
    ));
    let read: Policy = policy.parse().unwrap();
    let asked = Witnesses::of(&read).unwrap().unwrap();
    Arc::new(plain.with_witnesses(policy, Arc::new(asked)))
}

fn issue(
    register: &Register,
    issuer: &Arc<Issuer>,
    name: &str,
) -> Result<juanzong::certificate::Issued, IssueError> {
    // Witnesses have a clock of their own.
    register.issue_now(issuer, name, jiff::Timestamp::now(), verify::self_check)
}

#[test]
fn e4_the_answer_says_how_many_have_seen_it_and_refuses_too_few() {
    let log = office().log_key();
    let (one, two) = (witness("one.invalid", &log), witness("two.invalid", &log));
    let issuer = with(&[(&one.line, &one.url), (&two.line, &two.url)], "all");
    let register = Register::new();
    let issued: Vec<_> = ["甲示例", "乙示例", "丙示例"]
        .iter()
        .map(|name| issue(&register, &issuer, name).unwrap())
        .collect();
    let pdf = &issued[2].pdf;
    let words = |trust: &Trust| trust.look(pdf).verification;
    // Two are asked for, and have seen it.
    let now = jiff::Timestamp::now();
    let trust = verify::trust(&issuer, now);
    let verification = words(&trust);
    assert_eq!(
        (verification.answer, verification.witnesses),
        (Answer::Authentic, 2)
    );
    assert!(
        verification
            .checked
            .iter()
            .any(|w| w.en.contains("2 witnesses") && w.en.contains("policy"))
    );
    assert!(
        !verification
            .not_checked
            .iter()
            .any(|w| w.en.contains("not witnessed"))
    );
    // Quorum 0: whoever trusts nobody but the office is told so.
    let none = words(&Trust {
        policy: None,
        ..trust.clone()
    });
    assert_eq!((none.answer, none.witnesses), (Answer::Authentic, 0));
    assert!(
        none.not_checked
            .iter()
            .any(|w| w.en.contains("not witnessed") && w.zh.contains("未经第三方见证"))
    );
    // Quorum 1 of one of them; and of a third who has not seen it.
    let third = witness("three.invalid", &log);
    let policy = |line: &str| format!("witness w {line}\nquorum w\n");
    let seen = words(&Trust {
        policy: Some(policy(&two.line)),
        ..trust.clone()
    });
    assert_eq!((seen.answer, seen.witnesses), (Answer::Authentic, 1));
    let unseen = words(&Trust {
        policy: Some(policy(&third.line)),
        ..trust.clone()
    });
    assert_eq!(unseen.answer, Answer::CouldNotTell);
    assert_eq!(unseen.reason.unwrap().code, "witnesses");
    // The witnesses remember the tree, and the log serves their signatures.
    let memories = Witness::open(one.folder.path(), std::slice::from_ref(&log))
        .unwrap()
        .memories();
    assert_eq!(memories.values().next().unwrap().0, 3);
    let checkpoint = super::runtime()
        .block_on(juanzong::certificate::log_file(
            &register.store,
            "checkpoint".parse().unwrap(),
        ))
        .unwrap()
        .unwrap();
    let checkpoint = String::from_utf8(checkpoint).unwrap();
    assert_eq!(
        checkpoint
            .lines()
            .filter(|line| line.starts_with("— "))
            .count(),
        3
    );
    assert!(register.audit(&issuer).is_empty());
    // C4: after the signer's certificate has run out, the witnesses' time still judges it; without witnesses nothing does.
    let later = "2031-01-01T00:00:00Z".parse().unwrap();
    let long_after = verify::trust(&issuer, later);
    assert_eq!(words(&long_after).answer, Answer::Authentic);
    assert_eq!(
        words(&Trust {
            policy: None,
            ..long_after
        })
        .answer,
        Answer::CouldNotTell
    );
}

#[test]
fn i3_a_silent_witness_means_nothing_is_handed_out_and_nothing_is_lost() {
    let log = office().log_key();
    let folder = tempfile::tempdir().unwrap();
    let line = Witness::init(folder.path(), "one.invalid")
        .unwrap()
        .public_line();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let dead = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let register = Register::new();
    let silent = with(&[(&line, &dead)], "all");
    let failed = issue(&register, &silent, "甲示例");
    let Err(IssueError::Waits {
        number,
        leaf_index,
        why,
    }) = failed
    else {
        panic!("{failed:?}");
    };
    assert!(why.contains("w0"), "{why}");
    assert_eq!((leaf_index, register.waiting()), (0, 1));
    assert!(register.store.blobs().all().unwrap().is_empty());
    assert!(register.audit(&silent).is_empty());
    // Its number is not given to another.
    let failed = issue(&register, &silent, "乙示例");
    let Err(IssueError::Waits { number: other, .. }) = failed else {
        panic!("{failed:?}");
    };
    assert_ne!(number, other);
    // The witness comes back: both are finished, with its signature.
    let url = serve(folder.path(), &log);
    let speaking = with(&[(&line, &url)], "all");
    let finished = register.publish(&speaking).unwrap();
    assert_eq!(finished, [number.to_string(), other.to_string()]);
    assert_eq!(register.waiting(), 0);
    let row = super::runtime()
        .block_on(juanzong::certificate::show(&register.store, &number))
        .unwrap();
    assert_eq!(row.issued.witnesses, 1);
    assert!(register.audit(&speaking).is_empty());
    // One of two is enough where the policy says so.
    let one_of_two = with(
        &[(&line, &url), (&witness("two.invalid", &log).line, &dead)],
        "any",
    );
    let issued = issue(&register, &one_of_two, "丙示例").unwrap();
    assert_eq!(issued.leaf_index, 2);
}

#[test]
fn e6_e7_a_fork_and_a_way_back_are_refused() {
    let log = office().log_key();
    let one = witness("one.invalid", &log);
    let issuer = with(&[(&one.line, &one.url)], "all");
    let (honest, forked) = (Register::new(), Register::new());
    for name in ["甲示例", "乙示例"] {
        issue(&honest, &issuer, name).unwrap();
    }
    // Another register with the same keys: other leaves, so another tree of every size.
    for name in ["丙示例", "丁示例", "戊示例"] {
        let failed = issue(&forked, &issuer, name);
        assert!(
            matches!(failed, Err(IssueError::Waits { .. })),
            "{failed:?}"
        );
    }
    assert_eq!(forked.waiting(), 3);
    // The honest one goes on.
    issue(&honest, &issuer, "己示例").unwrap();
    // What was published and is not the tree of the leaves is found.
    let published = super::runtime()
        .block_on(honest.store.log_published())
        .unwrap()
        .unwrap();
    super::runtime().block_on(async {
        let mut log = forked.store.begin_log().await.unwrap();
        log.publish(&published).await.unwrap();
        log.commit().await.unwrap();
    });
    let problems = forked.audit(&issuer);
    assert!(
        problems.iter().any(|p| p.message.en.contains("forked")),
        "{problems:?}"
    );
}

#[test]
fn e5_a_cosignature_of_another_time_is_reported() {
    let log = office().log_key();
    let one = witness("one.invalid", &log);
    let issuer = with(&[(&one.line, &one.url)], "all");
    let register = Register::new();
    // Issued "yesterday": the witness signs today, more than 24 hours later.
    let hours = |n: i64| jiff::Timestamp::now() - jiff::SignedDuration::from_hours(n);
    let failed = register.issue_now(&issuer, "甲示例", hours(25), verify::self_check);
    let Err(IssueError::Waits { why, .. }) = failed else {
        panic!("{failed:?}");
    };
    assert!(why.contains("backdated or delayed"), "{why}");
    // Issued "tomorrow": no witness has a clock like that.
    let failed = register.issue_now(&issuer, "乙示例", hours(-1), verify::self_check);
    let Err(IssueError::Waits { why, .. }) = failed else {
        panic!("{failed:?}");
    };
    assert!(why.contains("clock is behind"), "{why}");
}

#[test]
fn a_witness_answers_as_the_standard_says() {
    let folder = tempfile::tempdir().unwrap();
    Witness::init(folder.path(), "one.invalid").unwrap();
    assert!(Witness::init(folder.path(), "one.invalid").is_err());
    assert!(Witness::init(&folder.path().join("x"), "two words").is_err());
    let issuer = office();
    let register = Register::new();
    let plain = Arc::new(office());
    let checkpoint = |name: &str| {
        register.issue(&plain, name);
        let head = super::runtime()
            .block_on(register.store.log_head())
            .unwrap();
        head.unwrap().checkpoint
    };
    let (first, second) = (checkpoint("甲示例"), checkpoint("乙示例"));
    let witness = Witness::open(folder.path(), &[issuer.log_key()]).unwrap();
    let now = jiff::Timestamp::now();
    let ask = |body: &str| witness.add_checkpoint(body.as_bytes(), now);
    assert_eq!(ask("nonsense").status, 400);
    assert_eq!(
        ask(&format!("old 0\n\n{}", first.replace("sample", "other"))).status,
        404
    );
    assert_eq!(
        ask(&format!("old 0\n\n{}", first.replace("\n1\n", "\n2\n"))).status,
        403
    );
    assert_eq!(ask(&format!("old 2\n\n{first}")).status, 400);
    let signed = ask(&format!("old 0\n\n{first}"));
    assert_eq!(signed.status, 200);
    let key: verify::NoteKey = witness.public_line().parse().unwrap();
    let note = format!("{first}{}", signed.body);
    assert_eq!(
        key.cosigned_note(&note).unwrap().as_second(),
        now.as_second()
    );
    assert!(
        key.cosigned_note(&format!("{second}{}", signed.body))
            .is_none()
    );
    // A client that has forgotten asks with 0 and learns the size.
    let told = ask(&format!("old 0\n\n{second}"));
    assert_eq!(
        (told.status, told.media_type, told.body.as_str()),
        (409, "text/x.tlog.size", "1\n")
    );
    assert_eq!(ask(&format!("old 1\n\n{second}")).status, 422);
    // The same tree again is signed again, with a new time.
    assert_eq!(ask(&format!("old 1\n\n{first}")).status, 200);
    // A memory that cannot be read signs nothing.
    let memory = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|e| e == "tree"))
        .unwrap();
    juanzong::digest::write_atomically(&memory, b"rubbish").unwrap();
    assert_eq!(ask(&format!("old 0\n\n{second}")).status, 500);
}

#[test]
fn a_policy_is_read_as_the_standard_says() {
    let folder = tempfile::tempdir().unwrap();
    let line = |name: &str| {
        let folder = folder.path().join(name);
        Witness::init(&folder, name).unwrap().public_line()
    };
    let (a, b, c) = (line("a"), line("b"), line("c"));
    let log = office().log_key();
    let good = format!(
        "# two of three, and c\n\nlog {log} https://log.invalid\nwitness A {a}\n\twitness  B {b} http://b.invalid\nwitness C {c}\ngroup AB any A B\ngroup X all AB C\nquorum X\n"
    );
    let policy: Policy = good.parse().unwrap();
    for (seen, met) in [
        (vec![], false),
        (vec![0, 1], false),
        (vec![2], false),
        (vec![1, 2], true),
        (vec![0, 2], true),
    ] {
        assert_eq!(policy.quorum.is_met(&seen), met, "{seen:?}");
    }
    let none: Policy = "quorum none\n".parse().unwrap();
    assert!(none.quorum.is_met(&[]) && Witnesses::of(&none).unwrap().is_none());
    assert!(Witnesses::of(&policy).is_err(), "A and C have no address");
    for wrong in [
        String::new(),
        good.replace("quorum X\n", ""),
        format!("{good}quorum X\n"),
        good.replace("quorum X", "quorum Y"),
        good.replace("group AB any A B", "group AB 3 A B"),
        good.replace("group AB any A B", "group AB 0 A B"),
        good.replace("group AB any A B", "group AB any"),
        good.replace("group AB any A B", "group none any A B"),
        good.replace("group X all AB C", "group X all AB A"),
        good.replace("witness C", "witness A"),
        good.replace(&c, &a),
        good.replace(&a, &log),
        good.replace("# two", "two"),
        good.replace("https://log.invalid", "https://log.invalid more"),
        format!("{good}\u{1}"),
    ] {
        assert!(wrong.parse::<Policy>().is_err(), "{wrong}");
    }
    assert!(Anchors::new(&office().issuer_pem(), &[], super::at()).is_ok());
}
