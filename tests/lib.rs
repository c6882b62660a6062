//! Tests that need a real Asterisk, a browser or several processes; see `asterisk/` and `browser/`.
