//! One page of a source becomes one page of the volume: boxes and resources resolved, content kept as it is,
//! annotations as printed, and the page number on top.

use std::collections::{HashMap, HashSet};

use hayro_syntax::{
    object::{Array, Dict, Number, Object, ObjectIdentifier, Rect, Stream},
    page::{Page, Rotation},
};

use super::{
    annotation::{self, Annotations, Surroundings},
    boxes,
    content::{self, Ending},
    destination::Destinations,
    error::Fault,
    number::{Frame, NumberFont, NumberStyle},
    output::{Output, PdfOutput, Ref},
    source::{CopyError, Source},
    syntax,
};
use crate::units::PtBox;

/// What a page of one source shares with its neighbours.
pub(super) struct PageMaker<'m, 'a> {
    pub(super) destinations: Destinations<'a>,
    pub(super) hidden_layers: HashSet<ObjectIdentifier>,
    pub(super) form: Option<Dict<'a>>,
    pub(super) numbers: &'m NumberFont,
    pub(super) style: &'m NumberStyle,
    /// Resource dictionaries written before, by the place of their parts in the source.
    resources: HashMap<[usize; 7], (Ref, String)>,
}

/// Where a page goes.
#[derive(Clone, Copy)]
pub(super) struct PagePlace<'t> {
    pub(super) at: Ref,
    pub(super) parent: Ref,
    /// What is printed as its number.
    pub(super) number: Option<&'t str>,
    /// Whether it is the back of a leaf.
    pub(super) back: bool,
}

/// The size of a page without `MediaBox`: what poppler, MuPDF and PDFium assume.
const LETTER: Rect = Rect::new(0.0, 0.0, 612.0, 792.0);

impl<'m, 'a> PageMaker<'m, 'a> {
    /// For the pages of `source`.
    pub(super) fn new(
        source: &Source<'a>,
        destinations: Destinations<'a>,
        hidden_layers: HashSet<ObjectIdentifier>,
        numbers: &'m NumberFont,
        style: &'m NumberStyle,
    ) -> PageMaker<'m, 'a> {
        PageMaker {
            destinations,
            hidden_layers,
            form: source.catalog().get::<Dict<'_>>(b"AcroForm"),
            numbers,
            style,
            resources: HashMap::new(),
        }
    }

    /// Writes a page; the box its number fills, as shown. `more` are bodies of further annotations.
    pub(super) fn page<O: Output>(
        &mut self,
        file: &mut PdfOutput<O>,
        source: &mut Source<'a>,
        page: &Page<'a>,
        place: PagePlace<'_>,
    ) -> Result<Option<PtBox>, CopyError> {
        let shape = Shape::of(page)?;
        let annotations = annotation::of_page(
            file,
            source,
            page.raw(),
            &mut Surroundings {
                destinations: &mut self.destinations,
                hidden_layers: &self.hidden_layers,
                form: self.form.as_ref(),
                rotate: shape.rotate,
            },
        )?;
        let streams = content_streams(page);
        let ending = ending_of(&streams);
        let mut body = b"<</Type/Page/Parent ".to_vec();
        syntax::reference(&mut body, place.parent);
        shape.write(&mut body);
        if let Some(group) = page.raw().get_raw::<Object<'_>>(b"Group") {
            body.extend_from_slice(b"/Group ");
            source.value(file, &mut body, &group)?;
        }
        let frame = Frame::new(shape.visible, shape.rotate, shape.user_unit);
        let stamped = match ending {
            Ending::Open { states, marks } => {
                let (resources, tag) = self.resources(file, source, page, &annotations)?;
                let before = file.new_stream(b"", b"q\n")?;
                let closing = "EMC ".repeat(marks as usize) + &"Q ".repeat(states as usize + 1);
                let (after, stamped) = self.after(&closing, &annotations, frame, place, &tag)?;
                let after = file.new_stream(b"", &after)?;
                body.extend_from_slice(b"/Resources ");
                syntax::reference(&mut body, resources);
                body.extend_from_slice(b"/Contents[");
                syntax::reference(&mut body, before);
                for (id, _) in &streams {
                    body.push(b' ');
                    let at = source.indirect(file, *id)?;
                    syntax::reference(&mut body, at);
                }
                body.push(b' ');
                syntax::reference(&mut body, after);
                body.push(b']');
                stamped
            }
            Ending::Unsafe => {
                let form = content_form(file, source, page, &streams, &shape)?;
                let (after, stamped) =
                    self.after("q /Jz0P Do Q ", &annotations, frame, place, "Jz0")?;
                let after = file.new_stream(b"", &after)?;
                body.extend_from_slice(b"/Resources<</XObject<</Jz0P ");
                syntax::reference(&mut body, form);
                put_forms(&mut body, &annotations, "Jz0");
                body.extend_from_slice(b">>/Font<</Jz0N ");
                syntax::reference(&mut body, self.numbers.font());
                body.extend_from_slice(b">>>>/Contents ");
                syntax::reference(&mut body, after);
                stamped
            }
        };
        if !annotations.kept.is_empty() {
            body.extend_from_slice(b"/Annots[");
            for kept in &annotations.kept {
                let at = file.new_object(kept)?;
                syntax::reference(&mut body, at);
                body.push(b' ');
            }
            body.push(b']');
        }
        body.extend_from_slice(b">>");
        file.object(place.at, &body)?;
        Ok(stamped)
    }

    /// What follows the page's own content: its end, the annotations, the number.
    fn after(
        &self,
        closing: &str,
        annotations: &Annotations,
        frame: Frame,
        place: PagePlace<'_>,
        tag: &str,
    ) -> Result<(Vec<u8>, Option<PtBox>), CopyError> {
        let mut marks = format!("\n{closing}\n").into_bytes();
        for (i, drawn) in annotations.drawn.iter().enumerate() {
            marks.extend_from_slice(b"q ");
            for value in drawn.matrix {
                syntax::number(&mut marks, value);
                marks.push(b' ');
            }
            marks.extend_from_slice(format!("cm /{tag}A{i} Do Q\n").as_bytes());
        }
        let Some(text) = place.number else {
            return Ok((marks, None));
        };
        let (stamp, area) = self
            .numbers
            .stamp(text, frame, self.style, &format!("{tag}N"), place.back)
            .map_err(CopyError::Fault)?;
        marks.extend_from_slice(&stamp);
        Ok((marks, Some(area)))
    }

    /// The page's resources with the number's font and the annotations' forms added; what their names begin with.
    fn resources<O: Output>(
        &mut self,
        file: &mut PdfOutput<O>,
        source: &mut Source<'a>,
        page: &Page<'a>,
        annotations: &Annotations,
    ) -> Result<(Ref, String), CopyError> {
        let parts = page.resources();
        let all = [
            &parts.ext_g_states,
            &parts.fonts,
            &parts.properties,
            &parts.color_spaces,
            &parts.x_objects,
            &parts.patterns,
            &parts.shadings,
        ];
        let key = all.map(|dict| dict.data().as_ptr() as usize * usize::from(!dict.is_empty()));
        if annotations.drawn.is_empty()
            && let Some(known) = self.resources.get(&key)
        {
            return Ok(known.clone());
        }
        let names = [
            "ExtGState",
            "Font",
            "Properties",
            "ColorSpace",
            "XObject",
            "Pattern",
            "Shading",
        ];
        let tag = free_tag([&parts.fonts, &parts.x_objects]);
        let mut body = b"<<".to_vec();
        for (name, dict) in names.into_iter().zip(all) {
            if dict.is_empty() && !matches!(name, "Font" | "XObject") {
                continue;
            }
            body.extend_from_slice(format!("/{name}<<").as_bytes());
            source.entries(file, &mut body, dict, &[])?;
            match name {
                "Font" => {
                    body.extend_from_slice(format!("/{tag}N ").as_bytes());
                    syntax::reference(&mut body, self.numbers.font());
                }
                "XObject" => put_forms(&mut body, annotations, &tag),
                _ => {}
            }
            body.extend_from_slice(b">>");
        }
        body.extend_from_slice(b">>");
        let at = file.new_object(&body)?;
        if annotations.drawn.is_empty() {
            self.resources.insert(key, (at, tag.clone()));
        }
        Ok((at, tag))
    }
}

fn put_forms(body: &mut Vec<u8>, annotations: &Annotations, tag: &str) {
    for (i, drawn) in annotations.drawn.iter().enumerate() {
        body.extend_from_slice(format!("/{tag}A{i} ").as_bytes());
        syntax::reference(body, drawn.form);
    }
}

/// A beginning of names the page does not use; a bound volume may be bound again.
fn free_tag(used: [&Dict<'_>; 2]) -> String {
    let taken = |tag: &str| {
        let mut keys = used.into_iter().flat_map(Dict::keys);
        keys.any(|key| key.starts_with(tag.as_bytes()))
    };
    let mut number = 0_u32;
    loop {
        let tag = format!("Jz{number}");
        if !taken(&tag) {
            return tag;
        }
        number += 1;
    }
}

/// The page's content as one form with the page's own resources.
fn content_form<'a, O: Output>(
    file: &mut PdfOutput<O>,
    source: &mut Source<'a>,
    page: &Page<'a>,
    streams: &[(ObjectIdentifier, Stream<'a>)],
    shape: &Shape,
) -> Result<Ref, CopyError> {
    let parts = page.resources();
    let mut dict = b"/Type/XObject/Subtype/Form/BBox[".to_vec();
    let Rect { x0, y0, x1, y1 } = shape.visible;
    for value in [x0, y0, x1, y1] {
        syntax::coordinate(&mut dict, value);
        dict.push(b' ');
    }
    dict.extend_from_slice(b"]/Resources<<");
    let all = [
        ("ExtGState", &parts.ext_g_states),
        ("Font", &parts.fonts),
        ("Properties", &parts.properties),
        ("ColorSpace", &parts.color_spaces),
        ("XObject", &parts.x_objects),
        ("Pattern", &parts.patterns),
        ("Shading", &parts.shadings),
    ];
    for (name, part) in all {
        dict.extend_from_slice(format!("/{name}<<").as_bytes());
        source.entries(file, &mut dict, part, &[])?;
        dict.extend_from_slice(b">>");
    }
    dict.extend_from_slice(b">>");
    if let [(_, stream)] = streams {
        let replaced: [&[u8]; 5] = [b"Type", b"Subtype", b"BBox", b"Resources", b"Matrix"];
        return source.stream_with(file, stream, &dict, &replaced);
    }
    let mut content = Vec::new();
    for (_, stream) in streams {
        content.extend_from_slice(&stream.decoded_data().unwrap_or_default());
        content.push(b'\n');
    }
    Ok(file.new_stream(&dict, &content)?)
}

fn content_streams<'a>(page: &Page<'a>) -> Vec<(ObjectIdentifier, Stream<'a>)> {
    let contents = page.raw().get::<Object<'_>>(b"Contents");
    match contents {
        Some(Object::Stream(stream)) => vec![(stream.obj_id(), stream)],
        Some(Object::Array(array)) => streams_of(&array),
        _ => Vec::new(),
    }
}

fn streams_of<'a>(array: &Array<'a>) -> Vec<(ObjectIdentifier, Stream<'a>)> {
    array
        .iter::<Object<'_>>()
        .filter_map(Object::into_stream)
        .map(|stream| (stream.obj_id(), stream))
        .collect()
}

/// How the streams of a page end together. What cannot be decoded here cannot be drawn by others either.
fn ending_of(streams: &[(ObjectIdentifier, Stream<'_>)]) -> Ending {
    let mut all = Vec::new();
    for (_, stream) in streams {
        match stream.decoded_data() {
            Ok(data) if streams.len() == 1 => return content::ending(&data),
            Ok(data) => all.extend_from_slice(&data),
            Err(_) => return Ending::Unsafe,
        }
        all.push(b'\n');
    }
    content::ending(&all)
}

/// A page's boxes and turn.
struct Shape {
    media: Rect,
    crop: Option<Rect>,
    visible: Rect,
    rotate: u16,
    user_unit: f64,
}

impl Shape {
    fn of(page: &Page<'_>) -> Result<Shape, CopyError> {
        let usable = |rect: &Rect| rect.width() > 0.0 && rect.height() > 0.0;
        let media = boxes::inherited(page.raw(), b"MediaBox").filter(usable);
        let media = media.unwrap_or(LETTER);
        let crop = boxes::inherited(page.raw(), b"CropBox");
        let crop = crop.map(|crop| crop.intersect(media)).filter(usable);
        let visible = crop.unwrap_or(media);
        if !usable(&visible) {
            return Err(CopyError::Fault(Fault::NoArea));
        }
        let user_unit = page
            .raw()
            .get::<Number>(b"UserUnit")
            .map_or(1.0, |unit| unit.as_f64());
        Ok(Shape {
            media,
            crop,
            visible,
            rotate: match page.rotation() {
                Rotation::None => 0,
                Rotation::Horizontal => 90,
                Rotation::Flipped => 180,
                Rotation::FlippedHorizontal => 270,
            },
            user_unit: if user_unit > 0.0 { user_unit } else { 1.0 },
        })
    }

    fn write(&self, body: &mut Vec<u8>) {
        let boxes = [("MediaBox", Some(self.media)), ("CropBox", self.crop)];
        for (key, rect) in boxes {
            let Some(Rect { x0, y0, x1, y1 }) = rect else {
                continue;
            };
            body.extend_from_slice(format!("/{key}[").as_bytes());
            for value in [x0, y0, x1, y1] {
                syntax::number(body, value);
                body.push(b' ');
            }
            body.push(b']');
        }
        if self.rotate != 0 {
            body.extend_from_slice(format!("/Rotate {}", self.rotate).as_bytes());
        }
        if (self.user_unit - 1.0).abs() > 1e-9 {
            body.extend_from_slice(b"/UserUnit ");
            syntax::number(body, self.user_unit);
        }
    }
}
