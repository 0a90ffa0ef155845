//! What annotations show (ISO 32000-2, 12.5.5).

use hayro_font::kurbo::{Affine, Rect};
use hayro_syntax::{
    object::{Array, Dict, Name, Object, Stream},
    page::Page,
};

use super::{
    reader::PageRun,
    resources::{Resources, four, six},
};
use crate::inspect::{self, geometry::Geometry, graphics_state::State};

impl<'a> PageRun<'_, 'a, '_, '_> {
    /// What annotations show (12.5.5): their normal appearance, placed in their rectangle.
    pub(super) fn annotations(
        &mut self,
        page: &Page<'a>,
        geometry: &Geometry,
        resources: &Resources<'a>,
    ) {
        const HIDDEN: u32 = 1 << 1;
        const PRINT: u32 = 1 << 2;
        const NO_VIEW: u32 = 1 << 5;
        let Some(annotations) = page.raw().get::<Array<'a>>("Annots") else {
            return;
        };
        for annotation in inspect::items(&annotations)
            .flatten()
            .filter_map(Object::into_dict)
        {
            if !self.spend() {
                return;
            }
            let flags = annotation.get::<u32>("F").unwrap_or(0);
            if flags & (HIDDEN | NO_VIEW) != 0 {
                continue;
            }
            if self.reader.layers.hides(&annotation, b"OC") {
                self.content.hidden_by_layer = true;
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
