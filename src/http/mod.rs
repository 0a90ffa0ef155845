//! The HTTP face: actix lives only here.
