//! Bytes on local disk or in a bucket, named by their SHA-256, never changed after they are written.
//!
//! Bytes come in through a [`Spool`]: a temporary file that hashes what passes. Keeping it syncs the file, renames it
//! to its digest and syncs the folder, or sends it to the bucket. What is read from a bucket passes through the spool,
//! so that a node keeps nothing. With a key file, what lies on the shelf is sealed (`sealed.rs`); the spool is not: it holds what is
//! under way, in files that have no name where they need none. All functions block; async callers run them off the async threads.
//! The file name a person gave is never part of a path.

use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use tempfile::NamedTempFile;

use super::{
    StoreConfig, StoreError,
    bucket::Bucket,
    sealed::{BlobKey, is_sealed},
};
use crate::digest::{Digest, HashingWriter};

/// The blobs, and the spool in front of them.
#[derive(Clone, Debug)]
pub struct Blobs {
    shelf: Shelf,
    spool: PathBuf,
    key: Option<Arc<BlobKey>>,
}

/// Where kept bytes lie.
#[derive(Clone, Debug)]
enum Shelf {
    /// `blobs/` in the data folder.
    Folder(PathBuf),
    /// S3-compatible storage that many nodes share.
    Bucket(Arc<Bucket>),
}

impl Blobs {
    /// Opens (and makes) the spool, and `blobs/` where no bucket is named.
    pub(super) fn at(config: &StoreConfig) -> Result<Blobs, StoreError> {
        let shelf = match &config.blob_url {
            None => {
                let kept = config.folder.join("blobs");
                fs::create_dir_all(&kept)?;
                Shelf::Folder(kept)
            }
            Some(url) => Shelf::Bucket(Arc::new(Bucket::connect(url)?)),
        };
        let spool = config.folder.join("spool");
        fs::create_dir_all(&spool)?;
        let key = config.blob_key.as_deref().map(BlobKey::read).transpose()?;
        let key = key.map(Arc::new);
        Ok(Blobs { shelf, spool, key })
    }
    /// A place to write bytes whose digest is not known yet. Dropped without being kept, it leaves nothing.
    pub fn spool(&self) -> Result<Spool, StoreError> {
        let file = tempfile::Builder::new()
            .prefix("upload-")
            .tempfile_in(&self.spool)?;
        Ok(Spool(HashingWriter::new(file)))
    }
    /// Whether the disk takes bytes: more than fit into the entry of a file.
    pub(super) fn takes_bytes(&self) -> Result<(), StoreError> {
        let mut spool = self.spool()?;
        spool.write_all(&vec![0; 1 << 16])?;
        spool.finish()?;
        Ok(())
    }
    /// The spool itself.
    pub(super) fn spool_folder(&self) -> &Path {
        &self.spool
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
        if self.contains(digest)? {
            return Ok(digest);
        }
        let spooled = self.sealed(spooled)?;
        match &self.shelf {
            Shelf::Folder(kept) => keep_in_folder(kept, spooled)?,
            Shelf::Bucket(bucket) => bucket.put(digest, spooled.open()?, spooled.size_bytes)?,
        }
        Ok(digest)
    }
    /// The bytes as they go on the shelf.
    fn sealed(&self, spooled: Spooled) -> Result<Spooled, StoreError> {
        let Some(key) = &self.key else {
            return Ok(spooled);
        };
        let mut file = tempfile::Builder::new()
            .prefix("sealed-")
            .tempfile_in(&self.spool)?;
        let size_bytes = key.seal(spooled.digest, spooled.open()?, &mut file)?;
        file.flush()?;
        Ok(Spooled {
            file,
            digest: spooled.digest,
            size_bytes,
        })
    }
    /// The plain bytes of what came from the shelf.
    fn plain(&self, digest: Digest, mut file: File) -> Result<File, StoreError> {
        if !is_sealed(&mut file)? {
            return Ok(file);
        }
        let sealed = StoreError::BlobSealed { sha256: digest };
        let key = self.key.as_ref().ok_or(sealed)?;
        let mut plain = tempfile::tempfile_in(&self.spool)?;
        key.unseal(digest, file, &mut plain)?;
        plain.rewind()?;
        Ok(plain)
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
        let file = match &self.shelf {
            Shelf::Folder(kept) => {
                File::open(place(kept, digest)).map_err(|error| missing(error, digest))?
            }
            Shelf::Bucket(bucket) => {
                let mut file = tempfile::tempfile_in(&self.spool)?;
                fetched(bucket, digest, &mut file)?;
                file.rewind()?;
                file
            }
        };
        self.plain(digest, file)
    }
    /// A file of the blob's bytes on this machine: its own place, or a copy in `folder` that goes when the folder goes.
    pub fn local(&self, digest: Digest, folder: &Path) -> Result<PathBuf, StoreError> {
        if let (Shelf::Folder(kept), None) = (&self.shelf, &self.key) {
            return Ok(place(kept, digest));
        }
        let path = folder.join(digest.to_hex());
        if !path.exists() {
            let mut copy = NamedTempFile::new_in(folder)?;
            match (&self.shelf, &self.key) {
                (Shelf::Bucket(bucket), None) => fetched(bucket, digest, copy.as_file_mut())?,
                _ => {
                    io::copy(&mut self.open(digest)?, &mut copy)?;
                }
            }
            copy.persist(&path).map_err(|error| error.error)?;
        }
        Ok(path)
    }
    /// [`Blobs::open`], off the async threads.
    pub async fn opened(&self, digest: Digest) -> Result<File, StoreError> {
        let blobs = self.clone();
        let opened = tokio::task::spawn_blocking(move || blobs.open(digest));
        opened.await.map_err(io::Error::other)?
    }
    /// [`Blobs::local`], off the async threads.
    pub async fn localised(&self, digest: Digest, folder: &Path) -> Result<PathBuf, StoreError> {
        let (blobs, folder) = (self.clone(), folder.to_owned());
        let local = tokio::task::spawn_blocking(move || blobs.local(digest, &folder));
        local.await.map_err(io::Error::other)?
    }
    /// All bytes of a blob.
    pub fn read(&self, digest: Digest) -> Result<Vec<u8>, StoreError> {
        let mut bytes = Vec::new();
        self.open(digest)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
    /// Whether it is kept.
    pub fn contains(&self, digest: Digest) -> Result<bool, StoreError> {
        match &self.shelf {
            Shelf::Folder(kept) => Ok(place(kept, digest).exists()),
            Shelf::Bucket(bucket) => bucket.contains(digest),
        }
    }
    /// Digests of all blobs, sorted.
    pub fn all(&self) -> Result<Vec<Digest>, StoreError> {
        let kept = match &self.shelf {
            Shelf::Folder(kept) => kept,
            Shelf::Bucket(bucket) => return bucket.all(),
        };
        let mut all = Vec::new();
        for folder in fs::read_dir(kept)? {
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
        let path = match &self.shelf {
            Shelf::Folder(kept) => place(kept, digest),
            Shelf::Bucket(bucket) => return bucket.delete(digest),
        };
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

/// Where a blob is or would be: `blobs/ab/abcd…`.
fn place(kept: &Path, digest: Digest) -> PathBuf {
    let hex = digest.to_hex();
    kept.join(hex.get(..2).unwrap_or_default()).join(&hex)
}

fn keep_in_folder(kept: &Path, spooled: Spooled) -> Result<(), StoreError> {
    let path = place(kept, spooled.digest);
    if path.exists() {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(kept);
    if !folder.exists() {
        fs::create_dir_all(folder)?;
        File::open(kept)?.sync_all()?;
    }
    spooled.file.as_file().sync_all()?;
    spooled.file.persist(&path).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()?;
    Ok(())
}

fn fetched(bucket: &Bucket, sha256: Digest, file: &mut File) -> Result<(), StoreError> {
    if bucket.fetch(sha256, file)? {
        Ok(())
    } else {
        Err(StoreError::BlobMissing { sha256 })
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

    fn in_folder() -> (tempfile::TempDir, Blobs) {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::at(&StoreConfig::in_folder(folder.path())).unwrap();
        (folder, blobs)
    }

    fn in_bucket() -> (tempfile::TempDir, Blobs) {
        let (folder, blobs) = in_folder();
        let memory = Arc::new(object_store::memory::InMemory::new());
        let bucket = Bucket::over(memory, "office/a").unwrap();
        let shelf = Shelf::Bucket(Arc::new(bucket));
        (folder, Blobs { shelf, ..blobs })
    }

    /// The same, sealed.
    fn with_key((folder, blobs): (tempfile::TempDir, Blobs)) -> (tempfile::TempDir, Blobs) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = folder.path().join("blob.key");
        crate::digest::write_atomically(&path, "5a".repeat(32).as_bytes()).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let key = Some(Arc::new(BlobKey::read(&path).unwrap()));
        (folder, Blobs { key, ..blobs })
    }

    #[test]
    fn what_lies_on_the_shelf_is_sealed_and_what_was_there_before_can_be_read() {
        let (folder, plain) = in_folder();
        let before = plain.put(b"a plain paper").unwrap();
        let (_folder, sealed) = with_key((folder, plain.clone()));
        let after = sealed.put(b"a sealed paper").unwrap();
        assert_eq!(sealed.read(before).unwrap(), b"a plain paper");
        assert_eq!(sealed.read(after).unwrap(), b"a sealed paper");
        let Shelf::Folder(kept) = &sealed.shelf else {
            panic!("a folder");
        };
        let bytes = fs::read(place(kept, after)).unwrap();
        assert!(!bytes.windows(6).any(|some| some == b"sealed"));
        let without = plain.read(after);
        assert!(matches!(without, Err(StoreError::BlobSealed { .. })));
    }

    #[test]
    fn what_is_kept_reads_back_under_its_digest() {
        for (folder, blobs) in [
            in_folder(),
            in_bucket(),
            with_key(in_folder()),
            with_key(in_bucket()),
        ] {
            let digest = blobs.put(b"abc").unwrap();
            assert_eq!(digest, Digest::of(b"abc"));
            assert_eq!(blobs.put(b"abc").unwrap(), digest);
            assert_eq!(blobs.read(digest).unwrap(), b"abc");
            let copy = blobs.local(digest, folder.path()).unwrap();
            assert_eq!(fs::read(copy).unwrap(), b"abc");
            assert_eq!(blobs.all().unwrap(), [digest]);
            assert!(blobs.spooled().unwrap().is_empty());
        }
    }

    #[test]
    fn what_is_dropped_or_deleted_leaves_nothing() {
        for (_folder, blobs) in [in_folder(), in_bucket()] {
            let mut spool = blobs.spool().unwrap();
            spool.write_all(b"half").unwrap();
            assert_eq!(blobs.spooled().unwrap().len(), 1);
            drop(spool);
            assert!(blobs.spooled().unwrap().is_empty());
            let digest = blobs.put(b"abc").unwrap();
            assert!(blobs.contains(digest).unwrap());
            blobs.delete(digest).unwrap();
            blobs.delete(digest).unwrap();
            assert!(!blobs.contains(digest).unwrap());
            assert!(matches!(
                blobs.read(digest),
                Err(StoreError::BlobMissing { .. })
            ));
        }
    }

    #[test]
    fn a_big_blob_goes_to_a_bucket_in_parts_and_comes_back_whole() {
        let (_folder, blobs) = in_bucket();
        let bytes: Vec<u8> = (0..20_000_000_u32).map(|n| (n % 251) as u8).collect();
        let digest = blobs.put(&bytes).unwrap();
        assert_eq!(Digest::of(&blobs.read(digest).unwrap()), digest);
    }

    #[test]
    fn an_address_that_is_none_is_named() {
        let mut config = StoreConfig::in_folder(tempfile::tempdir().unwrap().path());
        config.blob_url = Some("https://example.test/bucket".to_owned());
        let error = Blobs::at(&config).unwrap_err();
        assert!(error.to_string().contains("s3://bucket/prefix"), "{error}");
    }
}
