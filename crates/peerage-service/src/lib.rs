#![doc = include_str!("../README.md")]

mod api;
mod app;
mod auth;
mod console;
mod extract;
mod lead;
mod live;
mod memory;
mod metrics;
mod nodes;
mod notify;
mod problem;
mod service;
mod settings;
mod web;

pub use nodes::{NoSecret, manager_secret};
pub use service::{Running, ServiceError};
pub use settings::{ForwardedHeader, Limits, Settings, TrustedProxies};
