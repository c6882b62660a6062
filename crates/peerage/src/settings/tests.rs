use std::collections::HashMap;
use std::io::Write;

use super::*;
use crate::args::Format;

fn global(config: Option<&Path>) -> Global {
    Global {
        config: config.map(Path::to_owned),
        format: Format::Table,
        quiet: false,
        verbose: 0,
    }
}

fn with(variables: &[(&str, &str)], config: Option<&Path>) -> Result<Settings, Failure> {
    let mut set: HashMap<&str, &str> = [("HOME", "/home/ada")].into();
    set.extend(variables.iter().copied());
    Settings::from(&global(config), false, |name| {
        set.get(name).filter(|value| !value.is_empty()).map(OsString::from)
    })
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn refusal(variables: &[(&str, &str)], config: Option<&Path>) -> String {
    let failure = with(variables, config).unwrap_err();
    assert_eq!(failure.exit, crate::exit::Exit::Usage);
    format!(
        "{} / {}",
        failure.message.unwrap_or_default(),
        failure.hint.unwrap_or_default()
    )
}

#[test]
fn nothing_need_be_set() {
    let settings = with(&[], None).unwrap();
    assert!(settings.database_url.is_none());
    assert_eq!(settings.log, "warn");
    assert!(!settings.operator.is_empty());
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = file("home = \"/from/file\"\nlog = \"debug\"\n");
    let path = file.path().to_str().unwrap();
    let settings = with(&[("PEERAGE_CONFIG", path)], None).unwrap();
    assert_eq!(settings.cluster.home(), Path::new("/from/file"));
    assert_eq!(settings.log, "debug");
    let settings = with(&[("PEERAGE_CONFIG", path), ("PEERAGE_HOME", "/from/variable")], None).unwrap();
    assert_eq!(settings.cluster.home(), Path::new("/from/variable"));
}

#[test]
fn the_flag_wins_over_the_variable_that_names_the_file() {
    let (first, second) = (file("log = \"info\"\n"), file("log = \"error\"\n"));
    let settings = with(
        &[("PEERAGE_CONFIG", second.path().to_str().unwrap())],
        Some(first.path()),
    )
    .unwrap();
    assert_eq!(settings.log, "info");
}

#[test]
fn other_variables_of_that_prefix_never_stop_the_command() {
    let others = [
        ("PEERAGE_CACHE", "/var/cache"),
        ("PEERAGE_TEST_DATABASE_URL", "nonsense"),
        ("PEERAGE_DATABASE", "nonsense"),
        ("peerage_log", "("),
    ];
    assert_eq!(with(&others, None).unwrap().log, "warn");
}

#[test]
fn an_unknown_name_in_the_file_is_named_with_what_was_meant_and_without_its_value() {
    let file = file("databse_url = \"postgresql://ada:hunter2@h/d\"\nzzz = 1\nlog = \"info\"\n");
    let settings = with(&[], Some(file.path())).unwrap();
    let [first, second] = settings.unknown.as_slice() else {
        panic!("{:?}", settings.unknown)
    };
    assert!(
        first.contains("`databse_url`") && first.contains("`database_url`?"),
        "{first}"
    );
    assert!(second.contains("`zzz`") && !second.contains("mean"), "{second}");
    assert!(!first.contains("hunter2"), "{first}");
    assert_eq!(settings.log, "info");
}

#[test]
fn an_unknown_variable_is_named_with_what_was_meant() {
    let unknown = |name: &str| unknown_variables([name.to_owned()].into_iter()).pop();
    for (name, meant) in [
        ("PEERAGE_DATABASE", "PEERAGE_DATABASE_URL"),
        ("PEERAGE_LISTN", "PEERAGE_LISTEN"),
        ("PEERAGE_LOGS", "PEERAGE_LOG"),
        ("PEERAGE_MANAGER_SECRET", "PEERAGE_MANAGER_SECRETS"),
        ("peerage_home", "PEERAGE_HOME"),
    ] {
        let said = unknown(name).unwrap();
        assert!(
            said.contains(name) && said.contains(&format!("mean `{meant}`?")),
            "{said}"
        );
    }
    let said = unknown("PEERAGE_XYZZY").unwrap();
    assert!(!said.contains("mean"), "{said}");
    for known in [
        "PEERAGE_HOME",
        "PEERAGE_CONFIG",
        "PEERAGE_CACHE",
        "PEERAGE_TEST_DATABASE_URL",
        "PEERAGE",
        "HOME",
    ] {
        assert_eq!(unknown(known), None, "{known}");
    }
}

#[test]
fn a_wrong_type_is_refused_by_name() {
    let file = file("log = [1, 2]\n");
    let said = refusal(&[], Some(file.path()));
    assert!(said.contains("log"), "{said}");
}

#[test]
fn a_file_that_is_no_toml_is_refused_without_showing_the_line() {
    for text in [
        "database_url = postgresql://ada:hunter2@h/d\n",
        "database_url = \"postgresql://ada:hunter2@h/d\n",
    ] {
        let file = file(text);
        let said = refusal(&[], Some(file.path()));
        assert!(said.contains("line 1") && said.contains("TOML"), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let said = refusal(&[], Some(Path::new("/nowhere/peerage.toml")));
    assert!(said.contains("/nowhere/peerage.toml"), "{said}");
}

#[test]
fn a_bad_database_url_is_refused_with_a_hint_and_without_its_password() {
    let said = refusal(
        &[("PEERAGE_DATABASE_URL", "postgresql://ada:hunter2@h/d?service=x")],
        None,
    );
    assert!(said.contains("service"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn the_database_url_may_stand_in_a_file_of_its_own() {
    let url = file("postgresql://ada:hunter2@h/d\n");
    let path = url.path().to_str().unwrap();
    let settings = with(&[("PEERAGE_DATABASE_URL_FILE", path)], None).unwrap();
    assert_eq!(settings.database_url.unwrap().expose(), "postgresql://ada:hunter2@h/d");
    let both = [
        ("PEERAGE_DATABASE_URL_FILE", path),
        ("PEERAGE_DATABASE_URL", "postgresql://h/d"),
    ];
    assert!(refusal(&both, None).contains("both"));
    let missing = with(&[("PEERAGE_DATABASE_URL_FILE", "/nowhere/url")], None).unwrap_err();
    assert!(missing.message.unwrap().contains("/nowhere/url"));
}

#[test]
fn the_owners_url_goes_with_an_everyday_one() {
    let url = file("postgresql://boss:hunter2@h/d\n");
    let both = [
        ("PEERAGE_DATABASE_URL", "postgresql://ada:hunter2@h/d"),
        ("PEERAGE_OWNER_DATABASE_URL_FILE", url.path().to_str().unwrap()),
    ];
    let settings = with(&both, None).unwrap();
    assert_eq!(
        settings.owner_database_url.unwrap().expose(),
        "postgresql://boss:hunter2@h/d"
    );
    let said = refusal(&both[1..], None);
    assert!(
        said.contains("PEERAGE_DATABASE_URL") && !said.contains("hunter2"),
        "{said}"
    );
}

#[test]
fn settings_never_show_a_password() {
    let settings = with(&[("PEERAGE_DATABASE_URL", "postgresql://ada:hunter2@h/d")], None).unwrap();
    let shown = format!("{settings:?}");
    assert!(shown.contains("ada:***@h") && !shown.contains("hunter2"), "{shown}");
}

#[test]
fn the_audit_learns_who_is_at_the_keyboard() {
    let accounts = "root:x:0:0:root:/root:/bin/bash\nada:x:1000:1000::/home/ada:/bin/sh\n";
    let sudo = |name: &str| (name == "SUDO_USER").then(|| "b\no".to_owned());
    assert_eq!(operator(Some(1000), accounts, |_| None), "ada");
    assert_eq!(operator(Some(0), accounts, |_| None), "root");
    assert_eq!(operator(Some(0), accounts, sudo), "bo");
    assert_eq!(operator(Some(1000), accounts, sudo), "ada");
    assert_eq!(operator(Some(7), accounts, |_| None), "uid 7");
    assert_eq!(operator(None, accounts, sudo), "unknown");
    assert!(uid().is_some());
}

#[test]
fn each_setting_of_the_file_has_its_variable() {
    let text: String = VARIABLES
        .iter()
        .map(|(key, _)| match *key {
            "https" => format!("{key} = true\n"),
            key if key.starts_with("connections") || key.contains("_per_") => format!("{key} = 1\n"),
            _ => format!("{key} = \"x\"\n"),
        })
        .collect();
    let written: Written = Config::builder()
        .add_source(File::from_str(&text, FileFormat::Toml))
        .build()
        .unwrap()
        .try_deserialize()
        .unwrap();
    assert!(written.database_url.is_some() && written.database_url_file.is_some());
    assert!(written.listen.is_some() && written.https.is_some() && written.manager_secrets.is_some());
    assert!(written.home.is_some() && written.node_password_file.is_some() && written.log.is_some());
    for (key, name) in VARIABLES {
        assert_eq!(*name, format!("PEERAGE_{}", key.to_uppercase()));
    }
}
