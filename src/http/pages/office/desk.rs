//! Who sits at the office's pages: the sign-in behind a request, what it may do, and the frame its pages share.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload, http::StatusCode};
use serde::Serialize;

use crate::{
    error_code::ErrorCode,
    http::{
        Services,
        pages::templates,
        problem::{Answer, Problem},
    },
    store::{OfficeSession, Scope},
};

/// A signed-in person of the office.
#[derive(Clone, Debug)]
pub(super) struct Desk(OfficeSession);

/// What the frame of every page of the office shows.
#[derive(Serialize)]
struct Frame<'a, T> {
    desk: Shown<'a>,
    office: &'a str,
    page: T,
}

#[derive(Serialize)]
struct Shown<'a> {
    label: &'a str,
    ends_at: String,
    may_issue: bool,
    may_revoke: bool,
    may_admin: bool,
}

impl Desk {
    /// Whether the token has this scope.
    pub(super) fn may(&self, scope: Scope) -> bool {
        self.0.token.scopes.allow(scope)
    }
    /// The sign-in itself.
    pub(super) fn session(&self) -> &OfficeSession {
        &self.0
    }
    /// 200 with this page; what is in `data` is `page.…` there.
    pub(super) fn page(&self, services: &Services, name: &str, data: impl Serialize) -> Answer {
        self.page_as(StatusCode::OK, services, name, data)
    }
    /// `status` with this page.
    pub(super) fn page_as(
        &self,
        status: StatusCode,
        services: &Services,
        name: &str,
        data: impl Serialize,
    ) -> Answer {
        let frame = Frame {
            desk: Shown {
                label: &self.0.token.label,
                ends_at: self.0.ends_at.to_string(),
                may_issue: self.may(Scope::Issue),
                may_revoke: self.may(Scope::Revoke),
                may_admin: self.may(Scope::Admin),
            },
            office: &services.issuer.office().name,
            page: data,
        };
        templates::page_as(status, name, frame)
    }
}

impl FromRequest for Desk {
    type Error = Problem;
    type Future = Ready<Result<Desk, Problem>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let session = request.extensions().get::<OfficeSession>().cloned();
        let session = session.ok_or_else(|| Problem::new(ErrorCode::Internal));
        ready(session.map(Desk))
    }
}
