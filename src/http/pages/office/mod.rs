//! The office's pages: issuing, the register, revoking, the log, who did what. For people who signed in with a token.
//!
//! What may be done is decided by the token's scopes, in the table below; the pages only leave out what would be refused.

mod audit_list;
mod batches;
mod certificate;
mod certificates;
mod desk;
mod grant_form;
mod issue;
mod log_state;
mod overview;
mod register_csv;
pub(in crate::http) mod session;
mod supersede;

use actix_web::http::Method;

use crate::{
    http::{
        endpoints::{
            Access::{Anyone, OfficePage},
            Endpoint, page,
        },
        rates::Rate,
    },
    store::Scope,
};

const CERTIFICATE: &str = "/office/certificates/{number}";
const FILE: &str = "/office/certificates/{number}/file";
const REVOCATION: &str = "/office/certificates/{number}/revocation";
const REINSTATEMENT: &str = "/office/certificates/{number}/reinstatement";
const SUPERSESSION: &str = "/office/certificates/{number}/supersession";

/// Who may come in at all.
const ANY: &[Scope] = &[Scope::Issue, Scope::Revoke, Scope::Admin];

#[rustfmt::skip]
pub(super) fn endpoints() -> Vec<Endpoint> {
    let (any, issue) = (OfficePage(ANY), OfficePage(&[Scope::Issue]));
    let (revoke, admin) = (OfficePage(&[Scope::Revoke]), OfficePage(&[Scope::Admin]));
    vec![
        page(Method::GET, session::SIGN_IN, Anyone, session::sign_in_page),
        page(Method::POST, session::SIGN_IN, Anyone, session::sign_in).counted(Rate::Verification),
        page(Method::POST, "/office/sign-out", any, session::sign_out),
        page(Method::GET, "/office", any, overview::overview),
        page(Method::GET, "/office/certificates", any, certificates::newest),
        page(Method::POST, "/office/certificates", any, certificates::search),
        page(Method::GET, CERTIFICATE, any, certificate::show),
        page(Method::GET, FILE, issue, certificate::file),
        page(Method::POST, REVOCATION, revoke, certificate::revoke),
        page(Method::POST, REINSTATEMENT, revoke, certificate::reinstate),
        page(Method::GET, SUPERSESSION, revoke, supersede::form),
        page(Method::POST, SUPERSESSION, revoke, supersede::supersede),
        page(Method::GET, "/office/issue", issue, issue::form),
        page(Method::POST, "/office/issue", issue, issue::issue),
        page(Method::GET, "/office/batches", issue, batches::lists),
        page(Method::POST, "/office/batches", issue, batches::bring),
        page(Method::GET, "/office/batches/template.csv", issue, batches::template),
        page(Method::GET, "/office/batches/{id}", issue, batches::show),
        page(Method::POST, "/office/batches/{id}", issue, batches::go_on),
        page(Method::GET, "/office/batches/{id}/progress", issue, batches::how_far),
        page(Method::GET, "/office/batches/{id}/results.csv", issue, batches::results),
        page(Method::GET, "/office/register.csv", OfficePage(&[Scope::Issue, Scope::Admin]), register_csv::register),
        page(Method::GET, "/office/log", any, log_state::log_state),
        page(Method::POST, "/office/log", any, log_state::audit),
        page(Method::GET, "/office/audit", admin, audit_list::audit_list),
    ]
}
