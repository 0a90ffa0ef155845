//! Bytes on local disk, named by their SHA-256, never changed after they are written.
//!
//! Bytes come in through a [`Spool`]: a temporary file that hashes what passes. Keeping it syncs the file, renames it
//! to its digest and syncs the folder. All functions block; async callers run them off the async threads.
//! The file name a person gave is never part of a path.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use super::StoreError;
use crate::digest::{Digest, HashingWriter};

/// The folder of blobs.
#[derive(Clone, Debug)]
pub struct Blobs {
    kept: PathBuf,
    spool: PathBuf,
}

impl Blobs {
    /// Opens (and makes) `blobs/` and `spool/` in the data folder.
    pub(super) fn open_folder(data: &Path) -> Result<Blobs, StoreError> {
        let blobs = Blobs {
            kept: data.join("blobs"),
            spool: data.join("spool"),
        };
        fs::create_dir_all(&blobs.kept)?;
        fs::create_dir_all(&blobs.spool)?;
        Ok(blobs)
    }
    /// A place to write bytes whose digest is not known yet. Dropped without being kept, it leaves nothing.
    pub fn spool(&self) -> Result<Spool, StoreError> {
        let file = tempfile::Builder::new()
            .prefix("upload-")
            .tempfile_in(&self.spool)?;
        Ok(Spool(HashingWriter::new(file)))
    }
    /// An empty folder of its own in the spool for work on several files; gone when dropped.
    pub fn work_folder(&self) -> Result<tempfile::TempDir, StoreError> {
        Ok(tempfile::Builder::new()
            .prefix("work-")
            .tempdir_in(&self.spool)?)
    }
    /// Keeps spooled bytes under their digest. Once this returns they survive a power cut.
    pub fn keep(&self, spooled: Spooled) -> Result<Digest, StoreError> {
        let digest = spooled.digest;
        let path = self.path(digest);
        if path.exists() {
            return Ok(digest);
        }
        let folder = path.parent().unwrap_or(&self.kept);
        if !folder.exists() {
            fs::create_dir_all(folder)?;
            File::open(&self.kept)?.sync_all()?;
        }
        spooled.file.as_file().sync_all()?;
        spooled.file.persist(&path).map_err(|error| error.error)?;
        File::open(folder)?.sync_all()?;
        Ok(digest)
    }
    /// Keeps bytes that are in memory.
    pub fn put(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        let mut spool = self.spool()?;
        spool.write_all(bytes)?;
        self.keep(spool.finish()?)
    }
    /// Keeps a copy of a file, read once.
    pub fn put_file(&self, mut file: &File) -> Result<Digest, StoreError> {
        let mut spool = self.spool()?;
        io::copy(&mut file, &mut spool)?;
        self.keep(spool.finish()?)
    }
    /// Opens a blob for reading, for example to hand it to a worker.
    pub fn open(&self, digest: Digest) -> Result<File, StoreError> {
        File::open(self.path(digest)).map_err(|error| missing(error, digest))
    }
    /// All bytes of a blob.
    pub fn read(&self, digest: Digest) -> Result<Vec<u8>, StoreError> {
        let mut bytes = Vec::new();
        self.open(digest)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
    /// Whether it is kept.
    pub fn contains(&self, digest: Digest) -> bool {
        self.path(digest).exists()
    }
    /// Where it is or would be: `blobs/ab/abcd…`.
    pub fn path(&self, digest: Digest) -> PathBuf {
        let hex = digest.to_hex();
        self.kept.join(hex.get(..2).unwrap_or_default()).join(&hex)
    }
    /// Digests of all blobs, sorted.
    pub fn all(&self) -> Result<Vec<Digest>, StoreError> {
        let mut all = Vec::new();
        for folder in fs::read_dir(&self.kept)? {
            for file in fs::read_dir(folder?.path())? {
                let name = file?.file_name();
                all.extend(name.to_str().and_then(|n| n.parse::<Digest>().ok()));
            }
        }
        all.sort();
        Ok(all)
    }
    /// Names of what lies in the spool: empty when no upload is under way.
    pub fn spooled(&self) -> Result<Vec<String>, StoreError> {
        let mut names = Vec::new();
        for file in fs::read_dir(&self.spool)? {
            names.push(file?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }
    /// Removes what a killed server left in the spool; call it only where no other server uses the folder.
    pub fn sweep_spool(&self) -> Result<(), StoreError> {
        for entry in fs::read_dir(&self.spool)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                fs::remove_dir_all(entry.path())?;
            } else {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
    /// Deletes a blob; one that is not there is as good as deleted.
    pub(super) fn delete(&self, digest: Digest) -> Result<(), StoreError> {
        let path = self.path(digest);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        if let Some(folder) = path.parent().filter(|folder| folder.exists()) {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }
}

fn missing(error: io::Error, sha256: Digest) -> StoreError {
    if error.kind() == io::ErrorKind::NotFound {
        StoreError::BlobMissing { sha256 }
    } else {
        error.into()
    }
}

/// A temporary file that hashes what is written to it.
pub struct Spool(HashingWriter<NamedTempFile>);

impl Spool {
    /// Bytes written so far.
    pub fn written(&self) -> u64 {
        self.0.written()
    }
    /// No more bytes will come.
    pub fn finish(mut self) -> Result<Spooled, StoreError> {
        self.0.flush()?;
        let size_bytes = self.0.written();
        let (file, digest) = self.0.finish();
        Ok(Spooled {
            file,
            digest,
            size_bytes,
        })
    }
}

impl Write for Spool {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.write(buf)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Bytes in a temporary file, with their digest. Dropped without being kept, it leaves nothing.
#[derive(Debug)]
pub struct Spooled {
    file: NamedTempFile,
    digest: Digest,
    size_bytes: u64,
}

impl Spooled {
    /// SHA-256 of the bytes.
    pub fn digest(&self) -> Digest {
        self.digest
    }
    /// Number of bytes.
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }
    /// A second handle on the file, at its beginning.
    pub fn open(&self) -> Result<File, StoreError> {
        Ok(self.file.reopen()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blobs() -> (tempfile::TempDir, Blobs) {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open_folder(folder.path()).unwrap();
        (folder, blobs)
    }

    #[test]
    fn what_is_kept_reads_back_under_its_digest() {
        let (_folder, blobs) = blobs();
        let digest = blobs.put(b"abc").unwrap();
        assert_eq!(digest, Digest::of(b"abc"));
        assert_eq!(blobs.put(b"abc").unwrap(), digest);
        assert_eq!(blobs.read(digest).unwrap(), b"abc");
        assert_eq!(blobs.all().unwrap(), [digest]);
        assert!(blobs.spooled().unwrap().is_empty());
    }

    #[test]
    fn what_is_dropped_or_deleted_leaves_nothing() {
        let (_folder, blobs) = blobs();
        let mut spool = blobs.spool().unwrap();
        spool.write_all(b"half").unwrap();
        assert_eq!(blobs.spooled().unwrap().len(), 1);
        drop(spool);
        assert!(blobs.spooled().unwrap().is_empty());
        let digest = blobs.put(b"abc").unwrap();
        blobs.delete(digest).unwrap();
        blobs.delete(digest).unwrap();
        assert!(matches!(
            blobs.read(digest),
            Err(StoreError::BlobMissing { .. })
        ));
    }
}
