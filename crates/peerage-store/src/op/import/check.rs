//! What can be told of a line before it is inserted.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::Text;
use peerage_model::{Digests, Number, PeerType, SiteName};

use super::people::{Person, Ready};
use crate::op::account::{self, Home};
use crate::schema::sip_account;
use crate::{BadRow, ImportRow, NewAccount, StoreError};

#[diesel::declare_sql_function]
extern "SQL" {
    fn lower(text: Text) -> Text;
}

/// What earlier lines said.
#[derive(Default)]
pub(super) struct Checks {
    /// Numbers in small letters, as they were written, and on which line.
    numbers: HashMap<String, (Number, u64)>,
    /// The fixed hosts of peers: two at one address could not be told apart.
    peers: HashMap<String, u64>,
    /// The sites that were asked for; none for one that does not exist.
    sites: HashMap<SiteName, Option<Home>>,
}

impl Checks {
    /// Parts the lines that are good, as far as one can see, from the bad ones.
    pub(super) fn sift<T: Person>(
        &mut self,
        connection: &mut PgConnection,
        batch: Vec<ImportRow<T>>,
        bad: &mut Vec<BadRow>,
    ) -> Result<Vec<Ready<T>>, StoreError> {
        let taken = taken(connection, &batch)?;
        let peers = peers(connection, &batch)?;
        let mut good = Vec::with_capacity(batch.len());
        for ImportRow { line, row, secret } in batch {
            let account = row.account();
            let number = &account.number;
            let mut wrong = Vec::new();
            match self.numbers.entry(number.as_str().to_ascii_lowercase()) {
                Entry::Occupied(first) => {
                    let (same, line) = first.get();
                    wrong.push(format!(
                        "number `{number}` stands on line {line} already{}",
                        as_other(number, same.as_str())
                    ));
                }
                Entry::Vacant(new) => {
                    if let Some(same) = taken.get(new.key()) {
                        wrong.push(format!("number `{number}` is taken{}", as_other(number, same)));
                    }
                    new.insert((number.clone(), line));
                }
            }
            if let Some(host) = peer(account) {
                match self.peers.entry(host.clone()) {
                    Entry::Occupied(first) => {
                        wrong.push(format!(
                            "the peer on line {} has the fixed host `{host}` already",
                            first.get()
                        ));
                    }
                    Entry::Vacant(new) => {
                        new.insert(line);
                        if peers.contains(&host) {
                            wrong.push(format!("another peer has the fixed host `{host}`"));
                        }
                    }
                }
            }
            if let Err(error) = account.voice.check() {
                wrong.push(error.to_string());
            }
            let weak = secret.check_for(number).unwrap_or_else(|error| {
                wrong.push(error.to_string());
                true
            });
            match self.site(connection, &account.site)? {
                None => wrong.push(format!("there is no site `{}`", account.site)),
                Some(home) if wrong.is_empty() => {
                    let digests = Digests::new(number, &home.realm, &secret);
                    good.push(Ready {
                        line,
                        site: home.id,
                        realm: home.realm.to_string(),
                        digests,
                        weak,
                        row,
                    });
                }
                Some(_) => {}
            }
            bad.extend(wrong.into_iter().map(|message| BadRow::new(line, message)));
        }
        Ok(good)
    }

    fn site(&mut self, connection: &mut PgConnection, name: &SiteName) -> Result<Option<&Home>, StoreError> {
        if !self.sites.contains_key(name) {
            let home = match account::home(connection, name) {
                Ok(home) => Some(home),
                Err(StoreError::NotFound(_)) => None,
                Err(error) => return Err(error),
            };
            self.sites.insert(name.clone(), home);
        }
        Ok(self.sites.get(name).and_then(Option::as_ref))
    }
}

/// The address at which nobody else may be a peer.
fn peer(account: &NewAccount) -> Option<String> {
    let is_peer = account.voice.peer_type == PeerType::Peer;
    account
        .voice
        .host
        .fixed()
        .filter(|_| is_peer)
        .map(|host| host.to_string())
}

/// The other way to write a number: Asterisk takes those that differ in case only for one.
fn as_other(number: &Number, same: &str) -> String {
    if number.as_str() == same {
        String::new()
    } else {
        format!(" as `{same}`, which Asterisk takes for the same")
    }
}

/// Which numbers of these lines are there already, by their small letters. Those of earlier lines are among them.
fn taken<T: Person>(
    connection: &mut PgConnection,
    batch: &[ImportRow<T>],
) -> Result<HashMap<String, String>, StoreError> {
    let numbers = batch
        .iter()
        .map(|line| line.row.account().number.as_str().to_ascii_lowercase());
    let taken: Vec<String> = sip_account::table
        .filter(lower(sip_account::number).eq_any(numbers.collect::<Vec<_>>()))
        .select(sip_account::number)
        .load(connection)?;
    Ok(taken
        .into_iter()
        .map(|number| (number.to_ascii_lowercase(), number))
        .collect())
}

/// At which addresses of these lines there are peers.
fn peers<T: Person>(connection: &mut PgConnection, batch: &[ImportRow<T>]) -> Result<HashSet<String>, StoreError> {
    let hosts: Vec<String> = batch.iter().filter_map(|line| peer(line.row.account())).collect();
    if hosts.is_empty() {
        return Ok(HashSet::new());
    }
    let peers: Vec<String> = sip_account::table
        .filter(sip_account::host.eq_any(hosts))
        .filter(sip_account::host.ne("dynamic"))
        .filter(sip_account::peer_type.eq(PeerType::Peer.as_str()))
        .select(sip_account::host)
        .load(connection)?;
    Ok(peers.into_iter().collect())
}
