//! Claims in, a signed and logged certificate out.
//!
//! What is hashed, signed and logged, and in which order, is written in `docs/certificate.md`. Nothing contains its own hash:
//! claims → face code → revision 1 → leaf → proof → signature, each only looks back.
//! Types and texts here are shared with `verify`; what makes a certificate is not.

pub mod canonical;
pub mod check_sign;
pub mod claims;
pub mod code;
pub mod commitment;
pub mod leaf;
pub mod number;

pub use claims::{Claims, ClaimsError, Level, Method};
pub use code::{FaceCode, NotACode};
pub use leaf::{Effect, IssueLeaf, Leaf, ReasonClass};
pub use number::{Number, NumberTemplate};
