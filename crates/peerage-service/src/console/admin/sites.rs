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
            explain: "SIP channel driver of the site's Asterisk nodes: pjsip, or sip (chan_sip, up to Asterisk 20).",
            widget: Widget::Choice(drivers),
        },
        Words {
            name: "realm",
            label: "Realm",
            explain: "Realm for new SIP secrets, as realm in sip.conf. Existing secrets do not change.",
            widget: Widget::Required,
        },
        Words {
            name: "conflict-policy",
            label: "Phone in use",
            explain: "What happens when an agent logs in on a phone in use: the login is denied, or it takes over and ends the other session.",
            widget: Widget::Choice(policies),
        },
        Words {
            name: "disconnection-timeout",
            label: "Disconnection timeout",
            explain: "Seconds until an agent without an open page is logged out; 0: never.",
            widget: Widget::Number,
        },
        Words {
            name: "time-zone",
            label: "Time zone",
            explain: "Time zone for reports, such as Europe/Rome.",
            widget: Widget::Required,
        },
        Words {
            name: "emergency-callerid",
            label: "Emergency caller ID",
            explain: "Caller ID number for emergency calls. Empty: the phone's number.",
            widget: Widget::Line,
        },
        Words {
            name: "country",
            label: "Country",
            explain: "Two letters, such as IT. Agents may use fixed-line and mobile numbers of this country. Empty: no outside numbers.",
            widget: Widget::Line,
        },
        Words {
            name: "outside-numbers",
            label: "Outside numbers",
            explain: "Patterns of allowed numbers instead of the country's, such as +39X.,0ZX. (X: 0-9, Z: 1-9, N: 2-9, .: further digits). Empty: the country's numbers.",
            widget: Widget::Line,
        },
        Words {
            name: "offer-sha256",
            label: "Offer SHA-256",
            explain: "PJSIP offers SHA-256 before MD5. Requires Asterisk 20.12, 21.7, 22.2 or later.",
            widget: Widget::Switch,
        },
        Words {
            name: "rtcachefriends",
            label: "rtcachefriends",
            explain: "The site's chan_sip nodes keep peers in memory (sip.conf), which qualify requires.",
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
    const ABOUT: &'static str = "Locations with their own policy. Every agent and phone belongs to one.";
    const KEY: Words = Words {
        name: "name",
        label: "Name",
        explain: "Lower-case letters, digits and -. Cannot be changed later.",
        widget: Widget::Required,
    };
    const COLUMNS: &'static [&'static str] = &[
        "Name",
        "Driver",
        "Phone in use",
        "Disconnection timeout",
        "Time zone",
        "Agents",
        "Phones",
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
                        " a phone or mobile number that this site does not allow, and cannot log in on it. "
                        a href={ "/admin/agents?state=refused_numbers&site=" (site.name) } { "Show these agents" }
                    }
                }
            }
        })
    }

    fn farewell() -> (&'static [&'static str], &'static [&'static str]) {
        (
            &["The site with its policy. Only a site without agents and phones can be removed; default cannot."],
            &[],
        )
    }
}
