use maud::{Markup, html};
use peerage_store::{History, PauseRecord, PlaceRecord, Reason, SessionRecord, SiteDay};

use super::at_work::AtWork;
use super::spent::Spent;
use super::{chart, parts};
use crate::auth::SignedIn;
use crate::console::shell::{Field, Fields, Page, Select, Switch, alert, form, moment, order, page, table};
use crate::problem::Problem;

/// What the page shows.
pub(super) struct Shown {
    pub(super) seen: AtWork,
    pub(super) reasons: Vec<Reason>,
    pub(super) day: SiteDay,
    pub(super) history: History,
    pub(super) places: Vec<PlaceRecord>,
}

/// The page of an agent.
pub(super) fn whole(user: &SignedIn, shown: &Shown, fields: &Fields, problem: Option<&Problem>) -> Markup {
    let agent = &shown.seen.agent;
    let number = agent.number.as_str();
    let title = format!("{number} {}", agent.name);
    let at_work = agent.now.logged_in_since.is_some();
    page(
        &Page::new(&title, user, "/board"),
        html! {
            (parts::tabs(""))
            (alert(problem))
            section #now.card data-live={ "/board/agents/" (number) } data-live-on="agents calls" data-live-number=(number) {
                h2 { "Now" }
                dl.facts {
                    dt { "State" } dd { (parts::state(&shown.seen)) }
                    @if let Some(place) = &agent.now.place {
                        dt { "Where" }
                        dd { (parts::place(place)) " " (parts::registration(agent, jiff::Timestamp::now())) }
                    }
                    @if let Some(since) = agent.now.logged_in_since { dt { "Logged in" } dd { (moment(since)) } }
                    dt { "Queues" } dd { (parts::seats(agent)) }
                }
            }
            @if at_work { (steering(user, shown, fields)) }
            @else { (logging_in(user, shown, fields, problem)) }
            (day(shown))
        },
    )
}

fn steering(user: &SignedIn, shown: &Shown, fields: &Fields) -> Markup {
    let agent = &shown.seen.agent;
    let joined = agent.seats.iter().filter(|seat| seat.joined);
    let action = format!("/board/agents/{}/steer", agent.number);
    html! {
        section.card {
            h2 { "Manage" }
            (order(user, &action, html! {
                div.columns {
                    (Select::new("queue", "Queue")
                        .option("", "All queues")
                        .words(joined.map(|seat| seat.queue.as_str()))
                        .chosen(fields.text("queue"))
                        .explain("Applies to pause and resume."))
                    (parts::reason_select(&shown.reasons, fields.text("reason")))
                    (Field::text("words", "Message to the agent").value(fields.text("words")).explain("Shown to the agent after a logout."))
                }
                div.actions {
                    button.primary type="submit" name="do" value="pause" { "Pause" }
                    button type="submit" name="do" value="resume" { "Resume" }
                    button type="submit" name="do" value="log_out_after_call" { "Log out after the call" }
                    button.danger type="submit" name="do" value="log_out" { "Log out now" }
                }
            }))
        }
    }
}

fn logging_in(user: &SignedIn, shown: &Shown, fields: &Fields, problem: Option<&Problem>) -> Markup {
    let agent = &shown.seen.agent;
    let action = format!("/board/agents/{}/log-in", agent.number);
    html! {
        section.card {
            h2 { "Log in" }
            (form(user, &action, html! {
                @if agent.hot_desk {
                    (Field::text("telephone", "Phone").value(fields.text("telephone")).problem(problem).required()
                        .explain("This agent has hot desk and needs a phone."))
                    p { a href="/board/phones" { "List of phones" } }
                } @else {
                    (Select::new("interface", "Where calls ring")
                        .option("internal", "Own account")
                        .option("phone", "Phone")
                        .option("mobile", "Mobile")
                        .chosen(fields.text("interface")))
                }
                (force(fields, problem))
                div.actions { button.primary type="submit" { "Log in" } }
            }))
        }
    }
}

/// The fields by which somebody else's session is ended.
pub(super) fn force(fields: &Fields, problem: Option<&Problem>) -> Markup {
    html! {
        (Switch::new("force", "End the session of an agent who is there").on(fields.has("force")))
        (Field::text("why", "Reason").value(fields.text("why")).problem(problem)
            .explain("Required to end another agent's session; shown to that agent."))
    }
}

fn day(shown: &Shown) -> Markup {
    let agent = &shown.seen.agent;
    let day = shown.day.day.to_string();
    let spent = Spent::of(&shown.history.totals, &shown.reasons);
    html! {
        section.card {
            h2 { "A day" }
            form.filters method="get" action={ "/board/agents/" (agent.number) } {
                (Field::day("day", "Day").value(&day))
                button type="submit" { "Show" }
            }
            p.soft { "From midnight to midnight in " (shown.day.time_zone) "." }
            (chart::one(&spent))
        }
        (sessions(&shown.history))
        (places(&shown.places))
        (pauses(&shown.history, &shown.reasons))
    }
}

fn sessions(history: &History) -> Markup {
    let row = |session: &SessionRecord| {
        vec![
            moment(session.began_at),
            html! { (session.begun_by) },
            html! { @match session.ended_at { Some(at) => (moment(at)), None => "still logged in" } },
            html! { @if let Some(by) = &session.ended_by { (by) } },
            html! {
                @if let Some(cause) = &session.end_cause { (cause.replace('_', " ")) }
                @if let Some(reason) = &session.end_reason { ": " (reason) }
            },
        ]
    };
    let columns = ["Logged in", "By", "Logged out", "By", "Reason"];
    table("Sessions", &columns, history.sessions.iter().map(row))
}

fn places(places: &[PlaceRecord]) -> Markup {
    let row = |place: &PlaceRecord| {
        vec![
            moment(place.began_at),
            html! { @match place.ended_at { Some(at) => (moment(at)), None => "still there" } },
            html! { (place.interface) @if let Some(phone) = &place.phone { " (phone " (phone) ")" } },
            html! { (place.by) },
        ]
    };
    table(
        "Places",
        &["From", "Until", "Where", "Changed by"],
        places.iter().map(row),
    )
}

fn pauses(history: &History, reasons: &[Reason]) -> Markup {
    let row = |pause: &PauseRecord| {
        let known = reasons
            .iter()
            .find(|known| Some(known.code.as_str()) == pause.reason.as_deref());
        let reason = known.map(|known| known.label.as_str()).or(pause.reason.as_deref());
        vec![
            moment(pause.began_at),
            html! { @match pause.ended_at { Some(at) => (moment(at)), None => "still paused" } },
            html! { @match &pause.queue { Some(queue) => (queue), None => "all queues" } },
            html! { (reason.unwrap_or("without a reason")) },
            html! { (pause.by) @if pause.forced { " " span.soft { "(forced)" } } },
            html! { @if let Some(by) = &pause.ended_by { (by) } },
        ]
    };
    let columns = ["From", "Until", "Queues", "Reason", "Paused by", "Ended by"];
    table("Pauses", &columns, history.pauses.iter().map(row))
}
