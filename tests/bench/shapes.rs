//! The statements, as Asterisk sends them: reads and writes of res_config_pgsql.c, for chan_sip.c,
//! res_sorcery_realtime.c and app_queue.c.

/// One comparison. `:n` stands for a number, `:t` and `:s` for a time, `:q` for a queue, `:m` for a member of one.
pub(crate) struct Shape {
    /// What it is.
    pub(crate) name: &'static str,
    /// Against Asterisk's own tables.
    pub(crate) flat: &'static [&'static str],
    /// Through the views.
    pub(crate) ours: &'static [&'static str],
    /// How often in one round.
    pub(crate) repeat: u32,
    /// Most that ours may take, as a multiple of flat.
    pub(crate) budget: f64,
}

macro_rules! contact_update {
    ($table:literal) => {
        concat!(
            "UPDATE ", $table, " SET via_addr = '127.0.0.1', qualify_timeout = '3.000000', qualify_2xx_only = 'false', ",
            "call_id = 'abc', reg_server = 'pbx1', prune_on_boot = 'no', path = '', endpoint = ':n', via_port = '5060', ",
            "authenticate_qualify = 'no', uri = 'sip::n@127.0.0.1:5060', qualify_frequency = '60', user_agent = 'bench', ",
            "expiration_time = ':t', outbound_proxy = '' WHERE id = ':n^3B@00000000000000000000000000000000'"
        )
    };
}

macro_rules! contact_insert {
    ($table:literal) => {
        concat!(
            "INSERT INTO ", $table, " (id, via_addr, qualify_timeout, qualify_2xx_only, call_id, reg_server, prune_on_boot, path, ",
            "endpoint, via_port, authenticate_qualify, uri, qualify_frequency, user_agent, expiration_time, outbound_proxy) VALUES ",
            "(':n^3B@11111111111111111111111111111111', '127.0.0.1', '3.000000', 'false', 'abc', 'pbx1', 'no', '', ':n', '5060', 'no', 'sip::n@127.0.0.1:5061', ",
            "'60', 'bench', ':t', '')"
        )
    };
}

macro_rules! registration {
    ($table:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET ipaddr = '127.0.0.1', fullcontact = 'sip::n@127.0.0.1:5060', lastms = '0', ",
            "useragent = 'bench', defaultuser = ':n', regseconds = ':s', port = '5060' WHERE name = ':n'"
        )
    };
}

macro_rules! members {
    ($table:literal) => {
        concat!(
            "SELECT * FROM ",
            $table,
            r" WHERE interface LIKE '%' ESCAPE '\' AND queue_name = ':q' ORDER BY interface"
        )
    };
}

macro_rules! pause {
    ($table:literal, $member:literal, $reason:literal, $paused:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET reason_paused = '",
            $reason,
            "', paused = '",
            $paused,
            "' WHERE uniqueid = '",
            $member,
            ":m'"
        )
    };
}

/// In the order of the budgets.
pub(crate) const SHAPES: &[Shape] = &[
    Shape {
        name: "ps_endpoints by id",
        flat: &["SELECT * FROM flat.ps_endpoints WHERE id = ':n' LIMIT 1"],
        ours: &["SELECT * FROM asterisk.ps_endpoints WHERE id = ':n' LIMIT 1"],
        repeat: 200,
        budget: 0.6,
    },
    Shape {
        name: "ps_auths by id",
        flat: &["SELECT * FROM flat.ps_auths WHERE id = ':n' LIMIT 1"],
        ours: &["SELECT * FROM asterisk.ps_auths WHERE id = ':n' LIMIT 1"],
        repeat: 200,
        budget: 1.2,
    },
    Shape {
        name: "ps_aors by id",
        flat: &["SELECT * FROM flat.ps_aors WHERE id = ':n' LIMIT 1"],
        ours: &["SELECT * FROM asterisk.ps_aors WHERE id = ':n' LIMIT 1"],
        repeat: 200,
        budget: 1.2,
    },
    Shape {
        name: "sippeers by name, with its registration",
        flat: &["SELECT * FROM flat.sippeers WHERE name = ':n' AND host = 'dynamic' LIMIT 1"],
        ours: &["SELECT * FROM asterisk.sippeers WHERE name = ':n' AND host = 'dynamic' LIMIT 1"],
        repeat: 200,
        budget: 1.1,
    },
    Shape {
        // The flat side without its contacts, which would decide everything: they stand alone below.
        name: "REGISTER: endpoint, auth, endpoint, auth, aor",
        flat: &[
            "SELECT * FROM flat.ps_endpoints WHERE id = ':n' LIMIT 1",
            "SELECT * FROM flat.ps_auths WHERE id = ':n' LIMIT 1",
            "SELECT * FROM flat.ps_endpoints WHERE id = ':n' LIMIT 1",
            "SELECT * FROM flat.ps_auths WHERE id = ':n' LIMIT 1",
            "SELECT * FROM flat.ps_aors WHERE id = ':n' LIMIT 1",
        ],
        ours: &[
            "SELECT * FROM asterisk.ps_endpoints WHERE id = ':n' LIMIT 1",
            "SELECT * FROM asterisk.ps_auths WHERE id = ':n' LIMIT 1",
            "SELECT * FROM asterisk.ps_endpoints WHERE id = ':n' LIMIT 1",
            "SELECT * FROM asterisk.ps_auths WHERE id = ':n' LIMIT 1",
            "SELECT * FROM asterisk.ps_aors WHERE id = ':n' LIMIT 1",
        ],
        repeat: 80,
        budget: 0.8,
    },
    Shape {
        name: "ps_contacts of one AOR",
        flat: &[r"SELECT * FROM flat.ps_contacts WHERE id LIKE ':n^3B@%' ESCAPE '\' ORDER BY id"],
        ours: &[r"SELECT * FROM asterisk.ps_contacts WHERE id LIKE ':n^3B@%' ESCAPE '\' ORDER BY id"],
        repeat: 40,
        budget: 0.02,
    },
    Shape {
        name: "contact, refreshed (update)",
        flat: &[contact_update!("flat.ps_contacts")],
        ours: &[contact_update!("asterisk.ps_contacts")],
        repeat: 150,
        budget: 1.5,
    },
    Shape {
        name: "contact, bound and gone (insert, delete)",
        flat: &[
            contact_insert!("flat.ps_contacts"),
            "DELETE FROM flat.ps_contacts WHERE id = ':n^3B@11111111111111111111111111111111'",
        ],
        ours: &[
            contact_insert!("asterisk.ps_contacts"),
            "DELETE FROM asterisk.ps_contacts WHERE id = ':n^3B@11111111111111111111111111111111'",
        ],
        repeat: 100,
        budget: 1.5,
    },
    Shape {
        name: "chan_sip registration, refreshed (update)",
        flat: &[registration!("flat.sippeers")],
        ours: &[registration!("asterisk.sippeers")],
        repeat: 150,
        budget: 1.5,
    },
    Shape {
        name: "queue_members of one queue of 50",
        flat: &[members!("flat.queue_members")],
        ours: &[members!("asterisk.queue_members")],
        repeat: 100,
        budget: 1.15,
    },
    Shape {
        // Ours with history: intervals, timeline, notification.
        name: "pause and unpause of a member (two updates)",
        flat: &[
            pause!("flat.queue_members", "", "lunch", "1"),
            pause!("flat.queue_members", "", "", "0"),
        ],
        ours: &[
            pause!("asterisk.queue_members", "0000", "lunch", "1"),
            pause!("asterisk.queue_members", "0000", "", "0"),
        ],
        repeat: 60,
        budget: 5.0,
    },
];
