//! The files a template may see: those built in, and those of an office's own folder in their place.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use include_dir::{Dir, include_dir};
use typst::{
    foundations::Bytes,
    syntax::{DiagSpan, DiagSpanKind, FileId, RootedPath, Source, VirtualPath, VirtualRoot},
};

use super::error::TypesetError;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/print");

/// Largest file taken from a folder; templates are a few kilobytes, a coat of arms in SVG somewhat more.
const LARGEST: u64 = 4 << 20;

/// Where templates come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TemplateSource {
    /// Those of `templates/print`, built into the program.
    #[default]
    BuiltIn,
    /// Files of this folder replace built-in ones of the same name, and may add others.
    Folder(PathBuf),
}

/// Every file a template may import, read once.
pub(super) struct Templates {
    files: BTreeMap<String, File>,
}

enum File {
    Source(Source),
    Bytes(Bytes),
}

impl Templates {
    /// Reads them.
    pub(super) fn read(source: &TemplateSource) -> Result<Templates, TypesetError> {
        let mut files = BTreeMap::new();
        for file in BUILT_IN.files() {
            if let Some(name) = file.path().file_name().and_then(|name| name.to_str()) {
                add(&mut files, name, file.contents().to_vec());
            }
        }
        if let TemplateSource::Folder(folder) = source {
            for path in listed(folder)? {
                let bytes = read_small(&path).map_err(|source| TypesetError::Folder {
                    path: path.clone(),
                    source,
                })?;
                if let Some(name) = path.file_name().and_then(|name| name.to_str()) {
                    add(&mut files, name, bytes);
                }
            }
        }
        Ok(Templates { files })
    }

    /// The source file of this name.
    pub(super) fn source(&self, name: &str) -> Option<&Source> {
        match self.files.get(name)? {
            File::Source(source) => Some(source),
            File::Bytes(_) => None,
        }
    }

    /// The file of this name, whatever it is.
    pub(super) fn bytes(&self, name: &str) -> Option<Bytes> {
        Some(match self.files.get(name)? {
            File::Source(source) => Bytes::from_string(source.text().to_owned()),
            File::Bytes(bytes) => bytes.clone(),
        })
    }

    /// Templates that bring sample data (`<name>.sample.json`), by name.
    pub(super) fn samples(&self) -> impl Iterator<Item = (&str, Bytes)> {
        self.files.iter().filter_map(|(file, content)| {
            let name = file.strip_suffix(".sample.json")?;
            match content {
                File::Bytes(bytes) => Some((name, bytes.clone())),
                File::Source(_) => None,
            }
        })
    }

    /// File and line (from 1; 0 when unknown) of a place in a template.
    pub(super) fn place(&self, span: impl Into<DiagSpan>) -> Option<(String, usize)> {
        let span = span.into();
        let id = span.id()?;
        let name = id.get().vpath().get_without_slash();
        let line = self.source(name).and_then(|source| {
            let start = match span.get() {
                DiagSpanKind::Detached => None,
                DiagSpanKind::Number { num, sub_range, .. } => {
                    source.range(num, sub_range).map(|range| range.start)
                }
                DiagSpanKind::Range { range, .. } => Some(range.start),
            };
            source.lines().byte_to_line(start?)
        });
        Some((name.to_owned(), line.map_or(0, |line| line + 1)))
    }

    /// Every `.typ` file.
    pub(super) fn sources(&self) -> impl Iterator<Item = (&str, &Source)> {
        self.files.iter().filter_map(|(name, file)| match file {
            File::Source(source) => Some((name.as_str(), source)),
            File::Bytes(_) => None,
        })
    }
}

/// The id of a file of the templates folder.
pub(super) fn id_of(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(format!("/{name}")).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn add(files: &mut BTreeMap<String, File>, name: &str, bytes: Vec<u8>) {
    let is_source = Path::new(name).extension().is_some_and(|e| e == "typ");
    let file = match (is_source, id_of(name)) {
        (true, Some(id)) => File::Source(Source::new(id, text_of(&bytes))),
        _ => File::Bytes(Bytes::new(bytes)),
    };
    files.insert(name.to_owned(), file);
}

/// A byte-order mark is what Windows editors leave; wrong UTF-8 shows as � and is then a fault with file and line.
fn text_of(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned()
}

/// The files of a folder, sorted; hidden files and folders are passed over.
fn listed(folder: &Path) -> Result<Vec<PathBuf>, TypesetError> {
    let failed = |source| TypesetError::Folder {
        path: folder.to_owned(),
        source,
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if path.is_file() && name.is_some_and(|name| !name.starts_with('.')) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn read_small(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.len() > LARGEST {
        let message = format!("larger than {LARGEST} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    fs::read(path)
}
