//! Pass and fail fixtures of the families FM, AC, LM and PG: each shows one thing only.

mod active;
mod format;
mod geometry;
mod limits;
mod signed;
mod text;
mod writers;

use std::path::Path;

use crate::write;

/// Takes a code, a name and the bytes of one fixture.
type Put<'a> = &'a dyn Fn(&str, &str, &[u8]);

pub fn make(fixtures: &Path) {
    let put = |code: &str, name: &str, bytes: &[u8]| {
        write(
            &fixtures
                .join("checks")
                .join(code)
                .join(format!("{name}.pdf")),
            bytes,
        );
    };
    format::make(&put);
    text::make(&put);
    signed::make(&put);
    active::make(&put);
    limits::make(fixtures, &put);
    geometry::make(fixtures, &put);
}
