//! 公民身份号码 (GB 11643-1999): 6 region, 8 birth date, 3 order (odd for men), 1 check sign by ISO 7064 MOD 11-2.

use jiff::civil::Date;

/// Without spaces, in capitals.
pub(crate) fn normalised(text: &str) -> String {
    super::lines::squeeze(text)
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '*')
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// Whether it is 17 digits and a digit or `X`.
pub(crate) fn has_form(number: &str) -> bool {
    let bytes = number.as_bytes();
    bytes.len() == 18
        && bytes.iter().take(17).all(u8::is_ascii_digit)
        && bytes
            .last()
            .is_some_and(|b| b.is_ascii_digit() || *b == b'X')
}

/// The check sign its first 17 digits ask for: weights 2^(18-i) mod 11, remainder through `10X98765432`.
pub(crate) fn check_sign(number: &str) -> Option<char> {
    const SIGNS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let digits: Vec<u32> = number
        .chars()
        .take(17)
        .map_while(|c| c.to_digit(10))
        .collect();
    if digits.len() != 17 {
        return None;
    }
    let sum = digits.iter().fold(0, |sum, digit| (sum + digit) * 2 % 11);
    SIGNS.get(sum as usize).copied()
}

/// The birth date in it, if it is a day.
pub(crate) fn born(number: &str) -> Option<Date> {
    let digits = number.get(6..14)?;
    let part = |from: usize, to: usize| digits.get(from..to)?.parse::<i16>().ok();
    Date::new(
        part(0, 4)?,
        i8::try_from(part(4, 6)?).ok()?,
        i8::try_from(part(6, 8)?).ok()?,
    )
    .ok()
}

/// 男 or 女 by the 17th digit.
pub(crate) fn sex(number: &str) -> Option<&'static str> {
    let order = number.chars().nth(16)?.to_digit(10)?;
    Some(if order % 2 == 1 { "男" } else { "女" })
}

/// The first four and last two signs.
pub(crate) fn masked(number: &str) -> String {
    let head: String = number.chars().take(4).collect();
    let tail: String = number
        .chars()
        .skip(number.chars().count().saturating_sub(2))
        .collect();
    format!("{head}************{tail}")
}

/// Tokens of 18 signs that are such a number by form, with the index of their first sign.
///
/// A certificate number can have the form too (999991 2016-05-12 3456), so ask only where an identity number is spoken of.
pub(crate) fn all_in(text: &str) -> Vec<(usize, String)> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let run = chars
            .iter()
            .skip(at)
            .take_while(|c| c.is_ascii_alphanumeric())
            .count();
        let token: String = chars.iter().skip(at).take(run).collect();
        let token = token.to_ascii_uppercase();
        if has_form(&token) && born(&token).is_some() {
            found.push((at, token));
        }
        at += run.max(1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard() {
        // GB 11643-1999, annex.
        assert_eq!(check_sign("11010519491231002"), Some('X'));
        assert_eq!(check_sign("44052418800101001"), Some('4'));
        assert_eq!(born("11010519491231002X"), Date::new(1949, 12, 31).ok());
        assert_eq!(sex("11010519491231002X"), Some("女"));
        assert_eq!(masked("11010519491231002X"), "1101************2X");
    }

    #[test]
    fn found_in_a_sentence_and_only_whole() {
        let found = all_in("身份证号11010519491231002x,电话13800000000");
        assert_eq!(found, [(4, "11010519491231002X".to_owned())]);
        assert_eq!(all_in("编号110105194912310021123"), []);
    }

    #[test]
    fn one_wrong_digit_or_two_swapped_never_pass() {
        let good = "11010519491231002X";
        for i in 0..17 {
            for digit in '0'..='9' {
                let mut bad: Vec<char> = good.chars().collect();
                if bad[i] == digit {
                    continue;
                }
                bad[i] = digit;
                let bad: String = bad.into_iter().collect();
                assert_ne!(check_sign(&bad), Some('X'), "{bad}");
            }
        }
        for i in 0..16 {
            let mut bad: Vec<char> = good.chars().collect();
            if bad[i] == bad[i + 1] {
                continue;
            }
            bad.swap(i, i + 1);
            let bad: String = bad.into_iter().collect();
            assert_ne!(check_sign(&bad), Some('X'), "{bad}");
        }
    }
}
