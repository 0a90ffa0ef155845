//! E11, I3: whatever is cut off, no number is lost, no leaf doubled, no file without proof, and what waited is finished later.

use std::{collections::BTreeSet, process::Command, time::Duration};

use juanzong::{
    certificate::{Finished, IssueError},
    verify,
};

use super::{Register, at, issuer, order};
use crate::support::server::{runtime, typesetter};

#[test]
fn what_fails_before_the_leaf_leaves_no_trace_and_its_number_goes_to_the_next() {
    let register = Register::new();
    let refuse = |_: &_, made: Finished<'_>, _| match made {
        Finished::Revision1(_) => Err("for the test".to_owned()),
        Finished::File(_) => Ok(()),
    };
    let failed = register.issue_now(issuer(), "甲示例", at(), refuse);
    assert!(matches!(failed, Err(IssueError::SelfCheck(_))));
    assert_eq!((register.size(), register.waiting()), (0, 0));
    assert!(register.store.blobs().all().unwrap().is_empty());
    // A worker that died holding a number: its lease runs out, the number is given again.
    let abandoned = runtime().block_on(async {
        let mut log = register.store.begin_log().await.unwrap();
        let scope = issuer().office().number.serial_scope(2026);
        let past = "2020-01-01T00:00:00Z".parse().unwrap();
        let serial = log
            .reserve_serial(&scope, "somebody", past, past)
            .await
            .unwrap();
        log.commit().await.unwrap();
        serial
    });
    assert_eq!(abandoned, 1);
    let issued = register.issue(issuer(), "乙示例");
    assert!(
        issued.number.as_str().contains("00001"),
        "{}",
        issued.number
    );
    assert_eq!(issued.leaf_index, 0);
}

#[test]
fn what_fails_after_the_leaf_waits_and_is_finished_by_whoever_comes_next() {
    let register = Register::new();
    let refuse = |_: &_, made: Finished<'_>, _| match made {
        Finished::Revision1(_) => Ok(()),
        Finished::File(_) => Err("for the test".to_owned()),
    };
    let failed = register.issue_now(issuer(), "甲示例", at(), refuse);
    let Err(IssueError::Waits {
        number, leaf_index, ..
    }) = failed
    else {
        panic!("{failed:?}");
    };
    assert_eq!((leaf_index, register.size(), register.waiting()), (0, 1, 1));
    assert!(register.store.blobs().all().unwrap().is_empty());
    assert!(register.audit(issuer()).is_empty());
    // Nobody gets it, by no door.
    let row = runtime().block_on(juanzong::certificate::show(&register.store, &number));
    assert!(matches!(row, Err(IssueError::NoSuchCertificate)));
    // The next one finishes both.
    let second = register.issue(issuer(), "乙示例");
    assert_ne!(second.number, number);
    assert_eq!((second.leaf_index, register.waiting()), (1, 0));
    let row = runtime()
        .block_on(juanzong::certificate::show(&register.store, &number))
        .unwrap();
    let pdf = register.store.blobs().read(row.issued.file_sha256).unwrap();
    let anchors = verify::anchors(issuer(), at()).unwrap();
    assert!(verify::offline(&pdf, &anchors).is_authentic());
    assert!(register.audit(issuer()).is_empty());
}

#[test]
fn e12_many_at_once_on_two_nodes_get_numbers_and_leaves_of_their_own() {
    let register = Register::new();
    // Two offices' processes on one register: two locks in memory, one database.
    let nodes = [
        std::sync::Arc::new(super::office()),
        std::sync::Arc::new(super::office()),
    ];
    let seen: Vec<(u64, String)> = std::thread::scope(|scope| {
        let tasks: Vec<_> = (0..4)
            .map(|task| {
                let (node, register) = (&nodes[task % 2], &register);
                scope.spawn(move || {
                    let orders = (0..3).map(|_| order("张示例")).collect();
                    let typesetter = typesetter();
                    let check = verify::self_check;
                    let work = juanzong::certificate::issue_each(
                        node,
                        &register.store,
                        &typesetter,
                        orders,
                        at(),
                        check,
                    );
                    let issued = runtime().block_on(work);
                    issued
                        .into_iter()
                        .map(|one| {
                            let one = one.unwrap();
                            (one.leaf_index, one.number.to_string())
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        tasks
            .into_iter()
            .flat_map(|task| task.join().unwrap())
            .collect()
    });
    let leaves: BTreeSet<u64> = seen.iter().map(|(leaf, _)| *leaf).collect();
    let numbers: BTreeSet<&String> = seen.iter().map(|(_, number)| number).collect();
    assert!(leaves.iter().copied().eq(0..12));
    assert_eq!(numbers.len(), 12);
    assert_eq!(register.waiting(), 0);
    assert!(register.audit(issuer()).is_empty());
}

/// The program is killed while it issues, again and again, at instants all over its work.
#[test]
fn e11_killed_at_any_instant_nothing_is_lost_doubled_or_without_proof() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_juanzong"));
        command.args(arguments).arg("--data").arg(&data);
        command
    };
    let done = |arguments: &[&str]| run(arguments).output().unwrap();
    let made = done(&[
        "keys",
        "init",
        "--office",
        "示例市工业和信息化局",
        "--base-url",
        "https://example.invalid",
        "--log-origin",
        "example.invalid/log",
    ]);
    assert!(made.status.success(), "{made:?}");
    let heading = "姓名,系列,专业,资格名称,级别,取得方式,评审委员会,取得时间\n";
    let names = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳".chars();
    let rows = names.map(|c| {
        format!("{c}示例,工程技术,电子信息,工程师,中级,考核认定,示例市评委会,2024-08-01\n")
    });
    let table = folder.path().join("table.csv");
    juanzong::digest::write_atomically(
        &table,
        format!("{heading}{}", rows.collect::<String>()).as_bytes(),
    )
    .unwrap();
    let out = folder.path().join("out");
    let issue = || {
        let mut command = run(&["certificate", "issue-batch", table.to_str().unwrap()]);
        command.arg("--out").arg(&out);
        command
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null());
        command
    };
    let started = std::time::Instant::now();
    assert!(issue().status().unwrap().success());
    let whole = started.elapsed();
    for part in 1..=10_u32 {
        let mut child = issue().spawn().unwrap();
        std::thread::sleep(whole * part / 11 + Duration::from_millis(7));
        child.kill().unwrap();
        child.wait().unwrap();
        // Whatever was cut off, the register is whole at once …
        let audit = done(&["fsck", "--format", "json"]);
        let found: serde_json::Value = serde_json::from_slice(&audit.stdout).unwrap();
        // A file may lie there whose row was not written: it belongs to nobody, and `finish` clears it away.
        for place in ["missing", "altered", "log"] {
            assert_eq!(
                found[place].as_array().map(Vec::len),
                Some(0),
                "{part}: {found}"
            );
        }
    }
    // … and what waited is finished.
    let finish = done(&["certificate", "finish"]);
    assert!(finish.status.success(), "{finish:?}");
    let audit = done(&["fsck"]);
    assert!(audit.status.success(), "{audit:?}");
    let again = done(&["certificate", "finish"]);
    assert!(
        again.status.success() && again.stdout.is_empty(),
        "{again:?}"
    );
    // Every certificate has its file, each file its proof, and numbers run without a gap up to what is reserved.
    let exported = folder.path().join("log");
    let export = done(&["export-log", "--out", exported.to_str().unwrap()]);
    assert!(export.status.success(), "{export:?}");
    let checkpoint = std::fs::read_to_string(exported.join("checkpoint")).unwrap();
    let leaves: usize = checkpoint.lines().nth(1).unwrap().parse().unwrap();
    assert!(leaves >= 16);
    let blobs = walk(&data.join("blobs"));
    assert_eq!(blobs, leaves, "one file a leaf");
}

fn walk(folder: &std::path::Path) -> usize {
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        count += if path.is_dir() { walk(&path) } else { 1 };
    }
    count
}
