//! The HTTP face: actix lives only here.
//!
//! Goes in: requests. Comes out: what the rooms answer, as JSON, PDF or a page; every refusal as RFC 9457
//! `application/problem+json`. The table in `endpoints` is the only list of routes: it says the method, the
//! address, who may, and which function answers; the OpenAPI document is checked against it.
//!
//! A request passes `observe` (request id, log line, headers of every answer, shape of every refusal), then
//! `access` (who asks, and may they), then its endpoint's own file in `v1/` or `pages/`.
//! Deliberately absent: any fetch of an address a caller names; state of a caller in this process, so that any node answers. The API
//! takes `Authorization` only; pages take the same credentials from cookies of their own path (`pages::cookie`), and the office's
//! pages a sign-in whose row ends with its token (`pages::office::session`).

mod access;
mod body;
mod config;
mod endpoints;
mod event_stream;
mod foreign_tokens;
mod idempotency;
mod jobs;
mod json;
mod known_answers;
mod many_files;
mod metrics;
mod observe;
mod openapi;
mod pages;
mod permits;
mod problem;
mod rates;
pub mod sample;
mod sample_office;
mod server;
mod services;
mod status;
mod stored_file;
mod traces;
mod v1;
mod witness;

pub use config::Config;
pub use endpoints::{Access, RouteInfo, routes};
pub use foreign_tokens::{ForeignTokens, ForeignTokensError};
pub use openapi::document as openapi_document;
pub use rates::Rate;
pub use server::{Running, serve, start};
pub use services::{Services, Showcase};
pub use witness::serve_witness;
