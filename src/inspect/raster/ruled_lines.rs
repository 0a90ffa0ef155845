//! Takes the ruled lines of tables out of a picture: recognisers take a ruled table for a drawing and read nothing in it.
//!
//! A ruled line is dark, thin and longer than any stroke of a character. It is replaced by what stands beside it.

use super::Grey;

/// Shortest ruled line, in inches (12 mm); the longest stroke of a title of 18 pt is half of that.
const LONG: f64 = 0.47;
/// Thickest ruled line, in inches (0.9 mm).
const THICK: f64 = 0.035;

/// The picture at `dpi` without ruled lines, level and upright ones.
pub(super) fn erase(grey: &mut Grey, dpi: f64) {
    let dark = darkness(grey);
    let long = (dpi * LONG) as usize;
    let thick = ((dpi * THICK).ceil() as usize).max(2);
    // Both directions are found before either is taken out, or crossings would leave stumps.
    let level = found(&dark, grey.width, grey.height, long, thick, false);
    let upright = found(&dark, grey.width, grey.height, long, thick, true);
    for (places, down) in [(level, true), (upright, false)] {
        for (x, y) in places {
            let beside = beside(grey, x, y, thick + 2, down);
            if let Some(pixel) = grey.data.get_mut(y * grey.width + x) {
                *pixel = beside;
            }
        }
    }
}

/// Which pixels are ink: clearly darker than the paper, which most of the page is.
pub(super) fn darkness(grey: &Grey) -> Vec<bool> {
    let mut counts = [0_usize; 256];
    for value in &grey.data {
        if let Some(count) = counts.get_mut(usize::from(*value)) {
            *count += 1;
        }
    }
    let mut seen = 0;
    let paper = counts
        .iter()
        .position(|n| {
            seen += n;
            seen * 2 > grey.data.len()
        })
        .unwrap_or(255);
    let limit = (paper * 3 / 4) as u8;
    grey.data.iter().map(|value| *value < limit).collect()
}

/// Pixels of thin, long dark runs, with the pixel on either side of them; `down` looks along columns.
fn found(
    dark: &[bool],
    width: usize,
    height: usize,
    long: usize,
    thick: usize,
    down: bool,
) -> Vec<(usize, usize)> {
    let (along, across) = if down {
        (height, width)
    } else {
        (width, height)
    };
    let is_dark = |i: usize, j: usize| {
        let (x, y) = if down { (j, i) } else { (i, j) };
        dark.get(y * width + x).copied().unwrap_or(false)
    };
    let mut places = Vec::new();
    for j in 0..across {
        let mut start = None;
        for i in 0..=along {
            if i < along && is_dark(i, j) {
                start.get_or_insert(i);
                continue;
            }
            let Some(from) = start.take() else { continue };
            if i - from < long {
                continue;
            }
            let reach = |at: usize, step: isize| {
                (1..=thick)
                    .take_while(|n| {
                        j.checked_add_signed(step * *n as isize)
                            .is_some_and(|j| j < across && is_dark(at, j))
                    })
                    .count()
            };
            let reaches: Vec<(usize, usize)> =
                (from..i).map(|at| (reach(at, -1), reach(at, 1))).collect();
            let mut thin: Vec<(usize, usize)> = reaches
                .iter()
                .copied()
                .filter(|(above, below)| above + below < thick)
                .collect();
            // Where lines cross, or a character touches one, it is thick for a little.
            if thin.len() * 10 < reaches.len() * 7 {
                continue;
            }
            thin.sort_unstable();
            let usual = thin.get(thin.len() / 2).copied().unwrap_or_default();
            for (at, (above, below)) in (from..i).zip(reaches) {
                let (above, below) = if above + below < thick {
                    (above, below)
                } else {
                    usual
                };
                let first = j.saturating_sub(above + 1);
                for j in first..=(j + below + 1).min(across - 1) {
                    places.push(if down { (j, at) } else { (at, j) });
                }
            }
        }
    }
    places.sort_unstable();
    places.dedup();
    places
}

/// The lighter of the two pixels `away` on either side.
fn beside(grey: &Grey, x: usize, y: usize, away: usize, down: bool) -> u8 {
    let at = |x: Option<usize>, y: Option<usize>| -> Option<u8> {
        let (x, y) = (x?, y?);
        (x < grey.width).then(|| grey.data.get(y * grey.width + x).copied())?
    };
    let (before, after) = if down {
        (
            at(Some(x), y.checked_sub(away)),
            at(Some(x), y.checked_add(away)),
        )
    } else {
        (
            at(x.checked_sub(away), Some(y)),
            at(x.checked_add(away), Some(y)),
        )
    };
    before.max(after).unwrap_or(255)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(paint: impl Fn(usize, usize) -> bool) -> Grey {
        let (width, height) = (400, 300);
        let data = (0..width * height)
            .map(|i| if paint(i % width, i / width) { 40 } else { 240 })
            .collect();
        Grey {
            width,
            height,
            data,
        }
    }

    #[test]
    fn long_thin_lines_go_and_strokes_and_areas_stay() {
        let mut grey = page(|x, y| {
            let line = (100..103).contains(&y) && x > 20 && x < 380;
            let upright = (200..202).contains(&x) && y > 20 && y < 280;
            let stroke = (50..53).contains(&y) && (30..60).contains(&x);
            let area = (150..200).contains(&y) && (20..180).contains(&x);
            line || upright || stroke || area
        });
        erase(&mut grey, 200.0);
        let at = |x: usize, y: usize| grey.data[y * 400 + x];
        assert_eq!(at(300, 101), 240);
        assert_eq!(at(200, 250), 240);
        assert_eq!(at(200, 101), 240, "where they cross");
        assert_eq!(at(40, 51), 40);
        assert_eq!(at(100, 170), 40);
    }
}
