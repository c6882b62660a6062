use super::*;

fn refusal(url: &str) -> UrlError {
    match DatabaseUrl::try_from(url) {
        Err(error) => error,
        Ok(url) => panic!("accepted: {url}"),
    }
}

#[test]
fn what_both_drivers_read_alike_is_accepted() {
    for url in [
        "postgresql://localhost",
        "postgres://localhost/peerage",
        "postgresql://ada@db.example.com:5433/peerage?sslmode=require",
        "postgresql://ada:p%40ss%2Fword@10.0.0.1/peerage",
        "postgresql://[::1]:5432/peerage",
        "postgresql://one:5432,two:5433/peerage?target_session_attrs=read-write",
        "postgresql:///peerage?host=/var/lib/peerage/run&user=postgres&port=40123",
        "postgresql://localhost/peerage?options=-c%20search_path%3Dx&application_name=me&connect_timeout=5",
        "postgresql://%2Frun%2Fpostgresql/peerage",
    ] {
        assert_eq!(DatabaseUrl::try_from(url).unwrap().expose(), url);
    }
}

#[test]
fn what_one_driver_refuses_is_refused_with_advice() {
    for (url, word) in [
        ("postgresql://h/d?sslmode=allow", "prefer"),
        ("postgresql://h/d?sslrootcert=ca.pem", "/etc/peerage/db-ca.crt"),
        ("postgresql://h/d?sslrootcert=system", "/etc/peerage/db-ca.crt"),
        ("postgresql://h/d?tcp_user_timeout=soon", "whole number"),
        ("postgresql://h/d?keepalives_retries=5", "keepalives_count"),
        ("postgresql://h/d?service=peerage", "into the URL"),
        ("postgresql://h/d?passfile=/etc/peerage/pgpass", "password into the URL"),
        ("postgresql://h/d?gssencmode=disable", "use these only"),
        ("postgresql:///peerage", "host=/run/postgresql"),
        ("host=localhost dbname=peerage", "%20"),
        ("mysql://localhost/peerage", "postgresql://user@host"),
        ("postgresql://h/d\n", "line end"),
        ("postgresql://a:p@ss@h/d", "%40"),
        ("postgresql://h/d?user=a@b", "%40"),
        ("postgresql://a:b/c@h/d", "%2F"),
        ("postgresql://h/d?application_name", "%3D"),
        ("postgresql://h/d?options=-csearch_path=x", "%3D"),
        ("postgresql://h/d?connect_timeout=soon", "whole number"),
        ("postgresql://h:port/d", "65535"),
        ("postgresql://h:/d", "65535"),
        ("postgresql://h:70000/d", "65535"),
        ("postgresql://[::1]5432/d", "65535"),
        ("postgresql://,h/d", "name the host"),
        ("postgresql://h/d?host=/run", "say it once"),
        ("postgresql://h/d?port=5433", "after the host"),
        ("postgresql://h/d?dbname=e", "say it once"),
        ("postgresql://h/d?user=", "leave the parameter out"),
        ("postgresql://@h/d", "name the user"),
        ("postgresql://a:100%@h/d", "%25"),
        ("postgresql://a:%00@h/d", "%25"),
        ("postgresql://a:%+1@h/d", "%25"),
        ("postgresql://a:%ff@h/d", "UTF-8"),
    ] {
        let error = refusal(url);
        assert!(error.hint().contains(word), "{url}: {error}: {}", error.hint());
    }
}

#[test]
fn a_password_is_shown_nowhere() {
    for (url, shown) in [
        ("postgresql://ada:hunter2@h/d", "postgresql://ada:***@h/d"),
        (
            "postgresql://h/d?user=ada&password=hunter2",
            "postgresql://h/d?user=ada&password=***",
        ),
        ("postgresql://ada@h/d", "postgresql://ada@h/d"),
    ] {
        let parsed = DatabaseUrl::try_from(url).unwrap();
        assert_eq!(parsed.to_string(), shown);
        assert_eq!(format!("{parsed:?}"), format!("DatabaseUrl({shown})"));
    }
    for bad in [
        "postgresql://ada:hunter2",
        "postgresql://ada:hunter2@h:x/d",
        "postgresql://ada:hunter2%@h/d",
        "postgresql://ada:hun@ter2@h/d",
        "postgresql://ada:hunter2/@h/d",
        "postgresql://h/d?password=hunter2&password=hunter2",
        "postgresql://h/d?pasword=hunter2",
        "postgresql://h/d?password=hun=hunter2",
        "ada:hunter2@h/d",
    ] {
        let error = refusal(bad);
        assert!(
            !format!("{error:?} {error} {}", error.hint()).contains("hunter2"),
            "{error:?}"
        );
    }
}

#[test]
fn the_private_clusters_url_is_accepted() {
    let url = "postgresql:///peerage?host=/var/lib/peerage/run&user=postgres&port=5433";
    assert!(!DatabaseUrl::try_from(url).unwrap().names_application());
}

#[test]
fn each_driver_gets_the_url_in_its_own_words_with_every_wait_bounded() {
    let url = DatabaseUrl::try_from("postgresql://ada:p%40ss@one,two:5433/d?target_session_attrs=read-write").unwrap();
    let bounds = "connect_timeout=3&tcp_user_timeout=9000&keepalives_idle=5&keepalives_interval=2&keepalives_count=2";
    let place = "postgresql://ada:p%40ss@one,two:5433/d?target_session_attrs=read-write";
    assert_eq!(*url.for_libpq(), format!("{place}&{bounds}"));
    let bounds = "connect_timeout=3&tcp_user_timeout=9&keepalives_idle=5&keepalives_interval=2&keepalives_retries=2";
    assert_eq!(*url.for_tokio_postgres(), format!("{place}&{bounds}"));

    let own = "connect_timeout=2&tcp_user_timeout=1500&keepalives_idle=9&keepalives_interval=4&keepalives_count=7";
    let tls = "sslmode=verify-full&sslrootcert=/etc/peerage/db%20ca.crt";
    let url = DatabaseUrl::try_from(format!("postgresql://h/d?{own}&{tls}").as_str()).unwrap();
    assert_eq!(*url.for_libpq(), format!("postgresql://h/d?{own}&{tls}"));
    assert_eq!(
        *url.for_tokio_postgres(),
        "postgresql://h/d?connect_timeout=2&tcp_user_timeout=2&keepalives_idle=9&keepalives_interval=4&keepalives_retries=7&sslmode=require"
    );
    assert_eq!(
        url.tls(),
        Tls {
            mode: "verify-full".to_owned(),
            root_certificate: Some("/etc/peerage/db ca.crt".into())
        }
    );
}
