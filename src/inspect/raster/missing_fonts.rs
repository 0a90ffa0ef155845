//! What stands in for fonts a paper does not bring: government PDFs name 宋体 and count on every reader having it.
//!
//! Only drawing uses this. What a page says, and how it is measured, never depends on a font of ours.

use std::sync::Arc;

use hayro::hayro_interpret::{
    InterpreterSettings,
    font::{FallbackFontQuery, FontData, FontQuery},
    hayro_cmap::CidFamily,
};

use crate::font_files;

/// The settings pages are drawn with.
pub(super) fn settings() -> InterpreterSettings {
    let others = InterpreterSettings::default();
    let resolver = Arc::clone(&others.font_resolver);
    InterpreterSettings {
        font_resolver: Arc::new(move |query| match query {
            FontQuery::Fallback(wanted) if is_chinese(wanted) => {
                let font: FontData = Arc::new(stand_in(wanted));
                Some((font, 0))
            }
            other => resolver(other),
        }),
        ..others
    }
}

/// Whether the font's characters are known and Chinese, Japanese or Korean. A font that counts glyphs of its own (Identity)
/// says nothing of its characters, and would come out as other ones.
fn is_chinese(wanted: &FallbackFontQuery) -> bool {
    let family = wanted.character_collection.as_ref().map(|all| &all.family);
    matches!(
        family,
        Some(
            CidFamily::AdobeGB1
                | CidFamily::AdobeCNS1
                | CidFamily::AdobeJapan1
                | CidFamily::AdobeKorea1
        )
    )
}

/// The font of ours that looks most like the one that is missing.
fn stand_in(wanted: &FallbackFontQuery) -> &'static [u8] {
    let name = wanted.post_script_name.as_deref().unwrap_or_default();
    let name = name.to_lowercase();
    let is = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if is(&["fang", "仿"]) {
        font_files::FANG
    } else if is(&["kai", "楷"]) {
        font_files::KAI
    } else if is(&["hei", "黑", "gothic"]) {
        font_files::HEI
    } else if wanted.is_bold || is(&["bold"]) {
        font_files::SONG_BOLD
    } else {
        font_files::SONG
    }
}
