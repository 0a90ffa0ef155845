//! A page in, its pixels out, at the lowest cost that keeps the detail.
//!
//! Where a page *is* one image (a scan), the image is decoded once and never drawn; anything else is drawn with
//! `hayro`. Pixels stay as they are stored: what turns them into the page as shown is a [`Placement`].
//! Nothing here judges, and nothing is altered.

mod decode;
mod jpeg;
mod missing_fonts;
mod placement;
mod preview;
mod print_pieces;
mod reading_frame;
mod ruled_lines;
mod samples;
mod scene;
mod strips;

pub use placement::{Placement, Turn};
pub use preview::{marked_png, render_png};
pub use reading_frame::{ReadingFrame, grey_for_reading, grey_of, pgm};
pub use scene::{PlacedImage, Scene};
pub use strips::{Strips, StripsRequest, strips};

use samples::Samples;

use hayro::{
    RenderCache, RenderSettings,
    hayro_syntax::{Pdf, object::Stream, page::Page},
    kurbo::Affine,
    vello_cpu::{self, Pixmap, RenderContext, color::palette::css::WHITE},
};

use crate::{
    digest::{Digest, Hasher},
    limits::Limits,
    units::{ByteLen, Dpi, PageIndex},
};

/// Why there are no pixels.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RenderError {
    /// The file cannot be opened.
    #[error("the file cannot be opened as PDF")]
    Unreadable,
    /// The file has no such page.
    #[error("the file has no page {page}")]
    NoSuchPage {
        /// The page that was asked for, from 1.
        page: u32,
    },
    /// More pixels than [`Limits::image_pixels`].
    #[error("{pixels} pixels are more than the {allowed} allowed")]
    TooManyPixels {
        /// What it would take.
        pixels: u64,
        /// The limit.
        allowed: u64,
    },
    /// The image's bytes give no picture.
    #[error("the image cannot be decoded")]
    Undecodable,
    /// The picture cannot be written as PNG.
    #[error("the picture cannot be written as PNG")]
    Png,
}

/// How the samples of a [`Raster`] lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One byte a pixel, 0 black – 255 white.
    Grey,
    /// Three bytes a pixel: luma, blue difference, red difference (JFIF, full range).
    Ycbcr,
}

/// A picture: rows from the top, no padding.
#[derive(Clone, Debug)]
pub struct Raster {
    width: usize,
    height: usize,
    layout: Layout,
    data: Samples,
}

impl Raster {
    /// A picture of these samples; `None` when their number does not fit.
    pub fn new(width: usize, height: usize, layout: Layout, data: Vec<u8>) -> Option<Raster> {
        Raster::of(width, height, layout, data.into())
    }
    fn of(width: usize, height: usize, layout: Layout, data: Samples) -> Option<Raster> {
        let samples = match layout {
            Layout::Grey => 1,
            Layout::Ycbcr => 3,
        };
        let wanted = width.checked_mul(height)?.checked_mul(samples)?;
        if wanted == 0 || data.len() < wanted {
            return None;
        }
        Some(Raster {
            width,
            height,
            layout,
            data: data.truncated(wanted),
        })
    }
    /// Each pixel repeated across and down; the same where that is too much.
    fn repeated(self, across: usize, down: usize) -> Raster {
        let step = self.step();
        let (width, height) = (self.width * across, self.height * down);
        if (width * height * step) as u64 > RASTER_MEMORY.value() {
            return self;
        }
        let mut data = Vec::with_capacity(width * height * step);
        for y in 0..self.height {
            let start = data.len();
            for pixel in self.row(y).chunks_exact(step) {
                for _ in 0..across {
                    data.extend_from_slice(pixel);
                }
            }
            for _ in 1..down {
                data.extend_from_within(start..start + width * step);
            }
        }
        Raster::new(width, height, self.layout, data).unwrap_or(self)
    }
    /// Pixels across.
    pub fn width(&self) -> usize {
        self.width
    }
    /// Pixels down.
    pub fn height(&self) -> usize {
        self.height
    }
    /// How the samples lie.
    pub fn layout(&self) -> Layout {
        self.layout
    }
    /// Bytes from one pixel to the next.
    pub fn step(&self) -> usize {
        match self.layout {
            Layout::Grey => 1,
            Layout::Ycbcr => 3,
        }
    }
    /// The samples of row `y`; empty below the picture.
    pub fn row(&self, y: usize) -> &[u8] {
        let len = self.width * self.step();
        self.data.get(y * len..(y + 1) * len).unwrap_or_default()
    }
    /// Luma of a rectangle, row by row; the rectangle is cut to the picture. Gives width, height and samples.
    #[expect(clippy::indexing_slicing, reason = "chunks of three hold a first")]
    pub fn luma(&self, x0: usize, y0: usize, width: usize, height: usize) -> Grey {
        let (x0, y0) = (x0.min(self.width), y0.min(self.height));
        let (width, height) = (width.min(self.width - x0), height.min(self.height - y0));
        let step = self.step();
        let mut data = Vec::with_capacity(width * height);
        for y in y0..y0 + height {
            let row = self.row(y).get(x0 * step..(x0 + width) * step);
            let row = row.unwrap_or_default();
            match self.layout {
                Layout::Grey => data.extend_from_slice(row),
                Layout::Ycbcr => data.extend(row.chunks_exact(3).map(|p| p[0])),
            }
        }
        Grey {
            width,
            height,
            data,
        }
    }
    /// The whole picture in grey with red as light as it is: a seal over print goes, the print stays.
    #[expect(clippy::indexing_slicing, reason = "chunks of three")]
    pub fn without_red(&self) -> Grey {
        if self.layout == Layout::Grey {
            return self.luma(0, 0, self.width, self.height);
        }
        let red = |p: &[u8]| {
            // JFIF: R = Y + 1.402 (Cr - 128); only where that is lighter, blue ink stays as dark as it is.
            let more = (i32::from(p[2]) - 128).max(0) * 1436 / 1024;
            (i32::from(p[0]) + more).min(255) as u8
        };
        Grey {
            width: self.width,
            height: self.height,
            data: self.data.chunks_exact(3).map(red).collect(),
        }
    }
}

/// A grey picture.
#[derive(Clone, Debug, Default)]
pub struct Grey {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Rows from the top, 0 black – 255 white.
    pub data: Vec<u8>,
}

/// The pixels of a page or of an image on it, and where they stand.
#[derive(Clone, Debug)]
pub struct PagePixels {
    /// The pixels as stored.
    pub raster: Raster,
    /// From pixels to the page as shown.
    pub placement: Placement,
    /// Resolution of the image as placed, the lower of both directions; `None` when the page was drawn.
    pub stored_dpi: Option<Dpi>,
    /// The filter that stored it, `None` when the page was drawn or stored raw.
    pub filter: Option<String>,
}

impl PagePixels {
    /// Pixels an inch of the raster: less than the stored resolution when it was decoded at a smaller scale.
    pub fn raster_dpi(&self) -> f64 {
        self.placement.dpi()
    }
}

/// An open page: the page and what is drawn on it.
pub struct OpenPage<'a> {
    pdf: &'a Pdf,
    page: &'a Page<'a>,
    user_unit: f64,
    scene: Scene,
}

impl<'a> OpenPage<'a> {
    /// Opens a page and looks once at what is drawn on it, without drawing it.
    pub fn open(pdf: &'a Pdf, index: PageIndex) -> Result<OpenPage<'a>, RenderError> {
        let page = pdf.pages().get(index.value() as usize);
        let page = page.ok_or(RenderError::NoSuchPage {
            page: index.value() + 1,
        })?;
        let user_unit = page.raw().get::<f64>(b"UserUnit".as_slice());
        let user_unit = user_unit.filter(|unit| (0.01..=100.0).contains(unit));
        let user_unit = user_unit.unwrap_or(1.0);
        let scene = Scene::of(page);
        Ok(OpenPage {
            pdf,
            page,
            user_unit,
            scene,
        })
    }
    /// What is drawn on it.
    pub fn scene(&self) -> &Scene {
        &self.scene
    }
    /// Width and height as shown, in points.
    pub fn size_pt(&self) -> (f64, f64) {
        let (width, height) = self.page.render_dimensions();
        (
            f64::from(width) * self.user_unit,
            f64::from(height) * self.user_unit,
        )
    }
    /// From the units in which [`Scene`] gives places (down from the top left corner) to points as shown.
    fn to_pt(&self) -> Affine {
        let (_, height) = self.size_pt();
        Affine::new([self.user_unit, 0.0, 0.0, -self.user_unit, 0.0, height])
    }
    /// Where an image of the scene stands.
    pub fn placement(&self, image: &PlacedImage) -> Placement {
        Placement::new(self.to_pt() * image.transform)
    }
    /// The pixels of one image, as stored, decoded at a smaller scale where it is finer than any measure looks.
    pub fn decode(&self, image: &PlacedImage, limits: &Limits) -> Result<PagePixels, RenderError> {
        self.decode_at(image, FINEST_DPI, limits)
    }
    /// The same, at a scale that keeps about `needed` pixels an inch where its decoder can.
    pub fn decode_at(
        &self,
        image: &PlacedImage,
        needed: f64,
        limits: &Limits,
    ) -> Result<PagePixels, RenderError> {
        let placement = self.placement(image);
        let wanted = placement.dpi();
        let finer = wanted / needed;
        let raster = decode::decode(self.pdf, self.page, image, finer, limits)?;
        let raster = self.squared(raster, image);
        let shrunk = Affine::scale_non_uniform(
            f64::from(image.width) / raster.width() as f64,
            f64::from(image.height) / raster.height() as f64,
        );
        Ok(PagePixels {
            placement: Placement::new(self.to_pt() * image.transform * shrunk),
            raster,
            stored_dpi: Some(Dpi::new(wanted)),
            filter: image.filter.clone(),
        })
    }
    /// Repeats rows or columns where pixels are more than 1.4 times as long as wide, as in a fax.
    fn squared(&self, raster: Raster, image: &PlacedImage) -> Raster {
        let [a, b, c, d, _, _] = (self.to_pt() * image.transform).as_coeffs();
        let across = a.hypot(b) * f64::from(image.width) / raster.width() as f64;
        let down = c.hypot(d) * f64::from(image.height) / raster.height() as f64;
        let ratio = (across / down).max(down / across);
        if !(1.4..=4.5).contains(&ratio) {
            return raster;
        }
        let times = ratio.round() as usize;
        let (wide, tall) = if across > down {
            (times, 1)
        } else {
            (1, times)
        };
        raster.repeated(wide, tall)
    }
    /// SHA-256 of what an image stores, to find it again elsewhere: of its samples, or of the bytes of its JPEG.
    pub fn image_digest(&self, image: &PlacedImage) -> Option<Digest> {
        if image.object.obj_number == 0 {
            return None;
        }
        let stream = self.pdf.xref().get::<Stream<'_>>(image.object)?;
        let mut hasher = Hasher::default();
        hasher.update(&image.width.to_be_bytes());
        hasher.update(&image.height.to_be_bytes());
        match image.filter.as_deref() {
            Some("DCTDecode" | "DCT" | "JPXDecode") => hasher.update(&stream.raw_data()),
            _ => hasher.update(&stream.decoded().ok()?),
        }
        Some(hasher.finish())
    }
    /// The page, drawn at `dpi`.
    pub fn draw(&self, dpi: f64, limits: &Limits) -> Result<PagePixels, RenderError> {
        let pixmap = self.pixmap(dpi, limits)?;
        let (width, height) = (usize::from(pixmap.width()), usize::from(pixmap.height()));
        let rgba = pixmap.data_as_u8_slice();
        let raster = decode::from_rgb(width, height, rgba, 4).ok_or(RenderError::Undecodable)?;
        let to_pt = 72.0 / dpi;
        let (_, height_pt) = self.size_pt();
        Ok(PagePixels {
            raster,
            placement: Placement::new(Affine::new([to_pt, 0.0, 0.0, -to_pt, 0.0, height_pt])),
            stored_dpi: None,
            filter: None,
        })
    }
    /// The page, drawn on white.
    fn pixmap(&self, dpi: f64, limits: &Limits) -> Result<Pixmap, RenderError> {
        let (width_pt, height_pt) = self.size_pt();
        let pixels = |pt: f64| (pt * dpi / 72.0).round().max(1.0);
        let (width, height) = (pixels(width_pt), pixels(height_pt));
        let total = width * height;
        // A drawn page takes a few buffers of four bytes a pixel each.
        let allowed = limits.image_pixels / 4;
        let side = f64::from(u16::MAX);
        if !total.is_finite() || total > allowed as f64 || width > side || height > side {
            return Err(RenderError::TooManyPixels {
                pixels: total as u64,
                allowed,
            });
        }
        let mut context = RenderContext::new(width as u16, height as u16);
        let scale = dpi / 72.0 * self.user_unit;
        let transform =
            Affine::scale(scale) * Affine::new(self.page.initial_transform(true).as_coeffs());
        let cache = RenderCache::new();
        hayro::render_into(
            self.page,
            &cache,
            &missing_fonts::settings(),
            &RenderSettings::default(),
            &mut context,
            transform,
        );
        context.flush();
        let mut pixmap = Pixmap::new(width as u16, height as u16);
        context.render_with(
            &mut pixmap,
            &mut vello_cpu::Resources::default(),
            vello_cpu::RasterizerSettings {
                target_init: vello_cpu::TargetInit::Clear(WHITE),
                ..Default::default()
            },
        );
        Ok(pixmap)
    }
}

/// Finest resolution that any measure looks at, in pixels an inch.
const FINEST_DPI: f64 = 300.0;

/// Memory a worker may use for the pixels of one page: above it, images are decoded at a smaller scale.
pub const RASTER_MEMORY: ByteLen = ByteLen::mib(72);
