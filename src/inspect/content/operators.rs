//! The operators of one content stream, in order (ISO 32000-2, Annex A): each is handed to the room it belongs to.

use std::{collections::HashMap, ops::ControlFlow};

use hayro_font::kurbo::{Affine, Point, Rect};
use hayro_syntax::{
    content::{Instruction, UntypedIter},
    object::{Array, Dict, Name, Object, Stream, String as PdfString},
};

use super::{
    reader::{Cover, MAX_COVERS, PageRun},
    resources::Resources,
};
use crate::inspect::{
    graphics_state::{Path, Saved, State},
    ink::{self, Seen},
};

/// Deepest nesting of marked content that is followed.
const MAX_MARKED: usize = 4096;

/// What one content stream keeps while it runs.
pub(super) struct Running<'s, 'a> {
    pub(super) state: State,
    pub(super) resources: &'s Resources<'a>,
    pub(super) depth: u32,
    /// Fonts by their names here.
    pub(super) fonts: HashMap<Vec<u8>, Option<usize>>,
    saved: Saved,
    path: Path,
    clip_next: bool,
    /// Marked content that is open, and whether its layer is off.
    marked: Vec<bool>,
    hiding: u32,
}

impl Running<'_, '_> {
    /// Whether a layer that is off hides what is drawn now.
    pub(super) fn hidden(&self) -> bool {
        self.hiding > 0
    }
}

/// One operator with its operands.
pub(super) struct Step<'b, 'i> {
    instruction: Instruction<'b, 'i>,
    /// The first six numbers, 0 where there are fewer.
    pub(super) numbers: [f64; 6],
    /// How many there are, at most six.
    pub(super) count: usize,
}

impl<'b, 'i> Step<'b, 'i> {
    fn of(instruction: Instruction<'b, 'i>) -> Self {
        let mut numbers = [0.0_f64; 6];
        let mut count = 0;
        for operand in instruction.operands() {
            if let Object::Number(number) = operand
                && let Some(slot) = numbers.get_mut(count)
            {
                *slot = number.as_f64();
                count += 1;
            }
        }
        Step {
            instruction,
            numbers,
            count,
        }
    }
    /// The operator.
    pub(super) fn operator(&self) -> &'b [u8] {
        self.instruction.operator
    }
    /// The first name.
    pub(super) fn name(&self) -> Option<&'b Name<'i>> {
        self.names().next()
    }
    fn names(&self) -> impl Iterator<Item = &'b Name<'i>> {
        self.instruction
            .operands()
            .filter_map(|operand| match operand {
                Object::Name(name) => Some(name),
                _ => None,
            })
    }
    /// The first string.
    pub(super) fn string(&self) -> Option<&'b PdfString<'i>> {
        self.instruction
            .operands()
            .find_map(|operand| match operand {
                Object::String(string) => Some(string),
                _ => None,
            })
    }
    /// The first array.
    pub(super) fn array(&self) -> Option<&'b Array<'i>> {
        self.instruction
            .operands()
            .find_map(|operand| match operand {
                Object::Array(array) => Some(array),
                _ => None,
            })
    }
    fn inline_image(&self) -> Option<&'b Stream<'i>> {
        self.instruction
            .operands()
            .find_map(|operand| match operand {
                Object::Stream(stream) => Some(stream),
                _ => None,
            })
    }
}

impl<'a> PageRun<'_, 'a, '_, '_> {
    /// Runs one content stream.
    pub(super) fn stream(
        &mut self,
        bytes: &[u8],
        resources: &Resources<'a>,
        start: State,
        depth: u32,
    ) {
        let mut running = Running {
            state: start,
            resources,
            depth,
            fonts: HashMap::new(),
            saved: Saved::default(),
            path: Path::default(),
            clip_next: false,
            marked: Vec::new(),
            hiding: 0,
        };
        let mut instructions = UntypedIter::new(bytes);
        while let Some(instruction) = instructions.next() {
            if !self.spend() || self.step(&mut running, &Step::of(instruction)).is_break() {
                return;
            }
        }
    }

    /// Runs one operator; breaks when there is nothing left to spend.
    fn step(&mut self, running: &mut Running<'_, 'a>, step: &Step<'_, '_>) -> ControlFlow<()> {
        let going = match step.operator() {
            b"BT" | b"Tf" | b"Tc" | b"Tw" | b"Tz" | b"TL" | b"Tr" | b"Ts" | b"Td" | b"TD"
            | b"Tm" | b"T*" | b"Tj" | b"TJ" | b"'" | b"\"" => self.type_operator(running, step),
            b"q" => {
                running.saved.save(&running.state);
                true
            }
            b"Q" => {
                running.saved.restore(&mut running.state);
                true
            }
            b"cm" if step.count == 6 => {
                running.state.ctm *= Affine::new(step.numbers);
                true
            }
            b"gs" => {
                let dict = step
                    .name()
                    .and_then(|name| running.resources.states.get::<Dict<'a>>(name));
                if let Some(dict) = dict {
                    self.graphics_state(&dict, &mut running.state);
                }
                true
            }
            b"g" | b"G" | b"rg" | b"RG" | b"k" | b"K" | b"cs" | b"CS" | b"sc" | b"scn" | b"SC"
            | b"SCN" => {
                running
                    .state
                    .colour_operator(step, &running.resources.spaces);
                true
            }
            b"Do" => self.show_x_object(running, step),
            b"BI" => match step.inline_image() {
                Some(image) if !self.hides(running) => {
                    self.image(image.dict(), &running.resources.spaces, &running.state)
                }
                _ => true,
            },
            b"BMC" | b"BDC" | b"EMC" => {
                self.marked_content(running, step);
                true
            }
            _ => {
                self.path_operator(running, step);
                true
            }
        };
        if going {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    }

    /// Whether what would be drawn now is hidden by a layer; that it is, is noted.
    fn hides(&mut self, running: &Running<'_, 'a>) -> bool {
        self.content.hidden_by_layer |= running.hidden();
        running.hidden()
    }

    fn path_operator(&mut self, running: &mut Running<'_, 'a>, step: &Step<'_, '_>) {
        let [n0, n1, n2, n3, n4, n5] = step.numbers;
        let ctm = running.state.ctm;
        let path = &mut running.path;
        match step.operator() {
            b"re" => path.rect(ctm, n0, n1, n2, n3),
            b"m" => path.move_to(ctm * Point::new(n0, n1)),
            b"l" => path.line_to(ctm * Point::new(n0, n1)),
            b"c" => path.curve_to(&[(n0, n1), (n2, n3), (n4, n5)].map(|p| ctm * Point::from(p))),
            b"v" | b"y" => path.curve_to(&[(n0, n1), (n2, n3)].map(|p| ctm * Point::from(p))),
            b"W" | b"W*" => running.clip_next = true,
            operator @ (b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"S" | b"s" | b"n") => {
                let fills = !matches!(operator, b"S" | b"s" | b"n");
                let strokes = !matches!(operator, b"f" | b"F" | b"f*" | b"n");
                let (bounds, rects) = path.take();
                if (fills || strokes) && !self.hides(running) {
                    self.paint(&running.state, bounds, &rects, fills, strokes);
                }
                if std::mem::take(&mut running.clip_next) {
                    let clip = bounds.unwrap_or(Rect::ZERO);
                    running.state.clip = running.state.clip.intersect(clip);
                }
            }
            b"sh" => {
                let hidden = self.hides(running);
                self.content.drawn |= !hidden && running.state.clip.area() > 0.0;
            }
            _ => {}
        }
    }

    fn show_x_object(&mut self, running: &Running<'_, 'a>, step: &Step<'_, '_>) -> bool {
        let resources = running.resources;
        let Some(stream) = step
            .name()
            .and_then(|name| resources.x_objects.get::<Stream<'a>>(name))
        else {
            return true;
        };
        if self.hides(running) {
            return true;
        }
        if self.reader.layers.hides(stream.dict(), b"OC") {
            self.content.hidden_by_layer = true;
            return true;
        }
        self.x_object(&stream, resources, &running.state, running.depth)
    }

    fn marked_content(&mut self, running: &mut Running<'_, 'a>, step: &Step<'_, '_>) {
        if step.operator() == b"EMC" {
            running.hiding -= u32::from(running.marked.pop() == Some(true));
            return;
        }
        let mut names = step.names();
        let layer =
            step.operator() == b"BDC" && names.next().is_some_and(|tag| tag.as_ref() == b"OC");
        let hides = layer
            && names.next().is_some_and(|name| {
                let properties = &running.resources.properties;
                self.reader.layers.hides(properties, name.as_ref())
            });
        if running.marked.len() < MAX_MARKED {
            running.marked.push(hides);
            running.hiding += u32::from(hides);
        }
    }

    fn graphics_state(&mut self, dict: &Dict<'a>, state: &mut State) {
        if let Some(alpha) = dict.get::<f32>("ca") {
            state.fill_alpha = alpha;
        }
        if let Some(alpha) = dict.get::<f32>("CA") {
            state.stroke_alpha = alpha;
        }
        if let Some(mask) = dict.get::<Object<'_>>("SMask") {
            state.mixed = !matches!(&mask, Object::Name(name) if name.as_ref() == b"None");
            self.content.soft_masks += u64::from(state.mixed);
        }
        if let Some(mode) = dict.get::<Object<'_>>("BM") {
            let normal = |name: &Name<'_>| matches!(name.as_ref(), b"Normal" | b"Compatible");
            state.mixed = match &mode {
                Object::Name(name) => !normal(name),
                Object::Array(array) => {
                    !array.iter::<Name<'_>>().next().is_some_and(|n| normal(&n))
                }
                _ => state.mixed,
            };
        }
        if let Some(array) = dict.get::<Array<'a>>("Font") {
            let mut items = array.flex_iter();
            if let Some(font) = items.next::<Dict<'a>>() {
                state.text.font = Some(self.reader.fonts.load(&font, self.number, self.budget));
                if let Some(size) = items.next::<f32>() {
                    state.text.size = f64::from(size);
                }
            }
        }
    }

    fn paint(
        &mut self,
        state: &State,
        bounds: Option<Rect>,
        rects: &[Rect],
        fills: bool,
        strokes: bool,
    ) {
        let Some(bounds) = bounds else {
            return;
        };
        let visible = bounds.inflate(0.5, 0.5).intersect(state.clip);
        if visible.width() <= 0.0 || visible.height() <= 0.0 {
            return;
        }
        let white = |ink: Seen| ink.is_some_and(|ink| ink::alike(ink, [1.0; 3]));
        let marks = (fills && state.fill_alpha > 0.02 && !white(state.fill.1))
            || (strokes && state.stroke_alpha > 0.02 && !white(state.stroke.1));
        self.content.drawn |= marks;
        self.order += 1;
        if fills && state.fill_alpha > 0.98 && !state.mixed {
            for rect in rects {
                self.cover(rect.intersect(state.clip), state.fill.1);
            }
        }
    }

    /// Remembers something opaque.
    pub(super) fn cover(&mut self, rect: Rect, colour: Seen) {
        if rect.width() > 1.0 && rect.height() > 1.0 && self.content.covers.len() < MAX_COVERS {
            self.content.covers.push(Cover {
                rect,
                colour,
                order: self.order,
            });
        }
    }
}
