//! Form XObjects: run where they are shown, decoded once.

use std::rc::Rc;

use hayro_font::kurbo::{Affine, Rect};
use hayro_syntax::object::{Dict, Name, ObjectIdentifier, Stream};

use super::{
    reader::{FORM_CACHE, PageRun},
    resources::{Resources, four, own_resources, six},
};
use crate::inspect::graphics_state::State;

impl<'a> PageRun<'_, 'a, '_, '_> {
    /// Runs a form or notes an image; false when there is nothing left to spend.
    pub(super) fn x_object(
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

    /// Runs a form; false when there is nothing left to spend.
    pub(super) fn form(
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
}
