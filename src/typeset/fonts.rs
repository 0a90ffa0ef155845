//! The fonts of `fonts/`, built in and read once.

use std::sync::LazyLock;

use typst::{
    foundations::Bytes,
    text::{Font, FontBook},
    utils::LazyHash,
};

/// The files, in the order in which a missing character is looked for.
const FILES: [&[u8]; 7] = [
    include_bytes!("../../fonts/song-regular.otf"),
    include_bytes!("../../fonts/song-bold.otf"),
    include_bytes!("../../fonts/hei-regular.otf"),
    include_bytes!("../../fonts/hei-bold.otf"),
    include_bytes!("../../fonts/fang-regular.otf"),
    include_bytes!("../../fonts/kai-regular.ttf"),
    include_bytes!("../../fonts/rare-regular.ttf"),
];

/// All fonts, and the book that finds them by name.
pub(super) struct Fonts {
    pub(super) book: LazyHash<FontBook>,
    pub(super) faces: Vec<Font>,
}

impl Fonts {
    /// The one set of this process.
    pub(super) fn shared() -> &'static Fonts {
        static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
            let faces: Vec<Font> = FILES
                .iter()
                .flat_map(|file| Font::iter(Bytes::new(*file)))
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
        assert_eq!(fonts.faces.len(), FILES.len());
        for face in &fonts.faces {
            assert!(face.info().family.as_str().starts_with("Juanzong "));
        }
    }
}
