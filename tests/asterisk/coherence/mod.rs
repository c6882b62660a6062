//! Changes reach an Asterisk that caches: the shipped configuration with caching on, and the service beside it.
//!
//! Each test asks Asterisk itself what it believes, on every stack, and gives it [`ALLOWED`].

mod availability;
mod changes;
mod command;
mod console;
mod faults;
mod import;
mod load;
mod measure;
mod registrations;
mod scene;
mod wire;

use std::time::Duration;

/// How long a change may take: ten times what the product promises.
const ALLOWED: Duration = Duration::from_secs(10);
