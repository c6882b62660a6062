//! `peerage phone list` and `peerage phone show`: phones, their users, and whether agents can choose them.

use std::collections::HashMap;

use jiff::Timestamp;
use peerage_model::{FullName, Interface, Number, Registration};
use peerage_store::{Filter, Phone, PhoneNow, Store};
use serde::Serialize;

use super::super::list::{self, Columns};
use super::super::{Context, accounts, describe};
use super::words;
use crate::args::phone::List as Args;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::table::Section;
use peerage_store::fields::kind::Phones;
use peerage_store::fields::{self, or_empty, yes_or_no};

/// A phone with its use.
#[derive(Serialize)]
struct Item {
    #[serde(flatten)]
    phone: Phone,
    /// Whether a device is registered, as `registrations` has it.
    registered: bool,
    registered_since: Option<Timestamp>,
    /// End of its last registration; none while registered or if never registered.
    last_seen: Option<Timestamp>,
    used_by: Option<User>,
    /// Whether agents of its site can choose it.
    offered: bool,
    /// disabled, in_use or not_registered; none if offered.
    not_offered: Option<&'static str>,
    #[serde(skip)]
    shown: Shown,
}

#[derive(Serialize)]
struct User {
    agent: Number,
    name: FullName,
    interface: Interface,
    since: Timestamp,
}

/// For people.
struct Shown {
    registered: String,
    offered: String,
}

const COLUMNS: Columns<Item> = Columns {
    table: &[
        ("number", |item| item.phone.account.number.to_string()),
        ("name", |item| item.phone.full_name.to_string()),
        ("site", |item| item.phone.account.site.to_string()),
        ("used-by", Item::user),
        ("since", |item| describe::time_or_none(item.of_user(|user| user.since))),
        ("registered", |item| item.shown.registered.clone()),
        ("offered", |item| item.shown.offered.clone()),
        ("transport", |item| item.phone.account.voice.transports.to_string()),
        ("context", |item| item.phone.account.voice.context.to_string()),
        ("host", |item| item.phone.account.voice.host.to_string()),
        ("disabled", |item| yes_or_no(item.phone.account.disabled)),
    ],
    csv: &[
        ("number", |item| item.phone.account.number.to_string()),
        ("name", |item| item.phone.full_name.to_string()),
        ("site", |item| item.phone.account.site.to_string()),
        ("used-by", |item| or_empty(item.of_user(|user| &user.agent))),
        ("used-by-name", |item| or_empty(item.of_user(|user| &user.name))),
        ("used-since", |item| {
            describe::time_or_none(item.of_user(|user| user.since))
        }),
        ("registered", |item| yes_or_no(item.registered)),
        ("registered-since", |item| describe::time_or_none(item.registered_since)),
        ("last-seen", |item| describe::time_or_none(item.last_seen)),
        ("offered", |item| yes_or_no(item.offered)),
        ("not-offered", |item| or_empty(item.not_offered.as_ref())),
        ("transport", |item| item.phone.account.voice.transports.to_string()),
        ("context", |item| item.phone.account.voice.context.to_string()),
        ("host", |item| item.phone.account.voice.host.to_string()),
        ("disabled", |item| yes_or_no(item.phone.account.disabled)),
    ],
};

pub(in crate::command) fn list(args: Args, context: &Context) -> Result<Exit, Failure> {
    let store = context.store()?;
    let registering = store.sites_with_registered_phones()?;
    let is_meant = |item: &Item| {
        (!args.free || item.used_by.is_none())
            && (!args.used || item.used_by.is_some())
            && (!args.offered || item.offered)
    };
    list::run::<Phones, Item>(&COLUMNS, Filter::from(args.search), &store, context, |phones| {
        let numbers: Vec<&Number> = phones.iter().map(|phone| &phone.account.number).collect();
        let mut now = store.phones_now(&numbers, &registering)?;
        let items = phones.into_iter().filter_map(|phone| item(phone, &mut now));
        Ok(items.filter(is_meant).collect())
    })
}

pub(in crate::command) fn show(number: &Number, context: &Context) -> Result<Exit, Failure> {
    let store = context.store()?;
    let phone = store.phone(number)?;
    let account = describe::account(fields::phone::ACCOUNT, &phone);
    let voice = describe::voice(&phone.account);
    let registration = describe::registration(&phone.account);
    let Some(item) = item(phone, &mut one(&store, number)?) else {
        return Err(Failure::failed(format!("phone {number} has just been removed")));
    };
    let usage = Section::new(
        "Use",
        [
            ("used-by", item.user()),
            ("since", describe::time_or_none(item.of_user(|user| user.since))),
            ("registered", item.shown.registered.clone()),
            ("offered", item.shown.offered.clone()),
        ],
    );
    context.printer.record(&item, &[account, usage, voice, registration])?;
    accounts::warn(context, &item.phone.account);
    Ok(Exit::Done)
}

/// The current state of one phone, if it exists.
fn one(store: &Store, number: &Number) -> Result<HashMap<Number, PhoneNow>, Failure> {
    Ok(store.phones_now(&[number], &store.sites_with_registered_phones()?)?)
}

/// None if it has been removed since it was read.
fn item(phone: Phone, now: &mut HashMap<Number, PhoneNow>) -> Option<Item> {
    let now = now.remove(&phone.account.number)?;
    let shown = Shown {
        registered: words::registration(&now.registration),
        offered: words::offer(now.not_offered.as_ref()),
    };
    let (registered_since, last_seen) = match now.registration {
        Registration::Registered(since) => (since, None),
        Registration::Absent(last_seen) => (None, last_seen),
    };
    Some(Item {
        registered: phone.account.is_registered(),
        phone,
        registered_since,
        last_seen,
        used_by: now.used_by.map(|holder| User {
            agent: holder.agent,
            name: holder.name,
            interface: holder.interface,
            since: holder.since,
        }),
        offered: now.not_offered.is_none(),
        not_offered: now.not_offered.as_ref().map(words::not_offered),
        shown,
    })
}

impl Item {
    fn of_user<'a, T>(&'a self, get: impl FnOnce(&'a User) -> T) -> Option<T> {
        self.used_by.as_ref().map(get)
    }

    fn user(&self) -> String {
        self.of_user(|user| format!("{} ({})", user.agent, user.name))
            .unwrap_or_default()
    }
}
