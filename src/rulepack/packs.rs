//! All packs there are: those built in, and those of a folder beside them.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use include_dir::{Dir, include_dir};

use super::{Pack, PackErrors, Problem, load};
use crate::{digest::Digest, lang::Bilingual};

/// The folder `rules/` as it was when the program was built.
pub(crate) static RULES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// All packs, by id; of each id its newest version answers, older ones are found by digest.
#[derive(Clone, Debug, Default)]
pub struct Packs {
    newest: BTreeMap<String, Arc<Pack>>,
    all: Vec<Arc<Pack>>,
}

impl Packs {
    /// The packs that are built in.
    ///
    /// They are loaded in every test run, so they cannot fail here; should one all the same, it is left out.
    pub fn builtin() -> Packs {
        match Packs::read_builtin() {
            Ok(packs) | Err((packs, _)) => packs,
        }
    }

    /// The packs that are built in, or everything that is wrong with them.
    pub fn try_builtin() -> Result<Packs, PackErrors> {
        Packs::read_builtin().map_err(|(_, errors)| errors)
    }

    fn read_builtin() -> Result<Packs, (Packs, PackErrors)> {
        let mut packs = Packs::default();
        let mut problems = Vec::new();
        for file in RULES.files() {
            let path = file.path();
            if path.extension().is_some_and(|ext| ext == "toml") {
                let name = format!("rules/{}", path.display());
                packs.take(&name, path, file.contents(), &mut problems);
            }
        }
        packs.finish(problems)
    }

    /// The packs that are built in, and those of a folder: a file there replaces the built-in pack of the same id,
    /// unless its version is lower. Older versions stay known by their digest.
    pub fn with_folder(folder: &Path) -> Result<Packs, PackErrors> {
        let mut packs = Packs::try_builtin()?;
        let mut problems = Vec::new();
        let mut names = Vec::new();
        match std::fs::read_dir(folder) {
            Ok(entries) => {
                for entry in entries.flatten() {
                    let path = entry.path();
                    if path.extension().is_some_and(|ext| ext == "toml") && path.is_file() {
                        names.push(path);
                    }
                }
            }
            Err(error) => problems.push(Problem {
                file: folder.display().to_string(),
                line: 1,
                key: String::new(),
                message: Bilingual::new(
                    format!("无法读取文件夹：{error}"),
                    format!("the folder cannot be read: {error}"),
                ),
                allowed: Vec::new(),
            }),
        }
        names.sort();
        let beside = packs.all.len();
        for path in names {
            let name = path.display().to_string();
            match std::fs::read(&path) {
                Ok(bytes) => packs.take(&name, &path, &bytes, &mut problems),
                Err(error) => problems.push(Problem {
                    file: name,
                    line: 1,
                    key: String::new(),
                    message: Bilingual::new(
                        format!("无法读取：{error}"),
                        format!("cannot be read: {error}"),
                    ),
                    allowed: Vec::new(),
                }),
            }
        }
        packs.twins(beside, &mut problems);
        packs.finish(problems).map_err(|(_, errors)| errors)
    }

    /// Two texts of a folder (those from `beside` on) that call themselves the same version: nobody could choose one.
    fn twins(&self, beside: usize, problems: &mut Vec<Problem>) {
        let of_folder = self.all.get(beside..).unwrap_or_default();
        for (index, pack) in of_folder.iter().enumerate() {
            let earlier = of_folder.iter().take(index);
            let mut same = earlier.filter(|p| p.id == pack.id && p.version == pack.version);
            if same.next().is_some() {
                problems.push(Problem {
                    file: format!("{}@{}.toml", pack.id, pack.version),
                    line: 1,
                    key: "version".to_owned(),
                    message: Bilingual::new(
                        format!("`{}` 的版本 {} 有两个不同的文件", pack.id, pack.version),
                        format!(
                            "two files differ and both are version {} of `{}`",
                            pack.version, pack.id
                        ),
                    ),
                    allowed: Vec::new(),
                });
            }
        }
    }

    /// The newest version of the pack with this id.
    pub fn get(&self, id: &str) -> Option<&Arc<Pack>> {
        self.newest.get(id)
    }
    /// A version of the pack with this id; of two texts that name the same version the one taken last.
    pub fn version(&self, id: &str, version: u32) -> Option<&Arc<Pack>> {
        let mut all = self.all.iter().rev();
        all.find(|pack| pack.id == id && pack.version == version)
    }
    /// Every version of the pack with this id, oldest first.
    pub fn versions(&self, id: &str) -> Vec<&Arc<Pack>> {
        let mut all: Vec<_> = self.all.iter().filter(|pack| pack.id == id).collect();
        all.sort_by_key(|pack| pack.version);
        all
    }
    /// The pack whose file has this digest: the version a dossier began with.
    pub fn by_digest(&self, sha256: &Digest) -> Option<&Arc<Pack>> {
        self.all.iter().find(|pack| pack.sha256 == *sha256)
    }
    /// The newest version of each pack, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Pack>> {
        self.newest.values()
    }
    /// All ids.
    pub fn ids(&self) -> Vec<&str> {
        self.newest.keys().map(String::as_str).collect()
    }

    fn take(&mut self, name: &str, path: &Path, bytes: &[u8], problems: &mut Vec<Problem>) {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let Ok(text) = std::str::from_utf8(bytes) else {
            problems.push(Problem {
                file: name.to_owned(),
                line: 1,
                key: String::new(),
                message: Bilingual::new("不是 UTF-8 文本", "is not UTF-8 text"),
                allowed: Vec::new(),
            });
            return;
        };
        match load(name, &stem, text) {
            Ok(pack) => {
                if self.by_digest(&pack.sha256).is_none() {
                    self.all.push(Arc::new(pack));
                }
            }
            Err(mut found) => problems.append(&mut found),
        }
    }

    fn finish(mut self, problems: Vec<Problem>) -> Result<Packs, (Packs, PackErrors)> {
        for pack in &self.all {
            let known = self.newest.get(&pack.id);
            if known.is_none_or(|known| known.version <= pack.version) {
                self.newest.insert(pack.id.clone(), Arc::clone(pack));
            }
        }
        if problems.is_empty() {
            Ok(self)
        } else {
            Err((self, PackErrors(problems)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_pack_loads() {
        let packs = Packs::try_builtin().map_err(|e| e.to_string()).unwrap();
        assert!(packs.get("lianyungang-gongxin-kaohe-2024").is_some());
    }
}
