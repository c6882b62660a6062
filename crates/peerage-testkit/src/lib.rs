//! For tests: databases, real Asterisk, SIPp phones, a real browser, a network that fails.

pub mod agreement;
pub mod asterisk;
pub mod baresip;
pub mod browser;
pub mod command;
pub mod db;
pub mod proxy;
pub mod sipp;
pub mod stop;
pub mod tools;
