//! Gaps in a row of text, and how the type beside them pales.

use super::rows::Row;

/// A gap of fewer characters is a space.
const LEAST_GAP: usize = 2;
/// So many characters beside a gap, at least and at most, tell whether type grows paler towards it.
const LEAST_BESIDE: usize = 3;
const BESIDE: usize = 8;
/// A square beside a gap belongs to what was taken below this share of the usual; type further away does not.
const HALF: f64 = 0.5;
/// Type beside a gap is pale below this share of the type further away.
const PALE: f64 = 0.65;
/// How much the type must gain from the first to the third character beside a gap, as a share of the usual: grey type is pale at once.
const GAIN: f64 = 0.12;
/// It pales over several characters where the first and the second are below these shares of the type further away.
const SLOW: [f64; 2] = [0.6, 0.8];

/// A gap in a row: its first square and the one behind its last, pale type along with it; and where type pales towards it, from where to
/// where there is none.
#[derive(Clone, Copy)]
pub(super) struct Gap {
    pub(super) row: usize,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) ends: [Option<usize>; 2],
    /// Whether all type beside it pales.
    pub(super) is_sure: bool,
    /// At how many of its ends it pales over several characters.
    pub(super) slow: usize,
}

/// The gaps of a row towards which type grows paler, on one side at least.
pub(super) fn gaps(row: usize, text: &Row, gone: f64, usual: f64) -> Vec<Gap> {
    let ink = &text.ink;
    // Type between two gaps: its first square and the one behind its last.
    let mut pieces: Vec<(usize, usize)> = Vec::new();
    for (n, _) in ink.iter().enumerate().filter(|(_, ink)| **ink >= gone) {
        match pieces.last_mut() {
            Some((_, end)) if n < *end + LEAST_GAP => *end = n + 1,
            _ => pieces.push((n, n + 1)),
        }
    }
    let type_of = |piece: Option<&(usize, usize)>, before: bool| {
        let (from, to) = piece.copied().unwrap_or((0, 0));
        let piece = ink.get(from..to).unwrap_or_default().iter().copied();
        let side: Vec<f64> = if before {
            piece.rev().take(BESIDE).collect()
        } else {
            piece.take(BESIDE).collect()
        };
        beside(&side, usual)
    };
    let mut out = Vec::new();
    for n in 0..=pieces.len() {
        let before = n.checked_sub(1).and_then(|n| pieces.get(n));
        let after = pieces.get(n);
        let from = before.map_or(0, |(_, end)| *end);
        let to = after.map_or(ink.len(), |(start, _)| *start);
        if to - from < LEAST_GAP {
            continue;
        }
        let sides = [type_of(before, true), type_of(after, false)];
        let is_sure = sides.iter().flatten().all(|side| side.is_paling);
        let paling = sides.map(|side| side.filter(|side| side.is_paling));
        if paling.iter().all(Option::is_none) {
            continue;
        }
        let pale = paling.map(|side| side.map_or(0, |side| side.pale));
        out.push(Gap {
            row,
            from: from - pale[0],
            to: to + pale[1],
            ends: [paling[0].map(|_| from), paling[1].map(|_| to)],
            is_sure,
            slow: paling.iter().flatten().filter(|side| side.is_slow).count(),
        });
    }
    out
}

/// Type beside a gap.
#[derive(Clone, Copy)]
struct Side {
    /// How many squares are pale.
    pale: usize,
    /// Whether it grows paler and paler towards the gap.
    is_paling: bool,
    /// Whether it does so over several characters.
    is_slow: bool,
}

/// Looks at the type beside a gap, from the gap outwards; `None` for too little of it.
fn beside(side: &[f64], usual: f64) -> Option<Side> {
    let [first, second, ..] = *side else {
        return None;
    };
    if side.len() < LEAST_BESIDE {
        return None;
    }
    let far = side
        .get(LEAST_BESIDE.min(side.len() - 1)..)
        .unwrap_or_default();
    let far = far.iter().sum::<f64>() / far.len() as f64;
    let next = side.iter().skip(2).take(2).copied().fold(0.0, f64::max);
    let near = f64::midpoint(first, second);
    let pale = side.iter().take_while(|ink| **ink < usual * HALF).count();
    Some(Side {
        pale,
        is_paling: far > usual * HALF && near < far * PALE && next > first + usual * GAIN,
        is_slow: first < far * SLOW[0] && second < far * SLOW[1],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_pales_towards_a_shine_and_towards_nothing_else() {
        let paling = |side: &[f64]| {
            let side = beside(side, 200.0);
            side.map(|side| (side.is_paling, side.is_slow))
        };
        let (slow, fast) = (
            [60.0, 110.0, 150.0, 190.0, 200.0, 200.0],
            [60.0, 190.0, 200.0, 200.0],
        );
        assert_eq!(paling(&slow), Some((true, true)));
        // The half of a square that a column begins in looks like this, too.
        assert_eq!(paling(&fast), Some((true, false)));
        assert_eq!(paling(&[200.0; 6]), Some((false, false)));
        // Grey type, then black.
        let grey = [90.0, 90.0, 90.0, 90.0, 200.0, 200.0];
        assert_eq!(paling(&grey).map(|(paling, _)| paling), Some(false));
        assert_eq!(paling(&slow[..2]), None, "too little to tell");
    }
}
