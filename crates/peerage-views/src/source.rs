//! The files of `asterisk-realtime-views/`, embedded, and what their headers and comments say.

/// One file: a view with its comments and its write trigger, or a function of the schema `peerage` with its triggers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Path below its directory, such as `pjsip/ps_endpoints.sql`.
    pub path: &'static str,
    /// The text.
    pub sql: &'static str,
}

/// Files below a directory.
macro_rules! sources {
    ($directory:literal: $($path:literal),+ $(,)?) => {
        &[$($crate::source::Source {
            path: $path,
            sql: include_str!(concat!("../../../", $directory, $path)),
        }),+]
    };
}

pub(crate) use sources;

/// Every view, in the order in which they are made. A test holds the list against the directory.
pub const VIEWS: &[Source] = sources![
    "asterisk-realtime-views/":
    "pjsip/ps_aors.sql",
    "pjsip/ps_auths.sql",
    "pjsip/ps_contacts.sql",
    "pjsip/ps_endpoint_id_ips.sql",
    "pjsip/ps_endpoints.sql",
    "queue/queue_log.sql",
    "queue/queue_members.sql",
    "queue/queue_rules.sql",
    "queue/queues.sql",
    "report/agents_now.sql",
    "report/pauses.sql",
    "report/phone_use.sql",
    "report/queue_events.sql",
    "report/queue_membership.sql",
    "report/registrations.sql",
    "report/sessions.sql",
    "sip/sippeers.sql",
    "sip/sipregs.sql",
];

/// After the column of the header `site`: rows without a site are for every node.
const OR_NONE: &str = ", or none";

/// The operator LIKE of the schema `asterisk_sites`; comes before its views.
pub const LIKE: &str = include_str!("../../../asterisk-realtime-views/like.sql");

/// The operator <= of the schemas `asterisk` and `asterisk_sites`.
pub const UNTIL: &str = include_str!("../../../asterisk-realtime-views/until.sql");

/// Who may do what; comes last.
pub const GRANTS: &str = include_str!("../../../asterisk-realtime-views/grants.sql");

impl Source {
    /// Name of the view, without its schema.
    #[must_use]
    pub fn name(&self) -> &'static str {
        let file = self.path.rsplit('/').next().unwrap_or(self.path);
        file.strip_suffix(".sql").unwrap_or(file)
    }

    /// Whether it makes the function of its name.
    #[must_use]
    pub fn makes_function(&self) -> bool {
        self.sql.lines().any(|line| line.starts_with("create function "))
    }

    /// Schema it stands in: `report` for people, `asterisk` for Asterisk.
    #[must_use]
    pub fn schema(&self) -> &'static str {
        if self.path.starts_with("report/") {
            "report"
        } else {
            "asterisk"
        }
    }

    /// What the header says under a key, such as `module` or `write`.
    #[must_use]
    pub fn header(&self, key: &str) -> Option<&'static str> {
        self.sql
            .lines()
            .take_while(|line| line.starts_with("--"))
            .find_map(|line| {
                let (found, said) = line.strip_prefix("-- ")?.split_once(':')?;
                (found == key).then(|| said.trim())
            })
    }

    /// The column by which rows are told apart for a node that serves named sites; none when the rows belong to no site.
    #[must_use]
    pub fn site(&self) -> Option<&'static str> {
        let site = self.header("site").filter(|column| *column != "none");
        site.map(|column| column.trim_end_matches(OR_NONE))
    }

    /// Whether a row without a site is for every node.
    pub(crate) fn has_rows_of_no_site(&self) -> bool {
        self.header("site").is_some_and(|column| column.ends_with(OR_NONE))
    }

    /// Whether Asterisk writes to it. Its columns are then frozen: Asterisk keeps their definitions in memory.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.header("write").is_some_and(|said| !said.starts_with("never"))
    }

    /// Its columns in order, each with its comment. Read from the comments, of which there is one for each column; a
    /// test holds that against the catalogue.
    #[must_use]
    pub fn columns(&self) -> Vec<Column> {
        let prefix = format!("comment on column {}.{}.", self.schema(), self.name());
        self.sql
            .lines()
            .filter_map(|line| {
                let (name, comment) = line.strip_prefix(&prefix)?.split_once(" is '")?;
                Some(Column {
                    name: name.trim_matches('"').to_string(),
                    comment: comment.trim_end_matches("';").replace("''", "'"),
                })
            })
            .collect()
    }
}

/// A column of a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name, as Asterisk reads it.
    pub name: String,
    /// What it means.
    pub comment: String,
}

/// The view of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Source> {
    VIEWS.iter().find(|source| source.name() == name)
}
