//! Sites.

use maud::{Markup, html};
use peerage_model::{ConflictPolicy, Driver, Secret, SiteName};
use peerage_store::fields::Field;
use peerage_store::{Site, SitePatch, Store, StoreError};

use super::field::{optional, plain, switch, text};
use super::sheet::{Choices, Section, Sheet, Widget, Words, same};
use super::thing::Thing;
use crate::app::App;
use crate::auth::SignedIn;
use crate::console::shell::PageProblem;

/// Sites.
pub(super) enum Sites {}

/// What a field for a site offers.
pub(super) async fn offered(app: &App) -> Result<Choices, StoreError> {
    let sites = app.db(Store::sites).await?;
    Ok(same(sites.iter().map(|site| site.name.as_str())))
}

const FIELDS: &[Field<SitePatch, Site>] = &[
    plain!("driver", driver),
    plain!("realm", realm),
    plain!("conflict-policy", conflict_policy),
    plain!("disconnection-timeout", disconnection_timeout),
    text!("time-zone", time_zone),
    optional!("emergency-callerid", emergency_callerid),
    optional!("country", country),
    optional!("outside-numbers", outside_numbers),
    switch!("offer-sha256", offer_sha256),
    switch!("rtcachefriends", rtcachefriends),
];

fn drivers() -> Choices {
    same(Driver::ALL.iter().map(|one| one.as_str()))
}

fn policies() -> Choices {
    same(ConflictPolicy::ALL.iter().map(|one| one.as_str()))
}

const SECTIONS: &[Section] = &[Section {
    id: "site",
    title: "Site",
    about: "",
    words: &[
        Words {
            name: "driver",
            label: "Driver",
            explain: "The SIP channel driver of the Asterisk nodes there: pjsip, or sip for chan_sip up to Asterisk 20.",
            widget: Widget::Choice(drivers),
        },
        Words {
            name: "realm",
            label: "Realm",
            explain: "For which new secrets are digested; chan_sip has it as realm in sip.conf. Those there are stay as they are.",
            widget: Widget::Required,
        },
        Words {
            name: "conflict-policy",
            label: "Busy telephone",
            explain: "What a login onto a telephone does on which somebody is: it is denied, or takes over and ends the other session.",
            widget: Widget::Choice(policies),
        },
        Words {
            name: "disconnection-timeout",
            label: "Disconnection timeout",
            explain: "Seconds after which an agent whose page is gone is logged out; 0 is never.",
            widget: Widget::Number,
        },
        Words {
            name: "time-zone",
            label: "Time zone",
            explain: "In which its days begin, such as Europe/Rome.",
            widget: Widget::Required,
        },
        Words {
            name: "emergency-callerid",
            label: "Emergency caller id",
            explain: "The number that emergency calls show. Empty: the telephone's own.",
            widget: Widget::Line,
        },
        Words {
            name: "country",
            label: "Country",
            explain: "Two letters, such as IT. Agents' phone and mobile may be fixed-line and mobile numbers of this country. Empty: no outside numbers.",
            widget: Widget::Line,
        },
        Words {
            name: "outside-numbers",
            label: "Outside numbers",
            explain: "Patterns that agents' phone and mobile may match, in place of the country's numbers, such as +39X.,0ZX. (X is 0-9, Z 1-9, N 2-9, . further digits). Empty: those of the country.",
            widget: Widget::Line,
        },
        Words {
            name: "offer-sha256",
            label: "Offer SHA-256",
            explain: "PJSIP offers SHA-256 before MD5. Needs Asterisk 20.12, 21.7, 22.2 or later.",
            widget: Widget::Switch,
        },
        Words {
            name: "rtcachefriends",
            label: "rtcachefriends",
            explain: "The chan_sip nodes there keep peers in memory (sip.conf), without which they cannot qualify.",
            widget: Widget::Switch,
        },
    ],
}];

impl Thing for Sites {
    type Key = SiteName;
    type Record = Site;
    type Patch = SitePatch;

    const PATH: &'static str = "/admin/sites";
    const TITLE: &'static str = "Sites";
    const NOUN: &'static str = "site";
    const ABOUT: &'static str = "Places with a policy of their own. Every agent and telephone belongs to one.";
    const KEY: Words = Words {
        name: "name",
        label: "Name",
        explain: "Lower-case letters, digits and -. It stays.",
        widget: Widget::Required,
    };
    const COLUMNS: &'static [&'static str] = &[
        "Name",
        "Driver",
        "Busy telephone",
        "Disconnection timeout",
        "Time zone",
        "Agents",
        "Telephones",
    ];

    fn sections() -> &'static [Section] {
        SECTIONS
    }

    fn entries() -> &'static [Field<SitePatch, Site>] {
        FIELDS
    }

    fn default_of(name: &str) -> &'static str {
        match name {
            "driver" => "pjsip",
            "realm" => "asterisk",
            "conflict-policy" => "deny",
            "disconnection-timeout" => "300",
            "time-zone" => "UTC",
            "offer-sha256" => "no",
            "rtcachefriends" => "yes",
            _ => "",
        }
    }

    fn key_of(record: &Site) -> SiteName {
        record.name.clone()
    }

    fn rows(_app: &App, sites: &[Site]) -> Vec<Vec<Markup>> {
        sites
            .iter()
            .map(|site| {
                vec![
                    html! { a href={ (Self::PATH) "/" (site.name) } { (site.name) } },
                    html! { (site.driver) },
                    html! { (site.conflict_policy) },
                    html! { (site.disconnection_timeout) " s" },
                    html! { (site.time_zone) },
                    html! { a href={ "/admin/agents?site=" (site.name) } { (site.agents) } },
                    html! { a href={ "/admin/telephones?site=" (site.name) } { (site.phones) } },
                ]
            })
            .collect()
    }

    fn all(store: &Store) -> Result<Vec<Site>, StoreError> {
        store.sites()
    }

    fn load(store: &Store, key: &SiteName) -> Result<Site, StoreError> {
        store.site(key)
    }

    fn add(store: &Store, key: &SiteName, patch: &SitePatch) -> Result<Vec<(String, Secret)>, StoreError> {
        store.add_site(key, patch)?;
        Ok(Vec::new())
    }

    fn set(store: &Store, key: &SiteName, patch: &SitePatch) -> Result<bool, StoreError> {
        store.set_site(key, patch)
    }

    fn remove(store: &Store, key: &SiteName) -> Result<(), StoreError> {
        store.remove_site(key)
    }

    async fn beside(app: &App, _user: &SignedIn, site: &Site, _sheet: &Sheet) -> Result<Markup, PageProblem> {
        let name = site.name.clone();
        let refused = app.db(move |store| store.refused_numbers(&name)).await?;
        Ok(html! {
            @if refused > 0 {
                div.card {
                    h2 { "Numbers not allowed" }
                    p {
                        (refused) @if refused == 1 { " agent has" } @else { " agents have" }
                        " a phone or mobile that this site does not allow. Nobody can log in on such a number. "
                        a href={ "/admin/agents?state=refused_numbers&site=" (site.name) } { "Show these agents" }
                    }
                }
            }
        })
    }

    fn farewell() -> (&'static [&'static str], &'static [&'static str]) {
        (
            &["The site with its policy. Only a site without agents and telephones can go, and default never."],
            &[],
        )
    }
}
