//! Two services on one database, and what a flood, an outage or a hostile Manager does to one.

mod hostile_manager;
mod log;
mod lost_database;
mod outage;
mod pages;
mod served;
mod two;
mod vanished;
