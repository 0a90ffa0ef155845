//! Runs `inspect` and `bind` in locked-down worker processes, so that no foreign byte is parsed where it could hurt.
