//! One font, ready to read text with: from the bytes of a string to codes, and from a code to a width and to Unicode.

use std::{collections::HashMap, rc::Rc};

use hayro_font::{
    Font, FontGlyph,
    hayro_cmap::{BfString, CMap},
};

use super::simple_names::SimpleNames;
use crate::inspect::{facts::FontFacts, predefined_cmaps::Codes};

/// Most different codes of one font that are remembered.
const MAX_CODES: usize = 70_000;

/// What says which characters the codes are, `ToUnicode` apart.
#[derive(Default)]
pub(super) struct Maps {
    /// The codes of a predefined CMap that are characters themselves.
    pub(super) codes: Option<Codes>,
    /// A predefined CMap whose codes are no characters.
    pub(super) encoding: Option<Rc<CMap>>,
    /// From CIDs to Unicode.
    pub(super) collection: Option<Rc<CMap>>,
    /// What is shown for a CID is surely what the collection says.
    pub(super) collection_is_sure: bool,
    /// The encoding of a simple font.
    pub(super) names: Option<SimpleNames>,
}

/// One font.
pub(crate) struct LoadedFont<'a> {
    facts: FontFacts,
    font: Option<Font<'a>>,
    maps: Maps,
    vertical: bool,
    known: HashMap<Code, Glyph>,
}

/// One character code of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Code {
    /// The code.
    pub(crate) value: u32,
    /// How many bytes it took, at least 1.
    pub(crate) len: usize,
    /// The encoding has no such code.
    lost: bool,
}

/// What a code stands for.
#[derive(Clone, Debug)]
pub(crate) struct Glyph {
    /// Its Unicode, `None` when the file does not say.
    pub(crate) text: Option<Rc<str>>,
    /// How far it moves on, in thousandths of the type size: across or, for vertical type, down.
    pub(crate) advance: f64,
    /// What is shown for the code is something else than its Unicode, or may be.
    pub(crate) doubted: bool,
}

impl<'a> LoadedFont<'a> {
    pub(super) fn new(facts: FontFacts, font: Option<Font<'a>>, maps: Maps) -> Self {
        let vertical = font.as_ref().map_or_else(
            || facts.encoding.as_deref().is_some_and(|e| e.ends_with("-V")),
            |font| !font.is_horizontal(),
        );
        LoadedFont {
            facts,
            font,
            maps,
            vertical,
            known: HashMap::new(),
        }
    }

    /// Whether text runs downwards.
    pub(crate) fn vertical(&self) -> bool {
        self.vertical
    }

    /// The code at `offset`.
    pub(crate) fn code(&self, bytes: &[u8], offset: usize) -> Code {
        let rest = bytes.get(offset..).unwrap_or_default();
        let own = |len: usize| {
            let taken = rest.get(..len.min(rest.len())).unwrap_or_default();
            Code {
                value: taken.iter().fold(0, |n, b| (n << 8) | u32::from(*b)),
                len: taken.len().max(1),
                lost: false,
            }
        };
        // By the code space and not by what the library has a glyph for: it would take a private use character of
        // two bytes for two codes that are 0.
        if let Some(codes) = self.maps.codes {
            return own(codes.length(rest));
        }
        let Some(font) = &self.font else {
            let wide = self.facts.kind.starts_with("Type0");
            return own(if wide { 2 } else { 1 });
        };
        match font.read_code(bytes, offset) {
            // How the library says that the encoding has no such code.
            (0, 1) if rest.first().is_some_and(|byte| *byte != 0) => Code {
                lost: true,
                ..own(1)
            },
            (value, len) => Code {
                value,
                len: len.max(1),
                lost: false,
            },
        }
    }

    /// What the code stands for.
    pub(crate) fn glyph(&mut self, code: Code) -> Glyph {
        if let Some(known) = self.known.get(&code) {
            return known.clone();
        }
        let glyph = self.look_up(code);
        if self.known.len() < MAX_CODES {
            self.known.insert(code, glyph.clone());
        }
        glyph
    }

    fn look_up(&self, code: Code) -> Glyph {
        let text = self
            .unicode(code)
            .filter(|text| text.chars().all(is_a_character));
        let shown = self.shown(code);
        let first = text.as_deref().and_then(|text| text.chars().next());
        let contradicted = match (shown, first) {
            (Some(shown), Some(first)) => !compatible(shown, first),
            _ => false,
        };
        let by_collection = !self.facts.to_unicode
            && self.maps.collection.is_some()
            && !self.maps.collection_is_sure;
        Glyph {
            text: text.map(Rc::from),
            advance: self.advance(code),
            doubted: contradicted || by_collection,
        }
    }

    fn advance(&self, code: Code) -> f64 {
        let value = if code.lost { 0 } else { code.value };
        match &self.font {
            Some(font) if self.vertical => font.code_advance(value).y,
            Some(font) => font.code_advance(value).x,
            None if self.vertical => -1000.0,
            None if code.len > 1 => 1000.0,
            None => 500.0,
        }
    }

    /// What is surely shown for a code, whatever `ToUnicode` says.
    fn shown(&self, code: Code) -> Option<char> {
        if let Some(codes) = self.maps.codes {
            return codes.character(code.value, code.len);
        }
        if let Some(names) = &self.maps.names {
            return names.character(code.value);
        }
        // An embedded font shows what its glyphs are; one that is not is chosen by the collection.
        (!self.facts.embedded).then(|| self.of_collection(code)?.chars().next())?
    }

    fn of_collection(&self, code: Code) -> Option<String> {
        let collection = self.maps.collection.as_ref()?;
        let cid = match &self.maps.encoding {
            Some(encoding) => encoding.lookup_cid_code(code.value, code.len as u8)?,
            None => code.value,
        };
        // CID 0 is the sign for what is missing.
        (cid != 0).then(|| collection.lookup_bf_string(cid).map(text_of))?
    }

    fn unicode(&self, code: Code) -> Option<String> {
        if code.lost {
            return None;
        }
        let by_code = || {
            let codes = self.maps.codes?;
            codes.character(code.value, code.len).map(String::from)
        };
        if !self.facts.to_unicode
            && let Some(text) = by_code().or_else(|| self.of_collection(code))
        {
            return Some(text);
        }
        let font = self.font.as_ref()?;
        let glyph = font.glyph(font.map_code(code.value), code.value);
        let text = match &glyph {
            FontGlyph::Outline(glyph) => glyph.as_unicode(),
            FontGlyph::Type3(glyph) => glyph.as_unicode(),
        };
        text.map(text_of).or_else(by_code)
    }

    /// False for a map that gives many codes the same character, or contradicts what is shown.
    pub(super) fn trusted(&self) -> bool {
        let mut chars: Vec<char> = self
            .known
            .values()
            .filter_map(|glyph| glyph.text.as_deref()?.chars().next())
            .collect();
        if chars.is_empty() {
            return self.known.is_empty();
        }
        let known = chars.len();
        let doubted = self.known.values().filter(|glyph| glyph.doubted).count();
        chars.retain(|c| !c.is_whitespace());
        let seen = chars.len();
        chars.sort_unstable();
        chars.dedup();
        let crowded = (seen >= 4 && chars.len() * 3 <= seen) || (seen >= 3 && chars.len() == 1);
        !crowded && doubted * 5 <= known
    }

    /// The facts, with what became of its codes.
    pub(super) fn into_facts(self) -> FontFacts {
        FontFacts {
            trusted: self.trusted(),
            codes_used: self.known.len() as u32,
            codes_without_unicode: self.count(|glyph| glyph.text.is_none()),
            codes_contradicted: self.count(|glyph| glyph.doubted),
            ..self.facts
        }
    }

    fn count(&self, what: impl Fn(&Glyph) -> bool) -> u32 {
        self.known.values().filter(|glyph| what(glyph)).count() as u32
    }
}

fn text_of(text: BfString) -> String {
    match text {
        BfString::Char(c) => c.to_string(),
        BfString::String(s) => s,
    }
}

/// Control characters and noncharacters stand for nothing a person could read; line ends and tabs are blanks.
fn is_a_character(c: char) -> bool {
    let noncharacter = u32::from(c) & 0xFFFE == 0xFFFE || ('\u{FDD0}'..='\u{FDEF}').contains(&c);
    let control = c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    !control && !noncharacter && c != '\u{FFFD}'
}

/// Forms of the same character: full and half width, compatibility ideographs, spaces; and signs that are neither
/// letter nor digit, which producers name in many ways.
fn compatible(shown: char, said: char) -> bool {
    use unicode_normalization::UnicodeNormalization as _;
    let tells = |c: char| c.is_alphanumeric() || ('\u{E000}'..='\u{F8FF}').contains(&c);
    shown == said
        || (!tells(shown) && !tells(said))
        || std::iter::once(shown).nfkc().eq(std::iter::once(said).nfkc())
        // A map may give a ligature's letters or an accent's base apart.
        || std::iter::once(shown).nfkd().next() == std::iter::once(said).nfkd().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_letters_and_digits_can_contradict() {
        for (shown, said) in [
            ('3', '３'),
            ('é', 'e'),
            ('-', '\u{AD}'),
            (' ', '\u{A0}'),
            ('ﬁ', 'f'),
        ] {
            assert!(compatible(shown, said), "{shown} {said}");
        }
        for (shown, said) in [('3', '8'), ('张', '章'), ('A', '4'), ('3', '-')] {
            assert!(!compatible(shown, said), "{shown} {said}");
        }
    }

    #[test]
    fn nul_and_noncharacters_are_no_characters() {
        for c in [
            '\0',
            '\u{1}',
            '\u{7F}',
            '\u{FFFD}',
            '\u{FFFE}',
            '\u{1FFFF}',
            '\u{FDD0}',
        ] {
            assert!(!is_a_character(c), "{:X}", u32::from(c));
        }
        for c in ['a', '\t', '\u{E123}', '张', '\u{20000}'] {
            assert!(is_a_character(c), "{:X}", u32::from(c));
        }
    }
}
