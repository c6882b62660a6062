//! What strangers send over SIP: enumeration, floods, hostile contacts; and what a spreadsheet makes of an export.

mod answers;
mod contacts;
mod cost;
mod exports;
mod flood;
mod lab;
mod talk;
mod wire;
