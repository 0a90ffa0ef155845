//! The sample dossier of notice 004, built in: what `demo` and `serve --sample` show. Every person and firm in it is invented.

use std::{io, path::Path};

use include_dir::{Dir, include_dir};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/sample/004");

/// Name of the dossier file among [`files`].
pub const DOSSIER_FILE: &str = "dossier.toml";

/// The day the sample is made for.
pub const ON: jiff::civil::Date = jiff::civil::date(2024, 8, 20);

/// The files of the sample, by name.
pub fn files() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    FILES
        .files()
        .filter_map(|file| Some((file.path().to_str()?, file.contents())))
}

/// Writes the files of the sample into `folder`.
pub fn unpack(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (name, bytes) in files() {
        crate::digest::write_atomically(&folder.join(name), bytes)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_reads_and_every_file_of_it_is_used_once() {
        let folder = tempfile::tempdir().unwrap();
        unpack(folder.path()).unwrap();
        let dossier = crate::dossier::read(&folder.path().join(DOSSIER_FILE)).unwrap();
        let mut used: Vec<_> = dossier.items.iter().map(|item| item.file.clone()).collect();
        used.sort();
        let mut there: Vec<_> = files()
            .filter(|(name, _)| *name != DOSSIER_FILE)
            .map(|(name, _)| folder.path().join(name))
            .collect();
        there.sort();
        assert_eq!(used, there);
    }
}
