//! Exit codes: what a script learns without reading a word.

use std::process::ExitCode;

use crate::finding::Verdict;

/// How a run ended, the better the smaller. Of several files the worst decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// 0: accepted, authentic, done.
    Good,
    /// 3: undecided, could not tell.
    CouldNotTell,
    /// 1: refused, not authentic, incomplete.
    Refused,
    /// 2: could not do it: bad arguments, unreadable file, no such notice.
    CouldNot,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Good => 0,
            Exit::Refused => 1,
            Exit::CouldNot => 2,
            Exit::CouldNotTell => 3,
        })
    }
}

impl From<Verdict> for Exit {
    fn from(verdict: Verdict) -> Exit {
        match verdict {
            Verdict::Accepted => Exit::Good,
            Verdict::Undecided => Exit::CouldNotTell,
            Verdict::Refused => Exit::Refused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_decides() {
        let worst = [Exit::Good, Exit::Refused, Exit::CouldNotTell]
            .into_iter()
            .max();
        assert_eq!(worst, Some(Exit::Refused));
        assert!(Exit::CouldNot > Exit::Refused);
    }
}
