//! The views in a real database: install, verify, and what each lookup of Asterisk's costs.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod views {
    mod files;
    mod install;
    mod lookups;
    mod migrations;
    mod plpgsql;
    mod roles;
    mod verify;
}
