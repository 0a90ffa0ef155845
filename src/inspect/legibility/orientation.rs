//! How the content is turned on the page as shown.

use super::{glyphs::Glyphs, lines::Lines};
use crate::inspect::raster::Turn;

/// Fewer lines and characters than this say nothing about how a page is turned.
const ENOUGH_LINES: usize = 3;
const ENOUGH_GLYPHS: usize = 4;
/// Characters that agree less than this, in standard deviations, leave it open.
pub(super) const AGREE: f64 = 0.5;
/// What it takes to call a page upside down: nearly all are not, and whoever is told so for nothing looks for a fault that is not there.
const AGREE_UPSIDE_DOWN: f64 = 1.2;

/// How the content is turned, clockwise: 0, 90, 180 or 270. `asked` is what characters that were asked say of themselves.
pub(super) fn orientation(
    glyphs: Glyphs,
    asked: Option<u8>,
    lines: &Lines,
    turn: Option<Turn>,
) -> Option<u16> {
    let turn = turn.filter(|turn| !turn.mirrored)?;
    let as_shown = |own: u8| u16::from((own + turn.quarters) % 4);
    if let Some(quarters) = asked {
        return Some(as_shown(u8::from(lines.turned) + quarters) * 90);
    }
    if lines.all.len() < ENOUGH_LINES || glyphs.count < ENOUGH_GLYPHS {
        return None;
    }
    let sign = glyphs.sign();
    let quarters = as_shown(u8::from(lines.turned) + 2 * u8::from(sign < 0.0));
    let least = if quarters == 2 {
        AGREE_UPSIDE_DOWN
    } else {
        AGREE
    };
    (sign.abs() >= least).then_some(quarters * 90)
}

#[cfg(test)]
mod tests {
    use super::{super::lines::Line, *};

    /// What is made of 24 characters that say so much together, in standard deviations.
    fn told(sign: f64, turned: bool, quarters: u8) -> Option<u16> {
        let line = Line {
            x0: 0.0,
            y0: 0.0,
            x1: 300.0,
            y1: 16.0,
        };
        let lines = Lines {
            turned,
            slope: 0.0,
            all: vec![line; 3],
            height: 16.0,
        };
        let glyphs = Glyphs {
            sum: sign * 5.0,
            count: 24,
        };
        let turn = Turn {
            quarters,
            mirrored: false,
        };
        orientation(glyphs, None, &lines, Some(turn))
    }

    #[test]
    fn it_takes_more_to_call_a_page_upside_down() {
        assert_eq!(told(0.6, false, 0), Some(0));
        assert_eq!(told(-0.6, false, 0), None);
        assert_eq!(told(-1.3, false, 0), Some(180));
        // As the page is shown, not as its picture is stored.
        assert_eq!(told(-0.6, false, 2), Some(0));
        assert_eq!(told(0.6, false, 2), None);
        assert_eq!(told(0.6, true, 0), Some(90));
        assert_eq!(told(-0.6, true, 0), Some(270));
        assert_eq!(told(0.4, false, 0), None);
    }
}
