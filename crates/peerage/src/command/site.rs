//! `peerage site`.

use peerage_model::SiteName;
use peerage_store::Site;
use serde::Serialize;

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
    ("country", |site| or_empty(site.country.as_ref())),
    ("outside-numbers", |site| or_empty(site.outside_numbers.as_ref())),
    ("agents", |site| site.agents.to_string()),
    ("phones", |site| site.phones.to_string()),
];

/// A site with the number of agents whose numbers it refuses.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    site: &'a Site,
    /// Number of agents with a phone or mobile number that the site does not allow.
    refused_numbers: i64,
}

/// Warns about agents with a number that the site does not allow.
fn tell_refused(context: &Context, name: &SiteName, agents: i64) {
    if agents == 0 {
        return;
    }
    let (have, them) = if agents == 1 {
        ("agent has", "it")
    } else {
        ("agents have", "them")
    };
    context.printer.talk(format_args!(
        "{agents} {have} a phone or mobile number that site {name} does not allow, and cannot log in on {them}; \
         list the agents with `peerage agent list --site {name} --refused-numbers`"
    ));
}

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
            let refused = store.refused_numbers(&one.name)?;
            section.push("refused-numbers", refused.to_string());
            let shown = Shown {
                site: &site,
                refused_numbers: refused,
            };
            printer.record(&shown, &[section])?;
            tell_refused(context, &one.name, refused);
        }
        Verb::Set(change) => {
            let changed = store.set_site(&change.name, &change.policy.into_patch())?;
            let verb = if changed { "changed" } else { "nothing changed in" };
            printer.talk(format_args!("{verb} site {}", change.name));
            tell_refused(context, &change.name, store.refused_numbers(&change.name)?);
        }
        Verb::Remove(one) => {
            store.remove_site(&one.name)?;
            printer.talk(format_args!("removed site {}", one.name));
        }
    }
    Ok(Exit::Done)
}
