//! The log as files that anybody may read and that never change (C2SP tlog-tiles): `checkpoint`, `tile/<L>/<N>[.p/<W>]`,
//! `tile/entries/<N>[.p/<W>]`.

use std::str::FromStr;

use crate::store::{Store, StoreError};

/// Hashes of a full tile.
const WIDTH: u64 = 256;
/// Highest tile level; level 5 would hold 2^48 leaves.
const LEVELS: u32 = 6;

/// One readable thing of the log, by its path without a slash at the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogPath {
    /// The newest signed tree. The only one that changes.
    Checkpoint,
    /// Hashes.
    Tile {
        /// Level, each 8 levels of the tree.
        level: u32,
        /// Which of its level.
        index: u64,
        /// How many hashes, 1 to 256.
        width: u64,
    },
    /// Leaves.
    Entries {
        /// Which bundle.
        index: u64,
        /// How many leaves, 1 to 256.
        width: u64,
    },
}

/// The path names nothing that a log has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a log has `checkpoint`, `tile/<level>/<index>` and `tile/entries/<index>`")]
pub struct NotALogPath;

impl FromStr for LogPath {
    type Err = NotALogPath;
    fn from_str(path: &str) -> Result<LogPath, NotALogPath> {
        if path == "checkpoint" {
            return Ok(LogPath::Checkpoint);
        }
        let (kind, rest) = path
            .strip_prefix("tile/")
            .and_then(|p| p.split_once('/'))
            .ok_or(NotALogPath)?;
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (
                number,
                plain(width)
                    .filter(|w| (1..WIDTH).contains(w))
                    .ok_or(NotALogPath)?,
            ),
            None => (rest, WIDTH),
        };
        let index = grouped(number).ok_or(NotALogPath)?;
        if kind == "entries" {
            return Ok(LogPath::Entries { index, width });
        }
        let level = plain(kind)
            .and_then(|l| u32::try_from(l).ok())
            .filter(|l| *l < LEVELS);
        Ok(LogPath::Tile {
            level: level.ok_or(NotALogPath)?,
            index,
            width,
        })
    }
}

/// Digits without leading zeroes.
fn plain(text: &str) -> Option<u64> {
    let value: u64 = text.parse().ok()?;
    (value.to_string() == text).then_some(value)
}

/// `x001/x234/067` is 1234067: groups of three digits, all but the last with an x, no more groups than needed.
fn grouped(text: &str) -> Option<u64> {
    let groups: Vec<&str> = text.split('/').collect();
    let (last, before) = groups.split_last()?;
    let mut value = 0_u64;
    let digits = before
        .iter()
        .map(|g| g.strip_prefix('x'))
        .chain([Some(*last)]);
    for group in digits {
        let group = group.filter(|g| g.len() == 3 && g.bytes().all(|b| b.is_ascii_digit()))?;
        value = value.checked_mul(1000)?.checked_add(group.parse().ok()?)?;
    }
    (before.first() != Some(&"x000")).then_some(value)
}

/// The bytes at a path; nothing when the log has not grown that far.
pub async fn log_file(store: &Store, path: LogPath) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(head) = store.log_head().await? else {
        return Ok(None);
    };
    match path {
        LogPath::Checkpoint => {
            // What witnesses have seen, not what they are being shown.
            let published = store.log_published().await?;
            let checkpoint = published.map_or(head.checkpoint, |published| published.checkpoint);
            Ok(Some(checkpoint.into_bytes()))
        }
        LogPath::Tile {
            level,
            index,
            width,
        } => {
            let nodes = head.size >> (8 * level);
            if !there(index, width, nodes) {
                return Ok(None);
            }
            let hashes = store.log_nodes(8 * level, index * WIDTH, width).await?;
            Ok(Some(
                hashes.iter().flat_map(|hash| *hash.as_bytes()).collect(),
            ))
        }
        LogPath::Entries { index, width } => {
            if !there(index, width, head.size) {
                return Ok(None);
            }
            let mut bundle = Vec::new();
            for leaf in store.log_leaves(index * WIDTH, width).await? {
                // A leaf has some 330 bytes; the length field holds 65 535.
                let length = u16::try_from(leaf.len()).map_err(|_| StoreError::Unreadable {
                    place: "log_leaves.leaf",
                })?;
                bundle.extend_from_slice(&length.to_be_bytes());
                bundle.extend_from_slice(leaf.as_bytes());
            }
            Ok(Some(bundle))
        }
    }
}

/// Every path of a log of this size, for a copy of the whole: full tiles, the partial ones at the right edge, the checkpoint.
pub fn log_paths(size: u64) -> Vec<String> {
    let mut paths = vec!["checkpoint".to_owned()];
    let mut list = |kind: &str, count: u64| {
        for index in 0..count / WIDTH {
            paths.push(format!("tile/{kind}/{}", in_groups(index)));
        }
        if !count.is_multiple_of(WIDTH) {
            paths.push(format!(
                "tile/{kind}/{}.p/{}",
                in_groups(count / WIDTH),
                count % WIDTH
            ));
        }
    };
    list("entries", size);
    for level in 0..LEVELS {
        list(&level.to_string(), size >> (8 * level));
    }
    paths
}

fn in_groups(index: u64) -> String {
    let mut text = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        text = format!("x{:03}/{text}", rest % 1000);
        rest /= 1000;
    }
    text
}

fn there(index: u64, width: u64, count: u64) -> bool {
    index
        .checked_mul(WIDTH)
        .and_then(|first| first.checked_add(width))
        .is_some_and(|end| end <= count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e10_all_paths_of_a_log_can_be_read_again() {
        for size in [0, 1, 255, 256, 257, 65_536, 70_000] {
            let paths = log_paths(size);
            assert!(
                paths.iter().all(|path| path.parse::<LogPath>().is_ok()),
                "{size}"
            );
        }
        assert_eq!(
            log_paths(256),
            [
                "checkpoint",
                "tile/entries/000",
                "tile/0/000",
                "tile/1/000.p/1"
            ]
        );
        assert_eq!(in_groups(1_234_067), "x001/x234/067");
    }

    #[test]
    fn e10_paths_are_those_of_the_standard() {
        let tile = |level, index, width| {
            Ok(LogPath::Tile {
                level,
                index,
                width,
            })
        };
        assert_eq!("tile/0/x001/x234/067".parse(), tile(0, 1_234_067, 256));
        assert_eq!("tile/2/000.p/8".parse(), tile(2, 0, 8));
        assert_eq!(
            "tile/entries/x001/000".parse(),
            Ok(LogPath::Entries {
                index: 1000,
                width: 256
            })
        );
        assert_eq!("checkpoint".parse(), Ok(LogPath::Checkpoint));
        for wrong in [
            "",
            "tile",
            "tile/0",
            "tile/0/1",
            "tile/00/001",
            "tile/6/001",
            "tile/0/001.p/0",
            "tile/0/001.p/256",
            "tile/0/001.p/08",
            "tile/0/x000/001",
            "tile/0/001/002",
            "tile/0/x001",
            "tile/-1/001",
            "tile/entries/+01",
            "tile/0/001.p/",
            "/checkpoint",
            "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        ] {
            assert_eq!(wrong.parse::<LogPath>(), Err(NotALogPath), "{wrong}");
        }
    }
}
