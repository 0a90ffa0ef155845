//! The fonts of `fonts/`, built in and read once.

use std::sync::LazyLock;

use typst::{
    foundations::Bytes,
    text::{Font, FontBook},
    utils::LazyHash,
};

use crate::font_files;

/// The files, in the order in which a missing character is looked for.
fn files() -> [&'static [u8]; 7] {
    [
        font_files::SONG,
        font_files::SONG_BOLD,
        font_files::HEI,
        font_files::HEI_BOLD,
        font_files::FANG,
        font_files::KAI,
        font_files::RARE,
    ]
}

/// All fonts, and the book that finds them by name.
pub(super) struct Fonts {
    pub(super) book: LazyHash<FontBook>,
    pub(super) faces: Vec<Font>,
}

impl Fonts {
    /// The one set of this process.
    pub(super) fn shared() -> &'static Fonts {
        static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
            let faces: Vec<Font> = files()
                .into_iter()
                .flat_map(|file| Font::iter(Bytes::new(file)))
                .collect();
            Fonts {
                book: LazyHash::new(FontBook::from_fonts(&faces)),
                faces,
            }
        });
        &FONTS
    }

    /// Whether some font draws `character`.
    pub(super) fn cover(&self, character: char) -> bool {
        let point = u32::from(character);
        let covers = |face: &Font| face.info().coverage.contains(point);
        self.faces.iter().any(covers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_font_with_a_name_of_ours() {
        let fonts = Fonts::shared();
        assert_eq!(fonts.faces.len(), files().len());
        for face in &fonts.faces {
            assert!(face.info().family.as_str().starts_with("Juanzong "));
        }
    }
}
