//! What stands on a page, before any writer turns it into PDF.

/// Type of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// The Chinese text font of the writer.
    Song,
    /// A Latin font: Helvetica.
    Latin,
}

/// One text in one place.
#[derive(Clone, Debug)]
pub struct Text {
    pub x: f64,
    pub y: f64,
    pub size: f64,
    #[expect(clippy::struct_field_names, reason = "it is the text of a text")]
    pub text: String,
    pub face: Face,
    /// Text render mode 3.
    pub hidden: bool,
}

/// A picture in one place: its pixels as grey bytes.
#[derive(Clone, Debug)]
pub struct Picture {
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
    pub columns: usize,
    pub grey: Vec<u8>,
}

/// One A4 page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub texts: Vec<Text>,
    pub pictures: Vec<Picture>,
    /// Link annotations: rectangle and address.
    pub links: Vec<([f64; 4], String)>,
    /// Lines of a table: from and to.
    pub rules: Vec<[f64; 4]>,
}

impl Page {
    pub fn text(&mut self, x: f64, y: f64, size: f64, text: &str) {
        self.put(x, y, size, text, Face::Song, false);
    }
    pub fn latin(&mut self, x: f64, y: f64, size: f64, text: &str) {
        self.put(x, y, size, text, Face::Latin, false);
    }
    pub fn hidden(&mut self, x: f64, y: f64, size: f64, text: &str) {
        self.put(x, y, size, text, Face::Song, true);
    }
    /// A link over a rectangle.
    pub fn link(&mut self, rect: [f64; 4], address: &str) {
        self.links.push((rect, address.to_owned()));
    }
    /// Centred on the page by the usual widths.
    pub fn centred(&mut self, y: f64, size: f64, text: &str) {
        self.text((595.0 - width(text, size)) / 2.0, y, size, text);
    }
    fn put(&mut self, x: f64, y: f64, size: f64, text: &str, face: Face, hidden: bool) {
        self.texts.push(Text {
            x,
            y,
            size,
            text: text.to_owned(),
            face,
            hidden,
        });
    }
    /// A grey gradient where a photo would be.
    pub fn photo(&mut self, x: f64, y: f64, w: f64, h: f64) {
        let (columns, rows) = (24, 32);
        let grey = (0..columns * rows)
            .map(|i| (96 + (i * 7) % 120) as u8)
            .collect();
        self.pictures.push(Picture {
            x,
            y,
            w,
            h,
            columns,
            grey,
        });
    }
    pub fn has_photo(&self) -> bool {
        self.pictures.iter().any(|picture| picture.w < picture.h)
    }
    /// A QR code of `content`.
    pub fn qr(&mut self, x: f64, y: f64, side: f64, content: &str) {
        let code = qrcode::QrCode::new(content).expect("fits");
        let n = code.width();
        let columns = n + 8;
        let mut grey = vec![255_u8; columns * columns];
        for (i, colour) in code.to_colors().into_iter().enumerate() {
            if colour == qrcode::Color::Dark {
                grey[(i / n + 4) * columns + i % n + 4] = 0;
            }
        }
        self.pictures.push(Picture {
            x,
            y,
            w: side,
            h: side,
            columns,
            grey,
        });
    }
}

/// Width of a text: ideographs an em, Latin half an em.
pub fn width(text: &str, size: f64) -> f64 {
    text.chars()
        .map(|c| if c.is_ascii() { 0.5 } else { 1.0 })
        .sum::<f64>()
        * size
}
