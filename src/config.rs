//! Settings from the environment: the one place that reads it.

use crate::lang::Lang;

/// The language of the person at the terminal, from `LC_ALL`, `LC_MESSAGES` or `LANG`, the first that is set.
/// Chinese locales and an unset one give Chinese, every other English.
pub fn lang_of_environment() -> Lang {
    lang_of_locale(
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(variable)
            .as_deref(),
    )
}

/// A variable of the environment that is set and not empty.
pub fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn lang_of_locale(locale: Option<&str>) -> Lang {
    match locale {
        None | Some("C.UTF-8" | "POSIX" | "C") => Lang::Zh,
        Some(locale) if locale.starts_with("zh") => Lang::Zh,
        Some(_) => Lang::En,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales() {
        assert_eq!(lang_of_locale(None), Lang::Zh);
        assert_eq!(lang_of_locale(Some("zh_CN.UTF-8")), Lang::Zh);
        assert_eq!(lang_of_locale(Some("en_GB.UTF-8")), Lang::En);
        assert_eq!(lang_of_locale(Some("C.UTF-8")), Lang::Zh);
    }
}
