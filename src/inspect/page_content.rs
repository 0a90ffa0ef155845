//! Runs the content of a page and notes its text and images with their places, as they are shown.
//!
//! Draws nothing. Every operator, form, piece of text and decoded byte is spent from the budget; nested
//! forms go no deeper than the limit, and a form that shows itself is left out, as readers do.

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use hayro_font::kurbo::{Affine, Point, Rect};
use hayro_syntax::{
    content::UntypedIter,
    object::{Array, Dict, Name, Object, ObjectIdentifier, Stream},
    page::Page,
};

use super::{
    budget::Budget,
    decode,
    facts::ImageFacts,
    fonts::FontBook,
    geometry::{self, Geometry},
    graphics_state::{Path, Saved, State},
    ink::{self, Seen, Space},
    layers::Layers,
    text_runs::{Joined, Look, PlacedGlyph, Run, Runs},
};
use crate::units::{Dpi, PageNumber};

/// Most opaque areas remembered on a page.
const MAX_COVERS: usize = 1_500;
/// Decoded forms kept for the next use, in bytes.
const FORM_CACHE: usize = 16 << 20;

/// Something opaque that was drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cover {
    /// Where.
    pub(crate) rect: Rect,
    /// Its colour, `None` for a picture or a pattern.
    pub(crate) colour: Seen,
    /// How many things were drawn before it.
    pub(crate) order: u32,
}

/// What a page holds.
#[derive(Default)]
pub(crate) struct Content {
    /// Text in content order.
    pub(crate) runs: Vec<Run>,
    /// Images in content order.
    pub(crate) images: Vec<ImageFacts>,
    /// Opaque areas in drawing order.
    pub(crate) covers: Vec<Cover>,
    /// Lines or areas that can be seen were drawn.
    pub(crate) drawn: bool,
    /// Something stands wholly outside of what is shown.
    pub(crate) outside: bool,
    /// Annotations that are printed.
    pub(crate) printed_annotations: u32,
    /// What decoding the pictures costs, in pixels; masks count, and JBIG2 and JPEG 2000 count twice.
    pub(crate) pixels: u64,
    /// A picture unpacks to more than its size calls for: the page must not be drawn.
    pub(crate) bomb: bool,
    /// The content of the page is damaged or missing where it should be.
    pub(crate) damaged: bool,
}

/// What is kept from page to page.
pub(crate) struct Reader<'a> {
    /// Fonts met so far.
    pub(crate) fonts: FontBook<'a>,
    forms: HashMap<ObjectIdentifier, Rc<[u8]>>,
    forms_bytes: usize,
    /// Pictures looked at, and whether they unpack to too much.
    pictures: HashMap<ObjectIdentifier, bool>,
    layers: Layers,
}

impl<'a> Reader<'a> {
    /// For a file with these layers.
    pub(crate) fn new(layers: Layers) -> Self {
        Reader {
            fonts: FontBook::new(),
            forms: HashMap::new(),
            forms_bytes: 0,
            pictures: HashMap::new(),
            layers,
        }
    }

    /// Reads one page.
    pub(crate) fn read(
        &mut self,
        page: &Page<'a>,
        number: PageNumber,
        geometry: &Geometry,
        budget: &mut Budget<'_>,
    ) -> Content {
        let mut run = PageRun {
            reader: self,
            budget,
            number,
            bounds: geometry.bounds(),
            content: Content::default(),
            runs: Runs::default(),
            operators: 0,
            order: 0,
            active: HashSet::new(),
        };
        let state = State::new(geometry.to_shown, geometry.bounds());
        let bytes = run.page_bytes(page);
        let resources = page_resources(page);
        run.stream(&bytes, &resources, state, 0);
        run.annotations(page, geometry, &resources);
        run.finish()
    }
}

/// The resources of a page or form by kind.
#[derive(Clone)]
struct Resources<'a> {
    fonts: Dict<'a>,
    x_objects: Dict<'a>,
    states: Dict<'a>,
    spaces: Dict<'a>,
    properties: Dict<'a>,
}

fn page_resources<'a>(page: &Page<'a>) -> Resources<'a> {
    let all = page.resources();
    Resources {
        fonts: all.fonts.clone(),
        x_objects: all.x_objects.clone(),
        states: all.ext_g_states.clone(),
        spaces: all.color_spaces.clone(),
        properties: all.properties.clone(),
    }
}

fn own_resources<'a>(dict: &Dict<'a>) -> Option<Resources<'a>> {
    let all = dict.get::<Dict<'a>>("Resources")?;
    let part = |key: &str| all.get::<Dict<'a>>(key).unwrap_or_default();
    Some(Resources {
        fonts: part("Font"),
        x_objects: part("XObject"),
        states: part("ExtGState"),
        spaces: part("ColorSpace"),
        properties: part("Properties"),
    })
}

struct PageRun<'r, 'a, 'b, 'l> {
    reader: &'r mut Reader<'a>,
    budget: &'b mut Budget<'l>,
    number: PageNumber,
    bounds: Rect,
    content: Content,
    runs: Runs,
    operators: u64,
    order: u32,
    active: HashSet<ObjectIdentifier>,
}

impl<'a> PageRun<'_, 'a, '_, '_> {
    fn finish(self) -> Content {
        let mut content = self.content;
        content.runs = self.runs.finish();
        content
    }

    fn page_bytes(&mut self, page: &Page<'a>) -> Vec<u8> {
        let streams: Vec<Stream<'a>> = match page.raw().get::<Object<'a>>("Contents") {
            Some(Object::Stream(stream)) => vec![stream],
            Some(Object::Array(array)) => array.iter::<Stream<'a>>().take(100_000).collect(),
            // Content that is named and cannot be found was lost, by a cut or a wrong cross-reference.
            _ => {
                self.content.damaged |= page.raw().get_ref("Contents").is_some();
                Vec::new()
            }
        };
        let mut all = Vec::new();
        for stream in &streams {
            let Some(bytes) = self.decode(stream) else {
                break;
            };
            all.extend_from_slice(&bytes);
            // Streams must be kept apart by white space.
            all.push(b'\n');
            if all.len() as u64 > self.budget.limits.decoded_content_bytes.value() {
                self.budget.meet_decoded(Some(self.number));
                break;
            }
        }
        all
    }

    fn decode(&mut self, stream: &Stream<'a>) -> Option<Vec<u8>> {
        match decode::stream(stream, self.budget.decodable()) {
            decode::Decoded::Whole(bytes) => {
                self.budget.decoded(bytes.len());
                Some(bytes)
            }
            decode::Decoded::Damaged(bytes) => {
                self.content.damaged = true;
                self.budget.decoded(bytes.len());
                Some(bytes)
            }
            decode::Decoded::TooLarge => {
                self.budget.meet_decoded(Some(self.number));
                None
            }
            decode::Decoded::NotData => {
                self.content.damaged = true;
                Some(Vec::new())
            }
        }
    }

    fn spend(&mut self) -> bool {
        self.operators += 1;
        if self.operators > self.budget.limits.page_operators {
            let allowed = self.budget.limits.page_operators;
            self.budget
                .meet("page_operators", allowed, Some(self.number));
            return false;
        }
        self.budget.operator(self.number)
    }

    /// Runs one content stream.
    fn stream(&mut self, bytes: &[u8], resources: &Resources<'a>, start: State, depth: u32) {
        let mut state = start;
        let mut saved = Saved::default();
        let mut path = Path::default();
        let mut clip_next = false;
        let mut marked: Vec<bool> = Vec::new();
        let mut fonts: HashMap<Vec<u8>, Option<usize>> = HashMap::new();
        let mut instructions = UntypedIter::new(bytes);
        while let Some(instruction) = instructions.next() {
            if !self.spend() {
                return;
            }
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
            let [n0, n1, n2, n3, n4, n5] = numbers;
            let operator: &[u8] = instruction.operator;
            let first_name = || {
                instruction.operands().find_map(|operand| match operand {
                    Object::Name(name) => Some(name),
                    _ => None,
                })
            };
            let text = || {
                instruction.operands().find_map(|operand| match operand {
                    Object::String(string) => Some(string),
                    _ => None,
                })
            };
            let hidden = marked.iter().any(|hidden| *hidden);
            match operator {
                b"q" => saved.save(&state),
                b"Q" => saved.restore(&mut state),
                b"cm" if count == 6 => state.ctm *= Affine::new(numbers),
                b"gs" => {
                    if let Some(dict) =
                        first_name().and_then(|name| resources.states.get::<Dict<'a>>(name))
                    {
                        self.graphics_state(&dict, &mut state);
                    }
                }
                // Paths.
                b"re" => path.rect(state.ctm, n0, n1, n2, n3),
                b"m" => path.move_to(state.ctm * Point::new(n0, n1)),
                b"l" => path.line_to(state.ctm * Point::new(n0, n1)),
                b"c" => path
                    .curve_to(&[(n0, n1), (n2, n3), (n4, n5)].map(|p| state.ctm * Point::from(p))),
                b"v" | b"y" => {
                    path.curve_to(&[(n0, n1), (n2, n3)].map(|p| state.ctm * Point::from(p)));
                }
                b"W" | b"W*" => clip_next = true,
                b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"S" | b"s" | b"n" => {
                    let fills = !matches!(operator, b"S" | b"s" | b"n");
                    let strokes = !matches!(operator, b"f" | b"F" | b"f*" | b"n");
                    let (bounds, rects) = path.take();
                    if !hidden {
                        self.paint(&state, bounds, &rects, fills, strokes);
                    }
                    if std::mem::take(&mut clip_next) {
                        let clip = bounds.unwrap_or(Rect::ZERO);
                        state.clip = state.clip.intersect(clip);
                    }
                }
                b"sh" => self.content.drawn |= !hidden && state.clip.area() > 0.0,
                // Colours.
                b"g" => state.fill = plain(Space::Gray, &numbers, 1),
                b"G" => state.stroke = plain(Space::Gray, &numbers, 1),
                b"rg" => state.fill = plain(Space::Rgb, &numbers, 3),
                b"RG" => state.stroke = plain(Space::Rgb, &numbers, 3),
                b"k" => state.fill = plain(Space::Cmyk, &numbers, 4),
                b"K" => state.stroke = plain(Space::Cmyk, &numbers, 4),
                b"cs" | b"CS" => {
                    if let Some(name) = first_name() {
                        let space = Space::named(name, &resources.spaces);
                        let ink = (space, space.initial());
                        if operator == b"cs" {
                            state.fill = ink;
                        } else {
                            state.stroke = ink;
                        }
                    }
                }
                b"sc" | b"scn" => {
                    let pattern = first_name().is_some();
                    state.fill = set_colour(state.fill.0, &numbers, count, pattern);
                }
                b"SC" | b"SCN" => {
                    let pattern = first_name().is_some();
                    state.stroke = set_colour(state.stroke.0, &numbers, count, pattern);
                }
                // Text.
                b"BT" => {
                    state.text.matrix = Affine::IDENTITY;
                    state.text.line = Affine::IDENTITY;
                }
                b"Tf" => {
                    if let Some(name) = first_name() {
                        state.text.font = self.font(name, resources, &mut fonts);
                    }
                    state.text.size = n0;
                }
                b"Tc" => state.text.char_space = n0,
                b"Tw" => state.text.word_space = n0,
                b"Tz" => state.text.scale = n0 / 100.0,
                b"TL" => state.text.leading = n0,
                b"Tr" => state.text.mode = n0 as i64,
                b"Ts" => state.text.rise = n0,
                b"Td" => state.text.next_line(n0, n1),
                b"TD" => {
                    state.text.leading = -n1;
                    state.text.next_line(n0, n1);
                }
                b"Tm" if count == 6 => {
                    state.text.line = Affine::new(numbers);
                    state.text.matrix = state.text.line;
                }
                b"T*" => state.text.next_line(0.0, -state.text.leading),
                b"Tj" => {
                    if let Some(string) = text()
                        && !self.show(string.as_bytes(), &mut state, hidden)
                    {
                        return;
                    }
                }
                b"'" | b"\"" => {
                    if operator == b"\"" {
                        state.text.word_space = n0;
                        state.text.char_space = n1;
                    }
                    state.text.next_line(0.0, -state.text.leading);
                    if let Some(string) = text()
                        && !self.show(string.as_bytes(), &mut state, hidden)
                    {
                        return;
                    }
                }
                b"TJ" => {
                    let array = instruction.operands().find_map(|operand| match operand {
                        Object::Array(array) => Some(array),
                        _ => None,
                    });
                    for item in array.into_iter().flat_map(Array::iter::<Object<'_>>) {
                        match item {
                            Object::String(string)
                                if !self.show(string.as_bytes(), &mut state, hidden) =>
                            {
                                return;
                            }
                            Object::Number(number) => {
                                let vertical = self.vertical(&state);
                                let distance = -number.as_f64() / 1000.0 * state.text.size;
                                state.text.move_on(vertical, distance);
                            }
                            _ => {}
                        }
                    }
                }
                // Pictures and forms.
                b"Do" => {
                    if let Some(name) = first_name()
                        && let Some(stream) = resources.x_objects.get::<Stream<'a>>(name)
                        && !hidden
                        && !self.reader.layers.hides(stream.dict(), b"OC")
                        && !self.x_object(&stream, resources, &state, depth)
                    {
                        return;
                    }
                }
                b"BI" => {
                    let image = instruction.operands().find_map(|operand| match operand {
                        Object::Stream(stream) => Some(stream),
                        _ => None,
                    });
                    if let Some(image) = image
                        && !hidden
                        && !self.image(image.dict(), &resources.spaces, &state)
                    {
                        return;
                    }
                }
                // Marked content.
                b"BMC" => marked.push(false),
                b"BDC" => {
                    let mut names = instruction.operands().filter_map(|operand| match operand {
                        Object::Name(name) => Some(name),
                        _ => None,
                    });
                    let layer = names.next().is_some_and(|tag| tag.as_ref() == b"OC");
                    let hides = layer
                        && names.next().is_some_and(|name| {
                            self.reader
                                .layers
                                .hides(&resources.properties, name.as_ref())
                        });
                    if marked.len() < 4096 {
                        marked.push(hides);
                    }
                }
                b"EMC" => {
                    marked.pop();
                }
                _ => {}
            }
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

    fn font(
        &mut self,
        name: &Name<'_>,
        resources: &Resources<'a>,
        known: &mut HashMap<Vec<u8>, Option<usize>>,
    ) -> Option<usize> {
        if let Some(font) = known.get(name.as_ref()) {
            return *font;
        }
        let font = resources
            .fonts
            .get::<Dict<'a>>(name)
            .map(|dict| self.reader.fonts.load(&dict, self.number, self.budget));
        if known.len() < 4096 {
            known.insert(name.as_ref().to_vec(), font);
        }
        font
    }

    fn vertical(&mut self, state: &State) -> bool {
        state
            .text
            .font
            .and_then(|font| self.reader.fonts.get_mut(font))
            .is_some_and(|font| font.vertical())
    }

    /// Shows a string; false when there is nothing left to spend.
    fn show(&mut self, bytes: &[u8], state: &mut State, hidden: bool) -> bool {
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
            let text = font.unicode(code);
            let width = font.advance(code) / 1000.0;
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
                text,
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

    fn cover(&mut self, rect: Rect, colour: Seen) {
        if rect.width() > 1.0 && rect.height() > 1.0 && self.content.covers.len() < MAX_COVERS {
            self.content.covers.push(Cover {
                rect,
                colour,
                order: self.order,
            });
        }
    }

    /// Runs a form or notes an image; false when there is nothing left to spend.
    fn x_object(
        &mut self,
        stream: &Stream<'a>,
        resources: &Resources<'a>,
        state: &State,
        depth: u32,
    ) -> bool {
        let kind = stream.dict().get::<Name<'_>>("Subtype");
        match kind.as_ref().map(AsRef::as_ref) {
            Some(b"Image") => {
                self.defuse(stream);
                self.image(stream.dict(), &resources.spaces, state)
            }
            Some(b"Form") => self.form(stream, resources, state, depth),
            _ => true,
        }
    }

    fn form(
        &mut self,
        stream: &Stream<'a>,
        resources: &Resources<'a>,
        state: &State,
        depth: u32,
    ) -> bool {
        if depth >= self.budget.limits.depth {
            let allowed = u64::from(self.budget.limits.depth);
            self.budget.meet("depth", allowed, Some(self.number));
            return true;
        }
        let id = stream.obj_id();
        if !self.active.insert(id) {
            return true;
        }
        let Some(bytes) = self.form_bytes(stream, id) else {
            self.active.remove(&id);
            return true;
        };
        let dict = stream.dict();
        let mut inner = state.clone();
        if let Some(matrix) = six(dict, "Matrix") {
            inner.ctm *= Affine::new(matrix);
        }
        if let Some([a, b, c, d]) = four(dict, "BBox") {
            let rect = Rect::new(a, b, c, d).abs();
            inner.clip = inner.clip.intersect(inner.ctm.transform_rect_bbox(rect));
        }
        if dict.get::<Dict<'_>>("Group").is_some() {
            // Inside of a group the outer opacity is applied to the whole; keep it where it hides all.
            inner.mixed |= state.fill_alpha < 0.98;
        }
        let own = own_resources(dict);
        self.stream(&bytes, own.as_ref().unwrap_or(resources), inner, depth + 1);
        self.active.remove(&id);
        // Exactly at the limit nothing was left out yet, and nothing was noted: go on.
        self.operators <= self.budget.limits.page_operators
    }

    fn form_bytes(&mut self, stream: &Stream<'a>, id: ObjectIdentifier) -> Option<Rc<[u8]>> {
        if let Some(bytes) = self.reader.forms.get(&id) {
            return Some(bytes.clone());
        }
        let bytes: Rc<[u8]> = self.decode(stream)?.into();
        if self.reader.forms_bytes + bytes.len() <= FORM_CACHE && id.obj_number != 0 {
            self.reader.forms_bytes += bytes.len();
            self.reader.forms.insert(id, bytes.clone());
        }
        Some(bytes)
    }

    /// Looks once at each picture, its masks and its colour profile: whether they unpack to a sane size.
    fn defuse(&mut self, stream: &Stream<'a>) {
        if let Some(bomb) = self.reader.pictures.get(&stream.obj_id()) {
            self.content.bomb |= *bomb;
            return;
        }
        let mut bomb = false;
        let dict = stream.dict();
        let profile = dict
            .get::<Array<'a>>("ColorSpace")
            .and_then(|space| space.iter::<Object<'a>>().nth(1)?.into_stream());
        let parts = [
            Some(stream.clone()),
            dict.get::<Stream<'a>>("SMask"),
            dict.get::<Stream<'a>>("Mask"),
            profile,
        ];
        for part in parts.into_iter().flatten() {
            let side = |key: &str| u64::from(part.dict().get::<u32>(key).unwrap_or(0));
            // Four components of 16 bits, a predictor byte a row, and room for what lies around.
            let needed = side("Width")
                .saturating_mul(side("Height"))
                .saturating_mul(8)
                .saturating_add(side("Height"));
            let allowed = needed.clamp(4 << 20, self.budget.limits.decoded_stream_bytes.value());
            if !decode::picture_fits(&part, allowed) {
                bomb = true;
                self.budget
                    .meet("decoded_stream_bytes", allowed, Some(self.number));
            }
        }
        self.content.bomb |= bomb;
        self.reader.pictures.insert(stream.obj_id(), bomb);
    }

    fn image(&mut self, dict: &Dict<'_>, spaces: &Dict<'_>, state: &State) -> bool {
        let number = |long: &str, short: &str| {
            dict.get::<u32>(long)
                .or_else(|| dict.get::<u32>(short))
                .unwrap_or(0)
        };
        let (width, height) = (number("Width", "W"), number("Height", "H"));
        let place = state.ctm.transform_rect_bbox(Rect::new(0.0, 0.0, 1.0, 1.0));
        if !place.is_finite() {
            return true;
        }
        let shown = place.intersect(state.clip).intersect(self.bounds);
        let visible = shown.width() > 0.0 && shown.height() > 0.0;
        if !visible && place.area() > 0.0 {
            self.content.outside = true;
        }
        let pixels = u64::from(width) * u64::from(height);
        if pixels > self.budget.limits.image_pixels {
            let allowed = self.budget.limits.image_pixels;
            self.budget.meet("image_pixels", allowed, Some(self.number));
        }
        if !self.budget.note(self.number) {
            return false;
        }
        let masks = ["SMask", "Mask"]
            .iter()
            .filter_map(|key| dict.get::<Stream<'_>>(key))
            .map(|mask| pixel_cost(mask.dict()))
            .sum::<u64>();
        self.content.pixels = self
            .content
            .pixels
            .saturating_add(pixel_cost(dict))
            .saturating_add(masks);
        let across = geometry::stretch(state.ctm, 1.0, 0.0) / 72.0;
        let down = geometry::stretch(state.ctm, 0.0, 1.0) / 72.0;
        let dpi = |pixels: u32, inches: f64| {
            if inches > 0.0 {
                f64::from(pixels) / inches
            } else {
                0.0
            }
        };
        let mask = dict
            .get::<bool>("ImageMask")
            .or_else(|| dict.get::<bool>("IM"))
            .unwrap_or(false);
        let filter = decode::filter_names(dict).pop();
        let space = ink::of_image(
            dict.get::<Object<'_>>("ColorSpace")
                .or_else(|| dict.get::<Object<'_>>("CS")),
            spaces,
        );
        let bits = number("BitsPerComponent", "BPC");
        let page_area = self.bounds.area();
        let coverage = if visible && page_area > 0.0 {
            shown.area() / page_area
        } else {
            0.0
        };
        self.content.images.push(ImageFacts {
            box_pt: geometry::pt_box(place),
            width_px: width,
            height_px: height,
            dpi: Dpi::new(dpi(width, across).min(dpi(height, down)).round()),
            filter,
            bits: if mask { 1 } else { bits.clamp(1, 16) as u8 },
            components: space.components(),
            coverage: (coverage * 10_000.0).round() / 10_000.0,
        });
        self.order += 1;
        let opaque = !mask
            && !dict.contains_key("SMask")
            && !dict.contains_key("Mask")
            && !dict.contains_key("SMaskInData")
            && state.fill_alpha > 0.98
            && !state.mixed;
        if opaque && visible && width > 0 && height > 0 {
            self.cover(shown, None);
        }
        true
    }

    /// What annotations show (12.5.5): their normal appearance, placed in their rectangle.
    fn annotations(&mut self, page: &Page<'a>, geometry: &Geometry, resources: &Resources<'a>) {
        const HIDDEN: u32 = 1 << 1;
        const PRINT: u32 = 1 << 2;
        const NO_VIEW: u32 = 1 << 5;
        let Some(annotations) = page.raw().get::<Array<'a>>("Annots") else {
            return;
        };
        for annotation in annotations.iter::<Dict<'a>>() {
            if !self.spend() {
                return;
            }
            let flags = annotation.get::<u32>("F").unwrap_or(0);
            if flags & (HIDDEN | NO_VIEW) != 0 || self.reader.layers.hides(&annotation, b"OC") {
                continue;
            }
            let Some(appearance) = normal_appearance(&annotation) else {
                continue;
            };
            if flags & PRINT != 0 {
                self.content.printed_annotations += 1;
            }
            let (Some([a, b, c, d]), Some([e, f, g, h])) =
                (four(&annotation, "Rect"), four(appearance.dict(), "BBox"))
            else {
                continue;
            };
            let matrix = six(appearance.dict(), "Matrix").map_or(Affine::IDENTITY, Affine::new);
            let drawn = matrix.transform_rect_bbox(Rect::new(e, f, g, h).abs());
            let wanted = Rect::new(a, b, c, d).abs();
            if drawn.width() <= 0.0 || drawn.height() <= 0.0 {
                continue;
            }
            let (x, y) = (
                wanted.width() / drawn.width(),
                wanted.height() / drawn.height(),
            );
            let fit = Affine::new([
                x,
                0.0,
                0.0,
                y,
                wanted.x0 - x * drawn.x0,
                wanted.y0 - y * drawn.y0,
            ]);
            let state = State::new(geometry.to_shown * fit, geometry.bounds());
            if !self.form(&appearance, resources, &state, 0) {
                return;
            }
        }
    }
}

/// The pixels of a picture, twice for the filters that take twice as long.
fn pixel_cost(dict: &Dict<'_>) -> u64 {
    let side = |long: &str, short: &str| {
        u64::from(
            dict.get::<u32>(long)
                .or_else(|| dict.get::<u32>(short))
                .unwrap_or(0),
        )
    };
    let slow = decode::filter_names(dict)
        .iter()
        .any(|name| matches!(name.as_str(), "JBIG2Decode" | "JPXDecode"));
    let weight = if slow { 2 } else { 1 };
    side("Width", "W")
        .saturating_mul(side("Height", "H"))
        .saturating_mul(weight)
}

fn normal_appearance<'a>(annotation: &Dict<'a>) -> Option<Stream<'a>> {
    match annotation.get::<Dict<'a>>("AP")?.get::<Object<'a>>("N")? {
        Object::Stream(stream) => Some(stream),
        Object::Dict(states) => {
            let state = annotation.get::<Name<'a>>("AS")?;
            states.get::<Stream<'a>>(state)
        }
        _ => None,
    }
}

fn plain(space: Space, numbers: &[f64; 6], count: usize) -> (Space, Seen) {
    set_colour(space, numbers, count, false)
}

fn set_colour(space: Space, numbers: &[f64; 6], count: usize, pattern: bool) -> (Space, Seen) {
    if pattern {
        return (space, None);
    }
    let components: Vec<f32> = numbers.iter().take(count).map(|n| *n as f32).collect();
    (space, space.colour(&components))
}

fn four(dict: &Dict<'_>, key: &str) -> Option<[f64; 4]> {
    let numbers: Vec<f64> = dict
        .get::<Array<'_>>(key)?
        .iter::<f32>()
        .take(5)
        .map(f64::from)
        .collect();
    numbers.as_slice().try_into().ok()
}

fn six(dict: &Dict<'_>, key: &str) -> Option<[f64; 6]> {
    let numbers: Vec<f64> = dict
        .get::<Array<'_>>(key)?
        .iter::<f32>()
        .take(7)
        .map(f64::from)
        .collect();
    numbers.as_slice().try_into().ok()
}
