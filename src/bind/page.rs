//! One page of a source becomes one page of the volume: boxes and resources resolved, content kept as it is,
//! annotations as printed, and the page number on top.

use std::collections::{HashMap, HashSet};

use hayro_syntax::{
    object::{Array, Dict, Object, ObjectIdentifier, Rect, Stream},
    page::Page,
};

use super::{
    annotation::{self, Annotations, Surroundings},
    content::{self, Ending},
    destination::Destinations,
    layout::{self, Layout},
    number::{NumberFont, Stamp},
    number_style::NumberStyle,
    output::{Output, PdfOutput, Ref},
    place::Seat,
    source::{CopyError, Source},
    syntax,
};
use crate::inspect::{PageMargins, items};

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
    /// How it lies in the volume.
    pub(super) layout: &'t Layout,
    /// Its margins, when they were looked at.
    pub(super) margins: Option<&'t PageMargins>,
    /// Whether it is a paper's.
    pub(super) foreign: bool,
}

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

    /// Writes a page; its number as printed.
    pub(super) fn page<O: Output>(
        &mut self,
        file: &mut PdfOutput<O>,
        source: &mut Source<'a>,
        page: &Page<'a>,
        place: PagePlace<'_>,
    ) -> Result<Option<Stamp>, CopyError> {
        let layout = place.layout;
        let stamp = self.stamp(place)?;
        let annotations = annotation::of_page(
            file,
            source,
            page.raw(),
            &mut Surroundings {
                destinations: &mut self.destinations,
                hidden_layers: &self.hidden_layers,
                form: self.form.as_ref(),
                rotate: layout.shape.rotate,
                matrix: layout.matrix,
            },
        )?;
        let streams = content_streams(page);
        let ending = ending_of(&streams);
        let mut body = b"<</Type/Page/Parent ".to_vec();
        syntax::reference(&mut body, place.parent);
        layout.write(&mut body);
        if let Some(group) = page.raw().get_raw::<Object<'_>>(b"Group") {
            body.extend_from_slice(b"/Group ");
            source.value(file, &mut body, &group)?;
        }
        match ending {
            Ending::Open { states, marks } => {
                let (resources, tag) = self.resources(file, source, page, &annotations)?;
                let before = file.new_stream(b"", &layout.opening())?;
                let closing = "EMC ".repeat(marks as usize) + &"Q ".repeat(states as usize + 1);
                let after = after(&closing, &annotations, layout, stamp.as_ref(), &tag);
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
            }
            Ending::Unsafe => {
                let form = content_form(file, source, page, &streams, layout)?;
                let mut closing = layout.opening();
                closing.extend_from_slice(b"/Jz0P Do Q ");
                let closing = String::from_utf8_lossy(&closing);
                let after = after(&closing, &annotations, layout, stamp.as_ref(), "Jz0");
                let after = file.new_stream(b"", &after)?;
                body.extend_from_slice(b"/Resources<</XObject<</Jz0P ");
                syntax::reference(&mut body, form);
                put_forms(&mut body, &annotations, "Jz0");
                body.extend_from_slice(b">>/Font<</Jz0N ");
                syntax::reference(&mut body, self.numbers.font());
                body.extend_from_slice(b">>>>/Contents ");
                syntax::reference(&mut body, after);
            }
        }
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
        Ok(stamp)
    }

    /// The page's number in its place.
    fn stamp(&self, place: PagePlace<'_>) -> Result<Option<Stamp>, CopyError> {
        let seat = Seat {
            size: place.layout.size,
            back: place.back,
            margins: place.margins,
            foreign: place.foreign,
            moved: place.layout.moved,
        };
        let stamp = place.number.map(|text| {
            let stamp = self.numbers.stamp(text, self.style, &seat);
            stamp.map_err(CopyError::Fault)
        });
        stamp.transpose()
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

/// What follows the page's own content: its end, the annotations, the number.
fn after(
    closing: &str,
    annotations: &Annotations,
    layout: &Layout,
    stamp: Option<&Stamp>,
    tag: &str,
) -> Vec<u8> {
    let mut marks = format!("\n{closing}\n").into_bytes();
    for (i, drawn) in annotations.drawn.iter().enumerate() {
        marks.extend_from_slice(b"q ");
        let matrix = layout.matrix.map(|then| layout::concat(drawn.matrix, then));
        layout::put_matrix(&mut marks, matrix.unwrap_or(drawn.matrix));
        marks.extend_from_slice(format!("/{tag}A{i} Do Q\n").as_bytes());
    }
    if let Some(stamp) = stamp {
        marks.extend_from_slice(&stamp.marks(layout.to_user, &format!("{tag}N")));
    }
    marks
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

/// A page of ours as a form.
pub(super) fn as_form<'a, O: Output>(
    file: &mut PdfOutput<O>,
    source: &mut Source<'a>,
    page: &Page<'a>,
) -> Result<Ref, CopyError> {
    let layout = Layout::as_it_is(layout::Shape::of(page)?);
    content_form(file, source, page, &content_streams(page), &layout)
}

/// The page's content as one form with the page's own resources.
fn content_form<'a, O: Output>(
    file: &mut PdfOutput<O>,
    source: &mut Source<'a>,
    page: &Page<'a>,
    streams: &[(ObjectIdentifier, Stream<'a>)],
    layout: &Layout,
) -> Result<Ref, CopyError> {
    let parts = page.resources();
    let mut dict = b"/Type/XObject/Subtype/Form/BBox[".to_vec();
    let Rect { x0, y0, x1, y1 } = layout.shape.visible;
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
    items(array)
        .flatten()
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
