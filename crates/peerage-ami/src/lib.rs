#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod action;
mod backlog;
mod backoff;
mod events;
mod frame;
mod in_flight;
mod link;
mod login;
mod outcome;
mod parser;
mod secret;
mod session;
mod settings;
mod state;
mod value;
mod wire;

pub use action::{Action, QueuePart};
pub use events::{Events, Notice};
pub use frame::Frame;
pub use link::Link;
pub use outcome::{Answer, NotSent, Outcome, Reason, Refusal, Undone, Unknown};
pub use parser::{Fault, Limits, Parser};
pub use secret::Credentials;
pub use settings::Settings;
pub use state::{Failure, State};
pub use value::{Invalid, Name, Value, Word};
