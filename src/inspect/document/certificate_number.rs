//! 证书编号 and 学位证书编号: what their digits say, and whether that agrees with the rest of the report.
//!
//! 学历: 5 school, 1 kind (1 普通, 5 成人, 6 自考, 7 网络), 4 year, 2 level (01 博士, 02 硕士, 04 二学位, 05 本科,
//! 06 专科), 6 serial. Self-taught certificates (kind 6) follow another scheme, so positions are read for 1, 5, 7 only.
//! 学位: 5 unit, 1 level (2 博士, 3 硕士, 4 学士), 4 year, 6 serial, or with a letter before (other schemes).

/// What does not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Neither 17 nor 18 digits (学历), or not a known form (学位).
    Form,
    /// The year digits are not the year of graduation or award.
    Year,
    /// The level digits are not the level printed.
    Level,
}

impl Fault {
    /// The stable name of the oddity.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Fault::Form => "certificate_number_form",
            Fault::Year => "certificate_number_year",
            Fault::Level => "certificate_number_level",
        }
    }
}

/// Only digits and letters, capitals.
pub(super) fn normalised(text: &str) -> String {
    super::lines::squeeze(text)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// Faults of a 学历证书编号 against the year of graduation and the level printed.
pub(super) fn education(number: &str, year: Option<&str>, level: Option<&str>) -> Vec<Fault> {
    let digits = number.chars().all(|c| c.is_ascii_digit());
    if !digits || !matches!(number.len(), 17 | 18) {
        return vec![Fault::Form];
    }
    let kind = number.get(5..6).unwrap_or_default();
    // Self-taught numbers begin with the kind (65…, 66…); no school's code begins with 6.
    if number.len() != 18 || number.starts_with('6') || !matches!(kind, "1" | "5" | "7") {
        return Vec::new();
    }
    let mut faults = Vec::new();
    if year.is_some_and(|year| number.get(6..10) != Some(year)) {
        faults.push(Fault::Year);
    }
    let wanted = level.and_then(|level| {
        [
            ("博士", "01"),
            ("硕士", "02"),
            ("第二学士", "04"),
            ("二学位", "04"),
            ("本科", "05"),
            ("专科", "06"),
            ("高职", "06"),
        ]
        .into_iter()
        .find(|(name, _)| level.contains(name))
    });
    // A course "专升本" is printed as 本科 and numbered 05, so it needs no line of its own.
    if wanted.is_some_and(|(_, code)| number.get(10..12) != Some(code)) {
        faults.push(Fault::Level);
    }
    faults
}

/// Faults of a 学位证书编号 against the year of award and the degree printed. Numbers from before 2008 are left alone.
pub(super) fn degree(number: &str, year: Option<&str>, degree: Option<&str>) -> Vec<Fault> {
    let late = year
        .and_then(|y| y.parse::<i32>().ok())
        .is_none_or(|y| y >= 2009);
    let digits = number.chars().all(|c| c.is_ascii_digit());
    if !late {
        return Vec::new();
    }
    if !digits || number.len() != 16 {
        let lettered =
            number.starts_with(['C', 'Z', 'S', 'E', 'L', 'F']) && (16..=19).contains(&number.len());
        return if lettered {
            Vec::new()
        } else {
            vec![Fault::Form]
        };
    }
    let mut faults = Vec::new();
    if year.is_some_and(|year| number.get(6..10) != Some(year)) {
        faults.push(Fault::Year);
    }
    let wanted = degree.and_then(|degree| {
        [("博士", "2"), ("硕士", "3"), ("学士", "4")]
            .into_iter()
            .find(|(name, _)| degree.contains(name))
    });
    if wanted.is_some_and(|(_, code)| number.get(5..6) != Some(code)) {
        faults.push(Fault::Level);
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_of_an_education_number() {
        let number = "999991201605123456";
        assert_eq!(education(number, Some("2016"), Some("本科")), []);
        assert_eq!(education(number, Some("2015"), Some("本科")), [Fault::Year]);
        assert_eq!(
            education(number, Some("2016"), Some("硕士研究生")),
            [Fault::Level]
        );
        assert_eq!(education("99999120160512345", Some("2001"), None), []);
        assert_eq!(education("9999912016051234", None, None), [Fault::Form]);
        assert_eq!(education("99999120160512345O", None, None), [Fault::Form]);
        assert_eq!(
            education("999996201605123456", Some("2001"), Some("专科")),
            []
        );
    }

    #[test]
    fn positions_of_a_degree_number() {
        assert_eq!(
            degree("9999942016123456", Some("2016"), Some("工学学士")),
            []
        );
        assert_eq!(
            degree("9999932016123456", Some("2016"), Some("工学学士")),
            [Fault::Level]
        );
        assert_eq!(
            degree("9999942015123456", Some("2016"), Some("工学学士")),
            [Fault::Year]
        );
        assert_eq!(degree("C9999942016123456", Some("2016"), None), []);
        assert_eq!(degree("123456789012", Some("2005"), None), []);
        assert_eq!(degree("123456789012", Some("2015"), None), [Fault::Form]);
    }
}
