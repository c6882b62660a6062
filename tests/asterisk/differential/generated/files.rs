//! What an account is in Asterisk's own files: each option said, from what the settings mean and not from the mappings.

use super::super::subject::md5;
use super::{Account, list};

/// A file of Asterisk's in the making.
struct Sections(String);

impl Sections {
    fn section(&mut self, name: &str) {
        self.0 += &format!("\n[{name}]\n");
    }

    fn say(&mut self, option: &str, value: impl Into<String>) {
        // In a file `;` begins a comment, unless it is escaped.
        self.0 += &format!("{option} = {}\n", value.into().replace(';', "\\;"));
    }
}

impl Account {
    /// Its section of `sip.conf`.
    pub(super) fn sip(&self) -> String {
        let mut file = Sections(String::new());
        file.section(&self.number);
        file.say("type", self.kind);
        file.say("defaultuser", &self.number);
        file.say("md5secret", md5(&self.number));
        file.say("context", self.context);
        file.say("subscribecontext", self.context);
        file.say("transport", list(&self.transports));
        match (&self.host, self.kind) {
            (Some(host), "peer" | "friend") => {
                file.say("host", host);
                file.say("insecure", "port");
            }
            _ => file.say("host", "dynamic"),
        }
        self.access(&mut file);
        let nat = match self.nat {
            "yes" | "route" => "force_rport,comedia",
            "no" | "never" => "no",
            other => other,
        };
        file.say("nat", nat);
        file.say("disallow", "all");
        file.say("allow", self.formats());
        file.say("videosupport", yes(self.video));
        file.say("encryption", yes(self.encryption));
        if self.is_browser() {
            for option in [
                "avpf",
                "force_avp",
                "icesupport",
                "rtcp_mux",
                "dtlsenable",
                "dtlsautogeneratecert",
            ] {
                file.say(option, "yes");
            }
            file.say("dtlsverify", "fingerprint");
            file.say("dtlssetup", "actpass");
        }
        file.say("callerid", self.caller_id());
        file.say("callgroup", list(&self.call_groups));
        file.say("pickupgroup", list(&self.pickup_groups));
        file.say("namedcallgroup", list(&self.named_call_groups));
        file.say("namedpickupgroup", list(&self.named_pickup_groups));
        for variable in self.variables() {
            file.say("setvar", variable);
        }
        file.say("qualify", yes(self.qualify_seconds > 0));
        file.say("qualifyfreq", self.qualify_seconds.to_string());
        file.0
    }

    /// Its sections of `pjsip.conf`.
    pub(super) fn pjsip(&self) -> String {
        let number = &self.number;
        let may_be_called = self.kind != "user";
        let mut file = Sections(String::new());
        file.section(number);
        file.say("type", "endpoint");
        file.say("auth", number);
        if may_be_called {
            file.say("aors", number);
        }
        if let [transport] = self.transports[..] {
            file.say("transport", format!("transport-{transport}"));
        }
        let identify_by = match (self.kind, &self.host) {
            ("peer", Some(_)) => "ip",
            ("friend", Some(_)) => "username,ip",
            _ => "username",
        };
        file.say("identify_by", identify_by);
        self.access(&mut file);
        // As the shipped sip.conf says for all peers.
        file.say("direct_media", "no");
        file.say("force_rport", yes(matches!(self.nat, "yes" | "route" | "force_rport")));
        file.say(
            "rewrite_contact",
            yes(matches!(self.nat, "yes" | "route" | "force_rport")),
        );
        file.say("rtp_symmetric", yes(matches!(self.nat, "yes" | "route" | "comedia")));
        file.say("allow", self.formats());
        if self.is_browser() {
            file.say("webrtc", "yes");
        } else {
            file.say("media_encryption", if self.encryption { "sdes" } else { "no" });
        }
        file.say("callerid", self.caller_id());
        file.say("context", self.context);
        file.say("subscribe_context", self.context);
        file.say("call_group", list(&self.call_groups));
        file.say("pickup_group", list(&self.pickup_groups));
        file.say("named_call_group", list(&self.named_call_groups));
        file.say("named_pickup_group", list(&self.named_pickup_groups));
        for variable in self.variables() {
            file.say("set_var", variable);
        }

        file.section(number);
        file.say("type", "auth");
        file.say("auth_type", "md5");
        file.say("username", number);
        file.say("realm", "asterisk");
        file.say("md5_cred", md5(number));

        if may_be_called {
            file.section(number);
            file.say("type", "aor");
            file.say("qualify_frequency", self.qualify_seconds.to_string());
            if let Some(host) = &self.host {
                file.say("max_contacts", "0");
                file.say("contact", self.contact(host));
                file.section(number);
                file.say("type", "identify");
                file.say("endpoint", number);
                file.say("match", host);
                file.say("srv_lookups", "no");
            } else {
                file.say("max_contacts", self.max_contacts.to_string());
                file.say("remove_existing", "yes");
                file.say("remove_unavailable", "yes");
            }
        }
        file.0
    }

    /// From a fixed host and from nowhere else; the same in both files.
    fn access(&self, file: &mut Sections) {
        if let Some(host) = &self.host {
            file.say("deny", "0.0.0.0/0.0.0.0");
            file.say("deny", "::/0");
            file.say("permit", host);
        }
    }

    fn contact(&self, host: &str) -> String {
        let can_be_opened = |transport: &&&str| ["udp", "tcp", "tls"].contains(transport);
        let transport = self.transports.iter().find(can_be_opened).unwrap();
        let host = if host.contains(':') {
            format!("[{host}]")
        } else {
            host.to_owned()
        };
        format!("sip:{}@{host};transport={transport}", self.number)
    }

    fn formats(&self) -> String {
        list(&self.codecs) + if self.video { ",h264" } else { "" }
    }

    fn caller_id(&self) -> String {
        match (&self.name, &self.caller) {
            (None, None) => String::new(),
            (None, Some(number)) => format!("<{number}>"),
            (Some(name), number) => {
                let name = name.replace('\\', r"\\").replace('"', r#"\""#);
                format!("\"{name}\" <{}>", number.as_ref().unwrap_or(&self.number))
            }
        }
    }

    fn variables(&self) -> [String; 2] {
        [
            format!("PEERAGE_CHANSPY={}", yes(self.chanspy)),
            format!("PEERAGE_RECORD={}", self.record),
        ]
    }
}

fn yes(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}
