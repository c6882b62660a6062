//! SIPp as many telephones that register over and over.

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use peerage_testkit::asterisk::{Loopback, wait_until};
use tempfile::TempDir;

use crate::traffic::account::SECRET;

/// One registration: a challenge, and its answer. Field 0 is the number, field 1 the answer's ingredients.
const SCENARIO: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<scenario name="register">
  <send retrans="500"><![CDATA[

    REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:[field0]@[remote_ip]>;tag=[pid]r[call_number]
    To: <sip:[field0]@[remote_ip]>
    Call-ID: [call_id]
    CSeq: 1 REGISTER
    Contact: <sip:[field0]@[local_ip]:[local_port]>
    Expires: 300
    Max-Forwards: 70
    Content-Length: 0

  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="401" auth="true"/>
  <send retrans="500"><![CDATA[

    REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:[field0]@[remote_ip]>;tag=[pid]r[call_number]
    To: <sip:[field0]@[remote_ip]>
    Call-ID: [call_id]
    CSeq: 2 REGISTER
    [field1]
    Contact: <sip:[field0]@[local_ip]:[local_port]>
    Expires: 300
    Max-Forwards: 70
    Content-Length: 0

  ]]></send>
  <label id="wait"/>
  <recv response="100" optional="true"/>
  <!-- On a busy machine the first request is repeated, and so is its answer. -->
  <recv response="401" optional="true" next="wait">
    <action>
      <ereg regexp="1 REGISTER" search_in="hdr" header="CSeq:" check_it="true" assign_to="first"/>
    </action>
  </recv>
  <recv response="200"/>
  <Reference variables="first"/>
</scenario>
"#;

/// A SIPp at work; killed when dropped.
pub(super) struct Load {
    child: Child,
    files: TempDir,
    limit: Duration,
    _address: Loopback,
}

impl Load {
    /// Registers these numbers in turn, so many each second, so many in all.
    pub(super) fn start(asterisk: SocketAddr, numbers: &[String], each_second: u32, in_all: u32) -> Self {
        let address = Loopback::claim().unwrap();
        let files = tempfile::tempdir().unwrap();
        let mut accounts = "SEQUENTIAL\n".to_owned();
        for number in numbers {
            writeln!(
                accounts,
                "{number};[authentication username={number} password={SECRET}]"
            )
            .unwrap();
        }
        fs::write(files.path().join("accounts.csv"), accounts).unwrap();
        fs::write(files.path().join("scenario.xml"), SCENARIO).unwrap();
        let limit = Duration::from_secs(u64::from(in_all / each_second) + 120);
        let log = fs::File::create(files.path().join("output")).unwrap();
        let child = Command::new("setpriv")
            .args([
                "--pdeathsig",
                "KILL",
                "sipp",
                "-sf",
                "scenario.xml",
                "-inf",
                "accounts.csv",
            ])
            .args(["-i", &address.ip().to_string(), "-p", "5060", "-nostdin"])
            .args(["-r", &each_second.to_string(), "-m", &in_all.to_string()])
            .args(["-trace_err", "-error_file", "errors.log"])
            .args(["-trace_stat", "-stf", "statistics.csv", "-fd", "1"])
            // Answers the OPTIONS of an Asterisk that asks whether they are there.
            .args(["-aa", "-timeout", &limit.as_secs().to_string(), "-timeout_error"])
            .arg(asterisk.to_string())
            .current_dir(files.path())
            .env("TERM", "dumb")
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Self {
            child,
            files,
            limit,
            _address: address,
        }
    }

    /// Whether it is still at it.
    pub(super) fn goes_on(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits until all are through; fails if one was not.
    pub(super) fn finish(mut self) {
        let mut status = None;
        wait_until("SIPp has registered all", self.limit, || {
            status = self.child.try_wait()?;
            Ok(status.is_some())
        })
        .unwrap();
        let errors = fs::read_to_string(self.files.path().join("errors.log")).unwrap_or_default();
        assert!(status.unwrap().success(), "{status:?}: {errors}");
    }
}

/// How registrations went.
#[derive(Debug)]
pub(super) struct Registrations {
    pub(super) failed: u64,
}

impl Load {
    /// Ends it where it is, and tells how it went so far.
    pub(super) fn stop(mut self) -> Registrations {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let statistics = fs::read_to_string(self.files.path().join("statistics.csv")).unwrap();
        let mut lines = statistics.lines();
        let names: Vec<&str> = lines.next().unwrap().split(';').collect();
        let last: Vec<&str> = lines.next_back().unwrap().split(';').collect();
        let count = |name: &str| {
            last[names.iter().position(|found| *found == name).unwrap()]
                .parse()
                .unwrap()
        };
        Registrations {
            failed: count("FailedCall(C)"),
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
