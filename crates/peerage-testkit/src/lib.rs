#![doc = include_str!("../README.md")]

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
