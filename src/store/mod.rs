//! Metadata in SQLite and bytes on disk: everything that is kept. SQL lives only here.
