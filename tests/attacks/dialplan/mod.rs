//! What a caller dials is inert, and so is whatever else a phone says that could become a dial string.
//!
//! Each test sends real SIP to each stack and looks at the channels that come up: none may, but the caller's own.

mod contexts;
mod lab;
mod manager;
mod phones;
mod toll_fraud;
mod wire;
