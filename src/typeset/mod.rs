//! Templates and data in, PDF out. The typesetter lives only here.
