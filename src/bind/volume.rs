//! Writes one volume, inside the worker: part after part, one source in memory at a time, straight through.

use std::{io, sync::Arc};

use hayro_syntax::{Pdf, page::Page};

use super::{
    destination::Destinations,
    error::{Fault, SourceFault, VolumeError},
    front,
    job::{JobBookmark, Part, Place, VolumeJob, VolumeResult, WrittenPage},
    layers::Layers,
    layout::{Layout, Shape, Wishes},
    number::NumberFont,
    number_style::{Counting, Placed},
    options::{Fit, Gutter},
    outline::{self, Bookmark},
    output::{Output, PdfOutput},
    page::{PageMaker, PagePlace},
    page_tree::PageTree,
    signature,
    source::{CopyError, Source},
    syntax,
};
use crate::{
    inspect,
    limits::Limits,
    units::{PageIndex, PageNumber},
};

/// Gives the bytes of an input file, in the memory of one that is no longer needed.
pub type Input<'i> = dyn FnMut(usize, Vec<u8>) -> io::Result<Vec<u8>> + 'i;

/// Writes the volume of `job` to `output`. Each of the inputs is asked for once, and its memory given back with the next.
pub fn write_volume<O: Output>(
    job: &VolumeJob,
    input: &mut Input<'_>,
    output: O,
    limits: &Limits,
) -> Result<VolumeResult, VolumeError> {
    let mut file = PdfOutput::start(output)?;
    let numbers = number_font(job, input, &mut file, limits)?;
    let tree = PageTree::reserve(&mut file, job);
    let mut volume = Volume {
        job,
        numbers,
        tree,
        file,
        layers: Layers::default(),
        outlines: Vec::new(),
        written: Vec::new(),
        signed: Vec::new(),
        limits,
    };
    let mut spare = Vec::new();
    for (index, part) in job.parts.iter().enumerate() {
        match part.input {
            Some(from) => {
                let bytes = Arc::new(read(input, from, spare)?);
                volume.part(index, part, from, &bytes)?;
                spare = Arc::try_unwrap(bytes).unwrap_or_default();
            }
            None => volume.blank_pages(index, part)?,
        }
    }
    volume.finish()
}

fn read(input: &mut Input<'_>, index: usize, spare: Vec<u8>) -> Result<Vec<u8>, VolumeError> {
    input(index, spare).map_err(|cause| VolumeError::Read {
        input: index,
        cause,
    })
}

fn open(bytes: &Arc<Vec<u8>>, limits: &Limits) -> Result<Pdf, Fault> {
    if is_encrypted(bytes) {
        return Err(Fault::Encrypted);
    }
    inspect::open(Arc::clone(bytes), limits).map_err(|_| Fault::DoesNotOpen)
}

/// Whether the trailer names an encryption dictionary. The reader would open what an empty password opens, but a
/// volume must not undo a restriction silently.
fn is_encrypted(bytes: &[u8]) -> bool {
    let key = b"/Encrypt";
    let mut from = 0;
    while let Some(at) = memchr::memmem::find(bytes.get(from..).unwrap_or_default(), key) {
        let at = from + at;
        from = at + key.len();
        let after = bytes.get(from).copied().unwrap_or(b' ');
        if after.is_ascii_alphanumeric() {
            continue;
        }
        // A trailer or the dictionary of a cross-reference stream names the catalog too, close by.
        let around = bytes
            .get(at.saturating_sub(600)..(at + 600).min(bytes.len()))
            .unwrap_or_default();
        if memchr::memmem::find(around, b"/Root").is_some() {
            return true;
        }
    }
    false
}

fn number_font<O: Output>(
    job: &VolumeJob,
    input: &mut Input<'_>,
    file: &mut PdfOutput<O>,
    limits: &Limits,
) -> Result<NumberFont, VolumeError> {
    let at = job.number_font;
    let told = |why| SourceFault {
        input: at,
        page: None,
        why,
    };
    let bytes = Arc::new(read(input, at, Vec::new())?);
    let pdf = open(&bytes, limits).map_err(told)?;
    let mut source = Source::new(&pdf, limits.objects);
    match NumberFont::read(file, &mut source) {
        Ok(Some(font)) => Ok(font),
        Ok(None) => Err(told(Fault::NoGlyph('1')).into()),
        Err(CopyError::Fault(why)) => Err(told(why).into()),
        Err(CopyError::Write(error)) => Err(error.into()),
    }
}

struct Volume<'j, O> {
    job: &'j VolumeJob,
    numbers: NumberFont,
    tree: PageTree,
    file: PdfOutput<O>,
    layers: Layers,
    /// The outlines of parts, until our bookmarks take them.
    outlines: Vec<(usize, Vec<Bookmark>)>,
    written: Vec<WrittenPage>,
    signed: Vec<usize>,
    limits: &'j Limits,
}

impl<O: Output> Volume<'_, O> {
    fn part(
        &mut self,
        index: usize,
        part: &Part,
        input: usize,
        bytes: &Arc<Vec<u8>>,
    ) -> Result<(), VolumeError> {
        let told = |page: Option<u32>, why| SourceFault {
            input,
            page: page.map(|page| PageIndex::new(page).number()),
            why,
        };
        let pdf = open(bytes, self.limits).map_err(|why| told(None, why))?;
        let pages = pdf.pages();
        let found = pages.len() as u32;
        if found == 0 {
            return Err(told(None, Fault::NoPages).into());
        }
        if let Some(said) = inspect::pages_said(&pdf).filter(|said| *said > found) {
            return Err(told(None, Fault::PagesMissing { said, found }).into());
        }
        if found != part.pages {
            let planned = part.pages;
            return Err(told(None, Fault::PageCount { planned, found }).into());
        }
        let with_page = |page, error| match error {
            CopyError::Fault(why) => VolumeError::Source(told(page, why)),
            CopyError::Write(error) => VolumeError::Write(error),
        };
        let mut source = Source::new(&pdf, self.limits.objects);
        let layers = self.layers.take(&mut self.file, &mut source);
        let hidden = layers.map_err(|error| with_page(None, error))?;
        if part.foreign && signature::is_signed(&source.catalog()) {
            self.signed.push(index);
        }
        let places = self.tree.of_part(index, part);
        let layouts = self
            .layouts(part, pages)
            .map_err(|(page, error)| with_page(Some(page), error))?;
        let mut destinations = Destinations::new(&pdf, source.catalog(), places);
        let matrices = layouts.iter().map(|layout| layout.matrix);
        destinations.move_pages(matrices.collect());
        if !part.foreign {
            let targets = self.job.targets.iter();
            destinations.understand_items(targets.map(|to| self.tree.page(*to)).collect());
        }
        if part.foreign {
            let own = outline::of_source(&source.catalog(), &mut destinations);
            self.outlines.push((index, own));
        }
        let mut maker = PageMaker::new(
            &source,
            destinations,
            hidden,
            &self.numbers,
            &self.job.numbers,
        );
        for (i, (page, layout)) in pages.iter().zip(&layouts).enumerate() {
            let page: &Page<'_> = page;
            let number = part.counting.text(part.first.value() + i as u32);
            let place = PagePlace {
                at: places.get(i).copied().unwrap_or(self.tree.root),
                parent: self.tree.parent(self.written.len()),
                number: number.as_deref(),
                back: self.written.len() % 2 == 1,
                layout,
                margins: part.margins.get(i).and_then(Option::as_ref),
                foreign: part.foreign,
            };
            let stamp = maker
                .page(&mut self.file, &mut source, page, place)
                .map_err(|error| with_page(Some(i as u32), error))?;
            self.written.push(WrittenPage {
                part: index,
                source_page: PageIndex::new(i as u32).number(),
                number,
                number_box_pt: stamp.as_ref().map(|stamp| stamp.area),
                number_place: stamp.map(|stamp| stamp.how).unwrap_or_default(),
                gutter_mm: layout.gutter_mm,
                shifted_mm: layout.shifted_mm,
                scaled: layout.scaled,
            });
        }
        Ok(())
    }

    /// How the pages of a part lie in the volume; ours lie as they are.
    fn layouts(&self, part: &Part, pages: &[Page<'_>]) -> Result<Vec<Layout>, (u32, CopyError)> {
        let asked = Wishes {
            gutter: self.job.gutter,
            fit: self.job.fit,
            leaves: self.job.leaves,
        };
        let ours = Wishes {
            gutter: Gutter::Leave,
            fit: Fit::AsTheyAre,
            ..asked
        };
        let wishes = if part.foreign { asked } else { ours };
        let layouts = pages.iter().enumerate().map(|(i, page)| {
            let shape = Shape::of(page).map_err(|error| (i as u32, error))?;
            let margins = part.margins.get(i).and_then(Option::as_ref);
            let back = (self.written.len() + i) % 2 == 1;
            Ok(Layout::of(shape, margins, wishes, back))
        });
        layouts.collect()
    }

    fn blank_pages(&mut self, index: usize, part: &Part) -> io::Result<()> {
        for i in 0..part.pages {
            let Some(at) = self.tree.page(Place {
                part: index,
                page: i,
            }) else {
                continue;
            };
            let mut body = b"<</Type/Page/Parent ".to_vec();
            syntax::reference(&mut body, self.tree.parent(self.written.len()));
            body.extend_from_slice(b"/MediaBox[0 0 595.276 841.89]/Resources<<>>>>");
            self.file.object(at, &body)?;
            self.written.push(WrittenPage {
                part: index,
                source_page: PageNumber::FIRST,
                number: None,
                number_box_pt: None,
                number_place: Placed::AsAsked,
                gutter_mm: None,
                shifted_mm: None,
                scaled: None,
            });
        }
        Ok(())
    }

    fn finish(mut self) -> Result<VolumeResult, VolumeError> {
        self.tree.write(&mut self.file)?;
        let mut nested = 0;
        let mut bookmarks = Vec::new();
        for bookmark in &self.job.bookmarks {
            let ours = ours(&self.tree, bookmark, &mut self.outlines, &mut nested);
            bookmarks.extend(ours);
        }
        let outlines = outline::write(&mut self.file, &bookmarks)?;
        let layers = self.layers.write(&mut self.file)?;
        let root = front::catalog(
            &mut self.file,
            &front::CatalogParts {
                tree: self.tree.root,
                outlines: (!bookmarks.is_empty()).then_some(outlines),
                layers,
                labels: &page_labels(self.job),
            },
        )?;
        let info = front::information(&mut self.file, self.job)?;
        let papers = self.job.parts.iter().filter_map(|part| part.sha256);
        let (_, size_bytes) = self.file.finish(root, info, papers)?;
        Ok(VolumeResult {
            size_bytes,
            pages: self.written,
            nested_bookmarks: nested,
            signed: self.signed,
        })
    }
}

fn ours(
    tree: &PageTree,
    bookmark: &JobBookmark,
    outlines: &mut Vec<(usize, Vec<Bookmark>)>,
    nested: &mut u32,
) -> Option<Bookmark> {
    let mut made = Bookmark::new(&bookmark.title, tree.page(bookmark.to)?, true);
    for child in &bookmark.children {
        made.nest(ours(tree, child, outlines, nested));
    }
    if bookmark.with_outline
        && let Some(at) = outlines
            .iter()
            .position(|(part, _)| *part == bookmark.to.part)
    {
        let (_, own) = outlines.swap_remove(at);
        *nested += own.iter().map(Bookmark::count).sum::<u32>();
        made.nest(own);
    }
    Some(made)
}

/// Page labels (12.4.2): index of the first page of each part that does not simply run on, and its label.
fn page_labels(job: &VolumeJob) -> Vec<u8> {
    let mut body = b"<</Nums[".to_vec();
    let mut page = 0;
    let mut expected: Option<(Counting, u32)> = None;
    for part in job.parts.iter().filter(|part| part.pages > 0) {
        let first = part.first.value();
        let runs_on = part.label.is_none()
            && part.counting != Counting::None
            && expected == Some((part.counting, first));
        if !runs_on {
            body.extend_from_slice(format!("{page}<<").as_bytes());
            if let Some(label) = &part.label {
                body.extend_from_slice(b"/P");
                syntax::text_string(&mut body, label);
            }
            let style = match part.counting {
                Counting::Decimal => Some('D'),
                Counting::Roman => Some('r'),
                Counting::None => None,
            };
            if let Some(style) = style {
                body.extend_from_slice(format!("/S/{style}/St {first}").as_bytes());
            }
            body.extend_from_slice(b">>");
        }
        page += part.pages;
        expected = Some((part.counting, first + part.pages));
    }
    body.extend_from_slice(b"]>>");
    body
}
