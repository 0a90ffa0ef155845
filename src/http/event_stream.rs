//! Server-sent events: the store is asked again and again, so that nothing has to be told from one process to another and any
//! node goes on behind a `Last-Event-ID`.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web::Bytes,
};
use futures_util::stream;

use super::problem::{Answer, Problem};
use crate::{error_code::ErrorCode, store::StoreError};

/// How often the store is asked.
const EVERY: Duration = Duration::from_millis(400);
/// A stream that said nothing for so long says that it is still there.
const STILL_THERE: u32 = 37;
/// A stream ends after so many looks; the caller comes back with `Last-Event-ID`.
const MOST_LOOKS: u32 = 1500;
/// Most streams of one process at once.
const MOST_STREAMS: usize = 512;

/// Streams of this process.
static STREAMS: AtomicUsize = AtomicUsize::new(0);

/// What happened since the last look.
#[derive(Debug, Default)]
pub(super) struct Look {
    /// Events as they are sent ([`event`]); empty when nothing happened.
    pub(super) text: String,
    /// Nothing can happen any more.
    pub(super) ended: bool,
}

impl Look {
    /// What is watched is no longer there.
    pub(super) fn gone() -> Look {
        Look {
            text: "event: gone\ndata: {}\n\n".to_owned(),
            ended: true,
        }
    }
}

/// Something that can be looked at again.
pub(super) trait Watched: 'static {
    /// What happened since the last look.
    fn look(&mut self) -> impl Future<Output = Result<Look, StoreError>>;
}

/// One event; JSON text has no line ends in it.
pub(super) fn event(id: &str, kind: &str, data: &str) -> String {
    format!("id: {id}\nevent: {kind}\ndata: {data}\n\n")
}

/// Streams what happens, or says that too many watch already.
pub(super) fn answer(watched: impl Watched) -> Answer {
    let watch = Watch {
        watched,
        looks: 0,
        quiet: 0,
        ended: false,
        _seat: Seat::take().ok_or_else(|| Problem::new(ErrorCode::Busy).retry_after(10))?,
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(stream::unfold(watch, Watch::next)))
}

/// One of the streams there may be; free again when dropped.
struct Seat;

impl Seat {
    fn take() -> Option<Seat> {
        if STREAMS.fetch_add(1, Ordering::Relaxed) >= MOST_STREAMS {
            STREAMS.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        Some(Seat)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        STREAMS.fetch_sub(1, Ordering::Relaxed);
    }
}

struct Watch<W> {
    watched: W,
    looks: u32,
    quiet: u32,
    ended: bool,
    _seat: Seat,
}

impl<W: Watched> Watch<W> {
    async fn next(mut self) -> Option<(Result<Bytes, actix_web::Error>, Watch<W>)> {
        if self.looks == 0 {
            self.looks = 1;
            return Some((Ok(Bytes::from_static(b"retry: 2000\n\n")), self));
        }
        while !self.ended && self.looks < MOST_LOOKS {
            self.looks += 1;
            match self.watched.look().await {
                Ok(look) => {
                    self.ended = look.ended;
                    if !look.text.is_empty() {
                        self.quiet = 0;
                        return Some((Ok(Bytes::from(look.text)), self));
                    }
                }
                // The stream ends, and the caller tries again.
                Err(error) => {
                    tracing::debug!(%error, "what is watched could not be read");
                    return None;
                }
            }
            self.quiet += 1;
            if self.quiet >= STILL_THERE {
                self.quiet = 0;
                return Some((Ok(Bytes::from_static(b": still there\n\n")), self));
            }
            tokio::time::sleep(EVERY).await;
        }
        None
    }
}
