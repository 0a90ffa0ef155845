//! What goes over the socket between the pool and a worker: frames with a length, and open files.
//!
//! A frame is one tag byte, the length as four bytes (big-endian), and that many bytes. A file travels as one
//! message of a single tag byte with the descriptor attached (`SCM_RIGHTS`, unix(7)), always after the worker asked.

use std::{
    fs::File,
    io::{self, IoSlice, IoSliceMut, Read, Write},
    mem::MaybeUninit,
    os::{
        fd::{AsFd, OwnedFd},
        unix::net::UnixStream,
    },
};

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags,
};

/// What a frame means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Tag {
    /// Pool: the limits to hold, first of all.
    Limits = b'L',
    /// Worker: locked down and ready; the body says how far.
    Ready = b'R',
    /// Pool: a job; the body is the task's name, a zero byte, and its input.
    Job = b'J',
    /// Worker: wants file number n (four bytes).
    WantFile = b'W',
    /// Pool: here it is (no body, a descriptor).
    File = b'F',
    /// Pool: there is no such file.
    NoFile = b'N',
    /// Worker: the answer, as JSON.
    Done = b'D',
    /// Worker: the answer, as bytes.
    Bytes = b'B',
    /// Worker: could not, and why, in plain English.
    Failed = b'X',
}

impl Tag {
    fn from_byte(byte: u8) -> io::Result<Tag> {
        [
            Tag::Limits,
            Tag::Ready,
            Tag::Job,
            Tag::WantFile,
            Tag::File,
            Tag::NoFile,
            Tag::Done,
            Tag::Bytes,
            Tag::Failed,
        ]
        .into_iter()
        .find(|tag| *tag as u8 == byte)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "unknown frame"))
    }
}

/// Sends a frame.
pub(super) fn send(mut socket: &UnixStream, tag: Tag, body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len())
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "frame over 4 GiB"))?;
    let [a, b, c, d] = length.to_be_bytes();
    socket.write_all(&[tag as u8, a, b, c, d])?;
    socket.write_all(body)
}

/// Receives a frame of at most `most` bytes.
pub(super) fn receive(mut socket: &UnixStream, most: u64) -> io::Result<(Tag, Vec<u8>)> {
    let mut head = [0; 5];
    socket.read_exact(&mut head)?;
    let [tag, a, b, c, d] = head;
    let length = u64::from(u32::from_be_bytes([a, b, c, d]));
    if length > most {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            "answer over its limit",
        ));
    }
    let mut body = Vec::new();
    socket.take(length).read_to_end(&mut body)?;
    if body.len() as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok((Tag::from_byte(tag)?, body))
}

/// Sends an open file, or the word that there is none.
pub(super) fn send_file(socket: &UnixStream, file: Option<&File>) -> io::Result<()> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let descriptors = file.map(|file| [file.as_fd()]);
    let tag = match &descriptors {
        Some(descriptors) => {
            control.push(SendAncillaryMessage::ScmRights(descriptors));
            Tag::File
        }
        None => Tag::NoFile,
    };
    let byte = [tag as u8];
    rustix::net::sendmsg(
        socket,
        &[IoSlice::new(&byte)],
        &mut control,
        SendFlags::NOSIGNAL,
    )?;
    Ok(())
}

/// Receives an open file.
pub(super) fn receive_file(socket: &UnixStream) -> io::Result<File> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    rustix::net::recvmsg(
        socket,
        &mut [IoSliceMut::new(&mut byte)],
        &mut control,
        RecvFlags::CMSG_CLOEXEC,
    )?;
    let mut descriptor: Option<OwnedFd> = None;
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(descriptors) = message {
            descriptor = descriptors.last().or(descriptor);
        }
    }
    descriptor
        .filter(|_| byte == [Tag::File as u8])
        .map(File::from)
        .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no such file in this job"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_and_files_arrive_as_sent() {
        let (a, b) = UnixStream::pair().unwrap();
        send(&a, Tag::Job, b"inspect\0{}").unwrap();
        assert_eq!(
            receive(&b, 100).unwrap(),
            (Tag::Job, b"inspect\0{}".to_vec())
        );

        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"content").unwrap();
        send_file(&a, Some(&file)).unwrap();
        send_file(&a, None).unwrap();
        let there = receive_file(&b).unwrap();
        let mut read = [0; 7];
        std::os::unix::fs::FileExt::read_exact_at(&there, &mut read, 0).unwrap();
        assert_eq!(&read, b"content");
        assert!(receive_file(&b).is_err());
    }

    #[test]
    fn an_answer_over_its_limit_is_not_read() {
        let (a, b) = UnixStream::pair().unwrap();
        send(&a, Tag::Done, &[0; 101]).unwrap();
        assert!(receive(&b, 100).is_err());
    }
}
