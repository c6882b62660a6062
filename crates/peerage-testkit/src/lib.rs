//! For tests: databases, real Asterisk, SIPp phones, a network that fails.

pub mod asterisk;
pub mod baresip;
pub mod db;
pub mod proxy;
pub mod sipp;
