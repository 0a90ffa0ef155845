//! Pictures as placed: size, resolution, what decoding them costs, and whether they unpack to a sane size.

use hayro_font::kurbo::Rect;
use hayro_syntax::object::{Array, Dict, Object, Stream};

use super::reader::PageRun;
use crate::{
    inspect::{decode, facts::ImageFacts, geometry, graphics_state::State, ink},
    units::Dpi,
};

impl<'a> PageRun<'_, 'a, '_, '_> {
    /// Looks once at each picture, its masks and its colour profile: whether they unpack to a sane size.
    pub(super) fn defuse(&mut self, stream: &Stream<'a>) {
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

    /// Notes an image; false when there is nothing left to spend.
    pub(super) fn image(&mut self, dict: &Dict<'_>, spaces: &Dict<'_>, state: &State) -> bool {
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
