//! The papers of a dossier, opened once: what is hashed again is what the volumes are written from.

use std::{collections::BTreeMap, fs::File, path::Path};

use super::{error::BindError, folder::at, plan::Plan};
use crate::{
    digest::{Digest, Hasher},
    dossier::{CheckedDossier, CheckedItem},
};

/// The files of the papers that are bound.
pub(super) struct Papers<'d> {
    /// By the paper's index in the dossier.
    opened: BTreeMap<usize, (&'d CheckedItem, File)>,
}

impl<'d> Papers<'d> {
    /// Opens every paper of the volumes.
    pub(super) fn open(dossier: &'d CheckedDossier, plan: &Plan) -> Result<Papers<'d>, BindError> {
        let planned = plan.volumes.iter().flat_map(|volume| &volume.papers);
        let opened = planned.filter_map(|paper| {
            let item = dossier.items().get(paper.index)?;
            let file = File::open(&item.path).map_err(at(&item.path));
            Some(file.map(|file| (paper.index, (item, file))))
        });
        let opened = opened.collect::<Result<_, BindError>>()?;
        Ok(Papers { opened })
    }

    /// A paper of a volume, and its file.
    pub(super) fn get(&self, index: usize) -> Option<(&'d CheckedItem, &File)> {
        let (item, file) = self.opened.get(&index)?;
        Some((item, file))
    }

    /// Whether each of them still has the digest it had when it was checked.
    pub(super) fn unchanged(&self) -> Result<(), BindError> {
        let mut opened = self.opened.values();
        opened.try_for_each(|(item, file)| unchanged(item, file))
    }
}

/// Whether a file still has the digest it had when it was checked.
pub(super) fn unchanged(item: &CheckedItem, file: &File) -> Result<(), BindError> {
    if digest_of(file, &item.path)? == item.sha256 {
        return Ok(());
    }
    Err(BindError::Changed {
        slot: item.slot.clone(),
        file_name: item.file_name.clone(),
    })
}

/// The digest of a file, wherever its cursor stands.
fn digest_of(file: &File, path: &Path) -> Result<Digest, BindError> {
    use std::os::unix::fs::FileExt as _;
    const WINDOW: usize = 256 * 1024;
    let mut hasher = Hasher::default();
    let mut window = vec![0; WINDOW];
    let mut offset = 0;
    loop {
        let n = file.read_at(&mut window, offset).map_err(at(path))?;
        let Some(bytes) = window.get(..n).filter(|bytes| !bytes.is_empty()) else {
            return Ok(hasher.finish());
        };
        hasher.update(bytes);
        offset += n as u64;
    }
}
