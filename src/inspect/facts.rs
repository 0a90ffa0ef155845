//! What there is in a file: facts without opinion, as `inspect` hands them on.
//!
//! Everything here crosses the border of the sandbox as JSON, so it is plain data: no PDF object,
//! no lifetime, no foreign byte that a later room would have to parse again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{document::DocumentFacts, legibility::LegibilityFacts};
use crate::units::{Dpi, Mm, PageNumber, Pt, PtBox};

/// All facts of one uploaded file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Inspection {
    /// Length of the file.
    pub size_bytes: u64,
    /// What the bytes are, by their own signs, whatever the name says.
    pub file_kind: FileKind,
    /// How far opening it went.
    pub opening: Opening,
    /// Facts of the whole document; `None` when it could not be opened.
    pub pdf: Option<PdfFacts>,
    /// One entry a page, in order; empty when it could not be opened.
    pub pages: Vec<PageFacts>,
    /// What kind of paper it is and what its fields say; `None` when it could not be opened.
    pub document: Option<DocumentFacts>,
    /// Limits that were met while looking: what stands behind them was not seen.
    pub limits_met: Vec<LimitMet>,
}

/// What a file is by its own signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are the file kinds")]
pub enum FileKind {
    Pdf,
    Empty,
    Ofd,
    Jpeg,
    Png,
    Tiff,
    Gif,
    Bmp,
    Webp,
    Heic,
    Word,
    Excel,
    PowerPoint,
    LegacyOffice,
    Rtf,
    Html,
    Xml,
    PostScript,
    Zip,
    Rar,
    SevenZip,
    Gzip,
    Executable,
    PlainText,
    Unknown,
}

/// How far opening the file went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Opening {
    /// Every page was reached.
    Opened,
    /// Not a PDF at all.
    NotAPdf,
    /// Encrypted, and the empty user password does not open it.
    NeedsPassword,
    /// A PDF that gives no page; `why` in plain English.
    Unreadable {
        /// What was wrong.
        why: String,
    },
}

/// A limit of [`crate::limits`] that was met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitMet {
    /// The limit's name in `limits.rs`, for example `decompressed_bytes_per_stream`.
    pub limit: String,
    /// Its value.
    pub allowed: u64,
    /// Page on which it was met, if it was on a page.
    pub page: Option<PageNumber>,
}

/// Facts of the whole document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PdfFacts {
    /// The version in force: the catalog's, else the header's, for example `1.7`.
    pub version: String,
    /// Bytes before `%PDF-`.
    pub header_offset: u64,
    /// File kinds whose signs also stand at the head (polyglot).
    pub also_looks_like: Vec<FileKind>,
    /// Bytes after the last `%%EOF`, white space apart.
    pub trailing_bytes: u64,
    /// The first page can be shown before the rest has come (Annex F).
    pub linearized: bool,
    /// Number of revisions after the first one.
    pub incremental_updates: u32,
    /// How it is encrypted, `None` for not at all.
    pub encryption: Option<Encryption>,
    /// What had to be mended to read it; empty for a clean file.
    pub repairs: Vec<Repair>,
    /// `Producer` of the document information, if any.
    pub producer: Option<String>,
    /// `Creator` of the document information, if any.
    pub creator: Option<String>,
    /// `CreationDate` as written.
    pub created: Option<String>,
    /// `ModDate` as written.
    pub modified: Option<String>,
    /// All fonts used on pages.
    pub fonts: Vec<FontFacts>,
    /// Everything that can act, each kind by name.
    pub active_content: Vec<ActiveContent>,
    /// Addresses under links. They may carry a code that opens a report, so they stay in the worker.
    #[serde(skip)]
    pub links: Vec<super::document::Address>,
    /// The interactive form, if any.
    pub form: Option<FormFacts>,
    /// Digital signatures present.
    pub signatures: Vec<SignatureFacts>,
    /// Number of pages the page tree says it has; `None` when it does not say.
    #[serde(default)]
    pub pages_said: Option<u32>,
    /// Number of optional content groups (layers).
    pub optional_content_groups: u32,
    /// Pages on which something is not shown because its layer is off.
    #[serde(default)]
    pub pages_with_hidden_layers: Vec<PageNumber>,
    /// Whether some layer is shown and not printed, or printed and not shown.
    #[serde(default)]
    pub layers_print_differently: bool,
    /// Hidden text that says something else than what is seen in its place.
    #[serde(default)]
    pub hidden_contradictions: Vec<HiddenContradiction>,
    /// Annotations by their kind, for example `Link`.
    #[serde(default)]
    pub annotations: BTreeMap<String, u32>,
    /// Files embedded in it; what they hold is not looked at.
    #[serde(default)]
    pub embedded_files: Vec<EmbeddedFile>,
    /// Whether there is an outline (bookmarks).
    pub has_outline: bool,
    /// Whether it has a structure tree (tagged).
    pub tagged: bool,
}

/// How a file is encrypted (ISO 32000-2, 7.6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encryption {
    /// For example `RC4`, `AES-128`, `AES-256`, or the handler's name when it is not `Standard`.
    pub method: String,
    /// Whether the empty user password opens it.
    pub opens_without_password: bool,
    /// What the author forbids those who open it without the owner's password (table 22), for example `copy`.
    #[serde(default)]
    pub forbids: Vec<String>,
}

/// Hidden text that says something else than what is seen in its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HiddenContradiction {
    /// Which page.
    pub page: PageNumber,
    /// Where.
    pub box_pt: PtBox,
    /// Why it is not seen.
    pub visibility: Visibility,
    /// What is hidden, at most 200 characters.
    pub hidden: String,
    /// What is seen there, at most 200 characters.
    pub seen: String,
}

/// A file embedded in the PDF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbeddedFile {
    /// Its name as the file specification gives it.
    pub name: String,
    /// Length it says it has.
    pub size_bytes: Option<u64>,
}

/// Something that had to be mended to read the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// A stable short name, for example `xref_rebuilt`.
    pub what: String,
    /// What was seen, in plain English.
    pub detail: String,
}

/// A font as the file carries it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FontFacts {
    /// `BaseFont` without the subset tag.
    pub name: String,
    /// `Type1`, `TrueType`, `Type0/CIDFontType2` …
    pub kind: String,
    /// Whether a font program is embedded.
    pub embedded: bool,
    /// Whether the name carries a subset tag.
    pub subset: bool,
    /// Whether there is a `ToUnicode` map.
    pub to_unicode: bool,
    /// `Encoding` when it is a name, for example `UniGB-UCS2-H`.
    pub encoding: Option<String>,
    /// Character collection of a CID font, for example `Adobe-GB1`.
    pub collection: Option<String>,
    /// First page that uses it.
    pub first_page: Option<PageNumber>,
    /// Whether its Unicode can be trusted, by all codes that are shown.
    #[serde(default)]
    pub trusted: bool,
    /// Different codes that are shown.
    #[serde(default)]
    pub codes_used: u32,
    /// Of these, how many the file has no Unicode for.
    #[serde(default)]
    pub codes_without_unicode: u32,
    /// Of these, how many are shown as something else than their Unicode says, or may be.
    #[serde(default)]
    pub codes_contradicted: u32,
}

/// Kinds of content that can act (ISO 32000-2, 12.6 and others).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are those of the PDF standard")]
pub enum ActiveKind {
    JavaScript,
    Launch,
    SubmitForm,
    ImportData,
    ResetForm,
    GoToRemote,
    GoToEmbedded,
    RichMedia,
    Movie,
    Sound,
    Rendition,
    ThreeD,
    Xfa,
    EmbeddedFile,
    /// A link to `http`, `https`, `mailto`: information, not a fault.
    UriLink,
    /// A link whose scheme can run or read something: `javascript:`, `file:` …
    UriDangerous,
    /// An `OpenAction` or `AA` that does more than set a view.
    AutomaticAction,
}

impl ActiveKind {
    /// What the PDF standard calls it.
    pub const fn pdf_name(self) -> &'static str {
        match self {
            ActiveKind::JavaScript => "JavaScript",
            ActiveKind::Launch => "Launch",
            ActiveKind::SubmitForm => "SubmitForm",
            ActiveKind::ImportData => "ImportData",
            ActiveKind::ResetForm => "ResetForm",
            ActiveKind::GoToRemote => "GoToR",
            ActiveKind::GoToEmbedded => "GoToE",
            ActiveKind::RichMedia => "RichMedia",
            ActiveKind::Movie => "Movie",
            ActiveKind::Sound => "Sound",
            ActiveKind::Rendition => "Rendition",
            ActiveKind::ThreeD => "3D",
            ActiveKind::Xfa => "XFA",
            ActiveKind::EmbeddedFile => "EmbeddedFile",
            ActiveKind::UriLink | ActiveKind::UriDangerous => "URI",
            ActiveKind::AutomaticAction => "OpenAction",
        }
    }
}

/// One piece of active content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActiveContent {
    /// Which kind.
    pub kind: ActiveKind,
    /// Where it hangs, in plain English: `catalog OpenAction`, `page 3 annotation`, `names tree`.
    pub place: String,
    /// The page, when it belongs to one.
    pub page: Option<PageNumber>,
    /// Where on the page, when it has a place.
    pub box_pt: Option<PtBoxEq>,
}

/// A [`PtBox`] rounded to 1/100 pt so that facts can be compared.
pub type PtBoxEq = [i64; 4];

/// The interactive form (ISO 32000-2, 12.7).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormFacts {
    /// Number of terminal fields.
    pub fields: u32,
    /// Whether it has an XFA part.
    pub xfa: bool,
    /// `NeedAppearances` is true: what is shown depends on the viewer.
    pub need_appearances: bool,
}

/// A digital signature present in the file; nothing is verified here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureFacts {
    /// `SubFilter`, for example `ETSI.CAdES.detached`.
    pub sub_filter: Option<String>,
    /// Whether its byte range covers the whole file but itself.
    pub covers_whole_file: bool,
    /// Whether the byte range leaves out nothing but the signature's own value.
    #[serde(default)]
    pub leaves_out_only_itself: bool,
    /// Bytes of the file behind what it covers: added after signing.
    #[serde(default)]
    pub bytes_behind: u64,
    /// `M`, the time of signing as written.
    #[serde(default)]
    pub signed_at: Option<String>,
}

/// A rectangle in default user space as the file gives it, `[x0, y0, x1, y1]`: before `/Rotate` and `UserUnit`.
pub type UserBox = [f64; 4];

/// Facts of one page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PageFacts {
    /// Which page, from 1.
    pub page: PageNumber,
    /// Width as shown: CropBox (within MediaBox), `/Rotate` and `UserUnit` applied.
    pub width_mm: Mm,
    /// Height as shown.
    pub height_mm: Mm,
    /// `MediaBox` in default user space, as the page or its parents give it.
    #[serde(default)]
    pub media_box: UserBox,
    /// `CropBox` in default user space; the `MediaBox` where there is none.
    #[serde(default)]
    pub crop_box: UserBox,
    /// The standard paper it is, within ±2 mm (GB/T 148), if any.
    pub paper: Option<Paper>,
    /// Whether it lies on its side, as shown.
    pub landscape: bool,
    /// `/Rotate`, made one of 0, 90, 180, 270.
    pub rotate: u16,
    /// `UserUnit`, 1 by default.
    pub user_unit: f64,
    /// What the page is made of.
    pub kind: PageKind,
    /// Images as placed.
    pub images: Vec<ImageFacts>,
    /// Text in content order, one entry a run that belongs together.
    pub text: Vec<TextRun>,
    /// How well it can be read; `None` when it was not measured.
    pub legibility: Option<LegibilityFacts>,
    /// Number of annotations that would be printed.
    pub printed_annotations: u32,
    /// Whether content stands outside of what is shown.
    pub content_outside: bool,
    /// For finding the same page again.
    #[serde(default)]
    pub page_hash: Option<super::PageHash>,
}

/// Papers that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the papers")]
pub enum Paper {
    A3,
    A4,
    A5,
    B4,
    B5,
    Letter,
    Legal,
    /// 16开, 185×260 mm
    #[serde(rename = "16K")]
    K16,
}

/// What a page is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// Text and lines, no picture that fills it.
    Text,
    /// A picture of the page, with or without a layer of recognised text.
    Scan,
    /// Both.
    Mixed,
    /// Nothing that can be seen.
    Blank,
}

/// An image as placed on a page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImageFacts {
    /// Where it stands.
    pub box_pt: PtBox,
    /// Pixels across.
    pub width_px: u32,
    /// Pixels down.
    pub height_px: u32,
    /// Resolution as placed, the lower of both directions.
    pub dpi: Dpi,
    /// Last filter, for example `DCTDecode`; `None` when stored raw.
    pub filter: Option<String>,
    /// Bits a component.
    pub bits: u8,
    /// Number of colour components, 1 for grey.
    pub components: u8,
    /// Share of the shown page it covers, 0–1.
    pub coverage: f64,
}

/// A run of text that belongs together: one line, one font.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextRun {
    /// The text in Unicode, as the file says it, not normalised.
    pub text: String,
    /// Where it stands.
    pub box_pt: PtBox,
    /// Height of the type as shown.
    pub size_pt: Pt,
    /// Index into [`PdfFacts::fonts`].
    pub font: Option<u32>,
    /// Whether a reader can see it.
    pub visibility: Visibility,
    /// Whether the Unicode can be trusted; false for a `ToUnicode` that maps many codes to one, or none at all.
    pub trusted: bool,
}

/// Whether a reader can see a run of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Seen.
    Visible,
    /// Text render mode 3 or 7, as under a scan.
    Invisible,
    /// The colour of what lies under it.
    SameAsBackground,
    /// Outside of what is shown.
    OutsidePage,
    /// Something opaque lies over it.
    Covered,
}

impl Paper {
    /// All papers, in the order in which a size is compared with them.
    pub const ALL: [Paper; 8] = [
        Paper::A4,
        Paper::A3,
        Paper::A5,
        Paper::B5,
        Paper::B4,
        Paper::Letter,
        Paper::Legal,
        Paper::K16,
    ];
    /// Its name as people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Paper::A3 => "A3",
            Paper::A4 => "A4",
            Paper::A5 => "A5",
            Paper::B4 => "B4",
            Paper::B5 => "B5",
            Paper::Letter => "Letter",
            Paper::Legal => "Legal",
            Paper::K16 => "16开",
        }
    }
    /// Short and long side (ISO 216; ANSI for Letter and Legal; 16开 185×260 mm).
    pub const fn sides_mm(self) -> [Mm; 2] {
        let (short, long) = match self {
            Paper::A3 => (297.0, 420.0),
            Paper::A4 => (210.0, 297.0),
            Paper::A5 => (148.0, 210.0),
            Paper::B4 => (250.0, 353.0),
            Paper::B5 => (176.0, 250.0),
            Paper::Letter => (215.9, 279.4),
            Paper::Legal => (215.9, 355.6),
            Paper::K16 => (185.0, 260.0),
        };
        [Mm::new(short), Mm::new(long)]
    }
}
