//! The state of agents through the real operations, and through what Asterisk writes, on a real database.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod state {
    mod asterisk_writes;
    mod board;
    mod board_days;
    mod calls;
    mod clock;
    mod echoes;
    mod ends;
    mod history;
    mod interfaces;
    mod invariants;
    mod leases;
    mod leaving;
    mod log_in;
    mod moves;
    mod neighbours;
    mod orders;
    mod pauses;
    mod permissions;
    mod presence;
    mod properties;
    mod queue_log;
    mod queues;
    mod races;
    mod reports;
    mod rights;
    mod settings;
    mod support;
    mod telephones;
}
