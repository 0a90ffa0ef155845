//! `migrate`, `fsck`, `backup`, `restore`: what an operator does with a data folder.

use std::{fs, path::Path};

use juanzong::{
    digest::write_atomically,
    store::{Engine, Scope},
};
use serde_json::{Value, json};

use crate::{
    http::{NOTICE, small_pdf},
    support::{
        program::{juanzong, printed, said},
        server::TestServer,
    },
};

/// A data folder with one dossier and one file in it, and no server.
fn lived_in() -> Option<TestServer> {
    let mut server = TestServer::start();
    if server.services.store.engine() != Engine::Sqlite {
        #[expect(clippy::print_stderr, reason = "what is skipped is said")]
        {
            eprintln!("SKIPPED: a data folder is looked at, and this store is not in one");
        }
        return None;
    }
    let token = server.token(&[Scope::Bind]);
    let made = server
        .post("/v1/dossiers")
        .bearer(&token)
        .json(&json!({"notice": NOTICE, "applicant": {"name": "沈知远"}}))
        .send()
        .is(201);
    let slot = format!(
        "/v1/dossiers/{}/slots/degree/files",
        made["id"].as_str().unwrap()
    );
    server
        .post(&slot)
        .bearer(made["secret"].as_str().unwrap())
        .pdf(&small_pdf("kept"))
        .send()
        .is(201);
    server.stop();
    Some(server)
}

fn fsck(data: &Path) -> (Option<i32>, Value) {
    let ran = juanzong(&["fsck", "--format", "json", "--data", data.to_str().unwrap()]);
    (
        ran.status.code(),
        serde_json::from_str(&printed(&ran)).unwrap(),
    )
}

fn only_blob(data: &Path) -> std::path::PathBuf {
    let folder = fs::read_dir(data.join("blobs")).unwrap().next().unwrap();
    let file = fs::read_dir(folder.unwrap().path())
        .unwrap()
        .next()
        .unwrap();
    file.unwrap().path()
}

#[test]
fn fsck_names_what_is_altered_missing_and_left_over() {
    let Some(server) = lived_in() else { return };
    let data = server.data();
    let (code, sound) = fsck(&data);
    assert_eq!((code, &sound["blobs"]), (Some(0), &json!(1)), "{sound}");
    let blob = only_blob(&data);
    let name = blob.file_name().unwrap().to_str().unwrap().to_owned();
    let bytes = fs::read(&blob).unwrap();
    write_atomically(&blob, b"other bytes").unwrap();
    let (code, altered) = fsck(&data);
    assert_eq!((code, &altered["altered"]), (Some(1), &json!([name])));
    fs::remove_file(&blob).unwrap();
    let (code, missing) = fsck(&data);
    assert_eq!((code, &missing["missing"]), (Some(1), &json!([name])));
    write_atomically(&blob, &bytes).unwrap();
    let orphan = "a".repeat(64);
    fs::create_dir_all(data.join("blobs/aa")).unwrap();
    write_atomically(&data.join("blobs/aa").join(&orphan), b"nobody's").unwrap();
    let (code, left) = fsck(&data);
    assert_eq!((code, &left["orphans"]), (Some(1), &json!([orphan])));
}

#[test]
fn a_copy_is_brought_back_whole_and_never_over_something() {
    let Some(server) = lived_in() else { return };
    let data = server.data();
    let outer = tempfile::tempdir().unwrap();
    let (copy, back) = (outer.path().join("copy"), outer.path().join("back"));
    let [data, copy, back] = [&data, &copy, &back].map(|path| path.to_str().unwrap());
    let made = juanzong(&["backup", "--data", data, "--out", copy]);
    assert_eq!(made.status.code(), Some(0), "{}", said(&made));
    let twice = juanzong(&["backup", "--data", data, "--out", copy]);
    assert_eq!(twice.status.code(), Some(2));
    let brought = juanzong(&["restore", copy, "--data", back]);
    assert_eq!(brought.status.code(), Some(0), "{}", said(&brought));
    let over = juanzong(&["restore", copy, "--data", back]);
    assert_eq!(over.status.code(), Some(2));
    assert_eq!(fsck(Path::new(back)).0, Some(0));
    let blob = only_blob(Path::new(data));
    let same = only_blob(Path::new(back));
    assert_eq!(fs::read(blob).unwrap(), fs::read(same).unwrap());
    let nothing = juanzong(&["restore", outer.path().to_str().unwrap(), "--data", back]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(said(&nothing).contains("not a copy"), "{}", said(&nothing));
}

#[test]
fn migrate_says_what_there_is_to_do_and_does_it() {
    let outer = tempfile::tempdir().unwrap();
    let data = outer.path().join("data");
    let data = data.to_str().unwrap();
    let before = juanzong(&["migrate", "--check", "--data", data]);
    assert_eq!(before.status.code(), Some(1), "{}", said(&before));
    assert!(
        printed(&before).contains("to do: 1, 2, 3"),
        "{}",
        printed(&before)
    );
    let done = juanzong(&["migrate", "--data", data]);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    let after = juanzong(&["migrate", "--check", "--data", data]);
    assert_eq!(after.status.code(), Some(0));
    assert!(printed(&after).contains("nothing to do"));
}
