//! `schema/values.tsv` against the constraints: the verdict of the parsers of `peerage-model`, which are tested against the same table, must
//! be the verdict of the database, whoever writes; and a refusal names the field, the value and the rule.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::Text;
use peerage_model::{
    Alias, CallerName, CallerNumber, Codecs, Context, Description, DialNumber, Email, FullName, Host, Invalid,
    NamedGroups, Number, Realm, SiteName, Transports, Username,
};
use peerage_testkit::db::TestDb;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const TABLE: &str = include_str!("../../../schema/values.tsv");

/// A column that a field of the table is about, and how a text becomes its value.
struct Column {
    field: &'static str,
    table: &'static str,
    column: &'static str,
    value: &'static str,
}

const fn column(field: &'static str, table: &'static str, column: &'static str) -> Column {
    Column {
        field,
        table,
        column,
        value: "$1",
    }
}

const fn list(field: &'static str) -> Column {
    Column {
        value: "string_to_array($1, ',')",
        ..column(field, "sip_account", field)
    }
}

const COLUMNS: &[Column] = &[
    column("number", "sip_account", "number"),
    column("host", "sip_account", "host"),
    column("nat", "sip_account", "nat"),
    column("type", "sip_account", "type"),
    list("transports"),
    list("codecs"),
    column("callerid_name", "sip_account", "callerid_name"),
    column("callerid_number", "sip_account", "callerid_number"),
    column("context", "sip_account", "context"),
    Column {
        value: "string_to_array($1, ',')::smallint[]",
        ..list("call_groups")
    },
    Column {
        value: "string_to_array($1, ',')::smallint[]",
        ..list("pickup_groups")
    },
    list("named_call_groups"),
    list("named_pickup_groups"),
    column("record", "sip_account", "record"),
    Column {
        value: "$1::integer",
        ..column("qualify_seconds", "sip_account", "qualify_seconds")
    },
    Column {
        value: "$1::integer",
        ..column("max_contacts", "sip_account", "max_contacts")
    },
    column("full_name", "agent", "full_name"),
    column("full_name", "phone", "full_name"),
    column("alias", "agent", "alias"),
    column("description", "agent", "description"),
    column("email", "agent", "email"),
    column("phone", "agent", "phone"),
    column("mobile", "agent", "mobile"),
    column("log_level", "agent", "client_log_level"),
    column("emergency_callerid", "phone", "emergency_callerid"),
    column("emergency_callerid", "site", "emergency_callerid"),
    column("realm", "site", "realm"),
    column("realm", "sip_secret", "realm"),
    column("site_name", "site", "name"),
    column("country", "site", "country"),
    Column {
        value: "string_to_array($1, ',')",
        ..column("outside_numbers", "site", "outside_numbers")
    },
    column("driver", "site", "driver"),
    column("conflict_policy", "site", "conflict_policy"),
    column("node_name", "node", "name"),
    column("username", "login_account", "username"),
    column("role", "login_account", "role"),
    column("channel", "agent_channel", "channel"),
    Column {
        value: "$1::integer",
        ..column("capacity", "agent_channel", "capacity")
    },
];

/// One row of each table, so that each column can be updated alone. The account of the agent has no secret, so that its number is free to
/// change, and is encrypted, so that any transport goes.
///
/// Which numbers an agent may have is the site's rule and has tests of its own; here it is the column's form that counts.
const ROWS: &str = "
alter table peerage.agent disable trigger agent_outside_numbers;
insert into peerage.sip_account (site_id, number, kind, encryption) select id, '1', 'agent', true from peerage.site;
insert into peerage.agent (account_id, number, full_name) select id, '1', 'x' from peerage.sip_account;
insert into peerage.agent_channel (agent_id, channel) select id, 'chat' from peerage.agent;
insert into peerage.login_account (username, role, agent_id) select 'x', 'admin', id from peerage.agent;
insert into peerage.node (name, login) values ('x', 'x');
insert into peerage.sip_account (site_id, number, kind) select id, '2', 'phone' from peerage.site;
insert into peerage.phone (account_id, number, full_name) select id, '2', 'x' from peerage.sip_account where number = '2';
insert into peerage.sip_secret (id, number, realm, md5, sha256)
select id, number, 'asterisk', repeat('0', 32), repeat('0', 64) from peerage.sip_account where number = '2';
";

struct Row {
    line: usize,
    field: &'static str,
    good: bool,
    value: String,
}

fn rows() -> Vec<Row> {
    let lines = TABLE.lines().enumerate();
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#') && *line != "field\tverdict\tvalue")
        .map(|(at, line)| {
            let mut columns = line.splitn(3, '\t');
            let mut next = || columns.next().unwrap();
            let (field, verdict, value) = (next(), next(), next());
            assert!(matches!(verdict, "good" | "bad"), "line {}", at + 1);
            Row {
                line: at + 1,
                field,
                good: verdict == "good",
                value: decoded(value),
            }
        })
        .collect()
}

/// The value with its escapes decoded, as the head of the table explains them.
fn decoded(written: &str) -> String {
    let mut value = String::new();
    let mut rest = written;
    while let Some((before, escape)) = rest.split_once('\\') {
        value += before;
        let (sign, after) = escape.split_at(1);
        rest = after;
        match sign {
            "t" => value.push('\t'),
            "n" => value.push('\n'),
            "\\" => value.push('\\'),
            "u" => {
                let (digits, after) = after.strip_prefix('{').unwrap().split_once('}').unwrap();
                value.push(char::from_u32(u32::from_str_radix(digits, 16).unwrap()).unwrap());
                rest = after;
            }
            _ => panic!("no such escape: {written}"),
        }
    }
    value + rest
}

/// What the database says to this value, in a transaction that is undone.
fn verdict(connection: &mut PgConnection, column: &Column, value: &str) -> Result<(), Error> {
    let Column {
        table,
        column,
        value: expression,
        ..
    } = column;
    let condition = if *table == "sip_account" {
        "kind = 'agent'"
    } else {
        "true"
    };
    connection.batch_execute("begin").unwrap();
    let outcome = diesel::sql_query(format!(
        "update peerage.{table} set {column} = {expression} where {condition}"
    ))
    .bind::<Text, _>(value)
    .execute(connection)
    .map(|updated| assert_eq!(updated, 1, "{table}.{column}"));
    connection.batch_execute("rollback").unwrap();
    outcome
}

/// What is wrong with a refusal.
fn fault(connection: &mut PgConnection, column: &Column, row: &Row, error: &Error) -> Option<String> {
    let Error::DatabaseError(kind, said) = error else {
        return Some(format!("{error:?}"));
    };
    // What is no number at all is refused by its type, before any constraint.
    let is_number = column.value.contains("::");
    if is_number && matches!(kind, DatabaseErrorKind::Unknown) {
        let message = said.message();
        return (!message.contains("invalid input syntax") && !message.contains("out of range"))
            .then(|| message.to_owned());
    }
    let shown: String = diesel::select(
        diesel::dsl::sql::<Text>("coalesce((")
            .bind::<Text, _>(&row.value)
            .sql(")::text, '')"),
    )
    .get_result(connection)
    .unwrap();
    let prefix = format!("`{}` cannot be `", column.column);
    let constraint = format!("{}_{}_check", column.table, column.column);
    let message = said.message();
    let rule = message.rsplit_once("`: ").map_or("", |(_, rule)| rule);
    // A long text is cut; a list is shown as PostgreSQL writes it.
    let beginning: String = shown.chars().take(40).collect();
    let shows_value = column.value != "$1" || message[prefix.len().min(message.len())..].starts_with(&beginning);
    let good = matches!(kind, DatabaseErrorKind::CheckViolation)
        && said.constraint_name() == Some(&constraint)
        && said.column_name() == Some(column.column)
        && said.table_name() == Some(column.table)
        && message.starts_with(&prefix)
        && shows_value
        && rule.len() > 3;
    (!good).then(|| {
        format!(
            "{kind:?} {:?} {:?}: {message}",
            said.constraint_name(),
            said.column_name()
        )
    })
}

#[test]
fn the_constraints_come_to_the_verdict_of_the_table_and_say_why() {
    let db = TestDb::new();
    let mut connection = db.connect();
    connection.batch_execute(ROWS).unwrap();
    let mut wrong = Vec::new();
    let rows = rows();
    assert!(rows.len() > 400, "{}", rows.len());
    for row in &rows {
        let columns: Vec<&Column> = COLUMNS.iter().filter(|column| column.field == row.field).collect();
        assert!(!columns.is_empty(), "line {}: no column for `{}`", row.line, row.field);
        for column in columns {
            let place = format!("line {} {}.{} {:?}", row.line, column.table, column.column, row.value);
            // An agent's user must have an agent, so its role is tried on one who has.
            match verdict(&mut connection, column, &row.value) {
                Ok(()) if row.good => {}
                Ok(()) => wrong.push(format!("{place}: accepted")),
                Err(error) if row.good => wrong.push(format!("{place}: refused: {error}")),
                Err(error) => {
                    wrong.extend(fault(&mut connection, column, row, &error).map(|fault| format!("{place}: {fault}")));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        rows.len(),
        wrong.join("\n")
    );
}

#[test]
fn each_column_of_the_voice_section_that_takes_more_than_yes_and_no_has_rows() {
    let db = TestDb::new();
    let columns = db.psql(
        "select column_name from information_schema.columns
         where table_schema = 'peerage' and table_name = 'sip_account'
           and data_type <> 'boolean'
           and column_name not in ('id', 'site_id', 'kind', 'created_at')",
    );
    let rows = rows();
    let mut seen = 0;
    for name in columns.lines() {
        let verdicts: BTreeSet<bool> = rows
            .iter()
            .filter(|row| row.field == name)
            .map(|row| row.good)
            .collect();
        assert_eq!(verdicts.len(), 2, "{name} has no good or no bad rows");
        seen += 1;
    }
    assert!(seen >= 16, "only {seen} columns");
}

#[test]
fn each_text_that_people_set_has_rows_or_a_vocabulary_of_its_own() {
    let db = TestDb::new();
    let columns = db.psql(
        "select table_name || '.' || column_name from information_schema.columns
         where table_schema = 'peerage'
           and table_name in ('site', 'node', 'agent', 'agent_channel', 'phone', 'login_account')
           and data_type = 'text'",
    );
    let known: BTreeSet<String> = COLUMNS
        .iter()
        .map(|column| format!("{}.{}", column.table, column.column))
        .collect();
    // Computed from what is tested: numbers follow the account, hashes are made here, logins and Manager interfaces are tested with the nodes.
    let others = [
        "agent.account_kind",
        "agent.number",
        "agent.pin_digest",
        "login_account.password_hash",
        "node.login",
        "node.manager",
        "node.manager_user",
        "phone.account_kind",
        "phone.number",
        "site.time_zone",
    ];
    let missing: Vec<&str> = columns
        .lines()
        .filter(|name| !known.contains(*name) && !others.contains(name))
        .collect();
    assert!(columns.lines().count() >= 20);
    assert_eq!(missing, [""; 0]);
}

/// Whether the parser of a field takes a text.
type Takes = fn(&str) -> bool;

fn takes<T: for<'a> TryFrom<&'a str, Error = Invalid>>(text: &str) -> bool {
    T::try_from(text).is_ok()
}

/// A list takes its words only as an array holds them, without the blanks that its parser tolerates.
fn takes_words<T: TryFrom<Vec<String>, Error = Invalid>>(text: &str) -> bool {
    let words = if text.is_empty() {
        Vec::new()
    } else {
        text.split(',').map(str::to_owned).collect()
    };
    T::try_from(words).is_ok()
}

const PARSERS: &[(&str, Takes)] = &[
    ("number", takes::<Number>),
    ("host", takes::<Host>),
    ("callerid_name", takes::<CallerName>),
    ("callerid_number", takes::<CallerNumber>),
    ("context", takes::<Context>),
    ("transports", takes_words::<Transports>),
    ("codecs", takes_words::<Codecs>),
    ("named_call_groups", takes_words::<NamedGroups>),
    ("full_name", takes::<FullName>),
    ("alias", takes::<Alias>),
    ("description", takes::<Description>),
    ("email", takes::<Email>),
    ("mobile", takes::<DialNumber>),
    ("realm", takes::<Realm>),
    ("site_name", takes::<SiteName>),
    ("username", takes::<Username>),
];

/// Texts near the borders of the rules: words that are good, and signs on which two alphabets could differ.
fn text() -> impl Strategy<Value = String> {
    let good = [
        "1001", "a", "Ada", "x-1", "a_b", "udp", "ulaw", "10.0.0.1", "::1", "dynamic", "a@b", "+39", "sales",
    ];
    let odd = [
        " ",
        ",",
        "@",
        ";",
        "^",
        "%",
        "_",
        ".",
        "-",
        "+",
        "*",
        "#",
        "\\",
        "'",
        "\"",
        ":",
        "\t",
        "\n",
        "\r",
        "\u{1}",
        "\u{1b}",
        "\u{7f}",
        "\u{80}",
        "\u{85}",
        "\u{9f}",
        "\u{a0}",
        "\u{ad}",
        "é",
        "e\u{301}",
        "\u{661}",
        "\u{2003}",
        "\u{2028}",
        "\u{200b}",
        "\u{3000}",
        "\u{feff}",
        "１",
        "ı",
        "İ",
        "ß",
        "\u{1f4de}",
        "A",
        "z",
        "0",
        "9",
    ];
    let piece = prop_oneof![2 => proptest::sample::select(good.to_vec()), 3 => proptest::sample::select(odd.to_vec())];
    prop_oneof![
        9 => proptest::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat()),
        1 => (proptest::sample::select(vec!["x", "é", "1"]), 38..82_usize).prop_map(|(sign, times)| sign.repeat(times)),
    ]
}

#[test]
fn the_constraints_and_the_parsers_agree_on_any_text() {
    let db = TestDb::new();
    let mut connection = db.connect();
    connection.batch_execute(ROWS).unwrap();
    let connection = std::cell::RefCell::new(connection);
    let mut runner = TestRunner::new(Config {
        cases: 400,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&text(), |text| {
        for (field, takes) in PARSERS {
            for column in COLUMNS.iter().filter(|column| column.field == *field) {
                let stored = verdict(&mut connection.borrow_mut(), column, &text);
                prop_assert_eq!(
                    stored.is_ok(),
                    takes(&text),
                    "{}.{} {:?}: {:?}",
                    column.table,
                    column.column,
                    text,
                    stored
                );
            }
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
