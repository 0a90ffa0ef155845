//! Unicode from character codes for the predefined CMaps of Chinese documents (ISO 32000-2, 9.7.5.2, table 116).
//!
//! Chinese government PDFs use these without `ToUnicode`: the code itself says the character.

/// How the codes of a predefined CMap are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codes {
    /// Two bytes a character, never more (`UniGB-UCS2-H` and its like for other collections).
    Ucs2,
    /// UTF-16BE (`UniGB-UTF16-H` and its like).
    Utf16,
    /// UTF-8.
    Utf8,
    /// UTF-32BE.
    Utf32,
    /// GBK or GB 2312 (`GBK-EUC-H`, `GBKp-EUC-H`, `GB-EUC-H`, `GBpc-EUC-H`).
    Gbk,
    /// GB 18030 (`GBK2K-H`, `GB18030`).
    Gb18030,
    /// Big5 (`ETen-B5-H`, `B5pc-H`, `HKscs-B5-H`).
    Big5,
    /// Shift_JIS (`90ms-RKSJ-H` and others).
    ShiftJis,
    /// EUC-KR and its extension (`KSCms-UHC-H`, `KSC-EUC-H`).
    EucKr,
}

impl Codes {
    /// The reading for the CMap with this name, `None` when the codes are no characters (`Identity-H`).
    pub(crate) fn of(name: &str) -> Option<Codes> {
        let base = name
            .strip_suffix("-H")
            .or_else(|| name.strip_suffix("-V"))
            .unwrap_or(name);
        let base = base.strip_suffix("-HW").unwrap_or(base);
        if base.starts_with("Uni") {
            return if base.contains("UTF8") {
                Some(Codes::Utf8)
            } else if base.contains("UTF32") {
                Some(Codes::Utf32)
            } else if base.contains("UCS2") {
                Some(Codes::Ucs2)
            } else {
                Some(Codes::Utf16)
            };
        }
        match base {
            "GBK-EUC" | "GBKp-EUC" | "GB-EUC" | "GBpc-EUC" => Some(Codes::Gbk),
            "GBK2K" | "GB18030" => Some(Codes::Gb18030),
            "ETen-B5" | "ETenms-B5" | "B5pc" | "HKscs-B5" => Some(Codes::Big5),
            "90ms-RKSJ" | "90msp-RKSJ" | "90pv-RKSJ" | "83pv-RKSJ" | "Ext-RKSJ" | "Add-RKSJ" => {
                Some(Codes::ShiftJis)
            }
            "KSCms-UHC" | "KSC-EUC" | "KSCpc-EUC" => Some(Codes::EucKr),
            _ => None,
        }
    }

    /// How many bytes the code at the start of `bytes` takes: by the code space of the CMap, whether it has a
    /// character for the code or not. At least 1, and no more than there are.
    pub(crate) fn length(self, bytes: &[u8]) -> usize {
        let at = |i: usize| bytes.get(i).copied().unwrap_or(0);
        let lead = at(0);
        let length = match self {
            Codes::Utf16 if (0xD8..=0xDB).contains(&lead) && (0xDC..=0xDF).contains(&at(2)) => 4,
            Codes::Ucs2 | Codes::Utf16 => 2,
            Codes::Utf32 => 4,
            Codes::Utf8 => match lead {
                0xC0..=0xDF => 2,
                0xE0..=0xEF => 3,
                0xF0..=0xF7 => 4,
                _ => 1,
            },
            Codes::Gbk | Codes::Big5 | Codes::EucKr => {
                if matches!(lead, 0x81..=0xFE) {
                    2
                } else {
                    1
                }
            }
            Codes::Gb18030 => match lead {
                0x81..=0xFE if at(1).is_ascii_digit() => 4,
                0x81..=0xFE => 2,
                _ => 1,
            },
            Codes::ShiftJis => {
                if matches!(lead, 0x81..=0x9F | 0xE0..=0xFC) {
                    2
                } else {
                    1
                }
            }
        };
        length.min(bytes.len()).max(1)
    }

    /// The character of `code`, which was read from `len` bytes.
    pub(crate) fn character(self, code: u32, len: usize) -> Option<char> {
        let all = code.to_be_bytes();
        let bytes = all.get(4_usize.saturating_sub(len)..)?;
        match self {
            Codes::Ucs2 if len == 2 => char::from_u32(code),
            Codes::Ucs2 => None,
            Codes::Utf16 => match len {
                2 => char::from_u32(code),
                4 => char::decode_utf16([(code >> 16) as u16, (code & 0xFFFF) as u16])
                    .next()?
                    .ok(),
                // Half a code at the end of a string.
                _ => None,
            },
            Codes::Utf32 => char::from_u32(code),
            Codes::Utf8 => std::str::from_utf8(bytes).ok()?.chars().next(),
            Codes::Gbk => decode(encoding_rs::GBK, bytes),
            Codes::Gb18030 => decode(encoding_rs::GB18030, bytes),
            Codes::Big5 => decode(encoding_rs::BIG5, bytes),
            Codes::ShiftJis => decode(encoding_rs::SHIFT_JIS, bytes),
            Codes::EucKr => decode(encoding_rs::EUC_KR, bytes),
        }
    }
}

fn decode(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Option<char> {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let mut characters = text.chars();
    let first = characters.next()?;
    (!damaged && characters.next().is_none()).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_chinese_cmap_gives_the_character_its_code_says() {
        let cases = [
            ("UniGB-UCS2-H", 0x5F20, 2, '张'),
            ("UniGB-UTF16-V", 0xD840_DC00, 4, '\u{20000}'),
            ("GBK-EUC-H", 0xD5C5, 2, '张'),
            ("GBKp-EUC-H", 0x41, 1, 'A'),
            ("GB-EUC-H", 0xC8FD, 2, '三'),
            ("GBK2K-H", 0x8139_EE39, 4, '\u{3400}'),
            ("GB18030", 0xD5C5, 2, '张'),
        ];
        for (name, code, len, wanted) in cases {
            let codes = Codes::of(name).unwrap();
            assert_eq!(codes.character(code, len), Some(wanted), "{name}");
        }
        assert_eq!(Codes::of("Identity-H"), None);
    }

    #[test]
    fn a_code_is_as_long_as_its_code_space_says_whether_it_has_a_character_or_not() {
        let cases: &[(&str, &[u8], usize)] = &[
            ("UniGB-UCS2-H", &[0xE1, 0x23, 0x00, 0x41], 2),
            ("UniGB-UCS2-V", &[0xD8, 0x40, 0xDC, 0x00], 2),
            ("UniGB-UTF16-H", &[0xD8, 0x40, 0xDC, 0x00], 4),
            ("UniGB-UTF16-H", &[0xD8, 0x40, 0x00, 0x41], 2),
            ("UniGB-UCS2-H", &[0x5F], 1),
            ("GBK-EUC-H", &[0xAA, 0xA1, 0x41], 2),
            ("GBK-EUC-H", &[0x41, 0xD5], 1),
            ("GBK2K-H", &[0x81, 0x39, 0xEE, 0x39], 4),
            ("90ms-RKSJ-H", &[0xB1, 0xB2], 1),
            ("KSCms-UHC-HW-V", &[0xB0, 0xA1], 2),
        ];
        for (name, bytes, wanted) in cases {
            assert_eq!(
                Codes::of(name).unwrap().length(bytes),
                *wanted,
                "{name} {bytes:X?}"
            );
        }
    }
}
