//! The folder of a bound dossier (DESIGN §8): everything goes into a temporary folder first and is renamed into place, the
//! manifest last. When anything fails, nothing is left behind and what was there before stays.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use super::{error::BindError, manifest::ManifestFile};
use crate::digest::Digest;

pub(super) const REVIEW_BAG: &str = "评审材料袋";
pub(super) const ORIGINALS_BAG: &str = "原件材料袋";
pub(super) const UNBOUND: &str = "不装订";
pub(super) const ELECTRONIC: &str = "电子版";
/// Untouched files whose signatures do not survive binding.
pub(super) const SIGNED: &str = "已签名原件";
pub(super) const MANIFEST: &str = "manifest.json";

/// Where the paper `i` of an unbound slot stands in the bag.
pub(super) fn unbound_name(title: &str, i: usize) -> String {
    let more = match i {
        0 => String::new(),
        i => format!("-{}", i + 1),
    };
    format!("{UNBOUND}/{}{more}.pdf", file_name(title))
}

/// A title as a file name: without 《》 and what file systems forbid.
pub(super) fn file_name(title: &str) -> String {
    const FORBIDDEN: &str = "/\\:*?\"<>|《》";
    let name: String = title
        .chars()
        .filter(|c| !FORBIDDEN.contains(*c) && !c.is_control())
        .collect();
    let name = name.trim().trim_matches('.').to_owned();
    if name.is_empty() {
        "材料".to_owned()
    } else {
        name
    }
}

/// The folder being written.
pub(super) struct Folder {
    temporary: tempfile::TempDir,
    target: PathBuf,
    noted: Mutex<Vec<ManifestFile>>,
    /// Files that are not on the disk yet.
    unsynced: Mutex<Vec<File>>,
}

impl Folder {
    pub(super) fn new(target: &Path) -> Result<Folder, BindError> {
        let temporary = tempfile::Builder::new()
            .prefix(".binding-")
            .tempdir_in(target)
            .map_err(at(target))?;
        Ok(Folder {
            temporary,
            target: target.to_owned(),
            noted: Mutex::default(),
            unsynced: Mutex::default(),
        })
    }

    /// A new file below the folder, open for reading and writing.
    pub(super) fn create(&self, name: &Path) -> Result<File, BindError> {
        let path = self.temporary.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(at(parent))?;
        }
        OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(at(&path))
    }

    pub(super) fn write(&self, name: &Path, bytes: &[u8]) -> Result<(), BindError> {
        let mut file = self.create(name)?;
        file.write_all(bytes).map_err(at(name))?;
        self.sync_later(file);
        if name != Path::new(MANIFEST) {
            self.note(
                &name.to_string_lossy(),
                Digest::of(bytes),
                bytes.len() as u64,
            );
        }
        Ok(())
    }

    /// Takes a finished file that shall be on the disk before anything is renamed into place; nobody waits for it until then.
    pub(super) fn sync_later(&self, file: File) {
        let mut unsynced = self.unsynced.lock().unwrap_or_else(PoisonError::into_inner);
        unsynced.push(file);
    }

    /// A file that is only read again by the worker.
    pub(super) fn scratch(&self, bytes: &[u8]) -> Result<File, BindError> {
        let mut file = tempfile::tempfile_in(self.temporary.path()).map_err(at(&self.target))?;
        file.write_all(bytes).map_err(at(&self.target))?;
        Ok(file)
    }

    pub(super) fn note(&self, path: &str, sha256: Digest, size_bytes: u64) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.push(ManifestFile {
            path: path.to_owned(),
            sha256,
            size_bytes,
        });
    }

    pub(super) fn files(&self) -> Vec<ManifestFile> {
        let noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let mut files = noted.clone();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }

    /// Moves everything into place, the manifest last; what stood there before is moved away first and comes back when
    /// something fails.
    pub(super) fn into_place(self) -> Result<(), BindError> {
        let mut unsynced = self.unsynced.lock().unwrap_or_else(PoisonError::into_inner);
        let mut files = unsynced.drain(..);
        files
            .try_for_each(|file| file.sync_all())
            .map_err(at(&self.target))?;
        drop(files);
        drop(unsynced);
        let mut names = Vec::new();
        for entry in fs::read_dir(self.temporary.path()).map_err(at(&self.target))? {
            names.push(entry.map_err(at(&self.target))?.file_name());
        }
        names.sort_by_key(|name| (name == MANIFEST, name.clone()));
        let old = self.temporary.path().join(".old");
        fs::create_dir(&old).map_err(at(&old))?;
        let mut moved = Vec::new();
        for name in &names {
            let (from, to) = (self.temporary.path().join(name), self.target.join(name));
            let before = old.join(name);
            let had = fs::rename(&to, &before).is_ok();
            let result = fs::rename(&from, &to);
            moved.push((to, before, had));
            if let Err(cause) = result {
                for (to, before, had) in moved.iter().rev() {
                    let _ = fs::rename(to, self.temporary.path().join(".undone"));
                    if *had {
                        let _ = fs::rename(before, to);
                    }
                }
                return Err(at(&self.target)(cause));
            }
        }
        File::open(&self.target)
            .and_then(|folder| folder.sync_all())
            .map_err(at(&self.target))
    }
}

pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> BindError + use<> {
    let path = path.to_owned();
    move |cause| BindError::Io { path, cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_file_names() {
        assert_eq!(file_name("《专业技术人员情况表》"), "专业技术人员情况表");
        assert_eq!(file_name("../a:b"), "ab");
        assert_eq!(file_name("《》"), "材料");
    }
}
