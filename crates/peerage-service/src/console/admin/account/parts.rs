//! Cards on the page of an agent or a telephone: registration, secret, number, service.

use maud::{Markup, html};
use peerage_store::Account;
use peerage_store::fields::account::Record;

use super::edit::is_disabled;
use crate::auth::SignedIn;
use crate::console::admin::kind::{Kind, path_of};
use crate::console::admin::once::mark;
use crate::console::admin::sheet::Sheet;
use crate::console::shell::{Field, PageProblem, form, moment};

/// What is seen of the SIP account, with what is probably not meant.
pub(in crate::console::admin) fn identity<K: Kind>(record: &K::Record) -> Markup {
    let account = record.account();
    html! {
        @if account.disabled { p.warning { "Disabled: Asterisk is told nothing of it." } }
        @for warning in account.warnings() { p.warning { (sentence(&warning)) } }
        section.card {
            div.split {
                h2 { "Registration" }
                div.actions {
                    a.button href={ (path_of::<K>(&account.number)) "/asterisk" } { "What Asterisk is told" }
                    a.button href={ "/audit?subject=" (account.number) } { "Who changed what" }
                }
            }
            (registrations(account))
        }
    }
}

fn registrations(account: &Account) -> Markup {
    html! {
        @if account.registrations.is_empty() { p.soft { "Not registered." } }
        @for one in &account.registrations {
            dl.facts {
                dt { "Contact" } dd { (one.uri.as_deref().unwrap_or("none")) }
                @if let Some(address) = &one.address { dt { "From" } dd { (address) } }
                @if let Some(device) = &one.user_agent { dt { "Device" } dd { (device) } }
                dt { "Node" } dd { (if one.node.is_empty() { "unknown" } else { &one.node }) ", by " (one.driver) }
                @if let Some(end) = one.expires_at {
                    dt { @if one.live { "Until" } @else { "Expired" } } dd { (moment(end)) }
                }
            }
        }
    }
}

/// New secret, other number, out of service, removal.
pub(in crate::console::admin) fn account_cards<K: Kind>(
    user: &SignedIn,
    record: &K::Record,
    sheet: &Sheet,
) -> Result<Markup, PageProblem> {
    let account = record.account();
    let at = |rest: &str| format!("{}/{rest}", path_of::<K>(&account.number));
    Ok(html! {
        section.card #secret {
            h2 { "SIP secret" }
            p {
                @match &account.secret {
                    Some(secret) => {
                        "Set " (moment(secret.changed_at)) ", for realm " code { (secret.realm) } ". Only a digest is kept."
                        @if secret.weak { " It is one that guessers try first: set another." }
                    },
                    None => "None yet.",
                }
            }
            (form(user, &at("secret"), html! {
                (mark()?)
                (Field::password("secret", "New SIP secret").problem(sheet.problem("secret"))
                    .explain("Empty: one is generated, and shown once. The device must be given the same."))
                div.actions { button type="submit" { "Set secret" } }
            }))
        }
        section.card #number {
            h2 { "Number" }
            p { "Another number needs another secret, because the digest contains the number. Its registrations are dropped, and its history stays." }
            (form(user, &at("number"), html! {
                (mark()?)
                div.columns {
                    (Field::text("new-number", "New number").value(sheet.text("new-number")).problem(sheet.problem("new-number")).required())
                    (Field::password("new-number-secret", "SIP secret for it").problem(sheet.problem("new-number-secret"))
                        .explain("Empty: one is generated, and shown once."))
                }
                div.actions { button type="submit" { "Change number" } }
            }))
        }
        section.card #service {
            h2 { "Service" }
            p { "While it is disabled Asterisk is told nothing of it: it neither registers nor calls nor is called." }
            div.actions {
                @if is_disabled::<K>(record) {
                    (form(user, &at("enable"), html! { button type="submit" { "Enable" } }))
                } @else {
                    (form(user, &at("disable"), html! { button type="submit" { "Disable" } }))
                }
                a.button.danger href=(at("remove")) { "Remove…" }
            }
        }
    })
}

fn sentence(text: &str) -> String {
    format!("{}.", super::number::capital(text))
}
