//! The page tree of a volume: two levels, all numbers known before the first page is written.

use std::io;

use super::{
    job::{Part, Place, VolumeJob},
    output::{Output, PdfOutput, Ref},
    syntax,
};

/// Pages a node of the page tree holds.
const PAGES_PER_NODE: usize = 64;

/// The page tree: two levels, all numbers known before the first page is written.
pub(super) struct PageTree {
    pub(super) root: Ref,
    nodes: Vec<Ref>,
    pages: Vec<Ref>,
    /// Index of each part's first page.
    starts: Vec<usize>,
}

impl PageTree {
    /// Numbers for every page of the job.
    pub(super) fn reserve<O: Output>(file: &mut PdfOutput<O>, job: &VolumeJob) -> PageTree {
        let mut starts = Vec::new();
        let mut count = 0;
        for part in &job.parts {
            starts.push(count);
            count += part.pages as usize;
        }
        PageTree {
            root: file.reserve(),
            nodes: (0..count.div_ceil(PAGES_PER_NODE))
                .map(|_| file.reserve())
                .collect(),
            pages: (0..count).map(|_| file.reserve()).collect(),
            starts,
        }
    }

    /// The pages of a part.
    pub(super) fn of_part(&self, index: usize, part: &Part) -> &[Ref] {
        let start = self.starts.get(index).copied().unwrap_or_default();
        let end = start + part.pages as usize;
        self.pages.get(start..end).unwrap_or_default()
    }

    /// The page at a place.
    pub(super) fn page(&self, place: Place) -> Option<Ref> {
        let start = self.starts.get(place.part)?;
        self.pages.get(start + place.page as usize).copied()
    }

    /// The node above the page of this index.
    pub(super) fn parent(&self, page: usize) -> Ref {
        let node = self.nodes.get(page / PAGES_PER_NODE);
        node.copied().unwrap_or(self.root)
    }

    /// Writes the nodes.
    pub(super) fn write<O: Output>(&self, file: &mut PdfOutput<O>) -> io::Result<()> {
        let list = |refs: &[Ref]| {
            let mut body = Vec::new();
            for &at in refs {
                syntax::reference(&mut body, at);
                body.push(b' ');
            }
            body
        };
        for (pages, &node) in self.pages.chunks(PAGES_PER_NODE).zip(&self.nodes) {
            let mut body = format!("<</Type/Pages/Count {}/Parent ", pages.len()).into_bytes();
            syntax::reference(&mut body, self.root);
            body.extend_from_slice(b"/Kids[");
            body.extend_from_slice(&list(pages));
            body.extend_from_slice(b"]>>");
            file.object(node, &body)?;
        }
        let mut body = format!("<</Type/Pages/Count {}/Kids[", self.pages.len()).into_bytes();
        body.extend_from_slice(&list(&self.nodes));
        body.extend_from_slice(b"]>>");
        file.object(self.root, &body)
    }
}
