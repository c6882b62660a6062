//! Tests that need a real Asterisk or several processes; see `asterisk/`.
