//! How a case is written down: the row on one side, the words of Asterisk's own files on the other.

use super::subject::{Subject, md5};

/// Templates as an administrator keeps them for telephones that have nothing special; a case says what differs.
pub(super) const SIP_TEMPLATES: &str = "
[phone](!)
host = dynamic
context = from-sip
subscribecontext = from-sip
transport = udp
disallow = all
allow = ulaw,alaw
qualify = yes
qualifyfreq = 60
setvar = PEERAGE_CHANSPY=no
setvar = PEERAGE_RECORD=inactive

[browser](!)
avpf = yes
force_avp = yes
icesupport = yes
rtcp_mux = yes
encryption = yes
dtlsenable = yes
dtlsverify = fingerprint
dtlssetup = actpass
dtlsautogeneratecert = yes
";

/// As [`SIP_TEMPLATES`], for PJSIP.
pub(super) const PJSIP_TEMPLATES: &str = "
[phone-endpoint](!)
type = endpoint
identify_by = username
context = from-sip
subscribe_context = from-sip
transport = transport-udp
allow = ulaw,alaw
force_rport = yes
rewrite_contact = yes
rtp_symmetric = no
direct_media = no
set_var = PEERAGE_CHANSPY=no
set_var = PEERAGE_RECORD=inactive

[phone-aor](!)
type = aor
max_contacts = 1
remove_existing = yes
remove_unavailable = yes
qualify_frequency = 60

[phone-auth](!)
type = auth
auth_type = md5
realm = asterisk
";

/// One case, written by hand.
pub(super) struct Case {
    number: &'static str,
    row: &'static str,
    secret: bool,
    known: bool,
    kind: &'static str,
    nat: &'static str,
    templates: &'static str,
    both: &'static str,
    sip: &'static str,
    endpoint: &'static str,
    aor: &'static str,
    identify: Option<&'static str>,
    auth22: &'static str,
}

/// An account with this number and these settings, otherwise as the [templates](SIP_TEMPLATES) say.
pub(super) const fn case(number: &'static str, row: &'static str) -> Case {
    Case {
        number,
        row,
        secret: true,
        known: true,
        kind: "friend",
        nat: "force_rport",
        templates: "phone",
        both: "",
        sip: "",
        endpoint: "",
        aor: "",
        identify: None,
        auth22: "",
    }
}

impl Case {
    /// A user: it has no AOR.
    pub(super) const fn user(self) -> Self {
        Self { kind: "user", ..self }
    }

    /// A peer. What that means to PJSIP is for the case to say.
    pub(super) const fn peer(self) -> Self {
        Self { kind: "peer", ..self }
    }

    /// The `nat` of `sip.conf`: no template can hold it, because a second one adds to the first.
    pub(super) const fn nat(self, nat: &'static str) -> Self {
        Self { nat, ..self }
    }

    /// In `sip.conf` it is a browser too.
    pub(super) const fn browser(self) -> Self {
        Self {
            templates: "phone,browser",
            ..self
        }
    }

    /// What differs in both files alike.
    pub(super) const fn both(self, both: &'static str) -> Self {
        Self { both, ..self }
    }

    /// What differs in `sip.conf`.
    pub(super) const fn sip(self, sip: &'static str) -> Self {
        Self { sip, ..self }
    }

    /// What differs in the endpoint of `pjsip.conf`.
    pub(super) const fn endpoint(self, endpoint: &'static str) -> Self {
        Self { endpoint, ..self }
    }

    /// What differs in the AOR.
    pub(super) const fn aor(self, aor: &'static str) -> Self {
        Self { aor, ..self }
    }

    /// It is known by this address.
    pub(super) const fn identify(self, address: &'static str) -> Self {
        Self {
            identify: Some(address),
            ..self
        }
    }

    /// What differs in the auth of Asterisk 22, which knows more algorithms.
    pub(super) const fn auth22(self, auth22: &'static str) -> Self {
        Self { auth22, ..self }
    }

    /// It has no secret.
    pub(super) const fn no_secret(self) -> Self {
        Self { secret: false, ..self }
    }

    /// Asterisk is not to know it.
    pub(super) const fn unknown(self) -> Self {
        Self { known: false, ..self }
    }

    /// Its section of `sip.conf`. `type` stands first, because chan_sip heeds no second one.
    fn in_sip(&self) -> String {
        let Self {
            number,
            templates,
            kind,
            nat,
            both,
            sip,
            ..
        } = self;
        let md5 = md5(number);
        format!(
            "[{number}]({templates})\ntype = {kind}\nnat = {nat}\ndefaultuser = {number}\nmd5secret = {md5}\n\
             {both}\n{sip}\n"
        )
    }

    /// Its sections of `pjsip.conf`; the auth stands last, for the sake of what Asterisk 22 adds to it.
    fn in_pjsip(&self) -> String {
        let Self {
            number,
            both,
            endpoint,
            aor,
            ..
        } = self;
        let mut sections = format!("[{number}](phone-endpoint)\nauth = {number}\n{both}\n{endpoint}\n");
        if self.kind != "user" {
            sections += &format!("aors = {number}\n[{number}](phone-aor)\n{aor}\n");
        }
        if let Some(address) = self.identify {
            sections +=
                &format!("[{number}]\ntype = identify\nendpoint = {number}\nmatch = {address}\nsrv_lookups = no\n");
        }
        sections
            + &format!(
                "[{number}](phone-auth)\nusername = {number}\nmd5_cred = {}\n",
                md5(number)
            )
    }
}

impl From<&Case> for Subject {
    fn from(case: &Case) -> Self {
        let known = case.known;
        Self {
            number: case.number.to_owned(),
            row: case.row.to_owned(),
            secret: case.secret,
            known,
            sip: if known { case.in_sip() } else { String::new() },
            pjsip: if known { case.in_pjsip() } else { String::new() },
            auth22: format!("{}\n", case.auth22),
        }
    }
}
