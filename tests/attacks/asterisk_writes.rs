//! What a hostile or broken Asterisk writes: with the rights of its own login, as plain SQL. What it may say of contacts, of
//! registrations and in the log of the queues is bounded by what an Asterisk could say.

mod bounds;
mod log;
mod node;
mod text;
mod who;

/// The end of a contact's id, as PJSIP makes it: an MD5.
const MD5: &str = "0123456789abcdef0123456789abcdef";
