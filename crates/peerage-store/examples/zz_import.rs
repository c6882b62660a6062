use std::time::Instant;
use peerage_store::*;
fn main() {
    let n: u64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let db = peerage_testkit::db::TestDb::new();
    for f in std::env::args().skip(3) { db.psql(&std::fs::read_to_string(f).unwrap()); }
    let url: DatabaseUrl = db.url().parse().unwrap();
    let store = Store::open(&url, Actor::new("bench").unwrap()).unwrap();
    let lines = (0..n).map(|i| {
        let mut a = NewAgent::new((100_000 + i).to_string().parse().unwrap(), format!("Agent {i}").parse().unwrap());
        a.account.voice.caller_id = format!("\"Agent {i}\" <{}>", 100_000 + i).parse().unwrap();
        a.account.voice.transports = "udp,tls".parse().unwrap();
        a.account.voice.call_groups = "1".parse().unwrap();
        Ok(ImportRow { line: i + 1, row: a, secret: format!("secret-{i}-abcdef").parse().unwrap() })
    });
    let t = Instant::now();
    let r = store.import_agents(lines, Mode::Commit).unwrap();
    println!("{r} rows in {:?}", t.elapsed());
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", status.lines().find(|l| l.starts_with("VmHWM")).unwrap());
    println!("{}", db.psql("select count(*), (select count(*) from peerage.audit_entry), (select count(*) from peerage.pjsip_auth) from peerage.agent"));
    println!("{}", db.psql("select pg_size_pretty(pg_database_size(current_database()))"));
    if std::env::args().nth(2).as_deref() == Some("keep") { println!("{}", db.url()); std::io::stdin().read_line(&mut String::new()).unwrap(); }
}
