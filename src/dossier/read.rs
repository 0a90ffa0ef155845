//! The dossier file of the command line: TOML in, a [`Dossier`] or everything that is wrong with it out.
//!
//! Files are named relative to the dossier file and must lie below its folder: no absolute path, no `..`, and no link
//! that leads out. Whether a slot exists in the notice is the business of [`super::check()`].

use std::{
    io,
    path::{Component, Path, PathBuf},
};

use super::Dossier;
use crate::rulepack::{
    PackErrors,
    pack_shape::CIRCUMSTANCE_LIST,
    read::{
        Source,
        Step::{At, Key},
    },
    shape::{Field, Form, Shape, optional, required},
};

const APPLICANT: &[Field] = &[
    required("name", Shape::Text, "姓名"),
    optional("sex", Shape::Choice(&["男", "女"]), "性别"),
    optional("born", Shape::Day, "出生日期"),
    optional("id_number", Shape::Text, "公民身份号码"),
    optional("unit", Shape::Text, "工作单位"),
    optional("phone", Shape::Text, "联系电话"),
    optional("specialty", Shape::Text, "申报专业"),
    optional("specialty_short", Shape::Text, "申报专业简称"),
    optional("current_title", Shape::Text, "现专业技术资格"),
    optional("applied_title", Shape::Text, "申报资格"),
    optional(
        "circumstances",
        CIRCUMSTANCES_OR_NONE,
        "which circumstances hold; an empty list says none does",
    ),
    optional("more", Shape::Texts, "everything else a form asks for"),
];

const CIRCUMSTANCES_OR_NONE: Shape = match CIRCUMSTANCE_LIST {
    Shape::List { of, .. } => Shape::List { of, at_least: 0 },
    other => other,
};

const ITEM: &[Field] = &[
    required("slot", Shape::Text, "slot it belongs in"),
    required("file", Shape::Text, "file, relative to the dossier file"),
    optional("title", Shape::Text, "as it stands in the contents page"),
    optional("note", Shape::Text, "备注 of the contents row"),
];

const ABSENT: &[Field] = &[
    required("slot", Shape::Text, "slot that stays empty"),
    required("reason", Shape::Text, "why, in one sentence"),
];

/// Every key of a dossier file.
pub(super) const DOSSIER: &[Field] = &[
    required("notice", Shape::Formed(Form::Id), "id of the rule pack"),
    required("applicant", Shape::Table(APPLICANT), "who applies"),
    optional(
        "item",
        Shape::List {
            of: &Shape::Table(ITEM),
            at_least: 0,
        },
        "the papers, in the applicant's order within a slot",
    ),
    optional(
        "absent",
        Shape::List {
            of: &Shape::Table(ABSENT),
            at_least: 0,
        },
        "what is absent, and why",
    ),
    optional(
        "pack_sha256",
        Shape::Text,
        "SHA-256 of the pack it began with; absent for the newest",
    ),
];

/// Why a dossier file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum DossierError {
    /// The file itself could not be read.
    #[error("the dossier file `{}` could not be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// What is written in it does not fit: everything at once.
    #[error("{0}")]
    Wrong(PackErrors),
}

impl DossierError {
    /// Its stable code.
    pub fn code(&self) -> &'static str {
        match self {
            DossierError::Unreadable { .. } => "dossier_unreadable",
            DossierError::Wrong(_) => "dossier_wrong",
        }
    }
}

/// Reads a dossier file. The paths of its items become paths that can be opened: the folder of the dossier file and the item's file.
pub fn read(path: &Path) -> Result<Dossier, DossierError> {
    let text = std::fs::read_to_string(path).map_err(|error| DossierError::Unreadable {
        path: path.to_owned(),
        error,
    })?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    read_text(
        &path.display().to_string(),
        &text,
        folder.unwrap_or(Path::new(".")),
    )
}

/// Reads the text of a dossier file that stands in `folder`.
pub fn read_text(file: &str, text: &str, folder: &Path) -> Result<Dossier, DossierError> {
    let mut source = Source::parse(file, text);
    let value = source.fit(DOSSIER);
    if source.has_problems() {
        // Paths are looked at all the same, so that one answer says all that is wrong.
        let names = value.get("item").and_then(|items| items.as_array());
        for (index, item) in names.into_iter().flatten().enumerate() {
            if let Some(name) = item.get("file").and_then(|name| name.as_str()) {
                let _ = below(folder, Path::new(name))
                    .map_err(|why| wrong_path(&mut source, index, name, why));
            }
        }
        return Err(DossierError::Wrong(PackErrors(source.problems())));
    }
    let mut dossier: Dossier = match serde_json::from_value(value) {
        Ok(dossier) => dossier,
        Err(error) => {
            source.wrong(&[], format!("无法读取：{error}"), error.to_string());
            return Err(DossierError::Wrong(PackErrors(source.problems())));
        }
    };
    for (index, item) in dossier.items.iter_mut().enumerate() {
        match below(folder, &item.file) {
            Ok(path) => item.file = path,
            Err(why) => {
                let name = item.file.display().to_string();
                wrong_path(&mut source, index, &name, why);
            }
        }
    }
    let problems = source.problems();
    if problems.is_empty() {
        Ok(dossier)
    } else {
        Err(DossierError::Wrong(PackErrors(problems)))
    }
}

/// Why a path is not taken.
enum NotBelow {
    LeadsOut,
    Missing,
    NotAFile,
    Unreadable(io::Error),
}

fn below(folder: &Path, name: &Path) -> Result<PathBuf, NotBelow> {
    let plain = name
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !plain || name.as_os_str().is_empty() {
        return Err(NotBelow::LeadsOut);
    }
    let path = folder.join(name);
    let real = match path.canonicalize() {
        Ok(real) => real,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(NotBelow::Missing),
        Err(error) => return Err(NotBelow::Unreadable(error)),
    };
    let root = folder.canonicalize().map_err(NotBelow::Unreadable)?;
    if !real.starts_with(&root) {
        return Err(NotBelow::LeadsOut);
    }
    if real.is_file() {
        Ok(path)
    } else {
        Err(NotBelow::NotAFile)
    }
}

fn wrong_path(source: &mut Source<'_>, index: usize, name: &str, why: NotBelow) {
    let (zh, en) = match why {
        NotBelow::LeadsOut => (
            format!("`{name}` 不在卷宗文件所在的文件夹之内"),
            format!("`{name}` does not lie below the folder of the dossier file"),
        ),
        NotBelow::Missing => (
            format!("没有文件 `{name}`"),
            format!("there is no file `{name}`"),
        ),
        NotBelow::NotAFile => (
            format!("`{name}` 不是文件"),
            format!("`{name}` is not a file"),
        ),
        NotBelow::Unreadable(error) => (
            format!("文件 `{name}` 无法读取：{error}"),
            format!("the file `{name}` cannot be read: {error}"),
        ),
    };
    source.wrong(&[Key("item"), At(index), Key("file")], zh, en);
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
notice = "lianyungang-gongxin-kaohe-2024"
[applicant]
name = "王䶮"
born = 1990-02-28
circumstances = []
[[item]]
slot = "degree"
file = "a.pdf"
[[absent]]
slot = "awards"
reason = "无个人获奖"
"#;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        crate::digest::write_atomically(&folder.path().join("a.pdf"), b"x").unwrap();
        folder
    }

    fn problems(text: &str) -> Vec<String> {
        match read_text("d.toml", text, folder().path()) {
            Err(DossierError::Wrong(errors)) => errors.0.iter().map(ToString::to_string).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_dossier_is_read_and_its_files_can_be_opened() {
        let folder = folder();
        let dossier = read_text("d.toml", GOOD, folder.path()).unwrap();
        assert_eq!(dossier.applicant.name, "王䶮");
        assert!(dossier.items[0].file.is_file());
        assert_eq!(dossier.applicant.circumstances, Some(Vec::new()));
    }

    #[test]
    fn a_day_may_stand_in_quotes() {
        let folder = folder();
        let bare = read_text("d.toml", GOOD, folder.path()).unwrap();
        let quoted = GOOD.replace("1990-02-28", "\"1990-02-28\"");
        let quoted = read_text("d.toml", &quoted, folder.path()).unwrap();
        assert_eq!(bare.applicant, quoted.applicant);
        assert_eq!(
            problems(&GOOD.replace("1990-02-28", "\"1990-02\"")).len(),
            1
        );
    }

    #[test]
    fn everything_wrong_is_said_at_once_with_its_line() {
        let text = GOOD
            .replace("a.pdf", "../a.pdf")
            .replace("reason", "raison")
            .replace("1990-02-28", "1990-02-30");
        let said = problems(&text);
        assert_eq!(said.len(), 4, "{said:#?}");
        assert!(
            said.iter()
                .any(|s| s.starts_with("d.toml:9: item[1].file: "))
        );
        assert!(
            said.iter()
                .any(|s| s.contains("no key is named `raison`, allowed: slot, reason"))
        );
    }

    #[test]
    fn paths_stay_below_the_folder() {
        for name in ["/etc/passwd", "../a.pdf", "x/../../a.pdf", "."] {
            let said = problems(&GOOD.replace("a.pdf", name));
            assert_eq!(said.len(), 1, "{said:?}");
        }
        assert!(problems(&GOOD.replace("a.pdf", "b.pdf"))[0].ends_with("there is no file `b.pdf`"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_out_is_not_followed() {
        let (inside, outside) = (folder(), folder());
        let link = inside.path().join("link.pdf");
        std::os::unix::fs::symlink(outside.path().join("a.pdf"), link).unwrap();
        let text = GOOD.replace("a.pdf", "link.pdf");
        assert!(read_text("d.toml", &text, inside.path()).is_err());
    }
}
