//! Serves stored bytes: strong `ETag`, `Range` (RFC 9110 §14), digest of the whole (RFC 9530), streamed from disk.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
};

use actix_web::{
    HttpRequest, HttpResponse,
    body::SizedStream,
    http::{
        StatusCode,
        header::{
            ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_RANGE, CONTENT_TYPE, ETAG,
            HeaderName, HeaderValue, IF_NONE_MATCH, IF_RANGE, RANGE,
        },
    },
    web::Bytes,
};
use data_encoding::HEXUPPER;
use futures_util::stream;

use super::{
    json::CONTENT_DIGEST,
    problem::{Answer, Problem},
};
use crate::{digest::Digest, error_code::ErrorCode, store::StoreError};

const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

/// Stored bytes to be served.
#[derive(Debug)]
pub(super) struct StoredFile {
    /// The bytes.
    pub(super) file: File,
    /// Their number.
    pub(super) size_bytes: u64,
    /// Their SHA-256, which is their `ETag`.
    pub(super) sha256: Digest,
    /// For example `application/pdf`.
    pub(super) media_type: String,
    /// Name to save it under; never a path.
    pub(super) name: String,
    /// Whether a browser shows it or saves it.
    pub(super) shown: bool,
}

/// Bytes read from disk at a time.
const CHUNK: u64 = 1 << 18;

/// Answers a GET or HEAD of stored bytes.
pub(super) fn answer(request: &HttpRequest, stored: StoredFile) -> Answer {
    let etag = format!("\"{}\"", stored.sha256);
    let field = |name: HeaderName| request.headers().get(name).and_then(|v| v.to_str().ok());
    let mut response = HttpResponse::Ok();
    response
        .insert_header((ETAG, etag.clone()))
        .insert_header((ACCEPT_RANGES, "bytes"))
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .insert_header((REPR_DIGEST, stored.sha256.to_content_digest()));
    if field(IF_NONE_MATCH).is_some_and(|wanted| names(wanted, &etag)) {
        return Ok(response.status(StatusCode::NOT_MODIFIED).finish());
    }
    response
        .insert_header((CONTENT_TYPE, stored.media_type.as_str()))
        .insert_header((CONTENT_DISPOSITION, disposition(&stored)));
    // A range of another version would not fit what the caller has: the whole then.
    let same = field(IF_RANGE).is_none_or(|wanted| wanted == etag);
    let whole = 0..stored.size_bytes;
    let range = match field(RANGE).filter(|_| same) {
        Some(text) => range(text, stored.size_bytes)?.unwrap_or(whole.clone()),
        None => whole.clone(),
    };
    if range == whole {
        response.insert_header((CONTENT_DIGEST, stored.sha256.to_content_digest()));
    } else {
        let of = stored.size_bytes;
        let field = format!("bytes {}-{}/{of}", range.start, range.end - 1);
        response
            .status(StatusCode::PARTIAL_CONTENT)
            .insert_header((CONTENT_RANGE, field));
    }
    let length = range.end - range.start;
    Ok(response.body(SizedStream::new(length, chunks(stored.file, range))))
}

/// Reads a range chunk by chunk, off the async threads.
fn chunks(
    file: File,
    range: std::ops::Range<u64>,
) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> {
    stream::try_unfold((file, range), |(mut file, range)| async move {
        if range.is_empty() {
            return Ok(None);
        }
        let length = CHUNK.min(range.end - range.start);
        let read = tokio::task::spawn_blocking(move || {
            let mut chunk = vec![0; length as usize];
            file.seek(SeekFrom::Start(range.start))?;
            file.read_exact(&mut chunk)?;
            Ok::<_, std::io::Error>((chunk, file))
        });
        let (chunk, file) = read.await.map_err(std::io::Error::other)??;
        let rest = range.start + length..range.end;
        Ok(Some((Bytes::from(chunk), (file, rest))))
    })
}

/// One byte range; several, or what is no range, is passed over (`None`), as RFC 9110 allows.
fn range(text: &str, size: u64) -> Result<Option<std::ops::Range<u64>>, Problem> {
    let Some(spec) = text.strip_prefix("bytes=") else {
        return Ok(None);
    };
    let Some((first, last)) = spec.trim().split_once('-') else {
        return Ok(None);
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let range = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Some(first), None) if last.trim().is_empty() => first..size,
        (None, Some(count)) if first.trim().is_empty() => size.saturating_sub(count)..size,
        _ => return Ok(None),
    };
    if range.is_empty() {
        let unsatisfied = format!("bytes */{size}");
        let value = HeaderValue::from_str(&unsatisfied).map_err(Problem::internal)?;
        return Err(Problem::new(ErrorCode::RangeNotSatisfiable)
            .header(CONTENT_RANGE, value)
            .because(
                format!("文件共 {size} 字节"),
                format!("the file has {size} bytes"),
            ));
    }
    Ok(Some(range))
}

/// Whether an `If-None-Match` field names this tag (weak comparison, RFC 9110 §13.1.2).
fn names(field: &str, etag: &str) -> bool {
    field.trim() == "*"
        || field
            .split(',')
            .any(|tag| tag.trim().trim_start_matches("W/") == etag)
}

/// `inline; filename="…"; filename*=UTF-8''…` (RFC 6266): any name, and nothing that could end the field early.
fn disposition(stored: &StoredFile) -> String {
    let kind = if stored.shown { "inline" } else { "attachment" };
    let plain: String = stored
        .name
        .chars()
        .map(|sign| match sign {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' | '-' | '_' => sign,
            _ => '_',
        })
        .collect();
    let mut extended = String::new();
    for byte in stored.name.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
            extended.push(char::from(byte));
        } else {
            extended.push('%');
            extended.push_str(&HEXUPPER.encode(&[byte]));
        }
    }
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{extended}")
}

/// Opens a blob to be served.
pub(super) async fn of_blob(
    blobs: &crate::store::Blobs,
    sha256: Digest,
    media_type: &str,
    name: String,
) -> Result<StoredFile, Problem> {
    let file = blobs.opened(sha256).await?;
    let size_bytes = file.metadata().map_err(StoreError::from)?.len();
    Ok(StoredFile {
        file,
        size_bytes,
        sha256,
        media_type: media_type.to_owned(),
        name,
        shown: media_type == "application/pdf",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_to_the_file_and_one_outside_is_refused() {
        assert_eq!(range("bytes=0-0", 10).unwrap(), Some(0..1));
        assert_eq!(range("bytes=5-", 10).unwrap(), Some(5..10));
        assert_eq!(range("bytes=-3", 10).unwrap(), Some(7..10));
        assert_eq!(range("bytes=-99", 10).unwrap(), Some(0..10));
        assert_eq!(range("bytes=8-99", 10).unwrap(), Some(8..10));
        for passed_over in ["bytes=3-1", "items=0-1", "bytes=0-1,4-5", "bytes=-", "x"] {
            assert_eq!(range(passed_over, 10).unwrap(), None, "{passed_over}");
        }
        assert!(range("bytes=10-", 10).is_err());
        assert!(range("bytes=-0", 10).is_err());
        assert!(range("bytes=0-", 0).is_err());
    }

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        let stored = StoredFile {
            file: tempfile::tempfile().unwrap(),
            size_bytes: 0,
            sha256: Digest::of(b""),
            media_type: "application/pdf".into(),
            name: "第一分册\"\r\n.pdf".into(),
            shown: true,
        };
        let field = disposition(&stored);
        assert!(HeaderValue::from_str(&field).is_ok());
        assert!(field.starts_with("inline; filename=\"_______.pdf\"; filename*=UTF-8''%E7%AC%AC"));
    }
}
