//! Gaps of a text that lie one below the other.

use super::{gaps::Gap, rows::Row};
use crate::inspect::legibility::lines::root;

/// Lines of one text are less than so many times their height apart, also where every second one is gone.
const NEXT: f64 = 4.5;
/// Columns of a table end alike; where a shine begins and ends in each line differs by at least so many characters.
const RAGGED: usize = 2;

/// Takes in the gaps above, below and between that a comma or a short piece stands beside, which does not pale.
pub(super) fn take_in(group: &mut Vec<Gap>, doubtful: &[Gap], rows: &[Row], square: f64) {
    let (mut near, mut left) = (group.clone(), doubtful.to_vec());
    while !near.is_empty() {
        let is_near = |gap: &Gap| near.iter().any(|other| is_next(gap, other, rows, square));
        (near, left) = left.into_iter().partition(is_near);
        group.extend(&near);
    }
    end_alike(group);
}

/// Whether a gap lies above or below another.
fn is_next(one: &Gap, other: &Gap, rows: &[Row], square: f64) -> bool {
    let (upper, lower) = if one.row < other.row {
        (one, other)
    } else {
        (other, one)
    };
    let place = |gap: &Gap| rows.get(gap.row).map_or((0.0, 0.0), |row| (row.y0, row.y1));
    let apart = place(lower).0 - place(upper).1;
    upper.row < lower.row && apart < NEXT * square && upper.from < lower.to && lower.from < upper.to
}

/// A line that ends in the shine, as the last of a paragraph does, would have gone on no further than the shine.
pub(super) fn end_alike(group: &mut [Gap]) {
    let first = group
        .iter()
        .filter(|gap| gap.ends[0].is_some())
        .map(|gap| gap.from)
        .min();
    let last = group
        .iter()
        .filter(|gap| gap.ends[1].is_some())
        .map(|gap| gap.to)
        .max();
    for gap in group {
        if let (None, Some(first)) = (gap.ends[0], first) {
            gap.from = gap.from.max(first.min(gap.to));
        }
        if let (None, Some(last)) = (gap.ends[1], last) {
            gap.to = gap.to.min(last.max(gap.from));
        }
    }
}

/// Whether the gaps of lines do not begin or do not end one below the other.
pub(super) fn is_ragged(group: &[Gap]) -> bool {
    let spread = |side: usize| {
        let ends = || group.iter().filter_map(|gap| gap.ends.get(side).copied()?);
        let spread = ends().max().zip(ends().min());
        spread.map_or(0, |(most, least)| most - least)
    };
    spread(0).max(spread(1)) >= RAGGED
}

/// Gaps that lie one below the other.
pub(super) fn groups(gaps: &[Gap], rows: &[Row], square: f64) -> Vec<Vec<Gap>> {
    let mut parent: Vec<usize> = (0..gaps.len()).collect();
    for (n, gap) in gaps.iter().enumerate() {
        for (m, other) in gaps.iter().enumerate().take(n) {
            if is_next(gap, other, rows, square) {
                let (a, b) = (root(&mut parent, n), root(&mut parent, m));
                if let Some(to) = parent.get_mut(a.max(b)) {
                    *to = a.min(b);
                }
            }
        }
    }
    let mut out = std::collections::BTreeMap::<usize, Vec<Gap>>::new();
    for (n, gap) in gaps.iter().enumerate() {
        out.entry(root(&mut parent, n)).or_default().push(*gap);
    }
    out.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_ends_in_a_shine_goes_on_no_further_than_it() {
        let gap = |row, from, to, ends| Gap {
            row,
            from,
            to,
            ends,
            is_sure: true,
            slow: 1,
        };
        let mut group = [
            gap(0, 10, 20, [Some(11), Some(19)]),
            gap(1, 8, 22, [Some(9), Some(21)]),
            gap(2, 9, 60, [Some(10), None]),
        ];
        end_alike(&mut group);
        assert_eq!(
            group.map(|gap| (gap.from, gap.to)),
            [(10, 20), (8, 22), (9, 22)]
        );
        assert!(is_ragged(&group));
        assert!(!is_ragged(&[
            gap(0, 0, 8, [None, Some(8)]),
            gap(1, 0, 8, [None, Some(7)])
        ]));
    }

    #[test]
    fn gaps_with_a_comma_beside_them_are_taken_in_where_they_lie_in_a_shine() {
        let rows: Vec<Row> = (0..12)
            .map(|n| Row {
                y0: f64::from(n) * 20.0,
                y1: f64::from(n) * 20.0 + 10.0,
                ink: Vec::new(),
            })
            .collect();
        let gap = |row, from, to, ends, is_sure| Gap {
            row,
            from,
            to,
            ends,
            is_sure,
            slow: 1,
        };
        let mut group = vec![
            gap(1, 10, 20, [Some(11), Some(19)], true),
            gap(2, 8, 22, [Some(9), Some(21)], true),
        ];
        let doubtful = [
            gap(3, 9, 40, [Some(10), None], false),
            gap(4, 12, 18, [None, Some(17)], false),
            // Beside them, and far below.
            gap(3, 60, 70, [Some(61), None], false),
            gap(11, 9, 20, [Some(10), None], false),
        ];
        take_in(&mut group, &doubtful, &rows, 10.0);
        let taken: Vec<_> = group
            .iter()
            .map(|gap| (gap.row, gap.from, gap.to))
            .collect();
        assert_eq!(taken, [(1, 10, 20), (2, 8, 22), (3, 9, 22), (4, 12, 18)]);
    }
}
