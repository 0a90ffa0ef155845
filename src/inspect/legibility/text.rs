//! Where the text of a picture is: its ink and its lines, also where grain, stains or something much darker hide them.

use super::{
    blank, faint_ends,
    ink::Ink,
    lines::{self, Lines},
    overview::Overview,
    seals,
};

/// Share of a page that is ink where it lies on a ground and not on paper.
const GROUND: f64 = 0.08;

/// The text of a picture, as far as it can be found.
pub(super) struct Text {
    /// Where ink is; seals are taken out.
    pub(super) ink: Ink,
    pub(super) lines: Lines,
    /// Nothing can be seen.
    pub(super) blank: bool,
    /// How many lines are of about the usual height.
    pub(super) regular: usize,
    /// Their share of all lines: a page of text mostly consists of them, and a picture does not.
    pub(super) regular_share: f64,
}

impl Text {
    /// Looks for it beside the seals.
    pub(super) fn find(over: &Overview, seals: &[seals::Found]) -> Text {
        // In grain it is looked for from further away.
        let afar = over.is_grainy().then(|| over.softened());
        let seen = afar.as_ref().unwrap_or(over);
        let mut text = Text::of(seen, Ink::of(seen), seals);
        text.blank = blank::is_blank(over, &text.ink, &text.lines);
        // Most negatives are those of dark type that is hard to read: light type has to show at first sight.
        if !text.blank && !text.is_like_text() && !over.negative {
            text.look_harder(seen, seals);
        }
        faint_ends::lengthen(&mut text.lines, seen, &text.ink.map, |x, y| {
            seals.iter().any(|seal| seal.holds(x, y))
        });
        text
    }
    fn of(over: &Overview, mut ink: Ink, seals: &[seals::Found]) -> Text {
        seals::erase(seals, over, &mut ink.map);
        let mut text = Text {
            ink,
            lines: Lines::default(),
            blank: false,
            regular: 0,
            regular_share: 0.0,
        };
        text.adopt(lines::find(over, &text.ink));
        text
    }
    /// Takes these for its lines.
    pub(super) fn adopt(&mut self, lines: Lines) {
        let usual = lines.all.iter().filter(|line| lines.is_usual(line));
        self.regular = usual.count();
        self.regular_share = self.regular as f64 / lines.all.len().max(1) as f64;
        self.lines = lines;
    }
    /// Whether its lines are alike, as those of text are.
    pub(super) fn is_like_text(&self) -> bool {
        self.regular >= 3 && self.regular_share > 0.4
    }
    /// Lines that dots, grain, stains or something much darker hide at first sight: from further away, down to the palest ink, and
    /// without what is pale.
    fn look_harder(&mut self, over: &Overview, seals: &[seals::Found]) {
        let afar = over.softened();
        let looks: [&dyn Fn() -> Ink; 4] = [
            &|| Ink::of(&afar),
            &|| Ink::palest(over),
            &|| Ink::palest(&afar),
            &|| Ink::darker(over),
        ];
        // Much ink and hardly a line is a ground; of little ink what is paler than the rest may be text.
        let looks = if self.ink.share > GROUND {
            &looks[..]
        } else {
            &looks[..3]
        };
        let mut found = looks.iter().map(|look| Text::of(over, look(), seals));
        // What is looked for so hard has to be plain when it is found: there are stripes in photographs, too.
        let is_plain = |found: &Text| found.regular >= 6 && found.regular_share > 0.5;
        if let Some(found) = found.find(is_plain) {
            self.ink.map = found.ink.map;
            self.ink.level = found.ink.level;
            self.adopt(found.lines);
        }
    }
}
