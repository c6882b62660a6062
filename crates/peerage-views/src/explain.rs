//! From which field each value comes that Asterisk is told of an account.
//!
//! The rows come from the database (`Store::served_rows`); what a column means, and when the view is read, stands in the view's file. Here
//! stands which of a person's choices each value is made of.

use crate::source;

/// A value of a row, with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The column, as Asterisk reads it.
    pub column: String,
    /// Its value; none where Asterisk reads NULL, which is its own default.
    pub value: Option<String>,
    /// What it is made of.
    pub origin: Origin,
    /// What it means.
    pub meaning: String,
}

/// What a value is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// These fields of the agent or telephone, by the names of their flags, and of its site, written `site.realm`.
    Fields(&'static [&'static str]),
    /// It is the same for every account.
    Always,
    /// Asterisk wrote it, when the device registered.
    Asterisk,
}

/// One row, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// Name of the view.
    pub view: &'static str,
    /// The module of Asterisk that reads it.
    pub module: &'static str,
    /// When it is read.
    pub read: &'static str,
    /// Its columns, in order.
    pub lines: Vec<Line>,
}

/// Explains a row of one of the views of an account's configuration; none for any other view.
#[must_use]
pub fn explain(view: &str, columns: &[(String, Option<String>)]) -> Option<Explained> {
    let source = source::find(view)?;
    let meanings = source.columns();
    let lines: Option<Vec<Line>> = columns
        .iter()
        .map(|(column, value)| {
            let meaning = meanings.iter().find(|known| known.name == *column);
            Some(Line {
                column: column.clone(),
                value: value.clone(),
                origin: origin(view, column)?,
                meaning: meaning.map(|known| known.comment.clone()).unwrap_or_default(),
            })
        })
        .collect();
    Some(Explained {
        view: source.name(),
        module: source.header("module").unwrap_or_default(),
        read: source.header("read").unwrap_or_default(),
        lines: lines?,
    })
}

/// What a column of such a view is made of; none when it is unknown.
#[must_use]
pub fn origin(view: &str, column: &str) -> Option<Origin> {
    let fields: &'static [&'static str] = match (view, column) {
        ("ps_endpoints" | "ps_aors", "id")
        | ("ps_endpoints", "auth")
        | ("ps_auths", "id" | "username")
        | ("ps_endpoint_id_ips", "id" | "endpoint")
        | ("sippeers", "name") => &["number"],
        ("sippeers", "defaultuser") => &["number"],
        ("ps_auths", "md5_cred") | ("sippeers", "md5secret") => &["secret", "number", "site.realm"],
        ("ps_auths", "password_digest") => &["secret", "number", "site.realm", "site.offer-sha256"],
        ("ps_auths", "realm") => &["site.realm"],
        ("ps_auths", "supported_algorithms_uas") => &["site.offer-sha256"],
        ("ps_endpoints" | "sippeers", "transport") => &["transport"],
        ("ps_endpoints", "aors") => &["number", "type"],
        ("ps_endpoints", "identify_by") => &["host", "type"],
        ("ps_aors", "contact") => &["number", "host", "transport"],
        ("ps_aors", "remove_existing" | "remove_unavailable") => &["host"],
        ("ps_aors", "max_contacts") => &["max-contacts", "host"],
        ("ps_aors", "qualify_frequency") => &["qualify"],
        ("ps_endpoint_id_ips", "match") => &["host"],
        ("ps_endpoints" | "sippeers", "deny" | "permit") => &["host"],
        ("sippeers", "host" | "insecure") => &["host", "type"],
        ("sippeers", "type") => &["type"],
        ("ps_endpoints", "context" | "subscribe_context") | ("sippeers", "context" | "subscribecontext") => {
            &["context"]
        }
        ("ps_endpoints" | "sippeers", "allow") => &["codecs", "video"],
        ("sippeers", "videosupport") => &["video"],
        ("ps_endpoints", "force_rport" | "rewrite_contact" | "rtp_symmetric") | ("sippeers", "nat") => &["nat"],
        ("ps_endpoints", "webrtc")
        | (
            "sippeers",
            "avpf"
            | "force_avp"
            | "icesupport"
            | "rtcp_mux"
            | "dtlsenable"
            | "dtlsverify"
            | "dtlssetup"
            | "dtlsautogeneratecert",
        ) => &["transport"],
        ("ps_endpoints", "media_encryption") => &["encryption", "transport"],
        ("sippeers", "encryption") => &["encryption"],
        ("ps_endpoints" | "sippeers", "callerid") => &["callerid-name", "callerid-number"],
        ("ps_endpoints", "call_group") | ("sippeers", "callgroup") => &["call-group"],
        ("ps_endpoints", "pickup_group") | ("sippeers", "pickupgroup") => &["pickup-group"],
        ("ps_endpoints", "named_call_group") | ("sippeers", "namedcallgroup") => &["named-call-group"],
        ("ps_endpoints", "named_pickup_group") | ("sippeers", "namedpickupgroup") => &["named-pickup-group"],
        ("ps_endpoints", "set_var") | ("sippeers", "setvar") => &["chanspy", "record"],
        ("sippeers", "qualify") => &["qualify", "site.rtcachefriends"],
        ("sippeers", "qualifyfreq") => &["qualify"],
        ("ps_endpoints", "disallow" | "direct_media" | "mailboxes")
        | ("ps_auths", "auth_type")
        | ("ps_endpoint_id_ips", "srv_lookups")
        | ("sippeers", "disallow" | "callbackextension") => return Some(Origin::Always),
        (
            "sippeers",
            "ipaddr" | "port" | "regseconds" | "fullcontact" | "regserver" | "useragent" | "lastms" | "path",
        ) => return Some(Origin::Asterisk),
        _ => return None,
    };
    Some(Origin::Fields(fields))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use peerage_store::fields;

    use super::*;

    const PJSIP: [&str; 4] = ["ps_endpoints", "ps_auths", "ps_aors", "ps_endpoint_id_ips"];

    fn columns(view: &str) -> Vec<String> {
        let columns = source::find(view).unwrap().columns();
        columns.into_iter().map(|column| column.name).collect()
    }

    #[test]
    fn every_column_of_an_accounts_configuration_has_an_origin() {
        for view in PJSIP.into_iter().chain(["sippeers"]) {
            for column in columns(view) {
                assert!(origin(view, &column).is_some(), "{view}.{column}");
            }
        }
    }

    #[test]
    fn every_voice_field_reaches_both_drivers() {
        let reached = |views: &[&str]| -> BTreeSet<&str> {
            let origins = views
                .iter()
                .flat_map(|view| columns(view).into_iter().filter_map(|column| origin(view, &column)));
            origins
                .filter_map(|origin| match origin {
                    Origin::Fields(fields) => Some(fields),
                    Origin::Always | Origin::Asterisk => None,
                })
                .flatten()
                .copied()
                .collect()
        };
        let (pjsip, sip) = (reached(&PJSIP), reached(&["sippeers"]));
        for field in fields::voice::FIELDS {
            assert!(pjsip.contains(field.name), "PJSIP is not told of {}", field.name);
            // A chan_sip peer has one registration, whatever is set.
            assert!(
                sip.contains(field.name) || field.name == "max-contacts",
                "chan_sip is not told of {}",
                field.name
            );
        }
    }

    #[test]
    fn a_row_is_explained_with_what_its_view_says_of_itself() {
        let row = [("id".to_owned(), Some("1001".to_owned())), ("contact".to_owned(), None)];
        let explained = explain("ps_aors", &row).unwrap();
        assert!(explained.module.starts_with("res_pjsip"), "{}", explained.module);
        assert_eq!(explained.lines[0].origin, Origin::Fields(&["number"]));
        assert_eq!(explained.lines[1].value, None);
        assert!(
            explained.lines[1].meaning.contains("fixed host"),
            "{:?}",
            explained.lines[1]
        );
        assert_eq!(explain("queues", &row), None);
        assert_eq!(explain("ps_aors", &[("colour".to_owned(), None)]), None);
    }
}
