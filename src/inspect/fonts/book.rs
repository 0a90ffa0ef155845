//! All fonts of a file, each loaded once, with what says which characters its codes are.

use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
    sync::Arc,
};

use hayro_font::{
    CMapResolverFn, FontCache, FontQuery, FontResolverFn,
    hayro_cmap::{self, CMap, CMapName, CidFamily},
};
use hayro_syntax::object::{Dict, Stream};

use super::{
    descendant, facts,
    loaded::{LoadedFont, Maps},
    measure,
    simple_names::SimpleNames,
};
use crate::{
    inspect::{budget::Budget, facts::FontFacts, predefined_cmaps::Codes},
    units::PageNumber,
};

/// All fonts met so far.
pub(crate) struct FontBook<'a> {
    cache: FontCache<'a>,
    font_resolver: FontResolverFn,
    cmap_resolver: CMapResolverFn,
    by_place: HashMap<(usize, usize), usize>,
    fonts: Vec<LoadedFont<'a>>,
    maps: PredefinedMaps,
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
            maps: PredefinedMaps::default(),
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
        let safe = measure::streams_fit(dict, page, budget) && measure::widths_fit(dict);
        let font = if safe {
            self.cache
                .font(dict, &self.font_resolver, &self.cmap_resolver)
        } else {
            None
        };
        let facts = facts::facts(dict, page);
        let maps = self.maps_of(dict, &facts);
        self.fonts.push(LoadedFont::new(facts, font, maps));
        self.by_place.insert(place, self.fonts.len() - 1);
        self.fonts.len() - 1
    }

    /// What says which characters the codes of a font are, `ToUnicode` apart.
    fn maps_of(&mut self, dict: &Dict<'_>, facts: &FontFacts) -> Maps {
        let mut maps = Maps::default();
        let Some(encoding) = facts
            .encoding
            .as_deref()
            .filter(|_| facts.kind.starts_with("Type0"))
        else {
            maps.names = SimpleNames::of(dict, &facts.kind, facts.embedded);
            return maps;
        };
        maps.codes = Codes::of(encoding);
        if maps.codes.is_some() {
            return maps;
        }
        let of_dictionary = || {
            let (registry, ordering) = facts.collection.as_deref()?.split_once('-')?;
            Some(CidFamily::from_registry_ordering(
                registry.as_bytes(),
                ordering.as_bytes(),
            ))
        };
        let family = if matches!(encoding, "Identity-H" | "Identity-V") {
            of_dictionary()
        } else {
            // A predefined CMap whose codes are no characters: through its CIDs.
            maps.encoding = self.maps.get(CMapName::from_bytes(encoding.as_bytes()));
            maps.encoding.as_ref().and_then(|map| {
                let collection = map.metadata().character_collection.as_ref();
                collection.map(|collection| collection.family.clone())
            })
        };
        maps.collection = family
            .and_then(|family| family.ucs2_cmap())
            .and_then(|name| self.maps.get(name));
        // Glyph numbers are CIDs only where the file says which glyph a CID is, or carries a font keyed by CIDs.
        maps.collection_is_sure = !facts.embedded
            || !facts.kind.ends_with("CIDFontType2")
            || descendant(dict)
                .is_some_and(|child| child.get::<Stream<'_>>("CIDToGIDMap").is_some());
        maps
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
        self.fonts.into_iter().map(LoadedFont::into_facts).collect()
    }
}

/// The predefined CMaps that were wanted, each read once.
#[derive(Default)]
struct PredefinedMaps {
    read: BTreeMap<Vec<u8>, Option<Rc<CMap>>>,
}

impl PredefinedMaps {
    fn get(&mut self, name: CMapName<'_>) -> Option<Rc<CMap>> {
        let key = name.to_bytes().to_vec();
        self.read
            .entry(key)
            .or_insert_with(|| {
                let data = hayro_cmap::load_embedded(name)?;
                CMap::parse(data, hayro_cmap::load_embedded).map(Rc::new)
            })
            .clone()
    }
}
