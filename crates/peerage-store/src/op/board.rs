//! What supervisors look at: boards of agents, telephones, and how days were spent. Everything here is read, in a number of
//! statements that does not grow with the agents.

mod agents;
mod history;
mod phones;
mod sites;
mod times;

use diesel::sql_types::{Array, Text};
use peerage_model::QueueName;

pub use agents::{Away, Board, BoardAgent, BoardFilter, BoardQueue, KnownReason, Seat};
pub use history::{PlaceRecord, SiteDay};
pub use phones::{BoardPhone, BoardPhoneFilter};
pub use sites::BoardSite;
pub use times::{AgentDay, DayFilter};

/// The names of queues as a parameter: null for all of them.
fn names(queues: Option<&[QueueName]>) -> Option<Vec<&str>> {
    queues.map(|queues| queues.iter().map(QueueName::as_str).collect())
}

/// The type of that parameter.
type Names = diesel::sql_types::Nullable<Array<Text>>;
