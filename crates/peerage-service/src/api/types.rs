//! What the values of the model look like in the OpenAPI document: the rules in its terms, so that programs can check before they
//! send. Each name stands for the type of the same name in `peerage-model`, which alone decides.

use peerage_model as model;
use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{ArrayBuilder, KnownFormat, RefOr};
use utoipa::{PartialSchema, ToSchema};

pub(crate) use super::account::VoiceChanges;
pub(crate) use super::agents::{Channels, PermissionChanges};

/// A value that is described here.
macro_rules! described {
    ($name:ident, $schema:expr) => {
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                RefOr::T($schema)
            }
        }

        impl ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(stringify!($name))
            }
        }
    };
}

macro_rules! text {
    ($name:ident, $pattern:expr, up to $longest:literal) => {
        text!($name, $pattern, up to $longest, model::$name::RULE);
    };
    ($name:ident, $pattern:expr, up to $longest:literal, $rule:expr) => {
        described!($name, text($rule, $pattern, 1, $longest));
        #[cfg(test)]
        impl $name {
            /// Whether the document lets a text through.
            #[allow(dead_code, reason = "tried are those that the table of values has")]
            fn lets_through(text: &str) -> bool {
                let pattern = regex::Regex::new($pattern).unwrap();
                pattern.is_match(text) && (1..=$longest).contains(&text.chars().count())
            }
        }
    };
}

macro_rules! words {
    ($($name:ident)+) => {
        $(described!($name, words(model::$name::ALL.iter().map(|word| word.as_str())));)+
    };
}

macro_rules! number {
    ($name:ident, $least:expr, $most:expr, $rule:expr) => {
        described!($name, number($rule, i64::from($least), i64::from($most)));
    };
}

macro_rules! list {
    ($name:ident of $item:ident, at least $least:literal, at most $most:literal, $rule:expr) => {
        described!(
            $name,
            Schema::Array(
                ArrayBuilder::new()
                    .items($item::schema())
                    .min_items(Some($least))
                    .max_items(Some($most))
                    .unique_items(true)
                    .description(Some($rule))
                    .build()
            )
        );
    };
}

/// A character that is no control character, and one that is no blank either.
macro_rules! line {
    ($longest_inner:literal) => {
        concat!(
            r"^[^\u0000-\u0020\u007f-\u009f]([^\u0000-\u001f\u007f-\u009f]{0,",
            $longest_inner,
            r"}[^\u0000-\u0020\u007f-\u009f])?$"
        )
    };
}

text!(Number, r"^[0-9A-Za-z][0-9A-Za-z.-]{0,39}$", up to 40);
text!(DialNumber, r"^([0-9A-Za-z][0-9A-Za-z.-]{0,39}|\+?[0-9*#]{1,40})$", up to 41);
text!(FullName, line!("78"), up to 80);
text!(Alias, line!("78"), up to 80);
text!(EndReason, line!("198"), up to 200);
text!(Email, r"^[^\u0000-\u0020\u007f-\u009f@]+@[^\u0000-\u0020\u007f-\u009f@]+$", up to 254);
text!(Description, r"^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f]+$", up to 500);
text!(CallerName, r"^[^\u0000-\u001f\u007f-\u009f]+$", up to 79);
text!(CallerNumber, r"^[0-9A-Za-z*#+._-]{1,40}$", up to 40);
text!(Country, r"^[A-Z]{2}$", up to 2);
text!(NumberPattern, r"^\+?([0-9*#XZN]|\[[0-9]+\])+\.?$", up to 80);
text!(Context, r"^[0-9A-Za-z_.-]{1,79}$", up to 79);
text!(GroupName, r"^[0-9A-Za-z_.-]{1,79}$", up to 79);
text!(Realm, r"^[0-9A-Za-z_.-]{1,79}$", up to 79);
text!(QueueName, r"^[0-9A-Za-z_.-]{1,79}$", up to 79);
text!(ReasonCode, r"^[0-9A-Za-z_-]{1,40}$", up to 40);
text!(PauseReason, r"^[^\u0000-\u001f\u007f-\u009f]+$", up to 79);
text!(SiteName, r"^[a-z0-9][a-z0-9-]{0,39}$", up to 40);
text!(NodeName, r"^[a-z0-9][a-z0-9-]{0,39}$", up to 40);
text!(Username, r"^[0-9A-Za-z._]{1,64}$", up to 64);
text!(Interface, r"^(PJSIP/|SIP/|Local/).+$", up to 80);
text!(RoleName, r"^[a-z_][a-z0-9_]{0,62}$", up to 63, peerage_store::RoleName::RULE);
text!(ManagerAddress, r"^([0-9A-Za-z.-]{1,200}|\[[0-9A-Fa-f:.]{2,45}\]):[1-9][0-9]{0,4}$", up to 206, peerage_store::ManagerAddress::RULE);
text!(ManagerUser, r"^[0-9A-Za-z_-]{1,64}$", up to 64, peerage_store::ManagerUser::RULE);
text!(TokenName, r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$", up to 64, "1 to 64 letters, digits, `.`, `_` or `-`, a letter or digit first");
text!(TimeZone, r"^[0-9A-Za-z_+/-]{1,60}$", up to 60, "the name of a time zone that the database server knows, such as Europe/Rome");
text!(Label, r"^[^\u0000-\u001f\u007f-\u009f]+$", up to 80, "1 to 80 characters, no control characters");
text!(MusicClass, r"^[0-9A-Za-z_.-]{1,79}$", up to 79, "1 to 79 letters, digits, `_`, `.` or `-`");
text!(Emptiness, r"^[a-z,]{1,128}$", up to 128, "yes, no, strict, loose, or conditions such as paused,unavailable");
text!(Event, r"^[^\u0000]+$", up to 200, "1 to 200 characters");
text!(Detail, r"^[^\u0000]+$", up to 4000, "1 to 4000 characters");

words!(
    Nat PeerType Codec Transport Record Role LogLevel Channel ConflictPolicy Driver InterfaceKind EndCause
);

described!(
    Strategy,
    words([
        "ringall",
        "leastrecent",
        "fewestcalls",
        "random",
        "rrmemory",
        "linear",
        "wrandom",
        "rrordered"
    ])
);
described!(AutoPause, words(["no", "yes", "all"]));
described!(ReportLevel, words(["error", "warning", "info", "debug"]));
described!(
    AgentStateName,
    words([
        "on_call",
        "ringing",
        "paused",
        "partly_paused",
        "unreachable",
        "available",
        "offline"
    ])
);
described!(
    WhyUnreachable,
    words([
        "not_registered",
        "transport",
        "other_node",
        "no_answer",
        "unknown",
        "module"
    ])
);

text!(FreeText, r"^[^\u0000]+$", up to 500, "1 to 500 characters");

described!(
    Options,
    Schema::Object(
        ObjectBuilder::new()
            .description(Some(
                "app_queue's other options, each with a text of 1 to 128 characters; null takes one away"
            ))
            .additional_properties(Some(Schema::Object(
                ObjectBuilder::new()
                    .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
                    .min_length(Some(1))
                    .max_length(Some(128))
                    .build()
            )))
            .build()
    )
);

number!(
    Capacity,
    model::Capacity::MIN,
    model::Capacity::MAX,
    model::Capacity::RULE
);
number!(Penalty, model::Penalty::MIN, model::Penalty::MAX, model::Penalty::RULE);
number!(
    QualifySeconds,
    model::QualifySeconds::MIN,
    model::QualifySeconds::MAX,
    model::QualifySeconds::RULE
);
number!(
    MaxContacts,
    model::MaxContacts::MIN,
    model::MaxContacts::MAX,
    model::MaxContacts::RULE
);
number!(
    AutoAnswerDelay,
    0,
    peerage_store::AutoAnswerDelay::MAX,
    peerage_store::AutoAnswerDelay::RULE
);
number!(
    DisconnectionTimeout,
    0,
    peerage_store::DisconnectionTimeout::MAX,
    peerage_store::DisconnectionTimeout::RULE
);
number!(GroupNumber, 0, 63, "0 to 63");
number!(Timeout, 0, 3600, "0 to 3600 seconds; 0 rings without end");
number!(Retry, 1, 3600, "1 to 3600 seconds");
number!(Seconds, 0, 86400, "0 to 86400 seconds");
number!(MaxLength, 0, 100_000, "0 to 100000 calls; 0 is no limit");
number!(Weight, 0, 1000, "0 to 1000");
number!(MaxSeconds, 1, 86400, "1 to 86400 seconds");

list!(Transports of Transport, at least 1, at most 5, model::Transports::RULE);
list!(Codecs of Codec, at least 1, at most 6, model::Codecs::RULE);
list!(NumberPatterns of NumberPattern, at least 1, at most 100, model::NumberPatterns::RULE);
list!(SiteNames of SiteName, at least 1, at most 1000, "names of sites, none twice");
list!(Groups of GroupNumber, at least 0, at most 64, "numbers from 0 to 63, none twice");
list!(NamedGroups of GroupName, at least 0, at most 50, model::NamedGroups::RULE);

described!(
    Host,
    Schema::AnyOf(
        AnyOfBuilder::new()
            .item(words(["dynamic"]))
            .item(address(KnownFormat::Ipv4))
            .item(address(KnownFormat::Ipv6))
            .description(Some(model::Host::RULE))
            .build()
    )
);
described!(
    Timestamp,
    Schema::Object(timestamp("a moment, such as 2026-01-31T08:00:00Z").build())
);
described!(
    Password,
    Schema::Object(
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
            .description(Some(model::Password::RULE))
            .min_length(Some(8))
            .max_length(Some(1024))
            .build()
    )
);
described!(
    Secret,
    Schema::Object(
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
            .description(Some(model::Secret::RULE))
            .pattern(Some("^[!-~][ -~]{6,126}[!-~]$"))
            .min_length(Some(8))
            .max_length(Some(128))
            .build()
    )
);
described!(
    PinText,
    Schema::Object(
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
            .description(Some(peerage_store::Pin::RULE))
            .pattern(Some("^[0-9]{4,12}$"))
            .build()
    )
);

fn text(rule: &str, pattern: &str, shortest: usize, longest: usize) -> Schema {
    Schema::Object(
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(rule))
            .pattern(Some(pattern))
            .min_length(Some(shortest))
            .max_length(Some(longest))
            .build(),
    )
}

fn words<'a>(words: impl IntoIterator<Item = &'a str>) -> Schema {
    let words: Vec<&str> = words.into_iter().collect();
    Schema::Object(
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(words))
            .build(),
    )
}

fn number(rule: &str, least: i64, most: i64) -> Schema {
    Schema::Object(
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::Integer))
            .description(Some(rule))
            .minimum(Some(least))
            .maximum(Some(most))
            .build(),
    )
}

fn address(format: KnownFormat) -> Schema {
    Schema::Object(
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(format)))
            .build(),
    )
}

fn timestamp(rule: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
        .description(Some(rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: &str = include_str!("../../../../schema/values.tsv");

    fn decoded(written: &str) -> String {
        let plain = written.replace("\\t", "\t").replace("\\n", "\n").replace("\\\\", "\\");
        let mut parts = plain.split("\\u{");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (digits, rest) = part.split_once('}').unwrap();
            text.push(char::from_u32(u32::from_str_radix(digits, 16).unwrap()).unwrap());
            text.push_str(rest);
        }
        text
    }

    /// The values of a column with their verdicts.
    fn values(column: &str) -> Vec<(String, bool)> {
        VALUES
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let mut cells = line.splitn(3, '\t');
                let (field, verdict, value) = (cells.next()?, cells.next()?, cells.next()?);
                (field == column).then(|| (decoded(value), verdict == "good"))
            })
            .collect()
    }

    #[test]
    fn the_documents_patterns_let_through_what_the_rules_do() {
        type Lets = fn(&str) -> bool;
        let fields: [(&str, Lets); 18] = [
            ("number", Number::lets_through),
            ("phone", DialNumber::lets_through),
            ("mobile", DialNumber::lets_through),
            ("full_name", FullName::lets_through),
            ("alias", Alias::lets_through),
            ("email", Email::lets_through),
            ("description", Description::lets_through),
            ("callerid_name", CallerName::lets_through),
            ("callerid_number", CallerNumber::lets_through),
            ("context", Context::lets_through),
            ("country", Country::lets_through),
            ("realm", Realm::lets_through),
            ("site_name", SiteName::lets_through),
            ("node_name", NodeName::lets_through),
            ("username", Username::lets_through),
            ("queue_name", QueueName::lets_through),
            ("reason_code", ReasonCode::lets_through),
            ("time_zone", TimeZone::lets_through),
        ];
        let mut odd = Vec::new();
        for (field, lets_through) in fields {
            let values = values(field);
            assert!(
                !values.is_empty() || ["queue_name", "reason_code", "time_zone"].contains(&field),
                "{field}"
            );
            odd.extend(
                values
                    .into_iter()
                    .filter(|(text, good)| lets_through(text) != *good)
                    .map(|(text, good)| (field, text, good)),
            );
        }
        // 79 bytes, not characters: a pattern cannot say that.
        odd.retain(|(field, text, good)| !(*field == "callerid_name" && !good && text.len() > 79));
        assert_eq!(odd, []);
    }
}
