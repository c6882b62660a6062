//! Telephones: who is there, why they are not offered, and what can be done about it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use peerage_model::{Choice, EndReason, NotOffered, Number, Registration, SiteName};
use peerage_store::{BoardPhone, BoardPhoneFilter, StoreError};

use super::agent::on_conflict;
use super::scope::own_queues;
use super::{agent_page, parts, steer};
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::PageUser;
use crate::console::listing::{Asked, Place, counted};
use crate::console::shell::{Field, Fields, Page, PageProblem, Switch, alert, csrf, done, form, moment, page, table};
use crate::problem::Problem;

/// Most telephones on a page.
const PAGE: usize = 200;

/// The telephones of the sites where one's own agents are.
async fn load(app: &App, user: &SignedIn, filter: BoardPhoneFilter) -> Result<Vec<BoardPhone>, Problem> {
    let queues = own_queues(user)?;
    let phones = app.db(move |store| -> Result<_, StoreError> {
        let sites = match &queues {
            Some(queues) => Some(
                store
                    .board_sites(Some(queues))?
                    .into_iter()
                    .map(|site| site.name)
                    .collect(),
            ),
            None => None::<Vec<SiteName>>,
        };
        store.board_phones(&BoardPhoneFilter {
            sites,
            queues,
            ..filter
        })
    });
    Ok(phones.await?)
}

async fn load_one(app: &App, user: &SignedIn, number: &Number) -> Result<BoardPhone, Problem> {
    let filter = BoardPhoneFilter {
        number: Some(number.clone()),
        limit: 1,
        ..BoardPhoneFilter::default()
    };
    let found = load(app, user, filter).await?.into_iter().next();
    found.ok_or_else(|| {
        Problem::not_found(format!("there is no phone `{number}` at your sites"))
            .hint("choose one from the list of phones")
    })
}

/// `GET /board/phones`
pub(super) async fn list(
    State(app): State<App>,
    PageUser(user): PageUser,
    Asked(asked): Asked,
) -> Result<Markup, PageProblem> {
    let in_use = asked.has("in_use");
    let filter = BoardPhoneFilter {
        search: asked.get("q").map(str::to_owned),
        in_use,
        after: asked.get("after").map(Number::try_from).transpose()?,
        limit: u32::try_from(PAGE + 1).unwrap_or(u32::MAX),
        ..BoardPhoneFilter::default()
    };
    let mut phones = load(&app, &user, filter).await?;
    let more = phones.len() > PAGE;
    phones.truncate(PAGE);
    let place = Place::of(&asked);
    let query = [("q", asked.text("q")), ("in_use", if in_use { "yes" } else { "" })];
    let last = phones.last().filter(|_| more).map(|phone| phone.number.to_string());
    let pager = place.pager("/board/phones", &query, last, counted(phones.len(), "phone"));
    let rows = phones.iter().map(|phone| {
        vec![
            html! { a href={ "/board/phones/" (phone.number) } { (phone.number) " " (phone.name) } },
            html! { (phone.site) },
            registration(phone),
            holder(phone),
            html! { (offered(phone)) },
        ]
    });
    Ok(page(
        &Page::new("Phones", &user, "/board"),
        html! {
            (parts::tabs("/board/phones"))
            form.filters method="get" action="/board/phones" role="search" aria-label="Phones" {
                (Field::search("q", "Name or number").value(asked.text("q")))
                (Switch::new("in_use", "In use").on(in_use))
                button type="submit" { "Show" }
            }
            div #phones data-live=(place.address("/board/phones", &query)) data-live-on="agents places" {
                (table("Phones", &["Phone", "Site", "Registration", "Agent", "Available"], rows))
                (pager)
            }
        },
    ))
}

/// `GET /board/phones/{number}`
pub(super) async fn show(
    State(app): State<App>,
    PageUser(user): PageUser,
    Path(phone): Path<String>,
) -> Result<Markup, PageProblem> {
    let phone = load_one(&app, &user, &Number::try_from(phone)?).await?;
    Ok(one(&user, &phone, &Fields::default(), None))
}

/// `POST /board/phones/{number}/release`
pub(super) async fn release(
    State(app): State<App>,
    PageUser(user): PageUser,
    Path(phone): Path<String>,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let phone = load_one(&app, &user, &Number::try_from(phone)?).await?;
    let released = released(&app, &user, &phone, &fields).await;
    answer(&app, &user, &phone.number, &fields, released).await
}

async fn released(app: &App, user: &SignedIn, phone: &BoardPhone, fields: &Fields) -> Result<String, Problem> {
    let Some(holder) = &phone.now.used_by else {
        return Ok(format!("Phone {} is already free.", phone.number));
    };
    steer::is_own(app, user, &holder.agent).await?;
    if fields.get("holder").is_some_and(|meant| meant != holder.agent.as_str()) {
        let changed = format!(
            "phone {} is now in use by {} {}",
            phone.number, holder.agent, holder.name
        );
        return Err(
            Problem::new(StatusCode::CONFLICT, "conflict", changed).hint("check who is using it now, and try again")
        );
    }
    let reason = fields.get("words").map(EndReason::try_from).transpose();
    let reason = reason.map_err(|error| Problem::from(error).field("words"))?;
    let (number, agent, actor) = (phone.number.clone(), holder.agent.clone(), user.actor());
    app.db_as(user.store_actor()?, move |store| {
        store.release_phone_from(&number, &agent, reason.as_ref(), &actor)
    })
    .await?;
    Ok(format!("Released phone {}.", phone.number))
}

/// `POST /board/phones/{number}/log-in`
pub(super) async fn log_in(
    State(app): State<App>,
    PageUser(user): PageUser,
    Path(phone): Path<String>,
    fields: Fields,
) -> Result<Response, PageProblem> {
    let phone = load_one(&app, &user, &Number::try_from(phone)?).await?;
    let done = async {
        let agent = Number::try_from(fields.text("agent")).map_err(|error| Problem::from(error).field("agent"))?;
        let choice = Some(Choice::Telephone(phone.number.clone()));
        steer::log_in(&app, &user, &agent, choice, on_conflict(&fields)?).await?;
        Ok::<_, Problem>(format!("Logged in agent {agent} on phone {}.", phone.number))
    };
    let done = done.await;
    answer(&app, &user, &phone.number, &fields, done).await
}

async fn answer(
    app: &App,
    user: &SignedIn,
    phone: &Number,
    fields: &Fields,
    done_or_not: Result<String, Problem>,
) -> Result<Response, PageProblem> {
    match done_or_not {
        Ok(sentence) => Ok(done(&format!("/board/phones/{phone}"), sentence)),
        Err(problem) => {
            let phone = load_one(app, user, phone).await?;
            Ok((problem.status(), one(user, &phone, fields, Some(&problem))).into_response())
        }
    }
}

fn one(user: &SignedIn, phone: &BoardPhone, fields: &Fields, problem: Option<&Problem>) -> Markup {
    let number = &phone.number;
    let title = format!("Phone {number}");
    let used_by = phone.now.used_by.as_ref().filter(|_| phone.own);
    html! {
        (page(&Page::new(&title, user, "/board"), html! {
            (parts::tabs(""))
            (alert(problem))
            section #phone.card data-live={ "/board/phones/" (number) } data-live-on="agents places" {
                h2 { (phone.name) }
                dl.facts {
                    dt { "Site" } dd { (phone.site) }
                    dt { "Registration" } dd { (registration(phone)) }
                    dt { "Agent" } dd { (holder(phone)) }
                    dt { "Available" } dd { (offered(phone)) }
                }
                @if let Some(holder) = used_by {
                    form method="post" action={ "/board/phones/" (number) "/release" } data-enhance {
                        (csrf(user))
                        input type="hidden" name="holder" value=(holder.agent);
                        (Field::text("words", "Reason").value(fields.text("words")).problem(problem).required()
                            .explain("Shown to the agent whose session ends."))
                        div.actions { button.danger type="submit" { "Release from " (holder.agent) " " (holder.name) } }
                    }
                }
            }
            section.card {
                h2 { "Log in an agent" }
                (form(user, &format!("/board/phones/{number}/log-in"), html! {
                    (Field::text("agent", "Agent").value(fields.text("agent")).problem(problem).required()
                        .explain("Number of one of your agents with hot desk."))
                    (agent_page::force(fields, problem))
                    div.actions { button.primary type="submit" { "Log in" } }
                }))
            }
        }))
    }
}

fn registration(phone: &BoardPhone) -> Markup {
    html! {
        span {
            @match phone.now.registration {
                Registration::Registered(Some(since)) => { "registered since " (moment(since)) },
                Registration::Registered(None) => "at a fixed address",
                Registration::Absent(Some(until)) => { "last registered " (moment(until)) },
                Registration::Absent(None) => "never registered",
            }
        }
    }
}

/// Who is there; of those who are not one's own, only that somebody is.
fn holder(phone: &BoardPhone) -> Markup {
    html! {
        span {
            @match &phone.now.used_by {
                Some(holder) if phone.own => {
                    (parts::agent_link(holder.agent.as_str(), holder.name.as_str())) " since " (moment(holder.since))
                },
                Some(holder) => { "an agent of other queues, since " (moment(holder.since)) },
                None => "nobody",
            }
        }
    }
}

/// Whether agents of its site can pick it, or why not.
fn offered(phone: &BoardPhone) -> &'static str {
    match phone.now.not_offered {
        None => "yes",
        Some(NotOffered::InUse(_)) => "no: in use",
        Some(NotOffered::NotRegistered(_)) => "no: not registered, while other phones of the site are",
        Some(NotOffered::Disabled) => "no: disabled",
        Some(NotOffered::OtherSite(_)) => "no: at another site",
    }
}
