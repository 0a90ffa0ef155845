//! The templates of `templates/web/`, built in; everything put into them is escaped by them.

use std::sync::LazyLock;

use actix_web::{HttpResponse, http::StatusCode};
use include_dir::{Dir, include_dir};
use minijinja::{Environment, Error, ErrorKind};
use serde::Serialize;

use super::{assets, refusal::HasOwnPage};
use crate::http::{
    json,
    problem::{Answer, Problem},
};
use crate::units::ByteLen;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/web");

static PAGES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    environment.add_function("asset", |name: String| {
        // Made of our own file names: nothing in it needs escaping.
        assets::address(&name)
            .map(minijinja::Value::from_safe_string)
            .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no file web/{name}")))
    });
    environment.add_filter("beijing", beijing);
    environment.add_filter("beijing_short", beijing_short);
    environment.add_filter("size", size);
    environment.set_loader(|name| {
        let text = TEMPLATES
            .get_file(name)
            .and_then(|file| file.contents_utf8());
        Ok(text.map(str::to_owned))
    });
    environment
});

/// An instant as people in China read it; what is no instant stays as it is.
fn beijing(instant: String) -> String {
    instant.parse::<jiff::Timestamp>().map_or(instant, |at| {
        let here = at.to_zoned(crate::clock::shanghai());
        here.strftime("%Y-%m-%d %H:%M（北京时间 UTC+8）")
            .to_string()
    })
}

/// The same where there is little room and the zone is plain: `2026-11-21 00:48`.
fn beijing_short(instant: String) -> String {
    instant.parse::<jiff::Timestamp>().map_or(instant, |at| {
        let here = at.to_zoned(crate::clock::shanghai());
        here.strftime("%Y-%m-%d %H:%M").to_string()
    })
}

/// A number of bytes as people read it.
fn size(bytes: u64) -> String {
    ByteLen(bytes).to_string()
}

/// 200 with this page.
pub(super) fn page(name: &str, data: impl Serialize) -> Answer {
    page_as(StatusCode::OK, name, data)
}

/// `status` with this page, which then says itself what is refused.
pub(super) fn page_as(status: StatusCode, name: &str, data: impl Serialize) -> Answer {
    let template = PAGES.get_template(name).map_err(Problem::internal)?;
    let html = template.render(data).map_err(Problem::internal)?;
    let mut response = json::finish(
        HttpResponse::build(status),
        "text/html; charset=utf-8",
        html.into_bytes(),
    );
    response.extensions_mut().insert(HasOwnPage);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_shown_in_beijing_time() {
        let shown = beijing("2026-11-20T16:48:13.593332938Z".to_owned());
        assert_eq!(shown, "2026-11-21 00:48（北京时间 UTC+8）");
        assert_eq!(beijing("later".to_owned()), "later");
    }

    #[test]
    fn every_template_compiles_and_escapes_what_it_is_given() {
        for file in TEMPLATES.files() {
            let name = file.path().to_str().unwrap();
            if file
                .path()
                .extension()
                .is_some_and(|ending| ending == "html")
            {
                PAGES.get_template(name).unwrap();
            }
        }
        let rendered = PAGES
            .render_named_str("x.html", "{{ x }}", minijinja::context! { x => "<script>" })
            .unwrap();
        assert_eq!(rendered, "&lt;script&gt;");
    }
}
