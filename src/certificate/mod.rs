//! Claims in, a stamped, registered certificate out.
