//! The queues of an agent.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use peerage_model::{Number, Penalty, QueueName};
use peerage_store::fields::kind::Agents;
use peerage_store::{Assignment, StoreError};

use crate::app::App;
use crate::auth::SignedIn;
use crate::console::admin::account::{edit, number_of};
use crate::console::admin::faults::Faults;
use crate::console::admin::guard::Admin;
use crate::console::admin::sheet::Sheet;
use crate::console::shell::{Field, Fields, PageProblem, Select, csrf, done, form, table};
use crate::problem::Problem;

const QUEUE: &str = "queue";
const PENALTY: &str = "penalty";

/// What the page shows of them.
pub(super) async fn card(app: &App, user: &SignedIn, number: &Number, sheet: &Sheet) -> Result<Markup, StoreError> {
    let asked = number.clone();
    let (assigned, names) = app
        .db(move |store| Ok::<_, StoreError>((store.assignments(&asked)?, store.queue_names()?)))
        .await?;
    let mut offered = Select::new(QUEUE, "Queue")
        .chosen(sheet.text(QUEUE))
        .problem(sheet.problem(QUEUE));
    let free = names
        .iter()
        .filter(|name| assigned.iter().all(|one| one.queue != **name));
    let mut any = false;
    for name in free {
        offered = offered.option(name.as_str(), name.as_str());
        any = true;
    }
    let path = format!("/admin/agents/{number}/queues");
    let rows = assigned.iter().map(|one| {
        vec![
            html! { a href={ "/admin/queues/" (one.queue) } { (one.queue) } },
            html! { (penalty_form(user, &path, one, sheet)) },
            html! { (standing(one)) },
            html! {
                (form(user, &format!("{path}/{}/remove", one.queue), html! {
                    button.quiet type="submit" aria-label={ "Remove from " (one.queue) } { "Remove" }
                }))
            },
        ]
    });
    Ok(html! {
        section.card #queues {
            h2 { "Queues" }
            (table("Assigned queues", &["Queue", "Penalty", "Now", "Action"], rows))
            @let typed_below = assigned.iter().all(|one| sheet.text(QUEUE) != one.queue.as_str());
            @let penalty = if typed_below && !sheet.text(PENALTY).is_empty() { sheet.text(PENALTY) } else { "0" };
            @if any {
                (form(user, &path, html! {
                    div.columns {
                        (offered)
                        (Field::number(PENALTY, "Penalty").value(penalty).problem(sheet.problem(PENALTY).filter(|_| typed_below))
                            .explain("Members with a lower penalty ring first. An agent who is logged in joins the queue at once."))
                    }
                    div.actions { button type="submit" { "Assign" } }
                }))
            } @else if names.is_empty() {
                p.soft { "No queues yet." }
            }
        }
    })
}

fn penalty_form(user: &SignedIn, path: &str, one: &Assignment, sheet: &Sheet) -> Markup {
    // What is wrong with the penalty was typed in one of the rows, or below them.
    let typed_here = sheet.text(QUEUE) == one.queue.as_str();
    let problem = sheet.problem(PENALTY).filter(|_| typed_here);
    let penalty = one.penalty.to_string();
    html! {
        form.actions method="post" action=(path) data-enhance {
            (csrf(user))
            input type="hidden" name=(QUEUE) value=(one.queue);
            input name=(PENALTY) type="number" value=(if problem.is_some() { sheet.text(PENALTY) } else { &penalty })
                aria-label={ "Penalty in " (one.queue) } aria-invalid=[problem.map(|_| "true")];
            button.quiet type="submit" { "Set" }
            @if let Some(problem) = problem { p.error { (problem.message) } }
        }
    }
}

fn standing(one: &Assignment) -> &'static str {
    match (one.logged_in, one.paused) {
        (false, _) => "logged out",
        (true, false) => "logged in",
        (true, true) => "paused",
    }
}

pub(super) async fn assign(
    State(app): State<App>,
    Admin(user): Admin,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let number = number_of::<Agents>(&number)?;
    match try_to_assign(&app, &user, &number, &fields).await {
        Ok(said) => Ok(done(&format!("/admin/agents/{number}#queues"), said)),
        Err(Faults(problems)) => {
            edit::shown::<Agents>(&app, &user, &number, |sheet| {
                sheet.kept(&fields, &[QUEUE, PENALTY]).problems(problems)
            })
            .await
        }
    }
}

async fn try_to_assign(app: &App, user: &SignedIn, number: &Number, fields: &Fields) -> Result<String, Faults> {
    let queue = QueueName::try_from(fields.exactly(QUEUE)).map_err(|invalid| invalid.with_field(QUEUE))?;
    let penalty: Penalty = fields
        .exactly(PENALTY)
        .parse()
        .map_err(|invalid: peerage_model::Invalid| invalid.with_field(PENALTY))?;
    let said = format!("Assigned to queue {queue} with penalty {penalty}.");
    let agent = number.clone();
    app.db_as(user.store_actor()?, move |store| store.assign(&queue, &agent, penalty))
        .await?;
    Ok(said)
}

pub(super) async fn unassign(
    State(app): State<App>,
    Admin(user): Admin,
    Path((number, queue)): Path<(String, String)>,
) -> Result<Response, PageProblem> {
    let number = number_of::<Agents>(&number)?;
    let queue =
        QueueName::try_from(queue.as_str()).map_err(|_no_name| Problem::not_found("this queue does not exist"))?;
    let to = format!("/admin/agents/{number}#queues");
    let said = format!("Removed from queue {queue}.");
    app.db_as(user.store_actor()?, move |store| store.unassign(&queue, &number))
        .await?;
    Ok(done(&to, said))
}
