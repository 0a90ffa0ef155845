//! Papers handed in after binding: at the end with numbers running on, or everything anew; the manifest tells both.

use std::{fs, path::Path, sync::Arc};

use juanzong::{
    bind::{self, BindError, BindOptions, InThisProcess, Manifest, Origin, Supplements},
    dossier::{self, CheckedDossier},
    inspect,
    limits::Limits,
    typeset::{TemplateSource, Typesetter},
};

use super::one_plan::sample;

/// The sample without the papers whose title holds one of these words.
fn without(words: &[&str]) -> CheckedDossier {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sample/004");
    let mut statement = dossier::read(&folder.join("dossier.toml")).unwrap();
    let whole = sample();
    let kept = |title: &str| words.iter().all(|word| !title.contains(word));
    let listed = &mut statement.items;
    listed.retain(|item| item.title.as_deref().is_none_or(kept));
    let items = whole.items().iter();
    let items = items.filter(|item| kept(&item.title)).cloned().collect();
    dossier::check(&statement, whole.pack(), items, whole.on()).unwrap()
}

fn bind(
    dossier: &CheckedDossier,
    out: &Path,
    options: &BindOptions,
) -> Result<Manifest, BindError> {
    let typesetter = Typesetter::new(&TemplateSource::BuiltIn).unwrap();
    bind::bind(dossier, &typesetter, &InThisProcess, out, options).map(|bound| bound.manifest)
}

fn added(supplements: Supplements, previous: Manifest) -> BindOptions {
    BindOptions {
        supplements,
        previous: Some(Arc::new(previous)),
        ..BindOptions::default()
    }
}

fn text_of(pdf: &Path, page: usize) -> String {
    let facts = inspect::inspect(fs::read(pdf).unwrap(), &Limits::DEFAULT);
    facts.pages[page]
        .text
        .iter()
        .map(|run| run.text.as_str())
        .collect()
}

#[test]
fn papers_added_later_go_to_the_end_and_what_was_printed_stays() {
    let out = tempfile::tempdir().unwrap();
    let before = bind(&without(&["HAZOP"]), out.path(), &BindOptions::default()).unwrap();
    let first_page = text_of(&out.path().join(&before.volumes[0].file), 0);
    let options = added(Supplements::AtTheEnd, before.clone());
    let after = bind(&sample(), out.path(), &options).unwrap();
    let (old, new) = (&before.volumes[0], &after.volumes[0]);
    // Every page that was printed is there again, with its number, from the same paper.
    assert!(new.pages.len() > old.pages.len());
    for (old, new) in old.pages.iter().zip(&new.pages) {
        assert_eq!(old.number, new.number);
        match (&old.origin, &new.origin) {
            (
                Origin::Paper {
                    source_sha256: a,
                    source_page: n,
                    ..
                },
                Origin::Paper {
                    source_sha256: b,
                    source_page: m,
                    ..
                },
            ) => assert_eq!((a, n), (b, m)),
            (old, new) => assert_eq!(old, new),
        }
    }
    let file = out.path().join(&new.file);
    assert_eq!(text_of(&file, 0), first_page, "the contents page changed");
    // Then its contents sheet, then the paper, numbers running on.
    assert_eq!(
        new.pages[old.pages.len()].origin,
        Origin::SupplementContents
    );
    let sheet = text_of(&file, old.pages.len());
    let last: u32 = old
        .pages
        .iter()
        .filter_map(|page| page.number.as_ref()?.parse().ok())
        .max()
        .unwrap();
    let [supplement] = new.supplements.as_slice() else {
        panic!("{:?}", new.supplements)
    };
    assert_eq!(supplement.numbers[0], last + 1);
    assert!(
        sheet.contains("HAZOP") && sheet.contains(&(last + 1).to_string()),
        "{sheet}"
    );
    let item = &after.items[supplement.items[0]];
    assert!(item.title.contains("HAZOP"));
    assert_eq!(
        (item.added_on, item.numbers),
        (Some(after.on), Some(supplement.numbers))
    );
    // The other volume is not touched by it.
    assert_eq!(before.volumes[1].sha256, after.volumes[1].sha256);
    let previous = after.previous.unwrap();
    assert_eq!(
        (previous.merkle_root, previous.supplements),
        (before.merkle_root, Supplements::AtTheEnd)
    );
    let note = text_of(&out.path().join("评审材料袋/备考表.pdf"), 0);
    assert!(note.contains("HAZOP"), "{note}");
}

#[test]
fn a_second_supplement_follows_the_first() {
    let out = tempfile::tempdir().unwrap();
    let first = bind(
        &without(&["HAZOP", "学位在线验证"]),
        out.path(),
        &BindOptions::default(),
    )
    .unwrap();
    let second = bind(
        &without(&["HAZOP"]),
        out.path(),
        &added(Supplements::AtTheEnd, first),
    )
    .unwrap();
    let mut second_earlier = second.clone();
    for item in &mut second_earlier.items {
        item.added_on = item.added_on.map(|_| jiff::civil::date(2024, 8, 10));
    }
    let third = bind(
        &sample(),
        out.path(),
        &added(Supplements::AtTheEnd, second_earlier),
    )
    .unwrap();
    let rounds: Vec<_> = third.volumes[0]
        .supplements
        .iter()
        .map(|s| (s.on.day(), s.numbers))
        .collect();
    assert_eq!(rounds.len(), 2, "{rounds:?}");
    assert_eq!((rounds[0].0, rounds[1].0), (10, 20));
    assert_eq!(rounds[0].1[1] + 1, rounds[1].1[0]);
}

#[test]
fn bound_anew_every_paper_stands_in_its_slot() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let before = bind(&without(&["HAZOP"]), a.path(), &BindOptions::default()).unwrap();
    let anew = bind(&sample(), a.path(), &added(Supplements::BoundAnew, before)).unwrap();
    let fresh = bind(&sample(), b.path(), &BindOptions::default()).unwrap();
    let sha = |manifest: &Manifest| {
        manifest
            .volumes
            .iter()
            .map(|v| v.sha256)
            .collect::<Vec<_>>()
    };
    assert_eq!(sha(&anew), sha(&fresh));
    let added: Vec<&str> = anew
        .items
        .iter()
        .filter(|i| i.added_on.is_some())
        .map(|i| i.title.as_str())
        .collect();
    assert!(
        matches!(added.as_slice(), [title] if title.contains("HAZOP")),
        "{added:?}"
    );
    assert_eq!(anew.previous.unwrap().supplements, Supplements::BoundAnew);
}

#[test]
fn a_paper_that_was_bound_and_is_gone_needs_a_new_binding() {
    let out = tempfile::tempdir().unwrap();
    let before = bind(&sample(), out.path(), &BindOptions::default()).unwrap();
    let fewer = without(&["HAZOP"]);
    match bind(&fewer, out.path(), &added(Supplements::AtTheEnd, before)) {
        Err(BindError::Gone { title, .. }) => assert!(title.contains("HAZOP")),
        other => panic!("{other:?}"),
    }
    let options = BindOptions {
        supplements: Supplements::AtTheEnd,
        ..BindOptions::default()
    };
    assert!(matches!(
        bind(&fewer, out.path(), &options),
        Err(BindError::NotBoundBefore)
    ));
}
