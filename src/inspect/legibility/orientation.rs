//! How the content is turned on the page as shown.

use super::{glyphs::Glyphs, lines::Lines};
use crate::inspect::raster::Turn;

/// Fewer lines and characters than this say nothing about how a page is turned.
const ENOUGH_LINES: usize = 3;
const ENOUGH_GLYPHS: usize = 4;
/// Characters that agree less than this, in standard deviations, leave it open.
const AGREE: f64 = 0.5;
/// Characters that agree less than this are asked, too: cut across their lines, they agree so far by chance.
const AGREE_CLEARLY: f64 = 2.0;

/// How the content is turned, clockwise: 0, 90, 180 or 270. `asked` is what characters that were asked say of themselves.
pub(super) fn orientation(
    glyphs: Glyphs,
    asked: Option<u8>,
    lines: &Lines,
    turn: Option<Turn>,
) -> Option<u16> {
    let quarters = match asked {
        Some(quarters) => as_shown(u8::from(lines.turned) + quarters, turn)?,
        // Figures and letters agree by chance: nothing is called upside down unless characters that were asked say so.
        None => at_first_sight(glyphs, lines, turn).filter(|quarters| *quarters != 2)?,
    };
    Some(u16::from(quarters) * 90)
}

/// Whether characters have to be asked: the page looks turned, or hardly says.
pub(super) fn is_doubtful(glyphs: Glyphs, lines: &Lines, turn: Option<Turn>) -> bool {
    glyphs.sign().abs() < AGREE_CLEARLY || at_first_sight(glyphs, lines, turn) != Some(0)
}

/// What lines, and head and foot of characters, say: by how many quarters the content is turned clockwise.
fn at_first_sight(glyphs: Glyphs, lines: &Lines, turn: Option<Turn>) -> Option<u8> {
    if lines.all.len() < ENOUGH_LINES || glyphs.count < ENOUGH_GLYPHS {
        return None;
    }
    let sign = glyphs.sign();
    let own = u8::from(lines.turned) + 2 * u8::from(sign < 0.0);
    as_shown(own, turn).filter(|_| sign.abs() >= AGREE)
}

/// As the page is shown, not as its picture is stored.
fn as_shown(own: u8, turn: Option<Turn>) -> Option<u8> {
    let turn = turn.filter(|turn| !turn.mirrored)?;
    Some((own + turn.quarters) % 4)
}

#[cfg(test)]
mod tests {
    use super::{super::lines::Line, *};

    /// What is made of 24 characters that say so much together, in standard deviations, and of what those say that were asked.
    fn told(sign: f64, asked: Option<u8>, turned: bool, quarters: u8) -> Option<u16> {
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
        orientation(glyphs, asked, &lines, Some(turn))
    }

    #[test]
    fn it_takes_characters_that_say_so_to_call_a_page_upside_down() {
        assert_eq!(told(0.6, None, false, 0), Some(0));
        assert_eq!(told(0.4, None, false, 0), None);
        assert_eq!(told(-2.7, None, false, 0), None);
        assert_eq!(told(-0.6, Some(2), false, 0), Some(180));
        assert_eq!(told(-2.7, Some(0), false, 0), Some(0));
        // As the page is shown, not as its picture is stored.
        assert_eq!(told(-0.6, None, false, 2), Some(0));
        assert_eq!(told(2.7, None, false, 2), None);
        assert_eq!(told(2.7, Some(0), false, 2), Some(180));
        assert_eq!(told(0.6, None, true, 0), Some(90));
        assert_eq!(told(-0.6, None, true, 0), Some(270));
    }
}
