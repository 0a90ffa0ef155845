//! Means of a picture over cells of any size.

use crate::inspect::raster::Grey;

/// Cells along one side of a picture, in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cells {
    /// Where the first begins.
    pub(super) from: f64,
    pub(super) size: f64,
    pub(super) count: usize,
}

impl Cells {
    /// So many that fill this length.
    pub(super) fn filling(length: usize, count: usize) -> Self {
        Self {
            from: 0.0,
            size: length as f64 / count as f64,
            count,
        }
    }

    /// For each cell the first pixel, and the share that each pixel from there on has in its mean.
    fn shares(self, length: usize) -> Vec<(usize, Vec<f64>)> {
        let of = |i: usize| {
            let edge = |i: usize| (self.from + i as f64 * self.size).clamp(0.0, length as f64);
            let (from, to) = (edge(i), edge(i + 1));
            let covered = |x: usize| (to.min(x as f64 + 1.0) - from.max(x as f64)).max(0.0);
            let pixels = from as usize..(to.ceil() as usize).min(length);
            let shares = pixels.map(|x| covered(x) / (to - from));
            (from as usize, shares.collect())
        };
        (0..self.count).map(of).collect()
    }
}

/// The mean of each cell, row by row; a pixel that a cell covers in part counts in part.
pub(super) fn means(picture: &Grey, across: Cells, down: Cells) -> Vec<f64> {
    let columns = across.shares(picture.width);
    let rows = down.shares(picture.height);
    // Of each row of pixels that any cell covers.
    let first = rows.first().map_or(0, |(first, _)| *first);
    let end = rows
        .last()
        .map_or(0, |(first, shares)| first + shares.len());
    let lines = picture.data.chunks_exact(picture.width.max(1));
    let mut narrow: Vec<f64> = Vec::with_capacity(end.saturating_sub(first) * columns.len());
    for line in lines.take(end).skip(first) {
        narrow.extend(columns.iter().map(|(left, shares)| {
            let values = line.get(*left..).unwrap_or_default();
            let weighted = shares.iter().zip(values).map(|(k, v)| k * f64::from(*v));
            weighted.sum::<f64>()
        }));
    }
    let mut out = Vec::with_capacity(columns.len() * rows.len());
    for (top, shares) in rows {
        let lines = narrow.chunks_exact(columns.len().max(1)).skip(top - first);
        let mut sums = vec![0.0; columns.len()];
        for (share, line) in shares.iter().zip(lines) {
            for (sum, value) in sums.iter_mut().zip(line) {
                *sum += share * value;
            }
        }
        out.append(&mut sums);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pixel_that_two_cells_share_counts_in_both() {
        let picture = Grey {
            width: 3,
            height: 2,
            data: vec![10, 20, 60, 30, 40, 80],
        };
        let halves = means(&picture, Cells::filling(3, 2), Cells::filling(2, 1));
        // (10 + 30 + (20 + 40) / 2) / 3 and (60 + 80 + (20 + 40) / 2) / 3.
        let wanted = [70.0 / 3.0, 170.0 / 3.0];
        assert_eq!(halves.len(), 2);
        for (mean, wanted) in halves.iter().zip(wanted) {
            assert!((mean - wanted).abs() < 1e-9, "{halves:?}");
        }
        let middle = Cells {
            from: 1.0,
            size: 1.0,
            count: 1,
        };
        assert_eq!(means(&picture, middle, middle), vec![40.0]);
    }
}
