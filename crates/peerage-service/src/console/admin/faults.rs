//! What stands against what a form asks for.

use peerage_store::EditError;

use crate::problem::Problem;

/// All of it, each with its field where it is one's: the form is shown again with them.
#[derive(Clone, Debug)]
pub(super) struct Faults(pub(super) Vec<Problem>);

impl<E: Into<Problem>> From<E> for Faults {
    fn from(error: E) -> Self {
        Self(vec![error.into()])
    }
}

impl Faults {
    /// The first of them, where there is no form to show them in.
    pub(super) fn into_one(self) -> Problem {
        let none = || {
            Problem::new(
                axum::http::StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "nothing is known of it",
            )
        };
        self.0.into_iter().next().unwrap_or_else(none)
    }

    /// Of an edit that was decided while the row was locked.
    pub(super) fn of_edit(error: EditError<Vec<Problem>>) -> Self {
        match error {
            EditError::Refused(problems) => Self(problems),
            EditError::Store(error) => error.into(),
        }
    }
}
