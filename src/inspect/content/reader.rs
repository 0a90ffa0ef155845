//! What a page holds, and the reader that keeps fonts and forms from page to page.

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use hayro_font::kurbo::Rect;
use hayro_syntax::{
    object::{Object, ObjectIdentifier, Stream},
    page::Page,
};

use super::resources::page_resources;
use crate::{
    inspect::{
        self,
        budget::Budget,
        decode,
        facts::ImageFacts,
        fonts::FontBook,
        geometry::Geometry,
        graphics_state::State,
        ink::Seen,
        layers::Layers,
        text_runs::{Run, Runs},
    },
    units::PageNumber,
};

/// Most opaque areas remembered on a page.
pub(super) const MAX_COVERS: usize = 1_500;
/// Decoded forms kept for the next use, in bytes.
pub(super) const FORM_CACHE: usize = 16 << 20;

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
    /// Soft masks that drawing the page makes pictures of, each as large as the page.
    pub(crate) soft_masks: u64,
    /// A picture unpacks to more than its size calls for: the page must not be drawn.
    pub(crate) bomb: bool,
    /// Something is not shown because its layer is off.
    pub(crate) hidden_by_layer: bool,
    /// The content of the page is damaged or missing where it should be.
    pub(crate) damaged: bool,
}

/// What is kept from page to page.
pub(crate) struct Reader<'a> {
    /// Fonts met so far.
    pub(crate) fonts: FontBook<'a>,
    pub(super) forms: HashMap<ObjectIdentifier, Rc<[u8]>>,
    pub(super) forms_bytes: usize,
    /// Pictures looked at, and whether they unpack to too much.
    pub(super) pictures: HashMap<ObjectIdentifier, bool>,
    pub(super) layers: Layers,
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

/// One page being read.
pub(super) struct PageRun<'r, 'a, 'b, 'l> {
    pub(super) reader: &'r mut Reader<'a>,
    pub(super) budget: &'b mut Budget<'l>,
    pub(super) number: PageNumber,
    pub(super) bounds: Rect,
    pub(super) content: Content,
    pub(super) runs: Runs,
    pub(super) operators: u64,
    pub(super) order: u32,
    pub(super) active: HashSet<ObjectIdentifier>,
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
            Some(Object::Array(array)) => {
                let streams = inspect::items(&array)
                    .flatten()
                    .filter_map(Object::into_stream);
                streams.take(100_000).collect()
            }
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

    /// The bytes of a stream, spent from the budget; `None` when it gives more than it may.
    pub(super) fn decode(&mut self, stream: &Stream<'a>) -> Option<Vec<u8>> {
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

    /// Spends one operator; false when there is none left.
    pub(super) fn spend(&mut self) -> bool {
        self.operators += 1;
        if self.operators > self.budget.limits.page_operators {
            let allowed = self.budget.limits.page_operators;
            self.budget
                .meet("page_operators", allowed, Some(self.number));
            return false;
        }
        self.budget.operator(self.number)
    }
}
