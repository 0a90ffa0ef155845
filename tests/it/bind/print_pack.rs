//! The folder is DESIGN §8's tree; forms stand in where nothing was brought; signed files come along untouched.

use std::{fs, path::Path, sync::Arc};

use juanzong::{
    bind::{self, BindOptions, Bound, InThisProcess, Leaves},
    digest::{self, Digest},
    dossier::{self, CheckedDossier, CheckedItem},
    inspect,
    limits::Limits,
    typeset::{TemplateSource, Typesetter},
};

use super::one_plan::{sample, sample_of};
use crate::support::raw_pdf::{PageSpec, RawPdf};

fn bind_into(dossier: &CheckedDossier, out: &Path, options: &BindOptions) -> Bound {
    let typesetter = Typesetter::new(&TemplateSource::BuiltIn).unwrap();
    bind::bind(dossier, &typesetter, &InThisProcess, out, options).unwrap()
}

/// The sample with some of its papers left out or changed.
fn with_items(change: impl Fn(CheckedItem) -> Option<CheckedItem>) -> CheckedDossier {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sample/004");
    let mut statement = dossier::read(&folder.join("dossier.toml")).unwrap();
    let whole = sample();
    let items: Vec<CheckedItem> = whole.items().iter().cloned().filter_map(change).collect();
    let listed = &mut statement.items;
    listed.retain(|listed| items.iter().any(|item| item.slot == listed.slot));
    dossier::check(&statement, whole.pack(), items, whole.on()).unwrap()
}

fn text_of(pdf: &Path) -> String {
    let facts = inspect::inspect(fs::read(pdf).unwrap(), &Limits::DEFAULT);
    let runs = facts.pages.iter().flat_map(|page| &page.text);
    runs.map(|run| run.text.as_str()).collect()
}

#[test]
fn the_folder_is_the_tree_of_the_design() {
    let out = tempfile::tempdir().unwrap();
    let bound = bind_into(&sample(), out.path(), &BindOptions::default());
    let paths: Vec<&str> = bound
        .manifest
        .files
        .iter()
        .map(|f| f.path.as_str())
        .collect();
    for wanted in [
        "评审材料袋/材料袋封面.pdf",
        "评审材料袋/分册封面.pdf",
        "评审材料袋/第一分册.pdf",
        "评审材料袋/第二分册.pdf",
        "评审材料袋/备考表.pdf",
        "评审材料袋/不装订/专业技术职务任职资格评审表.pdf",
        "评审材料袋/不装订/专业技术人员情况表.pdf",
        "评审材料袋/不装订/专业技术人员简介表.pdf",
        "评审材料袋/不装订/打印清单.pdf",
        "原件材料袋/材料袋封面.pdf",
        "原件材料袋/原件清单.pdf",
        "电子版/专业技术人员情况表.xlsx",
        "电子版/邮件主题.txt",
        "电子版/空白表格/申报材料真实性承诺书.pdf",
        "电子版/空白表格/专业技术人员年度考核表.pdf",
    ] {
        assert!(paths.contains(&wanted), "{wanted} is not in {paths:?}");
    }
    for file in &bound.manifest.files {
        let bytes = fs::read(out.path().join(&file.path)).unwrap();
        assert_eq!(
            (Digest::of(&bytes), bytes.len() as u64),
            (file.sha256, file.size_bytes)
        );
    }
    for volume in &bound.manifest.volumes {
        let bytes = fs::read(out.path().join(&volume.file)).unwrap();
        let of_the_file = (Digest::of(&bytes), bytes.len() as u64);
        assert_eq!(of_the_file, (volume.sha256, volume.size_bytes));
    }
    // The front of a bag stays one page, however many originals it lists.
    let front = fs::read(out.path().join("原件材料袋/材料袋封面.pdf")).unwrap();
    assert_eq!(
        lopdf::Document::load_mem(&front).unwrap().get_pages().len(),
        1
    );
    let subject = fs::read_to_string(out.path().join("电子版/邮件主题.txt")).unwrap();
    assert_eq!(subject, "认定—石化—沈知远\n");
}

#[test]
fn forms_stand_in_for_what_was_not_brought() {
    let unbound = ["review_form", "situation_sheet", "brief_sheet"];
    let dossier = with_items(|item| (!unbound.contains(&item.slot.as_str())).then_some(item));
    let out = tempfile::tempdir().unwrap();
    bind_into(&dossier, out.path(), &BindOptions::default());
    let folder = out.path().join("评审材料袋/不装订");
    let sheet = text_of(&folder.join("专业技术人员情况表.pdf"));
    assert!(
        sheet.contains("沈知远") && sheet.contains("苏北理工大学"),
        "{sheet}"
    );
    let brief = inspect::inspect(
        fs::read(folder.join("专业技术人员简介表.pdf")).unwrap(),
        &Limits::DEFAULT,
    );
    assert_eq!(brief.pages[0].paper, Some(inspect::facts::Paper::A3));
    assert!(folder.join("专业技术职务任职资格评审表封面.pdf").exists());
    let list: String = text_of(&folder.join("打印清单.pdf"))
        .split_whitespace()
        .collect();
    for words in [
        "A3",
        "20",
        "书脊约",
        "单面",
        "左侧胶装",
        "请核对、补齐后签章",
    ] {
        assert!(list.contains(words), "{words} is not in {list}");
    }
}

#[test]
fn duplex_volumes_are_listed_as_such_and_begin_on_a_front_page() {
    let out = tempfile::tempdir().unwrap();
    let options = BindOptions {
        leaves: Leaves::Duplex,
        ..BindOptions::default()
    };
    let bound = bind_into(&sample(), out.path(), &options);
    for volume in &bound.manifest.volumes {
        let first = volume
            .pages
            .iter()
            .position(|page| page.number.as_deref() == Some("1"));
        assert_eq!(
            first.unwrap() % 2,
            0,
            "page 1 is on the back of the contents"
        );
        for (i, page) in volume.pages.iter().enumerate() {
            let Some(number) = page.number.as_ref().and_then(|n| n.parse::<usize>().ok()) else {
                continue;
            };
            assert_eq!(number % 2, 1 - i % 2, "front pages have odd numbers");
            let (x, moved) = (page.number_box_pt.unwrap().x0.value(), page.number_place);
            if moved == juanzong::bind::Placed::AsAsked {
                assert_eq!(x > 200.0, i % 2 == 0, "numbers stand on the outer side");
            }
        }
    }
    let list = text_of(&out.path().join("评审材料袋/不装订/打印清单.pdf"));
    assert!(list.contains("沿长边翻转"), "{list}");
}

#[test]
fn a_signed_paper_comes_along_untouched() {
    let papers = tempfile::tempdir().unwrap();
    let path = papers.path().join("signed.pdf");
    let mut pdf = RawPdf::new();
    let root = pdf.add_pages(
        &[PageSpec { content: "0 0 9 9 re f", ..PageSpec::default() }],
        "/AcroForm << /SigFlags 3 /Fields [<< /FT /Sig /T (s) /V << /Type /Sig /Filter /Adobe.PPKLite /Contents <00> >> >>] >>",
    );
    let bytes = pdf.finish(root);
    digest::write_atomically(&path, &bytes).unwrap();
    let dossier = with_items(|item| {
        Some(if item.slot == "patents" {
            CheckedItem {
                path: path.clone(),
                sha256: Digest::of(&bytes),
                pages: 1,
                file_name: "专利（已签名）.pdf".to_owned(),
                report: Arc::clone(&item.report),
                ..item
            }
        } else {
            item
        })
    });
    let out = tempfile::tempdir().unwrap();
    let bound = bind_into(&dossier, out.path(), &BindOptions::default());
    let signed: Vec<_> = bound
        .manifest
        .items
        .iter()
        .filter_map(|i| Some((&i.slot, i.signed_original.clone()?)))
        .collect();
    let [(slot, kept)] = signed.as_slice() else {
        panic!("{signed:?}")
    };
    assert_eq!(*slot, "patents");
    assert!(
        kept.starts_with("电子版/已签名原件/") && kept.ends_with("专利（已签名）.pdf"),
        "{kept}"
    );
    assert_eq!(fs::read(out.path().join(kept)).unwrap(), bytes);
}

#[test]
fn forms_to_fill_in_need_no_complete_dossier() {
    let out = tempfile::tempdir().unwrap();
    let typesetter = Typesetter::new(&TemplateSource::BuiltIn).unwrap();
    let whole = sample();
    let names = bind::blank_forms(
        whole.pack(),
        whole.applicant(),
        whole.on(),
        &typesetter,
        out.path(),
    );
    let names = names.unwrap();
    assert_eq!(names.len(), 6, "{names:?}");
    for name in &names {
        assert!(out.path().join(name).exists());
    }
    assert!(text_of(&out.path().join("申报材料真实性承诺书.pdf")).contains("石油化工工程"));
}

/// Every file the print list names, read from its text.
fn listed(out: &Path) -> String {
    let text = text_of(&out.join("评审材料袋/不装订/打印清单.pdf"));
    text.split_whitespace().collect()
}

#[test]
fn the_print_list_names_files_where_they_are_with_volumes_and_without() {
    for file in ["004/dossier.toml", "003.toml"] {
        let dossier = sample_of(file);
        let out = tempfile::tempdir().unwrap();
        let bound = bind_into(&dossier, out.path(), &BindOptions::default());
        assert_eq!(bound.volumes.is_empty(), file == "003.toml");
        let list = listed(out.path());
        let mut named = 0;
        for made in &bound.manifest.files {
            let folders = ["评审材料袋/", "原件材料袋/"];
            let printed = folders.iter().any(|folder| made.path.starts_with(folder));
            if !printed || made.path.ends_with("打印清单.pdf") {
                continue;
            }
            // Together with what stands before it: a folder named twice would be found here.
            let path: String = made.path.split_whitespace().collect();
            assert!(list.contains(&path), "{path} is not in {list}");
            named += 1;
        }
        assert_eq!(list.matches(".pdf").count(), named, "{list}");
        assert!(!list.contains("不装订/不装订"), "{list}");
    }
}
