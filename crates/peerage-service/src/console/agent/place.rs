//! The choice where calls ring: an interface, or with hot desk a telephone.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use peerage_model::{ConflictPolicy, InterfaceKind, NotOffered, OfferedPhone, Place, Situation};
use peerage_store::Desk;

use super::desk::{load, own_number, telephones};
use super::refused::Refused;
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::PageUser;
use crate::console::shell::{Fields, Page, PageProblem, alert, done, form, moment, page};

/// What the closed list reads before anything is chosen.
const NONE_CHOSEN: &str = "Choose a phone";

/// More telephones than this are searched rather than read.
const READ: usize = 8;

/// The page on which one moves.
pub(super) async fn show_move(State(app): State<App>, PageUser(user): PageUser) -> Result<Response, PageProblem> {
    let desk = load(&app, &own_number(&user)?).await?.desk;
    if desk.situation.session.is_none() {
        return Ok(done("/agent", "You are logged out. Choose where to log in."));
    }
    let phones = telephones(&app, &desk).await?;
    Ok(move_page(&user, choose(&user, &desk, &phones, &Fields::default(), true)).into_response())
}

/// The choice once more, with what was refused and what helps on top.
pub(super) async fn again(
    app: &App,
    user: &SignedIn,
    fields: &Fields,
    refused: &Refused,
    moving: bool,
) -> Result<Response, PageProblem> {
    let desk = load(app, &own_number(user)?).await?.desk;
    let phones = telephones(app, &desk).await?;
    let body = html! {
        (alert(Some(&refused.problem)))
        (refused.help(user, fields, moving))
        (choose(user, &desk, &phones, fields, moving))
    };
    let view = if moving {
        move_page(user, body)
    } else {
        login_page(user, body)
    };
    Ok((refused.problem.status(), view).into_response())
}

fn move_page(user: &SignedIn, body: Markup) -> Markup {
    page(&Page::new("Move", user, "/agent"), body)
}

/// The page on which one logs in.
pub(super) fn login_page(user: &SignedIn, body: Markup) -> Markup {
    page(&Page::new("Log in to work", user, "/agent"), body)
}

/// The choice itself.
pub(super) fn choose(user: &SignedIn, desk: &Desk, phones: &[OfferedPhone], fields: &Fields, moving: bool) -> Markup {
    let (action, label) = if moving {
        ("/agent/move", "Move here")
    } else {
        ("/agent/log-in", "Log in")
    };
    let situation = &desk.situation;
    html! {
        div.card.narrow {
            @if situation.disabled {
                p { "Your account is disabled, so you cannot log in to work. Ask an administrator." }
            } @else {
                (form(user, action, html! {
                    @if situation.hot_desk {
                        (telephone(desk, phones, fields))
                    } @else {
                        (interface(situation, fields))
                    }
                    div.actions {
                        button.primary.wide type="submit" { (label) }
                        @if moving { a.button href="/agent" { "Cancel" } }
                    }
                }))
            }
        }
    }
}

/// One of the interfaces that this agent has, each with the number it means.
fn interface(situation: &Situation, fields: &Fields) -> Markup {
    let here = situation.session.as_ref().map(|session| session.place.kind);
    let chosen = fields.get("interface").unwrap_or(match here {
        Some(InterfaceKind::Phone) => "phone",
        Some(InterfaceKind::Mobile) => "mobile",
        _ => "internal",
    });
    let phone = situation.phone.as_ref().map(ToString::to_string);
    let mobile = situation.mobile.as_ref().map(ToString::to_string);
    let all = [
        (
            "internal",
            "Internal",
            Some(situation.number.to_string()),
            "Your own extension",
        ),
        ("phone", "Phone", phone, "The phone set for you"),
        ("mobile", "Mobile", mobile, "Your mobile"),
    ];
    let may_choose = situation.permissions.choose_interface;
    let offered: Vec<_> = all
        .into_iter()
        .filter(|(word, ..)| may_choose || *word == "internal")
        .collect();
    html! {
        fieldset.field {
            legend { "Where should your calls ring?" }
            div.options {
                @for (word, label, number, explanation) in offered {
                    @if let Some(number) = number {
                        label.option data-key={ "interface " (word) } {
                            input type="radio" name="interface" value=(word) checked[word == chosen];
                            span.option-text {
                                span.option-name { (label) " " span.number { (number) } }
                                span.option-help { (explanation) }
                            }
                        }
                    }
                }
            }
            @if !may_choose { p.help { "Your calls ring on your extension. Ask a supervisor if you need another choice." } }
        }
    }
}

/// The list of telephones behind an arrow: all are shown, the free ones can be picked, the others say why not.
fn telephone(desk: &Desk, phones: &[OfferedPhone], fields: &Fields) -> Markup {
    let situation = &desk.situation;
    let takes_over = situation.conflict_policy == ConflictPolicy::TakeOver;
    let own = situation.phone_account.as_ref().map(|account| &account.number);
    let may_pick = |phone: &OfferedPhone| {
        let permitted = situation.permissions.take_any_phone || own == Some(&phone.number);
        permitted
            && match &phone.not_offered {
                None => true,
                Some(NotOffered::InUse(holder)) => takes_over && holder.agent != situation.number,
                Some(_) => false,
            }
    };
    // The one of last time, if it is free: then one click is enough.
    let before = desk.last.as_ref().and_then(|last| last.phone.as_deref());
    let wanted = fields.get("telephone").or(before);
    let chosen = phones
        .iter()
        .find(|phone| Some(phone.number.as_str()) == wanted && may_pick(phone) && phone.not_offered.is_none());
    let free = phones.iter().filter(|phone| phone.not_offered.is_none()).count();
    let open = fields.get("telephone").is_some();
    html! {
        fieldset.field.telephones {
            legend { "Which phone are you sitting at?" }
            @if phones.is_empty() {
                p { "There are no phones. Ask an administrator." }
            } @else {
                details.drop open[open] data-drop=(NONE_CHOSEN) {
                    summary {
                        span data-drop-text {
                            @match chosen {
                                Some(phone) => { (phone.number) " · " (phone.name) },
                                None => (NONE_CHOSEN),
                            }
                        }
                        span.soft { (free) " free" }
                    }
                    @if phones.len() > READ {
                        label.unseen for="find-telephone" { "Find a phone" }
                        input #find-telephone type="search" data-filter="telephone-list" placeholder="Find by number or name" autocomplete="off";
                    }
                    p #telephone-list-found.soft role="status" data-none="No phone matches." {}
                    div #telephone-list.options {
                        @for phone in phones {
                            (line(phone, may_pick(phone), chosen.is_some_and(|chosen| chosen.number == phone.number)))
                        }
                    }
                }
                p.help { "Click the arrow to see all phones, and why some are not available." }
            }
        }
    }
}

fn line(phone: &OfferedPhone, may_pick: bool, chosen: bool) -> Markup {
    html! {
        label.option data-key={ "telephone " (phone.number) } aria-disabled=[(!may_pick).then_some("true")] {
            input type="radio" name="telephone" value=(phone.number) checked[chosen] disabled[!may_pick];
            span.option-text {
                span.option-name { span.number { (phone.number) } " · " span { (phone.name) } }
                span.option-help { (why_not(phone, may_pick)) }
            }
        }
    }
}

fn why_not(phone: &OfferedPhone, may_pick: bool) -> Markup {
    html! {
        @match &phone.not_offered {
            None if may_pick => { "Free" },
            None => { "Free, but you may only use your own phone" },
            Some(NotOffered::OtherSite(site)) => { "At another site: " (site) },
            Some(NotOffered::Disabled) => { "Disabled" },
            Some(NotOffered::InUse(holder)) => {
                "In use by " (holder.name) " (" (holder.agent) ") since " (moment(holder.since))
                @if may_pick { ". You can take it over." }
            },
            Some(NotOffered::NotRegistered(Some(last))) => { "Last registered " (moment(*last)) },
            Some(NotOffered::NotRegistered(None)) => { "Not registered" },
        }
    }
}

/// A place as people read it.
pub(super) fn words(place: &Place) -> Markup {
    let outside = place.interface.outside_number().map(|number| number.to_string());
    let number = outside.or_else(|| place.interface.device().map(|(_, number)| number.to_string()));
    let kind = match place.kind {
        InterfaceKind::Internal => "Internal",
        InterfaceKind::Phone => "Phone",
        InterfaceKind::Mobile => "Mobile",
        InterfaceKind::HotDesk => "Phone",
    };
    html! { (kind) " " span.number { (number.unwrap_or_default()) } }
}
