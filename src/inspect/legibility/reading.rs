//! What is written on a picture: where, which way up, and how well each part of it can be read.

use super::{
    detail::{self, Looks, Tile},
    glyphs::{self, Glyphs},
    ink::Ink,
    lines::{self, Line, Lines},
    model, orientation,
    overview::Overview,
    seals,
    shine::{self, Shine},
    text::Text,
    turns,
};
use crate::inspect::raster::{Raster, Turn};

/// What is written.
pub(super) struct Reading {
    pub(super) text: Text,
    /// What head and foot of its characters say.
    pub(super) glyphs: Glyphs,
    /// By how many quarters its frame has to be turned, as characters say that were asked.
    pub(super) asked: Option<u8>,
    pub(super) tiles: Vec<Tile>,
    /// What of it a shine took.
    pub(super) shines: Vec<Shine>,
}

/// More of a page is no text: 0.44 is the most on those of 800 spoilt pages that can be read.
const MOST_INK: f64 = 0.5;

/// Light type covers less of a page.
const MOST_LIGHT_INK: f64 = 0.3;

/// Fewer windows than this are too little to judge a picture by.
const ENOUGH_WINDOWS: u32 = 5;

impl Reading {
    /// Reads what lies beside the seals of a picture that stands so on its page.
    pub(super) fn of(
        raster: &Raster,
        over: &Overview,
        seals: &[seals::Found],
        turn: Option<Turn>,
        looks: Looks,
    ) -> Reading {
        let text = Text::find(over, seals);
        let glyphs = glyphs::look(raster, over, &text.ink.map, &text.lines);
        // Before a page is called turned, or left open, its characters are asked.
        let asked = orientation::is_doubtful(glyphs, &text.lines, turn)
            .then(|| turns::turns(raster, over, &text.ink.map, &text.lines))
            .flatten();
        let reading = Reading {
            text,
            glyphs,
            asked,
            tiles: Vec::new(),
            shines: Vec::new(),
        };
        reading.closely(raster, over, seals, looks)
    }
    /// Reads light type on a dark ground, on its negative; `None` where its characters do not say that it is some.
    pub(super) fn of_light_type(
        raster: &Raster,
        negative: &Overview,
        seals: &[seals::Found],
        looks: Looks,
    ) -> Option<Reading> {
        // The paper of dark type is much more of a page than light type can be.
        if Ink::of(negative).share > MOST_LIGHT_INK {
            return None;
        }
        let text = Text::find(negative, seals);
        if text.blank || !text.is_like_text() {
            return None;
        }
        let asked = turns::turns(raster, negative, &text.ink.map, &text.lines)?;
        let reading = Reading {
            glyphs: glyphs::look(raster, negative, &text.ink.map, &text.lines),
            text,
            asked: Some(asked),
            tiles: Vec::new(),
            shines: Vec::new(),
        };
        Some(reading.closely(raster, negative, seals, looks))
    }
    /// Measures its parts.
    fn closely(
        mut self,
        raster: &Raster,
        over: &Overview,
        seals: &[seals::Found],
        looks: Looks,
    ) -> Reading {
        if self.text.blank {
            return self;
        }
        let tiles = |lines: &Lines, upside_down: bool| {
            detail::tiles(raster, over, lines, seals, upside_down, looks)
        };
        let lines = &self.text.lines;
        let upside_down = match self.asked {
            Some(quarters) => quarters == 2,
            None => self.glyphs.sign() < 0.0,
        };
        self.tiles = tiles(lines, upside_down);
        // Its lines were sought in the wrong direction, or it is set in columns.
        if let Some(quarters @ (1 | 3)) = self.asked {
            let across = lines::along(over, &self.text.ink, !lines.turned);
            let quarters = (u8::from(lines.turned) + quarters + 4 - u8::from(across.turned)) % 4;
            let found = tiles(&across, quarters == 2);
            if mean_score(&found) > mean_score(&self.tiles) {
                self.asked = Some(quarters);
                self.text.adopt(across);
                self.tiles = found;
            }
        }
        self.shines = shine::find(&self.text, over, seals);
        self
    }
    /// How much text was looked at: the sum of the windows behind its parts.
    pub(super) fn windows(&self) -> u32 {
        self.tiles.iter().map(|t| t.near.windows).sum()
    }
    /// Share of its text that no shine took.
    fn text_left(&self) -> f64 {
        let left: f64 = self.text.lines.all.iter().map(Line::width).sum();
        let taken: f64 = self.shines.iter().map(|shine| shine.length).sum();
        left / (left + taken).max(1.0)
    }
    /// How well it can be read, 0–1; `None` for too little text.
    pub(super) fn score(&self) -> Option<f64> {
        // What lies under so much black nobody knows.
        if self.windows() < ENOUGH_WINDOWS || self.text.ink.share > MOST_INK {
            return None;
        }
        let score = mean_score(&self.tiles) * self.text_left();
        // What is hard to read and not even like text may be a picture.
        (self.text.is_like_text() || score >= model::LEGIBLE_FROM).then_some(score)
    }
}

/// The score of tiles, weighted by how much text there is in each; 0 without text.
fn mean_score(tiles: &[Tile]) -> f64 {
    let weight: f64 = tiles.iter().map(|t| f64::from(t.near.windows)).sum();
    let parts = tiles
        .iter()
        .map(|t| f64::from(t.near.windows) * model::score(t));
    parts.sum::<f64>() / weight.max(1.0)
}
