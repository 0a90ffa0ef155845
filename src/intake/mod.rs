//! Bytes on their way in: streamed to disk while hashed, within a limit, checked against the digest sent with them.
//!
//! Goes in: a stream of bytes from anywhere. Comes out: [`Spooled`] bytes in a temporary file, which whoever wants
//! them keeps. Deliberately absent: any look at what the bytes are.

mod content_digest;
mod error;
mod file_name;

pub use content_digest::wanted_sha256;
pub use error::IntakeError;
pub use file_name::FileName;

use std::{future::Future, io::Write as _, pin::pin, time::Duration};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};

use crate::{
    digest::Digest,
    store::{Blobs, Spool, Spooled, StoreError},
    units::ByteLen,
};

/// What an upload must keep to.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Most bytes taken.
    pub limit: ByteLen,
    /// Longest wait for the next bytes.
    pub patience: Duration,
    /// The digest the sender promised.
    pub sha256: Option<Digest>,
}

/// Bytes gathered before they are written, so that a file comes in few large writes off the async threads.
const BATCH_BYTES: usize = 1 << 20;

/// Takes all bytes of `stream` into a temporary file. When it fails, or is dropped, nothing is left on disk.
pub async fn receive<E>(
    stream: impl Stream<Item = Result<Bytes, E>>,
    blobs: &Blobs,
    terms: Terms,
) -> Result<Spooled, IntakeError>
where
    IntakeError: From<E>,
{
    let mut stream = pin!(stream);
    let mut spool = blobs.spool()?;
    let (mut batch, mut batched, mut received) = (Vec::new(), 0, 0_u64);
    while let Some(chunk) = patiently(stream.next(), terms.patience).await? {
        let chunk = chunk?;
        received += chunk.len() as u64;
        if received > terms.limit.value() {
            return Err(IntakeError::TooLarge { limit: terms.limit });
        }
        batched += chunk.len();
        batch.push(chunk);
        if batched >= BATCH_BYTES {
            spool = write(spool, std::mem::take(&mut batch)).await?;
            batched = 0;
        }
    }
    let spooled = write(spool, batch).await?.finish()?;
    match terms.sha256 {
        Some(promised) if promised != spooled.digest() => Err(IntakeError::DigestMismatch {
            promised,
            received: spooled.digest(),
        }),
        _ => Ok(spooled),
    }
}

async fn patiently<T>(next: impl Future<Output = T>, patience: Duration) -> Result<T, IntakeError> {
    let waited = tokio::time::timeout(patience, next).await;
    waited.map_err(|_| IntakeError::TooSlow { patience })
}

/// Writes off the async threads; small leftovers are not worth the trip.
async fn write(mut spool: Spool, batch: Vec<Bytes>) -> Result<Spool, IntakeError> {
    let write = move || {
        for chunk in &batch {
            spool.write_all(chunk)?;
        }
        Ok::<Spool, std::io::Error>(spool)
    };
    let written = tokio::task::spawn_blocking(write).await;
    let spool = written.map_err(std::io::Error::other).flatten();
    spool.map_err(|error| StoreError::from(error).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Store, StoreConfig};
    use futures_util::stream;

    async fn take(chunks: &[&'static [u8]], terms: Terms) -> (Result<Digest, IntakeError>, usize) {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::in_folder(folder.path().to_owned());
        let store = Store::open(&config).await.unwrap();
        let chunks: Vec<_> = chunks
            .iter()
            .map(|chunk| Ok::<_, IntakeError>(Bytes::from_static(chunk)))
            .collect();
        let received = receive(stream::iter(chunks), store.blobs(), terms).await;
        let received = received.map(|spooled| spooled.digest());
        (received, store.blobs().spooled().unwrap().len())
    }

    fn terms(limit: u64, sha256: Option<Digest>) -> Terms {
        Terms {
            limit: ByteLen(limit),
            patience: Duration::from_secs(1),
            sha256,
        }
    }

    #[tokio::test]
    async fn bytes_within_the_limit_are_taken_and_one_more_is_not() {
        let (taken, left) = take(&[b"ab", b"c"], terms(3, Some(Digest::of(b"abc")))).await;
        assert_eq!((taken.unwrap(), left), (Digest::of(b"abc"), 0));
        let (refused, left) = take(&[b"ab", b"cd"], terms(3, None)).await;
        assert!(matches!(refused, Err(IntakeError::TooLarge { .. })));
        assert_eq!(left, 0);
    }

    #[tokio::test]
    async fn a_wrong_digest_is_refused() {
        let (refused, left) = take(&[b"abd"], terms(9, Some(Digest::of(b"abc")))).await;
        assert!(matches!(refused, Err(IntakeError::DigestMismatch { .. })));
        assert_eq!(left, 0);
    }

    #[tokio::test]
    async fn a_sender_that_falls_silent_is_not_waited_for() {
        let waited = patiently(std::future::pending::<()>(), Duration::from_millis(5)).await;
        assert!(matches!(waited, Err(IntakeError::TooSlow { .. })));
    }
}
