//! Who was refused at a node: which account, from which address, how often, when last. Bounded, whatever strangers send.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use peerage_model::NodeName;

/// Most addresses kept for a node. When one more comes, the one that was quiet for longest goes; its count stays.
const MAX_ADDRESSES: usize = 500;
/// Most accounts kept for an address; more are counted together.
const MAX_ACCOUNTS: usize = 20;
/// Most characters kept of an account and of an address.
const MAX_CHARACTERS: usize = 64;

/// Why Asterisk refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Why {
    /// There is no such account.
    UnknownAccount,
    /// The secret is wrong.
    WrongSecret,
    /// An access list forbids the address.
    Address,
    /// Anything else, such as a transport that the account may not use.
    Other,
}

impl Why {
    /// Its name for programs.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::UnknownAccount => "unknown_account",
            Self::WrongSecret => "wrong_secret",
            Self::Address => "address_not_allowed",
            Self::Other => "other",
        }
    }

    /// The same for people.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::UnknownAccount => "Unknown account",
            Self::WrongSecret => "Wrong secret",
            Self::Address => "Address not allowed",
            Self::Other => "Other",
        }
    }
}

/// One refusal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal<'a> {
    /// Whom the request said it was from.
    pub(crate) account: &'a str,
    /// Where it came from.
    pub(crate) address: &'a str,
    /// What refused it: `PJSIP`, `SIP` or `AMI`.
    pub(crate) service: &'a str,
    /// Why.
    pub(crate) why: Why,
}

/// The refusals of an account from an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// Where.
    pub(crate) node: NodeName,
    /// From which address.
    pub(crate) address: String,
    /// Which account; none for all beyond the most that are told apart.
    pub(crate) account: Option<String>,
    /// What refused last.
    pub(crate) service: String,
    /// Why, the last time.
    pub(crate) why: Why,
    /// How many.
    pub(crate) count: u64,
    /// When first.
    pub(crate) first: Timestamp,
    /// When last.
    pub(crate) last: Timestamp,
}

/// How a node's refusals are followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Watched {
    /// The node.
    pub(crate) node: NodeName,
    /// Since when they are counted.
    pub(crate) since: Timestamp,
    /// Whether they arrive at this moment.
    pub(crate) is_up: bool,
    /// How many are in no row: of addresses that gave way to others, and those that came too fast to be read.
    pub(crate) others: u64,
}

#[derive(Debug)]
struct Row {
    service: String,
    why: Why,
    count: u64,
    first: Timestamp,
    last: Timestamp,
}

#[derive(Debug, Default)]
struct OfAddress {
    /// By account; none for the rest.
    accounts: BTreeMap<Option<String>, Row>,
    last: Timestamp,
}

#[derive(Debug)]
struct OfNode {
    addresses: BTreeMap<String, OfAddress>,
    since: Timestamp,
    is_up: bool,
    others: u64,
}

/// The refusals of all nodes.
#[derive(Debug, Default)]
pub(crate) struct Refusals(Mutex<BTreeMap<NodeName, OfNode>>);

impl Refusals {
    /// Says whether a node's refusals arrive.
    pub(crate) fn watch(&self, node: &NodeName, is_up: bool, now: Timestamp) {
        of(&mut self.all(), node, now).is_up = is_up;
    }

    /// Takes a refusal.
    pub(crate) fn add(&self, node: &NodeName, refusal: &Refusal<'_>, now: Timestamp) {
        of(&mut self.all(), node, now).add(refusal, now);
    }

    /// Takes that so many were missed.
    pub(crate) fn miss(&self, node: &NodeName, count: u64, now: Timestamp) {
        let mut all = self.all();
        let node = of(&mut all, node, now);
        node.others = node.others.saturating_add(count);
    }

    /// Forgets a node.
    pub(crate) fn forget(&self, node: &NodeName) {
        self.all().remove(node);
    }

    /// All of them, the latest first.
    pub(crate) fn rows(&self) -> Vec<Refused> {
        let all = self.all();
        let mut rows: Vec<Refused> = all.iter().flat_map(|(node, of_node)| of_node.rows(node)).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.last));
        rows
    }

    /// The nodes that are followed, by name.
    pub(crate) fn watched(&self) -> Vec<Watched> {
        let all = self.all();
        let watched = all.iter().map(|(node, of_node)| Watched {
            node: node.clone(),
            since: of_node.since,
            is_up: of_node.is_up,
            others: of_node.others,
        });
        watched.collect()
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<NodeName, OfNode>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn of<'a>(all: &'a mut BTreeMap<NodeName, OfNode>, node: &NodeName, now: Timestamp) -> &'a mut OfNode {
    all.entry(node.clone()).or_insert_with(|| OfNode {
        addresses: BTreeMap::new(),
        since: now,
        is_up: false,
        others: 0,
    })
}

impl OfNode {
    fn add(&mut self, refusal: &Refusal<'_>, now: Timestamp) {
        let address = bounded(refusal.address);
        if !self.addresses.contains_key(&address) && self.addresses.len() >= MAX_ADDRESSES {
            self.give_way();
        }
        let of_address = self.addresses.entry(address).or_default();
        of_address.last = now;
        let mut account = Some(bounded(refusal.account));
        if !of_address.accounts.contains_key(&account) && of_address.accounts.len() >= MAX_ACCOUNTS {
            account = None;
        }
        let row = of_address.accounts.entry(account).or_insert_with(|| Row {
            service: String::new(),
            why: refusal.why,
            count: 0,
            first: now,
            last: now,
        });
        row.service = bounded(refusal.service);
        row.why = refusal.why;
        row.count = row.count.saturating_add(1);
        row.last = now;
    }

    /// The address that was quiet for longest goes.
    fn give_way(&mut self) {
        let quietest = self.addresses.iter().min_by_key(|(_, of_address)| of_address.last);
        let Some(address) = quietest.map(|(address, _)| address.clone()) else {
            return;
        };
        let gone = self.addresses.remove(&address).unwrap_or_default();
        let count: u64 = gone.accounts.values().map(|row| row.count).sum();
        self.others = self.others.saturating_add(count);
    }

    fn rows(&self, node: &NodeName) -> impl Iterator<Item = Refused> {
        self.addresses.iter().flat_map(move |(address, of_address)| {
            of_address.accounts.iter().map(move |(account, row)| Refused {
                node: node.clone(),
                address: address.clone(),
                account: account.clone(),
                service: row.service.clone(),
                why: row.why,
                count: row.count,
                first: row.first,
                last: row.last,
            })
        })
    }
}

/// A text of a stranger's, cut, and without signs that are not to be seen.
fn bounded(text: &str) -> String {
    let plain = |sign: char| {
        if sign.is_control() {
            char::REPLACEMENT_CHARACTER
        } else {
            sign
        }
    };
    text.chars().take(MAX_CHARACTERS).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node() -> NodeName {
        "pbx1".parse().unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn refusal<'a>(account: &'a str, address: &'a str) -> Refusal<'a> {
        Refusal {
            account,
            address,
            service: "PJSIP",
            why: Why::WrongSecret,
        }
    }

    #[test]
    fn refusals_of_an_account_from_an_address_are_one_row() {
        let refusals = Refusals::default();
        for second in 1..=3 {
            refusals.add(&node(), &refusal("1001", "192.0.2.9"), at(second));
        }
        refusals.add(&node(), &refusal("1002", "192.0.2.9"), at(4));
        let rows = refusals.rows();
        assert_eq!(rows.len(), 2);
        let row = &rows[1];
        assert_eq!((row.account.as_deref(), row.count), (Some("1001"), 3));
        assert_eq!((row.first, row.last), (at(1), at(3)));
    }

    #[test]
    fn flood_of_accounts_and_addresses_keeps_bounded_rows_and_loses_no_count() {
        const REQUESTS: u64 = 50_000;
        let refusals = Refusals::default();
        let long = "x".repeat(20_000);
        for request in 0..REQUESTS {
            let account = format!("{request}{long}");
            let address = format!("10.0.{}.{}", request / 250 % 250, request % 250);
            refusals.add(&node(), &refusal(&account, &address), at(1));
        }
        for request in 0..REQUESTS {
            refusals.add(&node(), &refusal(&request.to_string(), "192.0.2.9"), at(2));
        }
        let rows = refusals.rows();
        assert!(rows.len() <= MAX_ADDRESSES * (MAX_ACCOUNTS + 1), "{}", rows.len());
        let bytes: usize = rows
            .iter()
            .map(|row| row.address.len() + row.account.as_ref().map_or(0, String::len))
            .sum();
        assert!(bytes < 2 * 1024 * 1024, "{bytes}");
        let counted: u64 = rows.iter().map(|row| row.count).sum();
        assert_eq!(counted + refusals.watched()[0].others, 2 * REQUESTS);
        let rest = rows
            .iter()
            .find(|row| row.address == "192.0.2.9" && row.account.is_none());
        assert_eq!(rest.unwrap().count, REQUESTS - MAX_ACCOUNTS as u64);
    }

    #[test]
    fn control_characters_of_strangers_are_not_kept() {
        let refusals = Refusals::default();
        refusals.add(&node(), &refusal("\u{1b}[2J<b>", "192.0.2.9"), at(1));
        assert_eq!(refusals.rows()[0].account.as_deref(), Some("\u{fffd}[2J<b>"));
    }
}
