//! Fonts as the file carries them, and the way from a character code to a width and to Unicode.
//!
//! Font programs are read by the PDF library, which decodes without a bound; so each of their streams is
//! measured first, and width tables that would fill the memory are refused.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use hayro_font::{
    CMapResolverFn, Font, FontCache, FontGlyph, FontQuery, FontResolverFn,
    hayro_cmap::{self, BfString, CMap, CidFamily},
};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream, String as PdfString};

use super::{budget::Budget, decode, facts::FontFacts, predefined_cmaps::Codes};
use crate::units::PageNumber;

/// Most entries a width table may spread out to.
const MAX_WIDTHS: i64 = 400_000;
/// Most different codes of one font that are remembered to judge its `ToUnicode`.
const MAX_CODES: usize = 70_000;

/// All fonts met so far.
pub(crate) struct FontBook<'a> {
    cache: FontCache<'a>,
    font_resolver: FontResolverFn,
    cmap_resolver: CMapResolverFn,
    by_place: HashMap<(usize, usize), usize>,
    fonts: Vec<LoadedFont<'a>>,
}

/// One font, ready to read text with.
pub(crate) struct LoadedFont<'a> {
    facts: FontFacts,
    font: Option<Font<'a>>,
    codes: Option<Codes>,
    collection: Option<CMap>,
    bytes_per_code: usize,
    vertical: bool,
    used: BTreeMap<u32, Option<char>>,
    /// How often the Unicode map contradicts what the code itself says.
    contradictions: u32,
}

/// One character code of a string.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Code {
    /// The code.
    pub(crate) value: u32,
    /// How many bytes it took, at least 1.
    pub(crate) len: usize,
}

impl<'a> FontBook<'a> {
    /// No font yet.
    pub(crate) fn new() -> Self {
        FontBook {
            cache: FontCache::new(),
            font_resolver: Arc::new(|query| match query {
                FontQuery::Standard(font) => Some(font.get_font_data()),
                FontQuery::Fallback(font) => Some(font.pick_standard_font().get_font_data()),
            }),
            cmap_resolver: Arc::new(hayro_cmap::load_embedded),
            by_place: HashMap::new(),
            fonts: Vec::new(),
        }
    }

    /// The number of the font that `dict` describes.
    pub(crate) fn load(
        &mut self,
        dict: &Dict<'a>,
        page: PageNumber,
        budget: &mut Budget<'_>,
    ) -> usize {
        let place = (dict.data().as_ptr() as usize, dict.data().len());
        if let Some(known) = self.by_place.get(&place) {
            return *known;
        }
        let safe = streams_fit(dict, page, budget) && widths_fit(dict);
        let font = if safe {
            self.cache
                .font(dict, &self.font_resolver, &self.cmap_resolver)
        } else {
            None
        };
        let facts = facts(dict, page);
        let codes = facts.encoding.as_deref().and_then(Codes::of);
        // Identity codes are CIDs; a known collection says which characters they are.
        let identity = matches!(facts.encoding.as_deref(), Some("Identity-H" | "Identity-V"));
        let collection = if !facts.to_unicode && identity {
            facts.collection.as_deref().and_then(ucs2_map)
        } else {
            None
        };
        let vertical = font.as_ref().map_or_else(
            || facts.encoding.as_deref().is_some_and(|e| e.ends_with("-V")),
            |font| !font.is_horizontal(),
        );
        let loaded = LoadedFont {
            bytes_per_code: if facts.kind.starts_with("Type0") {
                2
            } else {
                1
            },
            facts,
            font,
            codes,
            collection,
            vertical,
            used: BTreeMap::new(),
            contradictions: 0,
        };
        self.fonts.push(loaded);
        self.by_place.insert(place, self.fonts.len() - 1);
        self.fonts.len() - 1
    }

    /// The font with this number.
    pub(crate) fn get_mut(&mut self, number: usize) -> Option<&mut LoadedFont<'a>> {
        self.fonts.get_mut(number)
    }

    /// Whether the Unicode of a font can be trusted, by all codes used.
    pub(crate) fn trusted(&self, number: usize) -> bool {
        self.fonts.get(number).is_some_and(LoadedFont::trusted)
    }

    /// The facts of all fonts.
    pub(crate) fn into_facts(self) -> Vec<FontFacts> {
        self.fonts.into_iter().map(|font| font.facts).collect()
    }
}

impl LoadedFont<'_> {
    /// Whether text runs downwards.
    pub(crate) fn vertical(&self) -> bool {
        self.vertical
    }

    /// The code at `offset`.
    pub(crate) fn code(&self, bytes: &[u8], offset: usize) -> Code {
        if let Some(font) = &self.font {
            let (value, len) = font.read_code(bytes, offset);
            return Code {
                value,
                len: len.max(1),
            };
        }
        let rest = bytes.get(offset..).unwrap_or_default();
        let lead = rest.first().copied().unwrap_or(0);
        let len =
            match self.codes {
                Some(
                    Codes::Gbk | Codes::Gb18030 | Codes::Big5 | Codes::ShiftJis | Codes::EucKr,
                ) if lead < 0x81 => 1,
                Some(Codes::Gb18030) if !rest.get(1).is_some_and(u8::is_ascii_digit) => 2,
                Some(Codes::Gb18030 | Codes::Utf32) => 4,
                Some(_) => 2,
                None => self.bytes_per_code,
            };
        let taken = rest.get(..len.min(rest.len())).unwrap_or_default();
        Code {
            value: taken.iter().fold(0, |n, b| (n << 8) | u32::from(*b)),
            len: taken.len().max(1),
        }
    }

    /// How far the code moves on, in thousandths of the type size: across or, for vertical type, down.
    pub(crate) fn advance(&self, code: Code) -> f64 {
        match &self.font {
            Some(font) if self.vertical => font.code_advance(code.value).y,
            Some(font) => font.code_advance(code.value).x,
            None if self.vertical => -1000.0,
            None if code.len > 1 => 1000.0,
            None => 500.0,
        }
    }

    /// The Unicode of a code, `None` when the file does not say.
    pub(crate) fn unicode(&mut self, code: Code) -> Option<String> {
        let text = self.look_up(code);
        let said = self
            .codes
            .and_then(|codes| codes.character(code.value, code.len));
        let first = text.as_deref().and_then(|text| text.chars().next());
        if self.used.len() < MAX_CODES && self.used.insert(code.value, first).is_none() {
            // The code of a Unicode CMap says the character; a map that says another one lies.
            if let (Some(said), Some(first)) = (said, first)
                && said != first
                && !compatible(said, first)
            {
                self.contradictions += 1;
            }
        }
        text
    }

    fn look_up(&self, code: Code) -> Option<String> {
        let by_code = || {
            self.codes
                .and_then(|codes| codes.character(code.value, code.len))
                .map(String::from)
        };
        if !self.facts.to_unicode
            && let Some(text) = by_code()
        {
            return Some(text);
        }
        if let Some(map) = &self.collection
            && let Some(text) = map.lookup_bf_string(code.value)
        {
            return Some(text_of(text));
        }
        let font = self.font.as_ref()?;
        let glyph = font.glyph(font.map_code(code.value), code.value);
        let text = match &glyph {
            FontGlyph::Outline(glyph) => glyph.as_unicode(),
            FontGlyph::Type3(glyph) => glyph.as_unicode(),
        };
        text.map(text_of).or_else(by_code)
    }

    /// False for a map that gives many codes the same character, or contradicts the codes.
    fn trusted(&self) -> bool {
        let known: Vec<char> = self.used.values().filter_map(|c| *c).collect();
        if known.is_empty() {
            return self.used.is_empty();
        }
        let mut distinct = known.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let crowded = known.len() >= 4 && distinct.len() * 3 <= known.len();
        crowded.then_some(()).is_none() && self.contradictions * 5 <= known.len() as u32
    }
}

fn text_of(text: BfString) -> String {
    match text {
        BfString::Char(c) => c.to_string(),
        BfString::String(s) => s,
    }
}

/// Forms of the same character: full and half width, compatibility ideographs, spaces.
fn compatible(a: char, b: char) -> bool {
    use unicode_normalization::UnicodeNormalization as _;
    (a.is_whitespace() && b.is_whitespace())
        || std::iter::once(a).nfkc().eq(std::iter::once(b).nfkc())
}

fn ucs2_map(collection: &str) -> Option<CMap> {
    let (registry, ordering) = collection.split_once('-')?;
    let family = CidFamily::from_registry_ordering(registry.as_bytes(), ordering.as_bytes());
    let data = hayro_cmap::load_embedded(family.ucs2_cmap()?)?;
    CMap::parse(data, hayro_cmap::load_embedded)
}

fn descendant<'a>(dict: &Dict<'a>) -> Option<Dict<'a>> {
    dict.get::<Array<'_>>("DescendantFonts")?
        .iter::<Dict<'_>>()
        .next()
}

fn facts(dict: &Dict<'_>, page: PageNumber) -> FontFacts {
    let text = |dict: &Dict<'_>, key: &str| {
        dict.get::<Name<'_>>(key).map(|name| {
            String::from_utf8_lossy(name.as_ref())
                .chars()
                .take(200)
                .collect::<String>()
        })
    };
    let child = descendant(dict);
    let of = child.as_ref().unwrap_or(dict);
    let descriptor = of.get::<Dict<'_>>("FontDescriptor").unwrap_or_default();
    let subtype = text(dict, "Subtype").unwrap_or_default();
    let full = text(dict, "BaseFont").unwrap_or_default();
    let tag = full
        .split_once('+')
        .filter(|(tag, _)| tag.len() == 6 && tag.bytes().all(|b| b.is_ascii_uppercase()));
    let name = tag.map_or(full.as_str(), |(_, name)| name).to_owned();
    let collection = child.as_ref().and_then(|child| {
        let info = child.get::<Dict<'_>>("CIDSystemInfo")?;
        let part = |key: &str| {
            info.get::<PdfString<'_>>(key)
                .map(|text| String::from_utf8_lossy(&text).into_owned())
        };
        Some(format!("{}-{}", part("Registry")?, part("Ordering")?))
    });
    FontFacts {
        subset: tag.is_some(),
        name,
        embedded: subtype == "Type3"
            || ["FontFile", "FontFile2", "FontFile3"]
                .iter()
                .any(|key| descriptor.get::<Stream<'_>>(key).is_some()),
        kind: match &child {
            Some(child) => format!("{subtype}/{}", text(child, "Subtype").unwrap_or_default()),
            None => subtype,
        },
        to_unicode: matches!(dict.get::<Object<'_>>("ToUnicode"), Some(Object::Stream(_))),
        encoding: text(dict, "Encoding"),
        collection,
        first_page: Some(page),
    }
}

/// Whether every stream the PDF library decodes for this font stays within the budget.
fn streams_fit(dict: &Dict<'_>, page: PageNumber, budget: &mut Budget<'_>) -> bool {
    let child = descendant(dict).unwrap_or_default();
    let descriptors = [
        child.get::<Dict<'_>>("FontDescriptor").unwrap_or_default(),
        dict.get::<Dict<'_>>("FontDescriptor").unwrap_or_default(),
    ];
    let mut streams = Vec::new();
    for descriptor in &descriptors {
        for key in ["FontFile", "FontFile2", "FontFile3"] {
            streams.extend(descriptor.get::<Stream<'_>>(key));
        }
    }
    streams.extend(dict.get::<Stream<'_>>("ToUnicode"));
    streams.extend(dict.get::<Stream<'_>>("Encoding"));
    streams.extend(child.get::<Stream<'_>>("CIDToGIDMap"));
    streams.iter().all(|stream| fits(stream, page, budget))
}

/// Whether a stream stays within the budget; takes what it gives from it.
pub(crate) fn fits(stream: &Stream<'_>, page: PageNumber, budget: &mut Budget<'_>) -> bool {
    let steps = decode::steps(stream.dict());
    let raw = stream.raw_data();
    let allowed = budget.decodable();
    if decode::surely_within(raw.len(), &steps, allowed.min(4 << 20)) {
        return true;
    }
    match decode::raw(raw.into_owned(), &steps, allowed) {
        decode::Decoded::TooLarge => {
            budget.meet_decoded(Some(page));
            false
        }
        decode::Decoded::Whole(out) | decode::Decoded::Damaged(out) => {
            budget.decoded(out.len());
            true
        }
        decode::Decoded::NotData => false,
    }
}

/// Whether the width tables of a CID font spread out to a sane number of entries.
fn widths_fit(dict: &Dict<'_>) -> bool {
    let Some(child) = descendant(dict) else {
        return true;
    };
    [("W", 3), ("W2", 5)].iter().all(|(key, run)| {
        let Some(array) = child.get::<Array<'_>>(key) else {
            return true;
        };
        let mut total = 0_i64;
        let mut numbers: Vec<i64> = Vec::new();
        for object in array.iter::<Object<'_>>() {
            match object {
                Object::Array(list) => {
                    total += list.raw_iter().count() as i64;
                    numbers.clear();
                }
                Object::Number(number) => {
                    numbers.push(number.as_i64());
                    if numbers.len() == *run {
                        let first = numbers.first().copied().unwrap_or(0);
                        let last = numbers.get(1).copied().unwrap_or(0);
                        total = total.saturating_add(last.saturating_sub(first).max(0));
                        numbers.clear();
                    }
                }
                _ => return false,
            }
            if total > MAX_WIDTHS {
                return false;
            }
        }
        // The library reads greedily, so a table that does not end on a whole entry could be read askew.
        numbers.len() < 2
    })
}
