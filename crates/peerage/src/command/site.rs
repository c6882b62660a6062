//! `peerage site`.

use peerage_store::Site;

use super::{Context, describe};
use crate::args::site::Site as Verb;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::ListColumn;
use crate::table::Section;
use peerage_store::fields::{or_empty, yes_or_no};

/// By the names of the flags.
const FIELDS: &[ListColumn<Site>] = &[
    ("name", |site| site.name.to_string()),
    ("driver", |site| site.driver.to_string()),
    ("realm", |site| site.realm.to_string()),
    ("offer-sha256", |site| yes_or_no(site.offer_sha256)),
    ("rtcachefriends", |site| yes_or_no(site.rtcachefriends)),
    ("conflict-policy", |site| site.conflict_policy.to_string()),
    ("disconnection-timeout", |site| site.disconnection_timeout.to_string()),
    ("time-zone", |site| site.time_zone.clone()),
    ("emergency-callerid", |site| or_empty(site.emergency_callerid.as_ref())),
    ("agents", |site| site.agents.to_string()),
    ("phones", |site| site.phones.to_string()),
];

pub(super) fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    let store = context.store()?;
    let printer = context.printer;
    match verb {
        Verb::Add(change) => {
            store.add_site(&change.name, &change.policy.into_patch())?;
            printer.talk(format_args!("added site {}", change.name));
        }
        Verb::List => printer.list(FIELDS, &store.sites()?)?,
        Verb::Show(one) => {
            let site = store.site(&one.name)?;
            let mut section = Section::new("", FIELDS.iter().map(|(name, write)| (*name, write(&site))));
            section.push("created", describe::time(site.created_at));
            printer.record(&site, &[section])?;
        }
        Verb::Set(change) => {
            let changed = store.set_site(&change.name, &change.policy.into_patch())?;
            let verb = if changed { "changed" } else { "nothing to change in" };
            printer.talk(format_args!("{verb} site {}", change.name));
        }
        Verb::Remove(one) => {
            store.remove_site(&one.name)?;
            printer.talk(format_args!("removed site {}", one.name));
        }
    }
    Ok(Exit::Done)
}
