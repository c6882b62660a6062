//! The state of agents: who is at work, where their calls ring, whether they are paused.
//!
//! Everything here is a decision about facts that were loaded before, so the same facts give the
//! same answer: nothing is read, nothing is written, no clock is asked. A caller locks the agent,
//! loads a [`Situation`], asks one of the `decide_` functions, and writes what the decision says.
//!
//! | event | asked with | legal when | else refused as |
//! |---|---|---|---|
//! | login | [`decide_login`] | offline; or there already, which changes nothing | `logged_in_elsewhere`, and what [`RefusalCode`] lists about places |
//! | move | [`decide_move`] | logged in | `not_logged_in`, and what [`RefusalCode`] lists about places |
//! | logout, now or after the call | [`decide_logout`] | always; offline it changes nothing | `not_permitted` |
//! | the last call of a leaving agent ends | [`decide_after_call`] | always; else nothing is due | - |
//! | pause of all queues, or of one | [`decide_pause`] | logged in | `not_logged_in`, `not_in_queue`, `unknown_reason`, `reason_not_offered` |
//! | unpause of all queues, or of one | [`decide_unpause`] | logged in | `not_logged_in`, `not_in_queue` |
//! | a look at the history, other phone and mobile numbers | [`check_history`], [`check_numbers`] | always | `not_permitted` |
//! | release of a telephone | [`decide_release`] | always; free already, it changes nothing | `not_permitted`, `force_needs_reason` |
//!
//! Asking again for what is already so is a success that changes nothing. The states of a session
//! are [`SessionState`]; what a page shows, with calls and devices laid over them, is
//! [`DisplayState`].

mod actor;
mod display;
mod interface;
mod leave;
mod login;
mod names;
mod own;
mod pause;
mod pauses;
mod phones;
mod place;
mod reach;
mod refusal;
mod situation;
mod totals;

pub use actor::{Actor, ActorRole};
pub use display::{DisplayState, Overlay, display_state};
pub use interface::{Interface, InterfaceKind, OutsideNumber, Place};
pub use leave::{
    LogoutDecision, LogoutRequest, LogoutTime, ReleaseDecision, SessionEnd, decide_after_call, decide_logout,
    decide_release,
};
pub use login::{
    Choice, EndOther, LoginDecision, LoginRequest, MoveDecision, MoveRequest, NewSession, OnConflict, decide_login,
    decide_move,
};
pub use names::{EndCause, EndReason, Entrance, PauseReason, Penalty, QueueName, ReasonCode, SystemReason};
pub use own::{check_history, check_numbers};
pub use pause::{PauseDecision, PauseRequest, UnpauseDecision, UnpauseRequest, decide_pause, decide_unpause};
pub use pauses::{Pause, Pauses, SessionState};
pub use phones::{NotOffered, OfferedPhone, telephone_list};
pub use reach::{Unreachable, WhyUnreachable};
pub use refusal::{ConflictRemedy, InUse, Refusal, RefusalCode};
pub use situation::{Holder, Leaving, NamedAccount, OpenSession, PhoneSeen, ReasonSeen, Registration, Situation};
pub use totals::{Stretch, Totals, totals};
