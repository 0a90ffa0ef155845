//! The operators of colour (ISO 32000-2, 8.6.8).

use hayro_syntax::object::Dict;

use super::operators::Step;
use crate::inspect::{
    graphics_state::State,
    ink::{Seen, Space},
};

impl State {
    /// Sets a colour space or a colour; `spaces` are the colour spaces of the resources.
    pub(super) fn colour_operator(&mut self, step: &Step<'_, '_>, spaces: &Dict<'_>) {
        let plain = |space: Space, count: usize| colour(space, &step.numbers, count);
        match step.operator() {
            b"g" => self.fill = plain(Space::Gray, 1),
            b"G" => self.stroke = plain(Space::Gray, 1),
            b"rg" => self.fill = plain(Space::Rgb, 3),
            b"RG" => self.stroke = plain(Space::Rgb, 3),
            b"k" => self.fill = plain(Space::Cmyk, 4),
            b"K" => self.stroke = plain(Space::Cmyk, 4),
            operator @ (b"cs" | b"CS") => {
                if let Some(name) = step.name() {
                    let space = Space::named(name, spaces);
                    let ink = (space, space.initial());
                    if operator == b"cs" {
                        self.fill = ink;
                    } else {
                        self.stroke = ink;
                    }
                }
            }
            b"sc" | b"scn" => self.fill = in_space(self.fill.0, step),
            b"SC" | b"SCN" => self.stroke = in_space(self.stroke.0, step),
            _ => {}
        }
    }
}

fn in_space(space: Space, step: &Step<'_, '_>) -> (Space, Seen) {
    // A name is that of a pattern.
    if step.name().is_some() {
        return (space, None);
    }
    colour(space, &step.numbers, step.count)
}

fn colour(space: Space, numbers: &[f64; 6], count: usize) -> (Space, Seen) {
    let components = numbers.map(|n| n as f32);
    (
        space,
        space.colour(components.get(..count).unwrap_or_default()),
    )
}
