//! Blobs in S3-compatible storage: one object a blob, named by its digest, under the prefix of the address.
//!
//! The functions block, as all of [`super::Blobs`] does, and may be called from any thread: the work itself runs on a
//! small runtime of the bucket's own. What is read back is hashed, and bytes that are not what their name says are an error.

use std::{
    fs::File,
    io::{Read as _, Write as _},
    sync::{Arc, mpsc},
    time::Duration,
};

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt as _, RetryConfig, WriteMultipart,
    aws::AmazonS3Builder, path::Path,
};
use tokio::runtime::Runtime;

use super::StoreError;
use super::sealed;
use crate::digest::{Digest, Hasher};

/// Bytes sent in one part. S3 takes no part below 5 MiB but the last.
const PART: usize = 8 << 20;

/// The storage could not do it.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    /// The address is not one.
    #[error("`{0}` is not the address of a bucket; it looks like s3://bucket/prefix")]
    Address(String),
    /// The storage refused or is away.
    #[error("the blob storage could not do it")]
    Storage(#[from] object_store::Error),
    /// The work was cut short.
    #[error("the blob storage's work was cut short")]
    CutShort,
}

/// A bucket and the runtime its requests run on.
pub(super) struct Bucket {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    runtime: Option<Runtime>,
}

impl Bucket {
    /// The bucket of `s3://bucket/prefix`; keys, region and endpoint come from the usual `AWS_…` variables.
    pub(super) fn connect(url: &str) -> Result<Bucket, StoreError> {
        let wrong = || BucketError::Address(url.to_owned());
        let rest = url.strip_prefix("s3://").ok_or_else(wrong)?;
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if name.is_empty() {
            return Err(wrong().into());
        }
        // One library does TLS for every client of this process; this fails only when it is named already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = AmazonS3Builder::from_env()
            .with_bucket_name(name)
            .with_retry(RetryConfig {
                max_retries: 8,
                retry_timeout: Duration::from_secs(30),
                ..RetryConfig::default()
            })
            .with_client_options(
                ClientOptions::new()
                    .with_allow_http(true)
                    .with_connect_timeout(Duration::from_secs(5))
                    .with_timeout(Duration::from_mins(2)),
            );
        let store = builder.build().map_err(BucketError::from)?;
        Bucket::over(Arc::new(store), prefix)
    }

    /// Over any object store; tests take one in memory.
    pub(super) fn over(store: Arc<dyn ObjectStore>, prefix: &str) -> Result<Bucket, StoreError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("bucket")
            .enable_all()
            .build()?;
        Ok(Bucket {
            store,
            prefix: Path::from(prefix),
            runtime: Some(runtime),
        })
    }

    /// Keeps the bytes of a file, from its beginning. Once this returns the storage has acknowledged them.
    pub(super) fn put(&self, digest: Digest, mut file: File, bytes: u64) -> Result<(), StoreError> {
        let store = Arc::clone(&self.store);
        let at = self.key(digest);
        if bytes <= PART as u64 {
            let mut all = Vec::new();
            file.read_to_end(&mut all)?;
            return self.run(async move {
                store.put(&at, Bytes::from(all).into()).await?;
                Ok(())
            });
        }
        let (parts, mut next) = tokio::sync::mpsc::channel::<Bytes>(2);
        let reader = std::thread::spawn(move || -> std::io::Result<()> {
            loop {
                let mut part = Vec::with_capacity(PART);
                let read = (&file).take(PART as u64).read_to_end(&mut part)?;
                // Nobody takes parts any more only when the upload has failed; that error is the one to tell.
                if read == 0 || parts.blocking_send(part.into()).is_err() {
                    return Ok(());
                }
            }
        });
        let expected = bytes;
        let sent = self.run(async move {
            let upload = store.put_multipart(&at).await?;
            let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
            let mut sent = 0;
            while let Some(part) = next.recv().await {
                sent += part.len() as u64;
                upload.wait_for_capacity(3).await?;
                upload.put(part);
            }
            if sent == expected {
                upload.finish().await?;
            } else {
                // The disk failed under the reader: nothing half-sent becomes an object.
                upload.abort().await?;
            }
            Ok(())
        });
        let read = reader.join();
        sent?;
        read.unwrap_or_else(|_| Err(std::io::Error::other("the reading thread panicked")))?;
        Ok(())
    }

    /// Writes a blob into `file` and checks its digest; false when there is none.
    pub(super) fn fetch(&self, digest: Digest, file: &mut File) -> Result<bool, StoreError> {
        let store = Arc::clone(&self.store);
        let at = self.key(digest);
        let (parts, next) = mpsc::sync_channel::<Bytes>(4);
        let work = self.start(async move {
            let mut stream = match store.get(&at).await {
                Err(object_store::Error::NotFound { .. }) => return Ok(false),
                other => other?.into_stream(),
            };
            while let Some(part) = stream.try_next().await? {
                // A full channel holds this thread of the bucket's runtime for as long as the disk takes.
                let sent = tokio::task::block_in_place(|| parts.send(part));
                if sent.is_err() {
                    break;
                }
            }
            Ok(true)
        });
        let mut hasher = Hasher::default();
        let mut head: Vec<u8> = Vec::new();
        for part in next {
            hasher.update(&part);
            head.extend(
                part.iter()
                    .take(sealed::MAGIC.len().saturating_sub(head.len())),
            );
            file.write_all(&part)?;
        }
        let found = work.recv().map_err(|_| BucketError::CutShort)??;
        // What is sealed is named by its plain bytes: opening it will tell.
        let sealed = head == sealed::MAGIC;
        if found && !sealed && hasher.finish() != digest {
            return Err(StoreError::BlobAltered { sha256: digest });
        }
        Ok(found)
    }

    pub(super) fn contains(&self, digest: Digest) -> Result<bool, StoreError> {
        let store = Arc::clone(&self.store);
        let at = self.key(digest);
        self.run(async move {
            match store.head(&at).await {
                Ok(_) => Ok(true),
                Err(object_store::Error::NotFound { .. }) => Ok(false),
                Err(error) => Err(error),
            }
        })
    }

    /// Deletes a blob; one that is not there is as good as deleted.
    pub(super) fn delete(&self, digest: Digest) -> Result<(), StoreError> {
        let store = Arc::clone(&self.store);
        let at = self.key(digest);
        self.run(async move {
            match store.delete(&at).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
                Err(error) => Err(error),
            }
        })
    }

    /// Digests of all blobs, sorted.
    pub(super) fn all(&self) -> Result<Vec<Digest>, StoreError> {
        let store = Arc::clone(&self.store);
        let prefix = self.prefix.clone();
        let mut all: Vec<Digest> = self.run(async move {
            let objects = store.list(Some(&prefix));
            objects
                .try_filter_map(async |object| {
                    let name = object.location.filename().unwrap_or_default();
                    Ok(name.parse::<Digest>().ok())
                })
                .try_collect()
                .await
        })?;
        all.sort();
        Ok(all)
    }

    fn key(&self, digest: Digest) -> Path {
        let hex = digest.to_hex();
        let folder = hex.get(..2).unwrap_or_default().to_owned();
        self.prefix.clone().join(folder).join(hex)
    }

    fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, object_store::Error>> + Send + 'static,
    ) -> Result<T, StoreError> {
        let done = self.start(work).recv();
        Ok(done.map_err(|_| BucketError::CutShort)??)
    }

    fn start<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, object_store::Error>> + Send + 'static,
    ) -> mpsc::Receiver<Result<T, BucketError>> {
        let (tell, told) = mpsc::sync_channel(1);
        if let Some(runtime) = &self.runtime {
            runtime.spawn(async move {
                // Nobody waits any more only when the caller is gone.
                let _ = tell.send(work.await.map_err(BucketError::from));
            });
        }
        told
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        // A runtime may not be dropped inside another; this way it may.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bucket").finish_non_exhaustive()
    }
}
