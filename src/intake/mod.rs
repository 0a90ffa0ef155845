//! Bytes from outside in, a stored upload with its digest out.
