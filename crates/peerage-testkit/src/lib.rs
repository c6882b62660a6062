//! For tests: databases, real Asterisk, SIPp phones.

pub mod asterisk;
pub mod baresip;
pub mod db;
pub mod sipp;
