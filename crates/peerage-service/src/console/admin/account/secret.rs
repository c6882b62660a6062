//! A new SIP secret, given or generated.

use axum::extract::{Path, State};
use axum::response::Response;
use peerage_model::{Password, Secret};
use peerage_store::{AccountPatch, StoreError, Tokens};

use super::{edit, number_of};
use crate::app::App;
use crate::console::admin::faults::Faults;
use crate::console::admin::guard::Admin;
use crate::console::admin::kind::{Kind, path_of};
use crate::console::admin::once::once;
use crate::console::shell::{Fields, PageProblem};
use crate::memory::Outcome;

/// A secret, and whether it was made here and so must be shown.
pub(in crate::console::admin) struct Given {
    pub(in crate::console::admin) secret: Secret,
    pub(in crate::console::admin) generated: bool,
}

/// What stands in a field for a secret; nothing there: a new one is made.
pub(in crate::console::admin) fn given(fields: &Fields, name: &'static str) -> Result<Given, Faults> {
    match fields.exactly(name) {
        "" => Ok(Given {
            secret: Secret::generate().map_err(StoreError::from)?,
            generated: true,
        }),
        typed => Ok(Given {
            secret: Secret::try_from(typed).map_err(|invalid| invalid.with_field(name))?,
            generated: false,
        }),
    }
}

/// A password, and the secret it was made of here, which must be shown.
pub(in crate::console::admin) struct GivenPassword {
    pub(in crate::console::admin) password: Password,
    generated: Option<Secret>,
}

/// What stands in a field for a person's password; nothing there: a new one is made.
pub(in crate::console::admin) fn given_password(fields: &Fields, name: &'static str) -> Result<GivenPassword, Faults> {
    match fields.exactly(name) {
        "" => {
            let secret = Secret::generate().map_err(StoreError::from)?;
            Ok(GivenPassword {
                password: secret.clone().into(),
                generated: Some(secret),
            })
        }
        typed => Ok(GivenPassword {
            password: Password::try_from(typed).map_err(|invalid| invalid.with_field(name))?,
            generated: None,
        }),
    }
}

impl GivenPassword {
    /// What comes of it: a password that was made here is shown once.
    pub(in crate::console::admin) fn outcome(self, said: String, to: String) -> Outcome {
        match self.generated {
            Some(secret) => Outcome::show(said, vec![("Password".to_owned(), secret)], to),
            None => Outcome::go(to, format!("{said}.")),
        }
    }
}

/// What a form says of the user's tokens.
pub(in crate::console::admin) fn tokens(fields: &Fields) -> Tokens {
    match fields.get("end-tokens") {
        Some(_) => Tokens::End,
        None => Tokens::Keep,
    }
}

impl Given {
    /// What comes of it: a secret that was made here is shown once.
    pub(in crate::console::admin) fn outcome(self, what: &str, said: String, to: String) -> Outcome {
        if self.generated {
            Outcome::show(said, vec![(what.to_owned(), self.secret)], to)
        } else {
            Outcome::go(to, format!("{said}."))
        }
    }
}

pub(super) async fn post<K: Kind>(
    State(app): State<App>,
    Admin(user): Admin,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let number = number_of::<K>(&number)?;
    let (to, said) = (path_of::<K>(&number), format!("New secret for {} {number}", K::NOUN));
    let work = {
        let (app, user, number, fields) = (app.clone(), user.clone(), number.clone(), fields.clone());
        async move {
            let given = given(&fields, "secret")?;
            let changes = AccountPatch {
                secret: Some(given.secret.clone()),
                ..AccountPatch::default()
            };
            edit::change::<K>(&app, &user, number, changes).await?;
            Ok::<_, Faults>(given.outcome("SIP secret", said, to))
        }
    };
    match once(&app, &user, &fields, work).await {
        Ok(response) => Ok(response),
        Err(Faults(problems)) => edit::shown::<K>(&app, &user, &number, |sheet| sheet.problems(problems)).await,
    }
}
