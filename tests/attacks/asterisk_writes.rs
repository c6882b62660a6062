//! What a hostile or broken Asterisk writes.
