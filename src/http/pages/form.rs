//! What a page's form sends: `application/x-www-form-urlencoded`, small, each field trimmed.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::LOCATION,
    web::{Payload, Query},
};

use crate::{
    error_code::ErrorCode,
    http::{
        Services, body,
        problem::{Answer, Problem},
    },
};

/// The fields of a form in the order they came; a name may stand several times.
#[derive(Debug, Default)]
pub(super) struct Fields(Vec<(String, String)>);

/// Reads the fields of a form.
pub(super) async fn fields(
    request: &HttpRequest,
    payload: Payload,
    services: &Services,
) -> Result<Fields, Problem> {
    body::expect_type(request, &["application/x-www-form-urlencoded"])?;
    let bytes = body::small(request, payload, services).await?;
    let text = String::from_utf8(bytes).map_err(|_| unreadable())?;
    Fields::read(&text)
}

impl Fields {
    pub(super) fn read(text: &str) -> Result<Fields, Problem> {
        let read = Query::<Vec<(String, String)>>::from_query(text).map_err(|_| unreadable())?;
        Ok(Fields(read.into_inner()))
    }
    /// What stands in a field, without blanks around it; `None` when nothing does.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let mut here = self.0.iter().filter(|(key, _)| key == name);
        here.find_map(|(_, value)| Some(value.trim()).filter(|value| !value.is_empty()))
    }
    /// What stands in every field of this name, without the empty ones.
    pub(super) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        let here = self.0.iter().filter(move |(key, _)| key == name);
        here.map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }
    /// All fields, for a page that shows again what was sent.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.trim()))
    }
}

fn unreadable() -> Problem {
    Problem::new(ErrorCode::BodyUnreadable).because("表单内容无法读取", "the form cannot be read")
}

/// 303: what was asked is done, and this is where to look at it. Going back and reloading does not do it again.
pub(super) fn see_other(address: &str) -> Answer {
    Ok(HttpResponse::SeeOther()
        .insert_header((LOCATION, address))
        .finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_trimmed_and_empty_ones_are_none() {
        let fields = Fields::read("name=+%E5%BC%A0+&empty=++&c=a&c=b&c=").unwrap();
        assert_eq!(fields.text("name"), Some("张"));
        assert_eq!(fields.text("empty"), None);
        assert_eq!(fields.all("c").collect::<Vec<_>>(), ["a", "b"]);
    }
}
