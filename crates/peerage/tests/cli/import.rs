use std::fmt::Write;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::redact::secrets;
use crate::session::{Session, finish};

fn count(session: &Session) -> String {
    session.db().psql("select count(*) from peerage.sip_account")
}

#[test]
fn good_files_are_added_whole() {
    let mut session = Session::new();
    session.write(
        "agents.csv",
        "\u{feff}number,name,secret,transport,call_group,callerid,video,channel,forbid\r\n\
         1001,\"King, Ada\",correct-horse,\"udp,tls\",\"1,3-5\",\"\"\"Ada\"\" <1001>\",yes,\"chat=5,auto-answer=3;fax=0\",\"move,log-out\"\r\n\
         1002,Bo Li,battery-staple,,,,,,\r\n",
    );
    session.write(
        "phones.csv",
        "number,name,secret,host,emergency-callerid\n2001,Desk 1,correct-horse,10.0.0.9,0655512\n",
    );
    for line in [
        "import csv agents.csv --dry-run",
        "import csv agents.csv",
        "agent list",
        "agent show 1001",
        "import csv phones.csv --kind phone --format json",
        "phone list",
    ] {
        assert_eq!(session.run(line).code, 0, "{line}: {}", session.transcript());
    }
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn every_bad_line_is_named_and_nothing_is_added() {
    let mut session = Session::new();
    session.quietly("agent add 1001 --name Ada");
    session.write(
        "agents.csv",
        "number,name,secret,nat,codecs,video,site,permit\n\
         1001,Ada,correct-horse,,,,,\n\
         1002,Bo,correct-horse,maybe,\"ulaw,mp3\",perhaps,,\n\
         1003,Cy,short,,,,,\n\
         1004,,correct-horse,,,,,\n\
         10 05,Ed,correct-horse,,,,,\n\
         1006,Flo,correct-horse,,,,rome,\n\
         1007,Gus,correct-horse\n\
         1008,Hal,,,,,,\n\
         1009,Ida,correct-horse,,,,,fly\n\
         1010,Jo,correct-horse,,,,,\n\
         1010,Jo again,correct-horse,,,,,\n",
    );
    assert_eq!(session.run("import csv agents.csv").code, 1);
    assert_eq!(session.run("import csv agents.csv --dry-run").code, 1);
    assert_eq!(count(&session), "1");
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn rules_between_fields_hold_in_a_file_too() {
    let mut session = Session::new();
    session.write(
        "agents.csv",
        "number,name,secret,transport,host,encryption,type\n\
         1001,Ada,correct-horse,wss,,,\n\
         1002,Bo,correct-horse,wss,10.0.0.1,yes,\n\
         1003,Cy,correct-horse,udp,10.0.0.2,,peer\n\
         1004,Di,correct-horse,udp,10.0.0.2,,peer\n",
    );
    assert_eq!(session.run("import csv agents.csv").code, 1);
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn generated_secrets_are_written_to_a_file_that_only_its_owner_can_read() {
    let mut session = Session::new();
    session.write(
        "agents.csv",
        "number,name,secret\n1001,Ada,\n1002,Bo,correct-horse\n1003,Cy,\n",
    );
    assert_eq!(session.run("import csv agents.csv").code, 1);
    assert_eq!(
        session
            .run("import csv agents.csv --dry-run --secrets-out secrets.csv")
            .code,
        0
    );
    assert!(!session.path("secrets.csv").exists());
    assert_eq!(session.run("import csv agents.csv --secrets-out secrets.csv").code, 0);
    let path = session.path("secrets.csv");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let written = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = written.lines().collect();
    assert_eq!(lines.len(), 3, "{written}");
    assert_eq!(lines[0], "number,secret");
    assert!(
        lines[1].starts_with("1001,") && lines[2].starts_with("1003,"),
        "{written}"
    );
    assert_eq!(secrets(&written).len(), 2);
    // It opens the account: the digest in the database is that of this secret.
    let secret = lines[1].trim_start_matches("1001,");
    let digest = format!("select md5('1001:asterisk:{secret}') = md5 from peerage.sip_secret where number = '1001'");
    assert_eq!(session.db().psql(&digest), "t");
    // What is there is never overwritten.
    assert_eq!(session.run("import csv agents.csv --secrets-out secrets.csv").code, 1);
    assert_eq!(
        session
            .run("import csv agents.csv --secrets-out secrets.csv --dry-run")
            .code,
        1
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), written);
    // What came to nothing leaves no file.
    assert_eq!(session.run("import csv agents.csv --secrets-out more.csv").code, 1);
    assert!(!session.path("more.csv").exists());
    assert_eq!(
        session.run("import csv agents.csv --secrets-out nowhere/more.csv").code,
        1
    );
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn secrets_that_cannot_be_written_stop_the_import() {
    let mut session = Session::new();
    session.write("agents.csv", "number,name\n1001,Ada\n");
    std::os::unix::fs::symlink("/dev/full", session.path("full.csv")).unwrap();
    assert_eq!(session.run("import csv agents.csv --secrets-out full.csv").code, 1);
    assert_eq!(count(&session), "0");
}

#[test]
fn files_that_are_none_are_refused() {
    let mut session = Session::new();
    session.write("empty.csv", "");
    session.write("unknown.csv", "number,name,colour,size\n1001,Ada,red,9\n");
    session.write("twice.csv", "number,name,call-group,call_group\n1001,Ada,1,1\n");
    session.write("semicolons.csv", "number;name;secret\n1001;Ada;correct-horse\n");
    session.write("nameless.csv", "number,secret\n1001,correct-horse\n");
    session.write("header.csv", "number,name\n");
    session.write("phone.csv", "number,name,secret,alias\n2001,Desk,correct-horse,x\n");
    fs::write(
        session.path("latin.csv"),
        b"number,name,secret\n1001,P\xe4r,correct-horse\n1002,Bo,correct-horse\n",
    )
    .unwrap();
    session.write(
        "open.csv",
        &format!(
            "number,name,secret\n1001,\"Ada,correct-horse\n{}",
            "x".repeat(2_000_000)
        ),
    );
    for (line, code) in [
        ("import csv", 2),
        ("import csv nowhere.csv", 1),
        ("import csv .", 1),
        ("import csv empty.csv", 1),
        ("import csv unknown.csv", 1),
        ("import csv twice.csv", 1),
        ("import csv semicolons.csv", 1),
        ("import csv nameless.csv", 1),
        ("import csv header.csv", 0),
        ("import csv phone.csv --kind phone", 1),
        ("import csv latin.csv", 1),
        ("import csv open.csv", 1),
        ("import csv agents.csv --kind queue", 2),
    ] {
        assert_eq!(session.run(line).code, code, "{line}: {}", session.transcript());
    }
    assert_eq!(finish(session.command("import csv /dev/zero"), "").code, 1);
    assert_eq!(count(&session), "0");
    insta::assert_snapshot!(session.transcript());
}

#[test]
fn more_bad_lines_than_can_be_shown_are_counted() {
    let session = Session::new();
    let mut file = "number,name,secret\n".to_owned();
    for line in 0..1500 {
        writeln!(file, "{line} bad,Ada,correct-horse").unwrap();
    }
    session.write("agents.csv", &file);
    let run = finish(session.command("import csv agents.csv"), "");
    assert_eq!(run.code, 1);
    assert_eq!(run.stderr.matches("error: line ").count(), 1000);
    assert!(
        run.stderr
            .contains("1500 of the lines of `agents.csv` cannot be imported (500 not shown)")
    );
}

#[test]
fn what_is_exported_can_be_imported() {
    let mut session = Session::new();
    session.quietly("site add rome --outside-numbers +39X.,1XXX");
    session.quietly(
        "agent add 1001 --name 'King, \"Ada\"' --alias Countess --email ada@example.com --phone 1009 --mobile +39055 \
         --hot-desk --login-in-pause --client-log-level info --permit edit-own-numbers --forbid move,log-out --channel chat=5,auto-answer=3 --channel fax=0 \
         --transport udp,tls --nat comedia --codecs opus,alaw --callerid '\"Ada\" <1001>' --context sales --call-group 1,3-5 \
         --pickup-group 0 --named-call-group sales,hall --named-pickup-group hall --chanspy --video --record wav --encryption \
         --qualify 0 --max-contacts 3 --disabled --site rome",
    );
    session
        .db()
        .psql("update peerage.agent set description = E'first\\nsecond, \"third\"'");
    session.quietly("agent add 1002 --name Bo");
    session.quietly("phone add 2001 --name Desk --host 10.0.0.9 --type peer --emergency-callerid 06");
    session.run("export csv");
    session.run("export csv --kind phone");
    session.run("export json");
    session.run("export json --kind phone");
    let agents = session.quietly("export csv").stdout;
    let phones = session.quietly("export csv --kind phone").stdout;
    insta::assert_snapshot!(session.transcript());

    let other = Session::new();
    other.quietly("site add rome --outside-numbers +39X.,1XXX");
    other.write("agents.csv", &agents);
    other.write("phones.csv", &phones);
    other.quietly("import csv agents.csv --secrets-out agents-secrets.csv");
    other.quietly("import csv phones.csv --kind phone --secrets-out phones-secrets.csv");
    assert_eq!(other.quietly("export csv").stdout, agents);
    assert_eq!(other.quietly("export csv --kind phone").stdout, phones);
}

#[test]
fn an_export_is_whole_however_many_there_are_and_has_no_digest() {
    let session = Session::new();
    let mut file = "number,name,secret\n".to_owned();
    for number in 10000..12500 {
        writeln!(file, "{number},Agent {number},correct-horse").unwrap();
    }
    session.write("agents.csv", &file);
    session.quietly("import csv agents.csv");
    assert_eq!(session.quietly("export csv").csv().len(), 2501);
    let export = session.quietly("export json");
    let json = export.json();
    assert_eq!(json["agents"].as_array().unwrap().len(), 2500);
    assert_eq!(json["phones"].as_array().unwrap().len(), 0);
    for column in ["md5", "sha256"] {
        let digest = session
            .db()
            .psql(&format!("select {column} from peerage.sip_secret limit 1"));
        assert!(!digest.is_empty() && !export.stdout.contains(&digest));
    }
    let first = session.db().psql(
        "select number, name from (select number, full_name from peerage.agent order by 1 limit 1) as a (number, name)",
    );
    assert_eq!(first, "10000|Agent 10000");
}
