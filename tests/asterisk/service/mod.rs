//! The service between Peerage and a running Asterisk: orders to pause and their echoes, calls, leaving, outages.
//!
//! What Asterisk believes is asked of Asterisk; what must come is waited for generously.

mod agreement;
mod calls;
mod drift;
mod echoes;
mod floor;
mod latency;
mod leaving;
mod manager;
mod nodes;
mod outages;
mod pauses;
mod presence;
mod queues;
mod reach;
mod readiness;
mod returned;
mod stage;
