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
        @if account.disabled { p.warning { "Disabled: Asterisk does not see this account." } }
        @for warning in account.warnings() { p.warning { (sentence(&warning)) } }
        section.card {
            div.split {
                h2 { "Registration" }
                div.actions {
                    a.button href={ (path_of::<K>(&account.number)) "/asterisk" } { "Asterisk settings" }
                    a.button href={ "/audit?subject=" (account.number) } { "Change history" }
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
                        "Set " (moment(secret.changed_at)) ", for realm " code { (secret.realm) } ". Only a digest is stored."
                        @if secret.weak { " It is a common secret that attackers guess first: set another one." }
                    },
                    None => "None yet.",
                }
            }
            (form(user, &at("secret"), html! {
                (mark()?)
                (Field::password("secret", "New SIP secret").problem(sheet.problem("secret"))
                    .explain("Leave empty to generate one, which is shown once. Enter the same secret in the device."))
                div.actions { button type="submit" { "Set secret" } }
            }))
        }
        section.card #number {
            h2 { "Number" }
            p { "A new number needs a new secret, because the digest contains the number. Registrations are deleted; history is kept." }
            (form(user, &at("number"), html! {
                (mark()?)
                div.columns {
                    (Field::text("new-number", "New number").value(sheet.text("new-number")).problem(sheet.problem("new-number")).required())
                    (Field::password("new-number-secret", "SIP secret for the new number").problem(sheet.problem("new-number-secret"))
                        .explain("Leave empty to generate one, which is shown once."))
                }
                div.actions { button type="submit" { "Change number" } }
            }))
        }
        section.card #service {
            h2 { "Status" }
            p { "A disabled account cannot register, place calls or receive calls." }
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
