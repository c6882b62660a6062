//! What a caller dials.
