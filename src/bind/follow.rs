//! What goes on beside the writer of a volume: the file is hashed and sent to the disk while it grows.
//!
//! The worker that writes it reads foreign bytes, so its word on what it wrote is not taken: the digest is that of the file.

use std::{
    fs::File,
    io,
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread::Scope,
    time::Duration,
};

use super::{error::BindError, folder::at, volumes::Running};
use crate::digest::{Digest, Hasher};

/// How often it is looked whether the file has grown.
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// How often what was written is sent to the disk. Left to its end, the disk would stand still until then and everybody
/// wait for it afterwards.
const WRITE_BACK_EVERY: Duration = Duration::from_millis(40);
const WINDOW: usize = 256 * 1024;

/// A file that is being written, and followed.
pub(super) struct Followed<'s> {
    whole: [Sender<()>; 2],
    ends: Ends<'s>,
}

/// The ends of a file that is written.
pub(super) struct Ends<'s> {
    /// Gives its digest and its length.
    pub(super) hashing: Running<'s, (Digest, u64)>,
    /// Ends when it is on the disk.
    pub(super) on_the_way: Running<'s, ()>,
}

impl<'s> Followed<'s> {
    /// Follows `file`, which somebody appends to. What is dropped before its [`Followed::whole`] was given up.
    pub(super) fn new(
        scope: &'s Scope<'s, '_>,
        file: &File,
        path: &Path,
    ) -> Result<Followed<'s>, BindError> {
        let again = || Ok::<_, BindError>((file.try_clone().map_err(at(path))?, path.to_owned()));
        let (hashed, until) = channel();
        let (file, name) = again()?;
        let hashing = scope.spawn(move || hash(&file, &until).map_err(at(&name)));
        let (synced, until) = channel();
        let (file, name) = again()?;
        let on_the_way = scope.spawn(move || write_back(&file, &until).map_err(at(&name)));
        Ok(Followed {
            whole: [hashed, synced],
            ends: Ends {
                hashing,
                on_the_way,
            },
        })
    }

    /// Nothing more is written.
    pub(super) fn whole(self) -> Ends<'s> {
        for ended in self.whole {
            // Were its thread gone, joining it says so.
            let _ = ended.send(());
        }
        self.ends
    }
}

/// Hashes a file as it grows, until it is whole or given up.
fn hash(file: &File, ended: &Receiver<()>) -> io::Result<(Digest, u64)> {
    use std::os::unix::fs::FileExt as _;
    let mut hasher = Hasher::default();
    let mut window = vec![0; WINDOW];
    let mut offset = 0;
    let mut no_more = false;
    loop {
        let n = file.read_at(&mut window, offset)?;
        let bytes = window.get(..n).unwrap_or_default();
        hasher.update(bytes);
        offset += n as u64;
        if n > 0 {
            continue;
        }
        if no_more {
            return Ok((hasher.finish(), offset));
        }
        no_more = ended.recv_timeout(LOOK_EVERY) != Err(RecvTimeoutError::Timeout);
    }
}

/// Sends a file to the disk while it is written, and the whole of it when that is said.
fn write_back(file: &File, ended: &Receiver<()>) -> io::Result<()> {
    loop {
        match ended.recv_timeout(WRITE_BACK_EVERY) {
            Err(RecvTimeoutError::Timeout) => file.sync_data()?,
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Ok(()) => return file.sync_all(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{io::Write as _, thread};

    #[test]
    fn a_file_is_hashed_to_its_end_however_it_grows() {
        let mut file = tempfile::tempfile().unwrap();
        let (said, by_itself) = thread::scope(|scope| {
            let followed = Followed::new(scope, &file, Path::new("volume")).unwrap();
            let mut by_itself = Hasher::default();
            for (byte, length) in [(1, 10), (2, WINDOW), (0, 0), (3, 3 * WINDOW + 1)] {
                let part = vec![byte; length];
                file.write_all(&part).unwrap();
                by_itself.update(&part);
                thread::sleep(LOOK_EVERY);
            }
            file.write_all(b"end").unwrap();
            by_itself.update(b"end");
            let ends = followed.whole();
            ends.on_the_way.join().unwrap().unwrap();
            (ends.hashing.join().unwrap().unwrap(), by_itself.finish())
        });
        assert_eq!(said, (by_itself, 4 * WINDOW as u64 + 14));
    }

    #[test]
    fn a_file_given_up_keeps_nobody_waiting() {
        let file = tempfile::tempfile().unwrap();
        thread::scope(|scope| drop(Followed::new(scope, &file, Path::new("volume")).unwrap()));
    }
}
