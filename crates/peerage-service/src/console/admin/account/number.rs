//! Another number, which demands another secret.

use axum::extract::{Path, State};
use axum::response::Response;
use peerage_model::Number;
use peerage_store::AccountPatch;

use super::{edit, number_of, secret};
use crate::app::App;
use crate::console::admin::faults::Faults;
use crate::console::admin::guard::Admin;
use crate::console::admin::kind::{Kind, path_of};
use crate::console::admin::once::once;
use crate::console::shell::{Fields, PageProblem};
use crate::problem::Problem;

/// The form's fields; the page has others for the secret alone.
const NUMBER: &str = "new-number";
const SECRET: &str = "new-number-secret";

pub(super) async fn post<K: Kind>(
    State(app): State<App>,
    Admin(user): Admin,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let number = number_of::<K>(&number)?;
    let work = {
        let (app, user, number, fields) = (app.clone(), user.clone(), number.clone(), fields.clone());
        async move {
            let new = Number::try_from(fields.exactly(NUMBER)).map_err(|invalid| invalid.with_field(NUMBER))?;
            let given = secret::given(&fields, SECRET)?;
            let changes = AccountPatch {
                number: Some(new.clone()),
                secret: Some(given.secret.clone()),
                ..AccountPatch::default()
            };
            edit::change::<K>(&app, &user, number.clone(), changes)
                .await
                .map_err(in_this_form)?;
            let said = format!("{} {number} now has number {new}", capital(K::NOUN));
            Ok::<_, Faults>(given.outcome("SIP secret", said, path_of::<K>(&new)))
        }
    };
    match once(&app, &user, &fields, work).await {
        Ok(response) => Ok(response),
        Err(Faults(problems)) => {
            edit::shown::<K>(&app, &user, &number, |sheet| {
                sheet.kept(&fields, &[NUMBER]).problems(problems)
            })
            .await
        }
    }
}

/// The store knows the field as `number`.
fn in_this_form(faults: Faults) -> Faults {
    let named = |problem: Problem| match problem.details.field.as_deref() {
        Some(Number::FIELD) => problem.field(NUMBER),
        _ => problem,
    };
    Faults(faults.0.into_iter().map(named).collect())
}

/// A word at the beginning of a sentence.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}
