//! Agents with their state, telephones with who is on them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use peerage_model::{FullName, Holder, Number, OfferedPhone, PhoneSeen, SiteName, telephone_list};
use peerage_model::{Interface, NotOffered};
use peerage_store::{Agent, Phone, StateError, Store, StoreError};
use serde::Serialize;

use super::super::{Context, describe};
use super::now::Now;
use crate::args::Format;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::ListColumn;

/// The columns that are added stand after number, name and site.
const AFTER: usize = 3;

#[derive(Serialize)]
struct AgentNow<'a> {
    #[serde(flatten)]
    agent: &'a Agent,
    #[serde(flatten)]
    now: Now,
}

#[derive(Serialize)]
struct PhoneNow<'a> {
    #[serde(flatten)]
    phone: &'a Phone,
    registered: bool,
    #[serde(flatten)]
    usage: Usage,
}

/// How agents of its site find a telephone.
#[derive(Serialize)]
struct Usage {
    used_by: Option<User>,
    /// Whether they can pick it.
    offered: bool,
    /// Why not, in words.
    not_offered: Option<String>,
}

#[derive(Serialize)]
struct User {
    agent: Number,
    name: FullName,
    interface: Interface,
    since: Timestamp,
}

/// `peerage agent list`.
pub(in crate::command) fn agents(
    columns: &[ListColumn<Agent>],
    agents: &[Agent],
    store: &Store,
    context: &Context,
) -> Result<Exit, Failure> {
    let listed = agents
        .iter()
        .map(|agent| {
            let now = state(store, &agent.account.number)?;
            Ok(AgentNow { agent, now })
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    if context.printer.format() == Format::Json {
        context.printer.json(&listed)?;
        return Ok(Exit::Done);
    }
    let rows = listed
        .iter()
        .map(|one| row(columns, one.agent, [one.now.words(), one.now.place().to_owned()]));
    context
        .printer
        .rows(&header(columns, ["state", "where"]), &rows.collect::<Vec<_>>())?;
    Ok(Exit::Done)
}

/// One who was removed since the list was read is logged out.
fn state(store: &Store, number: &Number) -> Result<Now, Failure> {
    match store.situation(number) {
        Ok(situation) => Ok(Now::of(situation.session.as_ref())),
        Err(StateError::Store(StoreError::NotFound(_))) => Ok(Now::of(None)),
        Err(error) => Err(error.into()),
    }
}

/// `peerage phone list`.
pub(in crate::command) fn phones(
    columns: &[ListColumn<Phone>],
    phones: &[Phone],
    store: &Store,
    context: &Context,
) -> Result<Exit, Failure> {
    let mut usages = usages(store.phones_seen(None)?);
    let listed: Vec<PhoneNow<'_>> = phones
        .iter()
        .map(|phone| PhoneNow {
            phone,
            registered: phone.account.is_registered(),
            usage: usages.remove(&phone.account.number).unwrap_or_else(Usage::gone),
        })
        .collect();
    if context.printer.format() == Format::Json {
        context.printer.json(&listed)?;
        return Ok(Exit::Done);
    }
    let rows = listed.iter().map(|one| row(columns, one.phone, one.usage.cells()));
    let header = header(columns, ["used-by", "since", "offered"]);
    context.printer.rows(&header, &rows.collect::<Vec<_>>())?;
    Ok(Exit::Done)
}

/// Each telephone as agents of its own site find it, by number.
fn usages(seen: Vec<PhoneSeen>) -> BTreeMap<Number, Usage> {
    let mut sites: BTreeMap<SiteName, Vec<PhoneSeen>> = BTreeMap::new();
    for phone in seen {
        sites.entry(phone.site.clone()).or_default().push(phone);
    }
    let mut usages = BTreeMap::new();
    for (site, phones) in sites {
        let offers = telephone_list(&phones, &site);
        for (phone, offer) in phones.into_iter().zip(offers) {
            usages.insert(phone.number, Usage::of(phone.used_by, &offer));
        }
    }
    usages
}

impl Usage {
    fn of(used_by: Option<Holder>, offer: &OfferedPhone) -> Self {
        Self {
            used_by: used_by.map(|holder| User {
                agent: holder.agent,
                name: holder.name,
                interface: holder.interface,
                since: holder.since,
            }),
            offered: offer.not_offered.is_none(),
            not_offered: offer.not_offered.as_ref().map(why_not),
        }
    }

    /// Of one that was removed since the list was read.
    fn gone() -> Self {
        Self {
            used_by: None,
            offered: false,
            not_offered: Some("removed".to_owned()),
        }
    }

    fn cells(&self) -> [String; 3] {
        let user = self.used_by.as_ref();
        [
            user.map(|user| format!("{} {}", user.agent, user.name))
                .unwrap_or_default(),
            describe::time_or_none(user.map(|user| user.since)),
            match &self.not_offered {
                Some(why) => format!("no: {why}"),
                None => "yes".to_owned(),
            },
        ]
    }
}

fn why_not(reason: &NotOffered) -> String {
    match reason {
        NotOffered::OtherSite(site) => format!("at site {site}"),
        NotOffered::Disabled => "disabled".to_owned(),
        NotOffered::InUse(_) => "in use".to_owned(),
        NotOffered::NotRegistered(None) => "not registered".to_owned(),
        NotOffered::NotRegistered(Some(since)) => format!("not registered since {}", describe::time(*since)),
    }
}

fn header<'a, T, const N: usize>(columns: &[ListColumn<T>], added: [&'a str; N]) -> Vec<&'a str> {
    let mut names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    names.splice(AFTER..AFTER, added);
    names
}

fn row<T, const N: usize>(columns: &[ListColumn<T>], item: &T, added: [String; N]) -> Vec<String> {
    let mut cells: Vec<String> = columns.iter().map(|(_, cell)| cell(item)).collect();
    cells.splice(AFTER..AFTER, added);
    cells
}
