//! The bytes of a picture.
//!
//! A decoded page of A4 at 300 dpi is 26 MB of fresh memory. In the usual pages of 4 kB the system hands it over in 6,400 pieces, which
//! costs a tenth of the processor time of a scan; large pictures therefore ask for pages of 2 MB, and take small ones where there are none.
//! The memory of one picture is kept for the next.

use std::{
    cell::Cell,
    ops::{Deref, DerefMut},
};

use memmap2::MmapMut;

/// From this size on a picture gets memory of its own: a large page.
const LARGE: usize = 2 << 20;
/// What is kept for the next picture: no more than a page of A4 at 300 dpi in colour.
const KEPT: usize = 32 << 20;

thread_local! {
    static SPARE: Cell<Option<MmapMut>> = const { Cell::new(None) };
}

/// The bytes of a picture, of a fixed number.
pub(super) struct Samples {
    held: Held,
    len: usize,
}

enum Held {
    Heap(Vec<u8>),
    Mapped(Mapped),
}

/// Memory that the next picture may have; `None` once it has gone there.
struct Mapped(Option<MmapMut>);

impl Mapped {
    /// So many zeros, and perhaps more of anything.
    fn zeroed(len: usize) -> Option<Mapped> {
        if let Some(mut memory) = SPARE.take()
            && let Some(samples) = memory.get_mut(..len)
        {
            samples.fill(0);
            return Some(Mapped(Some(memory)));
        }
        let memory = MmapMut::map_anon(len).ok()?;
        // A wish: a system without large pages says no, and the memory is as good.
        #[cfg(target_os = "linux")]
        let _ = memory.advise(memmap2::Advice::HugePage);
        Some(Mapped(Some(memory)))
    }
}

impl Drop for Mapped {
    fn drop(&mut self) {
        let spare = self.0.take().filter(|memory| memory.len() <= KEPT);
        // At the end of a thread there is no next picture.
        let _ = SPARE.try_with(|kept| kept.set(spare));
    }
}

impl Samples {
    /// So many zeros.
    pub(super) fn zeroed(len: usize) -> Samples {
        let held = if len < LARGE {
            Held::Heap(vec![0; len])
        } else {
            Mapped::zeroed(len).map_or_else(|| Held::Heap(vec![0; len]), Held::Mapped)
        };
        Samples { held, len }
    }
    /// The first `len` of them; all of them where there are no more.
    pub(super) fn truncated(self, len: usize) -> Samples {
        Samples {
            len: len.min(self.len),
            ..self
        }
    }
}

impl From<Vec<u8>> for Samples {
    fn from(bytes: Vec<u8>) -> Samples {
        Samples {
            len: bytes.len(),
            held: Held::Heap(bytes),
        }
    }
}

impl Deref for Samples {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        let all: &[u8] = match &self.held {
            Held::Heap(bytes) => bytes,
            Held::Mapped(memory) => memory.0.as_deref().unwrap_or_default(),
        };
        all.get(..self.len).unwrap_or(all)
    }
}

impl DerefMut for Samples {
    fn deref_mut(&mut self) -> &mut [u8] {
        let all: &mut [u8] = match &mut self.held {
            Held::Heap(bytes) => bytes,
            Held::Mapped(memory) => memory.0.as_deref_mut().unwrap_or_default(),
        };
        let len = self.len.min(all.len());
        all.get_mut(..len).unwrap_or_default()
    }
}

impl Clone for Samples {
    fn clone(&self) -> Samples {
        self.to_vec().into()
    }
}

impl std::fmt::Debug for Samples {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_last_picture_left_is_gone() {
        let mut first = Samples::zeroed(3 * LARGE);
        first.fill(7);
        drop(first);
        for len in [2 * LARGE, 3 * LARGE, 4 * LARGE] {
            assert!(Samples::zeroed(len).iter().all(|byte| *byte == 0));
        }
        drop(Samples::zeroed(KEPT + 1));
        assert!(SPARE.take().is_none());
    }

    #[test]
    fn small_and_large_ones_are_zeroed_written_cut_and_copied() {
        for len in [0, 1, LARGE - 1, LARGE, LARGE + 4_097] {
            let mut samples = Samples::zeroed(len);
            assert_eq!(samples.len(), len);
            assert!(samples.iter().all(|byte| *byte == 0));
            samples.fill(7);
            let copy = samples.clone();
            assert_eq!(*copy, *samples);
            let cut = samples.truncated(len / 2);
            assert_eq!(cut.len(), len / 2);
            assert!(cut.iter().all(|byte| *byte == 7));
            assert_eq!(copy.truncated(len + 1).len(), len);
        }
    }
}
