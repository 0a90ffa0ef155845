//! Strings of type as they are shown: codes, places, and whether they can be seen.

use hayro_font::kurbo::{Affine, Point};
use hayro_syntax::object::{Array, Dict, Name, Object};

use super::{
    operators::{Running, Step},
    reader::PageRun,
};
use crate::inspect::{
    graphics_state::State,
    text_runs::{Joined, Look, PlacedGlyph},
};

/// Most names of fonts remembered in one content stream.
const MAX_NAMES: usize = 4096;

impl<'a> PageRun<'_, 'a, '_, '_> {
    /// Runs an operator of type; false when there is nothing left to spend.
    pub(super) fn type_operator(
        &mut self,
        running: &mut Running<'_, 'a>,
        step: &Step<'_, '_>,
    ) -> bool {
        let [n0, n1, ..] = step.numbers;
        let text = &mut running.state.text;
        match step.operator() {
            b"BT" => {
                text.matrix = Affine::IDENTITY;
                text.line = Affine::IDENTITY;
            }
            b"Tf" => {
                if let Some(name) = step.name() {
                    running.state.text.font = self.font(name, running);
                }
                running.state.text.size = n0;
            }
            b"Tc" => text.char_space = n0,
            b"Tw" => text.word_space = n0,
            b"Tz" => text.scale = n0 / 100.0,
            b"TL" => text.leading = n0,
            b"Tr" => text.mode = n0 as i64,
            b"Ts" => text.rise = n0,
            b"Td" => text.next_line(n0, n1),
            b"TD" => {
                text.leading = -n1;
                text.next_line(n0, n1);
            }
            b"Tm" if step.count == 6 => {
                text.line = Affine::new(step.numbers);
                text.matrix = text.line;
            }
            b"T*" => text.next_line(0.0, -text.leading),
            b"TJ" => return self.show_array(running, step),
            operator @ (b"Tj" | b"'" | b"\"") => {
                if operator == b"\"" {
                    text.word_space = n0;
                    text.char_space = n1;
                }
                if operator != b"Tj" {
                    text.next_line(0.0, -text.leading);
                }
                if let Some(string) = step.string() {
                    return self.show(string.as_bytes(), running);
                }
            }
            _ => {}
        }
        true
    }

    fn show_array(&mut self, running: &mut Running<'_, 'a>, step: &Step<'_, '_>) -> bool {
        for item in step.array().into_iter().flat_map(Array::iter::<Object<'_>>) {
            match item {
                Object::String(string) if !self.show(string.as_bytes(), running) => {
                    return false;
                }
                Object::Number(number) => {
                    let vertical = self.vertical(&running.state);
                    let text = &mut running.state.text;
                    text.move_on(vertical, -number.as_f64() / 1000.0 * text.size);
                }
                _ => {}
            }
        }
        true
    }

    fn font(&mut self, name: &Name<'_>, running: &mut Running<'_, 'a>) -> Option<usize> {
        if let Some(font) = running.fonts.get(name.as_ref()) {
            return *font;
        }
        let font = running
            .resources
            .fonts
            .get::<Dict<'a>>(name)
            .map(|dict| self.reader.fonts.load(&dict, self.number, self.budget));
        if running.fonts.len() < MAX_NAMES {
            running.fonts.insert(name.as_ref().to_vec(), font);
        }
        font
    }

    /// Whether the font in force runs downwards.
    fn vertical(&mut self, state: &State) -> bool {
        state
            .text
            .font
            .and_then(|font| self.reader.fonts.get_mut(font))
            .is_some_and(|font| font.vertical())
    }

    /// Shows a string; false when there is nothing left to spend.
    fn show(&mut self, bytes: &[u8], running: &mut Running<'_, 'a>) -> bool {
        let hidden = running.hidden();
        self.content.hidden_by_layer |= hidden;
        let state = &mut running.state;
        let Some(number) = state.text.font else {
            return true;
        };
        let invisible_mode = matches!(state.text.mode, 3 | 7);
        let fills = matches!(state.text.mode, 0 | 2 | 4 | 6);
        let (ink, alpha) = if fills {
            (state.fill.1, state.fill_alpha)
        } else {
            (state.stroke.1, state.stroke_alpha)
        };
        let shown = state.clip.intersect(self.bounds);
        let mut offset = 0;
        while offset < bytes.len() {
            let Some(font) = self.reader.fonts.get_mut(number) else {
                return true;
            };
            let vertical = font.vertical();
            let code = font.code(bytes, offset);
            offset += code.len;
            let shown_as = font.glyph(code);
            let width = shown_as.advance / 1000.0;
            let place = state.ctm * state.text.glyph_space();
            let start = place * Point::ORIGIN;
            let end = if vertical {
                place * Point::new(0.0, width)
            } else {
                place * Point::new(width, 0.0)
            };
            let up = place * Point::new(0.0, 1.0) - start;
            let space = if code.len == 1 && code.value == 32 {
                state.text.word_space
            } else {
                0.0
            };
            state.text.move_on(
                vertical,
                width * state.text.size + state.text.char_space + space,
            );
            let middle = start.midpoint(end) + up * 0.35;
            let glyph = PlacedGlyph {
                text: shown_as.text,
                doubted: shown_as.doubted,
                start,
                end,
                up,
                vertical,
                look: Look {
                    font: number,
                    colour: ink,
                    invisible: invisible_mode || hidden || alpha < 0.02,
                    clipped: !shown.inflate(0.5, 0.5).contains(middle),
                },
                order: self.order,
            };
            if glyph.look.clipped && !self.bounds.inflate(2.0, 2.0).contains(middle) {
                self.content.outside = true;
            }
            if self.runs.push(&glyph) == Joined::New && !self.budget.note(self.number) {
                return false;
            }
        }
        self.order += 1;
        true
    }
}
