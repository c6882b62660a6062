//! Attacks, each as a test: what someone hostile sends, and that nothing comes of it. SECURITY.md names the test of each threat.
//! Needs the lab (`contrib/lab/lab install`).
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod asterisk_writes;
mod database_rights;
mod dialplan;
mod leading;
mod node_sites;
mod private_cluster;
mod registration;
mod sign_in;
