//! One plan: printed number, page label, contents row, bookmark, link and manifest say the same; twice the same bytes;
//! and nothing half written stays.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use hayro_syntax::{
    Pdf,
    object::{Array, Dict, MaybeRef, Name, Number, Object, ObjectIdentifier, String as PdfString},
};
use jiff::civil::date;
use juanzong::{
    bind::{self, BindError, BindOptions, InThisProcess, Leaves, Manifest, Origin, pages_text},
    digest::Digest,
    dossier::{self, CheckedDossier, CheckedItem},
    finding::{Cost, Report, ReportFacts, Verdict},
    inspect,
    limits::Limits,
    rulepack::Packs,
    typeset::{TemplateSource, Typesetter},
};

/// The sample dossier of notice 004; its files count as judged.
pub fn sample() -> CheckedDossier {
    sample_of("004/dossier.toml")
}

/// A sample dossier; its files count as judged.
pub fn sample_of(file: &str) -> CheckedDossier {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/sample")
        .join(file);
    let folder = file.parent().unwrap();
    let dossier = dossier::read(&file).unwrap();
    let packs = Packs::try_builtin().map_err(|e| e.to_string()).unwrap();
    let pack = Arc::clone(packs.get(&dossier.notice).unwrap());
    let on = date(2024, 8, 20);
    let papers = dossier.items.iter().map(|item| {
        let path = folder.join(&item.file);
        let bytes = fs::read(&path).unwrap();
        let sha256 = Digest::of(&bytes);
        let size_bytes = bytes.len() as u64;
        let margins = margins(sha256, &bytes);
        let pages = Pdf::new(bytes).unwrap().pages().len() as u32;
        let slot = pack.slot(&item.slot).unwrap();
        let report = Report {
            report_version: 1,
            file: item.file.display().to_string(),
            sha256,
            size_bytes,
            pages: Some(pages),
            notice: None,
            slot: Some(item.slot.clone()),
            judged_on: on,
            verdict: Verdict::Accepted,
            findings: Vec::new(),
            outcomes: Vec::new(),
            facts: ReportFacts::default(),
            not_checked: Vec::new(),
            cost: Cost::default(),
        };
        CheckedItem {
            slot: item.slot.clone(),
            title: item.title.clone().unwrap_or_else(|| slot.title.clone()),
            note: item.note.clone(),
            file_name: item
                .file
                .file_name()
                .unwrap()
                .to_string_lossy()
                .into_owned(),
            path,
            sha256,
            pages,
            report: Arc::new(report),
            margins: Some(margins),
        }
    });
    dossier::check(&dossier, &pack, papers.collect(), on).unwrap()
}

/// The margins of a sample's paper, looked at once for all tests.
fn margins(sha256: Digest, bytes: &[u8]) -> Arc<inspect::Margins> {
    static SEEN: Mutex<BTreeMap<Digest, Arc<inspect::Margins>>> = Mutex::new(BTreeMap::new());
    let mut seen = SEEN.lock().unwrap();
    let look = || Arc::new(inspect::margins_of(bytes.to_vec(), &Limits::DEFAULT));
    Arc::clone(seen.entry(sha256).or_insert_with(look))
}

fn typesetter() -> Typesetter {
    Typesetter::new(&TemplateSource::BuiltIn).unwrap()
}

fn bind_sample(out: &Path, options: &BindOptions) -> Manifest {
    bind::bind(&sample(), &typesetter(), &InThisProcess, out, options)
        .unwrap()
        .manifest
}

#[test]
fn everything_says_the_same_page() {
    let out = tempfile::tempdir().unwrap();
    let manifest = bind_sample(out.path(), &BindOptions::default());
    let written: Manifest =
        serde_json::from_slice(&fs::read(out.path().join("manifest.json")).unwrap()).unwrap();
    assert_eq!(written, manifest);
    assert_eq!(manifest.volumes.len(), 2);
    for volume in &manifest.volumes {
        let bytes = fs::read(out.path().join(&volume.file)).unwrap();
        assert_eq!(Digest::of(&bytes), volume.sha256);
        let facts = inspect::inspect(bytes.clone(), &Limits::DEFAULT);
        let pdf = Pdf::new(bytes).unwrap();
        let labels = labels(&pdf);
        assert_eq!(labels.len(), volume.pages.len());
        for ((page, seen), label) in volume.pages.iter().zip(&facts.pages).zip(&labels) {
            let Some(number) = &page.number else {
                assert_eq!(page.origin, Origin::Contents);
                assert_eq!(label, "目录");
                continue;
            };
            assert_eq!(number, label);
            let area = page.number_box_pt.unwrap();
            let printed = seen.text.iter().filter(|run| {
                run.box_pt.x0.value() >= area.x0.value() - 3.0
                    && run.box_pt.y1.value() < area.y1.value() + 6.0
            });
            let printed: Vec<&str> = printed.map(|run| run.text.trim()).collect();
            assert!(printed.contains(&number.as_str()), "{number}: {printed:?}");
        }
        links_lead_to_their_pages(&pdf, &manifest, volume.number);
        bookmarks_lead_to_their_pages(&pdf, &manifest, volume.number, &labels);
    }
    let items: Vec<(Option<[u32; 2]>, u32)> = manifest
        .items
        .iter()
        .map(|item| (item.numbers, item.pages))
        .collect();
    for (numbers, pages) in items {
        assert!(numbers.is_none_or(|[first, last]| last - first + 1 == pages));
    }
}

#[test]
fn the_contents_show_the_items_of_the_notice_in_its_order() {
    let out = tempfile::tempdir().unwrap();
    let manifest = bind_sample(out.path(), &BindOptions::default());
    let first = fs::read(out.path().join(&manifest.volumes[0].file)).unwrap();
    let text: String = inspect::inspect(first, &Limits::DEFAULT)
        .pages
        .iter()
        .take(2)
        .flat_map(|page| &page.text)
        .map(|run| run.text.as_str())
        .collect();
    let mut from = 0;
    for title in [
        "第一分册目录",
        "申报材料真实性承诺书",
        "单位公示证明材料",
        "学历证书、学位证书",
        "聘书",
        "年度考核",
        "继续教育",
        "获奖",
    ] {
        let at = text[from..].find(title);
        from += at.unwrap_or_else(|| panic!("`{title}` is not where it belongs in {text}"));
    }
}

#[test]
fn the_same_dossier_gives_the_same_bytes() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = BindOptions {
        leaves: Leaves::ItemsOnFront,
        ..BindOptions::default()
    };
    let first = bind_sample(a.path(), &options);
    assert_eq!(first, bind_sample(b.path(), &options));
    for file in &first.files {
        let bytes = fs::read(b.path().join(&file.path)).unwrap();
        assert_eq!(Digest::of(&bytes), file.sha256, "{}", file.path);
    }
    let manifest = |folder: &Path| fs::read(folder.join("manifest.json")).unwrap();
    assert_eq!(manifest(a.path()), manifest(b.path()));
    // Every item begins on a front page, which is one with an odd number.
    for volume in &first.volumes {
        let mut slot = String::new();
        for item in first
            .items
            .iter()
            .filter(|item| item.volume == Some(volume.number))
        {
            if item.slot != slot {
                assert_eq!(item.numbers.unwrap()[0] % 2, 1, "{}", item.title);
                slot.clone_from(&item.slot);
            }
        }
    }
}

#[test]
fn a_paper_that_changed_since_it_was_checked_stops_everything() {
    let papers = tempfile::tempdir().unwrap();
    let out = tempfile::tempdir().unwrap();
    fs::create_dir(out.path().join("电子版")).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sample/004");
    let dossier = dossier::read(&folder.join("dossier.toml")).unwrap();
    let before = sample();
    let items: Vec<CheckedItem> = before
        .items()
        .iter()
        .map(|item| {
            let path = papers.path().join(&item.file_name);
            let mut bytes = fs::read(&item.path).unwrap();
            if item.slot == "patents" {
                bytes.push(b'\n');
            }
            juanzong::digest::write_atomically(&path, &bytes).unwrap();
            CheckedItem {
                path,
                ..item.clone()
            }
        })
        .collect();
    let changed = dossier::check(&dossier, before.pack(), items, before.on()).unwrap();
    let bound = bind::bind(
        &changed,
        &typesetter(),
        &InThisProcess,
        out.path(),
        &BindOptions::default(),
    );
    let Err(BindError::Changed { slot, .. }) = bound else {
        panic!("{bound:?}")
    };
    assert_eq!(slot, "patents");
    let left: Vec<_> = fs::read_dir(out.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["电子版"], "something half written stayed");
}

fn page_objects(pdf: &Pdf) -> Vec<ObjectIdentifier> {
    pdf.pages()
        .iter()
        .map(|page| page.raw().obj_id().unwrap())
        .collect()
}

fn destination(dict: &Dict<'_>, pages: &[ObjectIdentifier]) -> usize {
    let array = dict.get::<Array<'_>>(b"Dest").unwrap();
    let MaybeRef::Ref(to) = array.raw_iter().next().unwrap() else {
        panic!("not a reference")
    };
    pages.iter().position(|page| *page == to.into()).unwrap()
}

/// First pages (from 0) of the papers of a volume, in order.
fn starts(manifest: &Manifest, number: u8) -> Vec<usize> {
    let volume = manifest
        .volumes
        .iter()
        .find(|volume| volume.number == number)
        .unwrap();
    let mut starts = Vec::new();
    for (i, page) in volume.pages.iter().enumerate() {
        if let Origin::Paper { source_page, .. } = page.origin
            && source_page.value() == 1
        {
            starts.push(i);
        }
    }
    starts
}

fn links_lead_to_their_pages(pdf: &Pdf, manifest: &Manifest, number: u8) {
    let pages = page_objects(pdf);
    let mut led: Vec<usize> = Vec::new();
    let volume = manifest
        .volumes
        .iter()
        .find(|volume| volume.number == number);
    let contents = volume.unwrap().pages.iter();
    let contents = contents.filter(|page| page.origin == Origin::Contents);
    for page in pdf.pages().iter().take(contents.count()) {
        let Some(annotations) = page.raw().get::<Array<'_>>(b"Annots") else {
            continue;
        };
        for link in annotations.iter::<Dict<'_>>() {
            assert!(
                !link.contains_key(b"A"),
                "a link still leads out of the volume"
            );
            led.push(destination(&link, &pages));
        }
    }
    led.sort_unstable();
    led.dedup();
    assert_eq!(led, starts(manifest, number));
}

fn bookmarks_lead_to_their_pages(pdf: &Pdf, manifest: &Manifest, number: u8, labels: &[String]) {
    let pages = page_objects(pdf);
    let xref = pdf.xref();
    let catalog: Dict<'_> = xref.get(xref.root_id()).unwrap();
    let mut next = catalog
        .get::<Dict<'_>>(b"Outlines")
        .unwrap()
        .get::<Dict<'_>>(b"First");
    let mut seen = 0;
    while let Some(item) = next {
        let at = destination(&item, &pages);
        let title = text(&item.get::<PdfString<'_>>(b"Title").unwrap());
        if seen > 0 {
            let pages = title.split('　').next_back().unwrap();
            assert_eq!(
                pages.split('—').next(),
                Some(labels[at].as_str()),
                "{title}"
            );
        }
        seen += 1;
        next = item.get::<Dict<'_>>(b"Next");
    }
    let mut slots: Vec<&str> = manifest
        .items
        .iter()
        .filter(|item| item.volume == Some(number))
        .map(|item| item.slot.as_str())
        .collect();
    slots.dedup();
    assert_eq!(seen, slots.len() + 1);
    assert_eq!(pages_text(3, 5), "3—5");
}

fn text(string: &PdfString<'_>) -> String {
    let bytes = string.as_bytes();
    match bytes.strip_prefix(&[0xFE, 0xFF]) {
        Some(utf16) => {
            let units: Vec<u16> = utf16
                .chunks(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                .collect();
            String::from_utf16(&units).unwrap()
        }
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The page labels, as a viewer shows them.
fn labels(pdf: &Pdf) -> Vec<String> {
    let xref = pdf.xref();
    let catalog: Dict<'_> = xref.get(xref.root_id()).unwrap();
    let tree = catalog.get::<Dict<'_>>(b"PageLabels").unwrap();
    let pairs: Vec<Object<'_>> = tree
        .get::<Array<'_>>(b"Nums")
        .unwrap()
        .iter::<Object<'_>>()
        .collect();
    let mut labels = Vec::new();
    for page in 0..pdf.pages().len() {
        let range = pairs.chunks(2).rfind(
            |pair| matches!(&pair[0], Object::Number(first) if first.as_i64() as usize <= page),
        );
        let [Object::Number(first), Object::Dict(label)] = range.unwrap() else {
            panic!("no label")
        };
        let prefix = label
            .get::<PdfString<'_>>(b"P")
            .map(|prefix| text(&prefix))
            .unwrap_or_default();
        let number = match label.get::<Name<'_>>(b"S").as_deref() {
            Some(b"D") => {
                let start = label.get::<Number>(b"St").map_or(1, |start| start.as_i64());
                (start + page as i64 - first.as_i64()).to_string()
            }
            _ => String::new(),
        };
        labels.push(prefix + &number);
    }
    labels
}
