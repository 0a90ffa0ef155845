//! `GET /assets/{name}`: css, icons and scripts of the pages, built in, under names that change with their bytes.
//!
//! `style.css` is served as `style.<first 12 digits of its SHA-256>.css`, so it may be kept for ever.

use std::{collections::BTreeMap, sync::LazyLock};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, ETAG},
};
use include_dir::{Dir, include_dir};

use crate::{
    digest::Digest,
    http::{
        body, json,
        problem::{Answer, Problem},
    },
};

static WEB: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/web");

struct Asset {
    bytes: &'static [u8],
    media_type: &'static str,
}

/// By hashed name.
static ASSETS: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let served = WEB.files().filter_map(|file| {
        let name = file.path().to_str()?;
        let media_type = media_type(name)?;
        let bytes = file.contents();
        Some((hashed(name, bytes), Asset { bytes, media_type }))
    });
    served.collect()
});

/// Only these endings are served; a README in the folder is not.
fn media_type(name: &str) -> Option<&'static str> {
    let ending = name.rsplit_once('.')?.1;
    Some(match ending {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

fn hashed(name: &str, bytes: &[u8]) -> String {
    let digest = Digest::of(bytes).to_hex();
    let digest = digest.get(..12).unwrap_or_default();
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    format!("{stem}.{digest}.{ending}")
}

/// The address of a file of `web/`; `None` when there is none with this name.
pub(super) fn address(name: &str) -> Option<String> {
    let bytes = WEB.get_file(name)?.contents();
    Some(format!("/assets/{}", hashed(name, bytes)))
}

/// A file of the pages; its name changes with its bytes, so it may be kept for ever.
#[utoipa::path(get, path = "/assets/{name}", tag = "pages",
    params(("name" = String, Path, description = "Hashed name, as the pages link it")),
    responses(
        (status = 200, description = "The file"),
        (status = 404, description = "No such file", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")))]
pub(in crate::http) async fn asset(request: HttpRequest) -> Answer {
    let name: String = body::variable(&request, "name")?;
    let asset = ASSETS.get(&name).ok_or_else(Problem::not_found)?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((ETAG, format!("\"{name}\"")));
    Ok(json::finish(
        response,
        asset.media_type,
        asset.bytes.to_vec(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_with_the_bytes() {
        let address = address("style.css").unwrap();
        let name = address.strip_prefix("/assets/").unwrap();
        assert!(ASSETS.contains_key(name));
        assert_ne!(hashed("style.css", b"a"), hashed("style.css", b"b"));
        assert!(media_type("README.md").is_none());
    }
}
