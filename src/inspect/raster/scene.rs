//! What is drawn on a page, without drawing it: images with their place, and how much else there is.

use hayro::{
    hayro_interpret::{
        BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
        InterpreterCache, InterpreterSettings, Paint, SoftMask,
        font::GlyphRun,
        interpret_page,
        util::{RectExt, TransformExt},
    },
    hayro_syntax::{
        object::{Dict, Name, Object, ObjectIdentifier, Stream},
        page::Page,
    },
    kurbo::{Affine, BezPath, Point, Rect, Shape},
};

/// An image as it is drawn.
#[derive(Clone, Debug)]
pub struct PlacedImage {
    pub(super) object: ObjectIdentifier,
    /// From its pixels to the page, down from the top left corner, `UserUnit` not applied.
    pub(super) transform: Affine,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Its last filter.
    pub filter: Option<String>,
    /// Drawn as it is: no mask, no transparency, not clipped within the page.
    pub plain: bool,
    /// A stencil: its pixels say where a colour goes.
    pub stencil: bool,
    /// Share of the page its box covers, 0–1.
    pub coverage: f64,
}

/// What is drawn on a page.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// Images in the order in which they are drawn; at most 1,000.
    pub images: Vec<PlacedImage>,
    /// Glyphs that show, by the direction they run: right, down, left, up.
    pub glyphs: [u32; 4],
    /// Paths and shadings that show, plain white fills apart.
    pub paths: u32,
    /// Paths and glyphs that show and come after an image.
    pub over_images: u32,
    /// Coloured paths of about the size of a seal.
    pub round_colours: u32,
    /// Sum of the angles by which glyphs lean from their direction, in degrees, clockwise.
    lean: f64,
}

/// Sides of what may be a seal, in points: 18 to 70 mm.
const SEAL_PT: (f64, f64) = (51.0, 198.5);

/// Most images kept of one page.
const IMAGES: usize = 1_000;

impl Scene {
    pub(super) fn of(page: &Page<'_>) -> Scene {
        let mut device = Looking::new(page);
        walk(page, &mut device);
        device.scene
    }
    /// The one image that the page is: it covers the page, is drawn as it is, and nothing shows besides it.
    pub fn only_image(&self) -> Option<&PlacedImage> {
        let [image] = self.images.as_slice() else {
            return None;
        };
        let alone =
            self.over_images == 0 && self.glyphs.iter().sum::<u32>() == 0 && self.paths == 0;
        (alone && image.plain && image.coverage > 0.9).then_some(image)
    }
    /// The direction most glyphs run in, degrees clockwise from left to right; `None` when they do not agree.
    pub fn direction_deg(&self) -> Option<u16> {
        let most = self.glyphs.iter().max()?;
        let at = self.glyphs.iter().position(|n| n == most)?;
        (most * 10 >= self.glyph_count() * 6).then_some(at as u16 * 90)
    }
    /// How far lines of drawn text lean, counter-clockwise positive; `None` without text.
    pub fn lean_deg(&self) -> Option<f64> {
        let count = self.glyph_count();
        (count > 0).then(|| -self.lean / f64::from(count))
    }
    /// Number of glyphs that show.
    pub fn glyph_count(&self) -> u32 {
        self.glyphs.iter().sum()
    }
}

/// Runs the page through a device.
pub(super) fn walk<'a>(page: &Page<'a>, device: &mut impl Device<'a>) {
    let (width, height) = page.render_dimensions();
    let cache = InterpreterCache::new();
    let mut context = Context::new(
        page.initial_transform(true).to_kurbo(),
        Rect::new(0.0, 0.0, f64::from(width), f64::from(height)),
        &cache,
        page.xref(),
        InterpreterSettings::default(),
    );
    interpret_page(page, &mut context, device);
}

struct Looking {
    scene: Scene,
    page: Rect,
    groups: Vec<bool>,
    clips: Vec<Rect>,
}

impl Looking {
    fn new(page: &Page<'_>) -> Looking {
        let (width, height) = page.render_dimensions();
        let crop = page.initial_transform(true).to_kurbo();
        let crop = crop.transform_rect_bbox(page.intersected_crop_box().to_kurbo());
        let page = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        Looking {
            scene: Scene::default(),
            page: page.intersect(crop).abs(),
            groups: Vec::new(),
            clips: Vec::new(),
        }
    }
    fn shows(&self, bounds: Rect) -> bool {
        let on_page = bounds.overlaps(self.page);
        on_page && self.clips.iter().all(|clip| clip.overlaps(bounds))
    }
    fn drawn(&mut self) {
        if !self.scene.images.is_empty() {
            self.scene.over_images += 1;
        }
    }
    fn coloured(props: &DrawProps<'_>) -> bool {
        match &props.paint {
            Paint::Color(color) => {
                let [red, green, blue, alpha] = color.to_rgba().to_rgba8();
                let spread = red.max(green).max(blue) - red.min(green).min(blue);
                alpha > 0 && spread > 60
            }
            Paint::Pattern(_) => true,
        }
    }
    fn white(props: &DrawProps<'_>) -> bool {
        match &props.paint {
            Paint::Color(color) => {
                let [red, green, blue, alpha] = color.to_rgba().to_rgba8();
                alpha == 0 || (red > 250 && green > 250 && blue > 250)
            }
            Paint::Pattern(_) => false,
        }
    }
}

impl<'a> Device<'a> for Looking {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        let bounds = props.transform.transform_rect_bbox(path.bounding_box());
        let hidden = matches!(mode, DrawMode::Invisible);
        // White under everything is paper; white over an image hides something of it.
        let paper = Looking::white(&props) && self.scene.images.is_empty();
        if !hidden && !paper && self.shows(bounds.inflate(0.01, 0.01)) {
            self.scene.paths += 1;
            let seal = |pt: f64| (SEAL_PT.0..SEAL_PT.1).contains(&pt);
            if seal(bounds.width()) && seal(bounds.height()) && Looking::coloured(&props) {
                self.scene.round_colours += 1;
            }
            self.drawn();
        }
    }
    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.clips.push(clip.path.bounding_box());
    }
    fn push_clip_rect(&mut self, rect: &Rect) {
        self.clips.push(*rect);
    }
    fn pop_clip(&mut self) {
        self.clips.pop();
    }
    fn push_transparency_group(
        &mut self,
        opacity: f32,
        mask: Option<SoftMask<'a>>,
        blend: BlendMode,
    ) {
        let plain = opacity > 0.999 && mask.is_none() && blend == BlendMode::Normal;
        self.groups.push(plain);
    }
    fn pop_transparency_group(&mut self) {
        self.groups.pop();
    }
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        if matches!(mode, DrawMode::Invisible) || Looking::white(&props) {
            return;
        }
        for glyph in run.glyphs() {
            let transform = props.transform * glyph.transform();
            let origin = transform * Point::ZERO;
            if !self.page.contains(origin) {
                continue;
            }
            let [a, b, _, _, _, _] = transform.as_coeffs();
            // The device's y runs down.
            let direction = match (a.abs() >= b.abs(), a >= 0.0, b >= 0.0) {
                (true, true, _) => 0,
                (false, _, true) => 1,
                (true, false, _) => 2,
                (false, _, false) => 3,
            };
            if let Some(count) = self.scene.glyphs.get_mut(direction) {
                *count += 1;
            }
            let turned = b.atan2(a).to_degrees() / 90.0;
            self.scene.lean += (turned - turned.round()) * 90.0;
            self.drawn();
        }
    }
    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (stream, stencil) = match &image {
            Image::Stencil(stencil) => (stencil.stream(), true),
            Image::Raster(raster) => (raster.stream(), false),
        };
        let (width, height) = (image.width(), image.height());
        let whole = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let bounds = props.transform.transform_rect_bbox(whole);
        if !self.shows(bounds) || self.scene.images.len() >= IMAGES {
            return;
        }
        let seen = bounds.intersect(self.page);
        let inner = seen.inset(-0.5);
        let clipped = self.clips.iter().any(|clip| {
            let cut = clip.intersect(seen);
            cut.area() < seen.area() * 0.995 && !clip.contains_rect(inner.inset(1.0))
        });
        let dict = stream.dict();
        let plain = !clipped
            && !masked(dict)
            && props.soft_mask.is_none()
            && props.blend_mode == BlendMode::Normal
            && self.groups.iter().all(|plain| *plain);
        let area = self.page.area();
        let coverage = if area > 0.0 {
            (seen.area() / area).clamp(0.0, 1.0)
        } else {
            0.0
        };
        self.scene.images.push(PlacedImage {
            object: stream.obj_id(),
            transform: props.transform,
            width,
            height,
            filter: last_filter(stream),
            plain,
            stencil,
            coverage,
        });
    }
}

fn masked(dict: &Dict<'_>) -> bool {
    [b"SMask".as_slice(), b"Mask", b"SMaskInData"]
        .iter()
        .any(|key| {
            let object = dict.get::<Object<'_>>(*key);
            object.is_some_and(|object| !matches!(object, Object::Null(_)))
        })
}

fn last_filter(stream: &Stream<'_>) -> Option<String> {
    let dict = stream.dict();
    let text = |name: Name<'_>| String::from_utf8_lossy(name.as_ref()).into_owned();
    if let Some(name) = dict.get::<Name<'_>>(b"Filter".as_slice()) {
        return Some(text(name));
    }
    let list = dict.get::<hayro::hayro_syntax::object::Array<'_>>(b"Filter".as_slice())?;
    list.iter::<Name<'_>>().last().map(text)
}
