//! Tests that need a real Asterisk, a browser or several processes; see `asterisk/`, `browser/` and `attacks/`.
