//! `GET /openapi.json` and `GET /docs`: the API, for programs and for people.

use serde_json::{Value, json};

use super::templates;
use crate::http::{json as answer, openapi, problem::Answer};

/// The OpenAPI 3.1 document: the contract of this API.
#[utoipa::path(get, path = "/openapi.json", tag = "pages",
    responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
pub(in crate::http) async fn openapi_json() -> Answer {
    answer::ok(&openapi::document())
}

/// The API for people, made from the same document.
#[utoipa::path(get, path = "/docs", tag = "pages",
    responses((status = 200, description = "The API", content_type = "text/html", body = String)))]
pub(in crate::http) async fn docs() -> Answer {
    let document = openapi::document();
    let operations = operations(&document);
    templates::page(
        "docs.html",
        json!({"document": document, "operations": operations}),
    )
}

/// All operations in the order of their tags, then addresses.
#[expect(
    clippy::indexing_slicing,
    reason = "a JSON value answers null for what is not there"
)]
fn operations(document: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    let paths = document["paths"].as_object();
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let mut operation = operation.clone();
            operation["path"] = json!(path);
            operation["method"] = json!(method.to_uppercase());
            all.push(operation);
        }
    }
    let tags: Vec<&Value> = document["tags"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|tag| &tag["name"])
        .collect();
    all.sort_by_key(|operation| {
        let tag = &operation["tags"][0];
        tags.iter().position(|name| *name == tag)
    });
    all
}
