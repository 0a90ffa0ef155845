//! 在线验证码: its shape, how it is normalised, and how it is masked.
//!
//! The code opens the report to anyone who has it, so it never leaves this room whole.

/// What a code looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// 12 digits, or `A` or `X` and 15 more capital letters or digits.
    WellFormed,
    /// Would be well formed with one of 0/O, 1/I, 5/S, 8/B read the other way.
    LookAlike,
    /// Neither.
    IllFormed,
}

/// Without spaces, hyphens and underscores, in capitals.
pub(super) fn normalised(text: &str) -> String {
    super::lines::squeeze(text)
        .chars()
        .filter(|c| !matches!(c, '-' | '_' | '‐' | '–' | '—'))
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// The shape of a normalised code.
pub(super) fn shape(code: &str) -> Shape {
    if well_formed(code) {
        return Shape::WellFormed;
    }
    let as_digits: String = code
        .chars()
        .map(|c| match c {
            'O' | 'Q' | 'D' => '0',
            'I' | 'L' | '|' => '1',
            'S' => '5',
            'B' => '8',
            'Z' => '2',
            other => other,
        })
        .collect();
    let as_long: String = code
        .chars()
        .enumerate()
        .map(|(i, c)| match (i, c) {
            (0, '4') => 'A',
            (_, '|' | '!') => 'I',
            (_, other) => other,
        })
        .collect();
    if well_formed(&as_digits) || well_formed(&as_long) {
        Shape::LookAlike
    } else {
        Shape::IllFormed
    }
}

fn well_formed(code: &str) -> bool {
    let digits = code.chars().all(|c| c.is_ascii_digit());
    let long = code.starts_with(['A', 'X'])
        && code
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    (code.len() == 12 && digits) || (code.len() == 16 && long)
}

/// Whether it holds a character that recognition confuses.
pub(super) fn has_look_alikes(code: &str) -> bool {
    code.contains(['0', 'O', '1', 'I', 'L', '5', 'S', '8', 'B', '2', 'Z'])
}

/// Whether two codes are the same but for characters that recognition confuses.
pub(super) fn alike(a: &str, b: &str) -> bool {
    let folded = |code: &str| -> String {
        code.chars()
            .map(|c| match c {
                'O' | 'Q' | 'D' => '0',
                'I' | 'L' | '|' | '!' => '1',
                'S' => '5',
                'B' => '8',
                'Z' => '2',
                'G' => '6',
                other => other,
            })
            .collect()
    };
    folded(a) == folded(b)
}

/// The first two signs, then stars.
pub(super) fn masked(code: &str) -> String {
    let head: String = code.chars().take(2).collect();
    format!("{head}**…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_shapes_and_what_only_looks_like_one() {
        assert_eq!(shape("102938475610"), Shape::WellFormed);
        assert_eq!(shape("A1B2C3D4E5F6G7H8"), Shape::WellFormed);
        assert_eq!(shape("XAAAAAAAAAAAAAAA"), Shape::WellFormed);
        assert_eq!(shape("1O2938475610"), Shape::LookAlike);
        assert_eq!(shape("41B2C3D4E5F6G7H8"), Shape::LookAlike);
        assert_eq!(shape("B1B2C3D4E5F6G7H8"), Shape::IllFormed);
        assert_eq!(shape("A1B2C3D4E5F6G7H"), Shape::IllFormed);
        assert_eq!(shape(""), Shape::IllFormed);
    }

    #[test]
    fn normalised_and_masked() {
        assert_eq!(normalised("a1b2 c3d4-e5f6_ｇ7ｈ8"), "A1B2C3D4E5F6G7H8");
        assert_eq!(masked("A1B2C3D4E5F6G7H8"), "A1**…");
    }
}
