//! Telephones: the list, and their page.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use maud::{Markup, html};
use peerage_model::{NotOffered, Number, Password, Registration, Secret, Username, Voice};
use peerage_store::fields::account::Column;
use peerage_store::fields::kind::{Phones, Subject};
use peerage_store::{EditError, NewPhone, Phone, PhoneNow, PhonePatch, Store, StoreError};

use super::account::{account_cards, identity};
use super::guard::Admin;
use super::kind::{Kind, path_of, title_of};
use super::list::{Asked, Part, phone_states};
use super::sheet::{Section, Sheet, Widget, Words};
use super::sites;
use super::voice::VOICE;
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::shell::{Page, PageProblem, Query, form, page, since, table};
use crate::problem::Problem;

const ACCOUNT: Section = Section {
    id: "account",
    title: "Account",
    about: "",
    words: &[
        Words {
            name: "name",
            label: "Name",
            explain: "Name in the list of phones, such as its location.",
            widget: Widget::Required,
        },
        Words {
            name: "site",
            label: "Site",
            explain: "Agents of this site can choose the phone.",
            widget: Widget::Offered,
        },
        Words {
            name: "emergency-callerid",
            label: "Emergency caller ID",
            explain: "Caller ID number for emergency calls. Empty: the site's number.",
            widget: Widget::Line,
        },
    ],
};

const SECTIONS: &[Section] = &[ACCOUNT, VOICE];

pub(super) fn routes() -> Router<App> {
    Router::new().route(Phones::PATH, get(list))
}

impl Kind for Phones {
    const PATH: &'static str = "/admin/telephones";
    const TITLE: &'static str = "Phones";
    const HAS_USER: bool = false;

    fn sections() -> &'static [Section] {
        SECTIONS
    }

    fn entries() -> Vec<Column<PhonePatch, Phone>> {
        Self::columns()
    }

    fn default_of(column: &Column<PhonePatch, Phone>) -> String {
        match column {
            Column::Voice(field) => (field.write)(&Voice::default()),
            _ => match column.name() {
                "site" => "default".to_owned(),
                "disabled" => "no".to_owned(),
                _ => String::new(),
            },
        }
    }

    fn name_of(record: &Phone) -> String {
        record.full_name.to_string()
    }

    fn load(store: &Store, number: &Number) -> Result<Phone, StoreError> {
        store.phone(number)
    }

    fn edit(
        store: &Store,
        number: &Number,
        decide: impl FnOnce(&Phone) -> Result<PhonePatch, Vec<Problem>>,
    ) -> Result<bool, EditError<Vec<Problem>>> {
        store.edit_phone(number, decide)
    }

    fn add(store: &Store, new: &NewPhone, secret: &Secret) -> Result<(), StoreError> {
        store.add_phone(new, secret)
    }

    fn add_with_user(
        store: &Store,
        new: &NewPhone,
        secret: &Secret,
        _username: &Username,
        _password: &Password,
    ) -> Result<(), StoreError> {
        // A telephone signs in nowhere but at Asterisk.
        store.add_phone(new, secret)
    }

    fn remove(store: &Store, number: &Number) -> Result<(), StoreError> {
        store.remove_phone(number)
    }

    fn farewell() -> (&'static [&'static str], &'static [&'static str]) {
        (
            &[
                "The SIP account with its secret and registrations. The device can no longer register, and the number becomes free.",
                "The session of an agent who is logged in on it. A current call continues.",
            ],
            &["History of its users and changes."],
        )
    }

    async fn show(app: &App, user: &SignedIn, record: Phone, sheet: Sheet) -> Result<Markup, PageProblem> {
        let path = path_of::<Self>(&record.account.number);
        let sheet = sheet.offer("site", sites::offered(app).await?);
        let title = title_of::<Self>(&record);
        let body = html! {
            (sheet.alert())
            (identity::<Self>(&record))
            (form(user, &path, html! {
                @for section in SECTIONS { (sheet.section(section)) }
                div.actions {
                    button.primary type="submit" { "Save" }
                    a.button href=(Self::PATH) { "Back to list" }
                }
            }))
            h2 { "Secret, number, status" }
            (account_cards::<Self>(user, &record, &sheet)?)
        };
        Ok(page(&Page::new(&title, user, Self::PATH), body))
    }
}

async fn list(State(app): State<App>, Admin(user): Admin, Query(fields): Query) -> Result<Markup, PageProblem> {
    let asked = Asked::of(&fields);
    let filter = asked.filter();
    let (phones, mut now) = app
        .db(move |store| {
            let phones = store.phones(&filter)?;
            let numbers: Vec<&Number> = phones.iter().map(|phone| &phone.account.number).collect();
            let now = store.phones_now(&numbers, &store.sites_with_registered_phones()?)?;
            Ok::<_, StoreError>((phones, now))
        })
        .await?;
    let part = Part::of(&asked, Phones::PATH, phones);
    let rows: Vec<Vec<Markup>> = part
        .records
        .iter()
        .map(|phone| cells(phone, now.remove(&phone.account.number).as_ref()))
        .collect();
    let body = html! {
        div.split {
            p.soft { "Phones that agents with hot desk can choose." }
            div.actions {
                a.button.primary href="/admin/telephones/new" { "New phone" }
                a.button href="/admin/export/telephones.csv" { "Export CSV" }
            }
        }
        (asked.form(Phones::PATH, &sites::offered(&app).await?, &phone_states()))
        div #list data-live=(asked.address(Phones::PATH)) data-live-on="agents accounts" {
            (table("Phones", &["Number", "Name", "Site", "Registered", "Used by", "Available", "Note"], rows))
            (part.pager())
        }
    };
    Ok(page(&Page::new(Phones::TITLE, &user, Phones::PATH), body))
}

fn cells(phone: &Phone, now: Option<&PhoneNow>) -> Vec<Markup> {
    let account = &phone.account;
    vec![
        html! { a href=(path_of::<Phones>(&account.number)) { (account.number) } },
        html! { (phone.full_name) },
        html! { (account.site) },
        html! { @if let Some(now) = now { (registered(&now.registration)) } },
        html! {
            @if let Some(holder) = now.and_then(|now| now.used_by.as_ref()) {
                a href={ "/admin/agents/" (holder.agent) } { (holder.agent) " " (holder.name) } " " (since(holder.since))
            }
        },
        html! { @match now.map(|now| now.not_offered.as_ref()) { None => "", Some(None) => "yes", Some(Some(why)) => { "no: " (why_not(why)) } } },
        html! { @if account.secret.as_ref().is_some_and(|secret| secret.weak) { "weak secret" } },
    ]
}

fn registered(registration: &Registration) -> Markup {
    html! {
        @match registration {
            Registration::Registered(None) => "fixed host",
            Registration::Registered(Some(begun)) => { "yes, " (since(*begun)) },
            Registration::Absent(None) => span.soft { "never" },
            Registration::Absent(Some(ended)) => span.soft { "not since " (since(*ended)) },
        }
    }
}

fn why_not(why: &NotOffered) -> String {
    match why {
        NotOffered::OtherSite(site) => format!("at site {site}"),
        NotOffered::Disabled => "disabled".to_owned(),
        NotOffered::InUse(_) => "in use".to_owned(),
        NotOffered::NotRegistered(_) => "not registered".to_owned(),
    }
}
