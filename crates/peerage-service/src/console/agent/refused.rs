//! What was refused to an agent, and the one form that would help.

use maud::{Markup, html};
use peerage_model::{ConflictRemedy, Invalid, Refusal};
use peerage_store::StateError;

use crate::auth::SignedIn;
use crate::console::shell::{Fields, form};
use crate::problem::Problem;

/// Something that was refused, and the one form that would help.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) problem: Problem,
    pub(super) remedy: Option<Remedy>,
}

/// What the agent can do about it at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// End the other one's session.
    TakeOver,
    /// Go there with the session that is open.
    Move,
}

impl From<StateError> for Refused {
    fn from(error: StateError) -> Self {
        let remedy = match &error {
            StateError::Refused(refusal) if matches!(**refusal, Refusal::ChooseATelephone { .. }) => {
                return no_telephone_chosen().into();
            }
            StateError::Refused(refusal) => remedy(refusal),
            StateError::Store(_) => None,
        };
        Self {
            problem: error.into(),
            remedy,
        }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self { problem, remedy: None }
    }
}

impl From<Invalid> for Refused {
    fn from(invalid: Invalid) -> Self {
        Problem::from(invalid).into()
    }
}

fn remedy(refusal: &Refusal) -> Option<Remedy> {
    match refusal {
        Refusal::TelephoneInUse(in_use) | Refusal::InterfaceInUse(in_use) => {
            (in_use.remedy == ConflictRemedy::TakeOver).then_some(Remedy::TakeOver)
        }
        Refusal::LoggedInElsewhere { .. } => Some(Remedy::Move),
        _ => None,
    }
}

impl Refused {
    /// The remedy as a form, with what was chosen.
    pub(super) fn help(&self, user: &SignedIn, fields: &Fields, moving: bool) -> Markup {
        let action = if moving || self.remedy == Some(Remedy::Move) {
            "/agent/move"
        } else {
            "/agent/log-in"
        };
        let label = match self.remedy {
            None => return html! {},
            Some(Remedy::TakeOver) => "Take it over and end that session",
            Some(Remedy::Move) => "Move there and keep your session",
        };
        form(
            user,
            action,
            html! {
                @for name in ["interface", "telephone"] {
                    @if let Some(value) = fields.get(name) { input type="hidden" name=(name) value=(value); }
                }
                @if self.remedy == Some(Remedy::TakeOver) { input type="hidden" name="take_over" value="yes"; }
                div.actions { button.primary type="submit" { (label) } }
            },
        )
    }
}

/// To whoever sees the list: the rule that programs are told means nothing to people.
pub(super) fn no_telephone_chosen() -> Problem {
    Problem::new(
        axum::http::StatusCode::UNPROCESSABLE_ENTITY,
        "choose_a_telephone",
        "choose the phone you are sitting at",
    )
    .hint("open the list with the arrow and choose a free phone")
}
