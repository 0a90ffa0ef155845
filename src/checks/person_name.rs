//! Whether two names are the same person's name, however they are written.
//!
//! Spaces, the many forms of the middle dot, full and half width, and traditional or simplified characters make no
//! difference; anything else does. The table of characters is that of the crate `fast2s`.

use unicode_normalization::UnicodeNormalization as _;

/// Whether two names are written alike.
pub fn same_name(a: &str, b: &str) -> bool {
    folded(a) == folded(b)
}

/// A name as it is compared: simplified, one middle dot, no spaces, small letters.
pub fn folded(name: &str) -> String {
    // Each character for itself: a name is no sentence, and what stands beside a character does not change it.
    name.nfkc()
        .filter(|c| !c.is_whitespace() && !is_ignorable(*c))
        .map(|c| match c {
            '•' | '・' | '‧' | '∙' | '⋅' | '．' | '.' | '●' | '･' | '᛫' => '·',
            other => simplified(other),
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// Code points of nobody's: a name that holds one is drawn differently on every machine.
pub fn private_use(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}')
}

fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
        // Variation selectors choose a drawing, not a character.
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

fn simplified(c: char) -> char {
    let text = fast2s::convert(c.encode_utf8(&mut [0; 4]));
    text.chars().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_to_write_one_name() {
        for (a, b) in [
            ("林知远", "林 知远"),
            ("林知远", "林知遠"),
            ("張偉", "张伟"),
            ("鍾靈毓", "钟灵毓"),
            ("歐陽詠絮", "欧阳咏絮"),
            ("阿依努尔·买买提", "阿依努尔•买买提"),
            ("阿依努尔·买买提", "阿依努尔．买买提"),
            ("Lin Zhiyuan", "LIN ZHIYUAN"),
            ("𠮷田", "𠮷 田"),
            ("㑇明", "㑇明"),
            ("葛\u{e0100}明", "葛明"),
        ] {
            assert!(same_name(a, b), "{a} {b}");
        }
    }

    #[test]
    fn other_names_are_other_names() {
        for (a, b) in [
            ("林知远", "林志远"),
            ("林知远", "林知"),
            ("张伟", "张炜"),
            ("𠮷田", "吉田"),
            ("阿依努尔·买买提", "阿依努尔·买买江"),
        ] {
            assert!(!same_name(a, b), "{a} {b}");
        }
    }

    #[test]
    fn characters_of_nobody() {
        assert!(private_use('\u{e123}') && private_use('\u{f0001}'));
        assert!(!private_use('𠮷') && !private_use('㑇'));
    }
}
