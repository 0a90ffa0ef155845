//! `GET /assets/{name}`: css, icons and scripts of the pages, built in, under names that change with their bytes.
//!
//! `style.css` is served as `style.<first 12 digits of its SHA-256>.css`, so it may be kept for ever. In a script,
//! `from "./page.js"` becomes the hashed name too, so a module's name changes with everything it imports.

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
    hashed: String,
    bytes: Vec<u8>,
    media_type: &'static str,
}

/// By the name in `web/`.
static ASSETS: LazyLock<BTreeMap<&'static str, Asset>> = LazyLock::new(|| {
    let mut made = BTreeMap::new();
    for file in WEB.files() {
        if let Some(name) = file.path().to_str() {
            make(name, &mut made);
        }
    }
    made
});

/// The names in `web/` by hashed name.
static NAMES: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    let pairs = ASSETS.iter();
    pairs
        .map(|(name, asset)| (asset.hashed.as_str(), *name))
        .collect()
});

/// Makes the asset of a file, those it imports first; modules of ours do not import in a circle.
fn make(name: &'static str, made: &mut BTreeMap<&'static str, Asset>) {
    let (Some(media_type), Some(file)) = (media_type(name), WEB.get_file(name)) else {
        return;
    };
    if made.contains_key(name) {
        return;
    }
    let mut bytes = file.contents().to_vec();
    if let ("js", Some(text)) = (ending(name), file.contents_utf8()) {
        let mut text = text.to_owned();
        for imported in imports(file.contents_utf8().unwrap_or_default()) {
            make(imported, made);
            if let Some(asset) = made.get(imported) {
                let hashed = format!("\"./{}\"", asset.hashed);
                text = text.replace(&format!("\"./{imported}\""), &hashed);
            }
        }
        bytes = text.into_bytes();
    }
    let hashed = hashed(name, &bytes);
    let asset = Asset {
        hashed,
        bytes,
        media_type,
    };
    made.insert(name, asset);
}

/// The files a script names in `from "./…"`.
fn imports(text: &'static str) -> impl Iterator<Item = &'static str> {
    let parts = text.split("from \"./").skip(1);
    parts.filter_map(|rest| rest.split_once('"').map(|(name, _)| name))
}

fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// Only these endings are served; a README in the folder is not.
fn media_type(name: &str) -> Option<&'static str> {
    Some(match ending(name) {
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
    let asset = ASSETS.get(name)?;
    Some(format!("/assets/{}", asset.hashed))
}

/// A file of the pages; its name changes with its bytes, so it may be kept for ever.
#[utoipa::path(get, path = "/assets/{name}", tag = "pages",
    params(("name" = String, Path, description = "Hashed name, as the pages link it")),
    responses(
        (status = 200, description = "The file"),
        (status = 404, description = "No such file", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")))]
pub(in crate::http) async fn asset(request: HttpRequest) -> Answer {
    let name: String = body::variable(&request, "name")?;
    let asset = NAMES
        .get(name.as_str())
        .and_then(|name| ASSETS.get(name))
        .ok_or_else(Problem::not_found)?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((ETAG, format!("\"{name}\"")));
    Ok(json::finish(
        response,
        asset.media_type,
        asset.bytes.clone(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_with_the_bytes() {
        let address = address("style.css").unwrap();
        let name = address.strip_prefix("/assets/").unwrap();
        assert_eq!(NAMES[name], "style.css");
        assert_ne!(hashed("style.css", b"a"), hashed("style.css", b"b"));
        assert!(media_type("README.md").is_none());
    }

    #[test]
    fn every_import_of_a_script_names_a_served_file() {
        for (name, asset) in ASSETS.iter().filter(|(name, _)| ending(name) == "js") {
            let text = std::str::from_utf8(&asset.bytes).unwrap();
            for import in text.split("from \"").skip(1) {
                let imported = import.split('"').next().unwrap();
                let hashed = imported.strip_prefix("./").unwrap();
                assert!(NAMES.contains_key(hashed), "{name} imports {imported}");
            }
        }
    }
}
