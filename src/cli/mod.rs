//! The command line face: clap lives only here.
