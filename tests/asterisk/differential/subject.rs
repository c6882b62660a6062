//! One account in both of its shapes: the row's settings, and what an administrator writes in Asterisk's own files.

/// An account to ask about.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// Its number.
    pub(super) number: String,
    /// Its settings, as the list of an SQL `update`; what is not named keeps the column's default.
    pub(super) row: String,
    /// Whether it has a secret.
    pub(super) secret: bool,
    /// Whether Asterisk is to know it at all.
    pub(super) known: bool,
    /// What stands of it in `sip.conf`.
    pub(super) sip: String,
    /// What stands of it in `pjsip.conf`.
    pub(super) pjsip: String,
    /// What follows that in Asterisk 22; mostly nothing.
    pub(super) auth22: String,
}

impl Subject {
    /// Statements that give its row, which is there with the defaults, its settings and its secret.
    pub(super) fn sql(&self) -> String {
        let Self { number, row, .. } = self;
        let mut sql = String::new();
        if !row.is_empty() {
            sql += &format!("update peerage.sip_account set {row} where number = '{number}';\n");
        }
        if self.secret {
            sql += &format!(
                "insert into peerage.sip_secret (id, number, realm, md5, sha256)
                select id, number, 'asterisk', '{}', '{}' from peerage.sip_account where number = '{number}';\n",
                md5(number),
                sha256(number),
            );
        }
        sql
    }
}

/// Stands for the MD5 digest of an account's secret. Asterisk takes any 32 hexadecimal digits, so these are made of the
/// number: what is asked here is whether they arrive.
pub(super) fn md5(number: &str) -> String {
    // FNV-1a, from two starting points.
    let hash = |start: u64| {
        let step = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        number.bytes().fold(start, step)
    };
    format!(
        "{:016x}{:016x}",
        hash(0xcbf2_9ce4_8422_2325),
        hash(0x9ae1_6a3b_2f90_404f)
    )
}

/// Stands for the SHA-256 digest, as [`md5`].
pub(super) fn sha256(number: &str) -> String {
    md5(number).repeat(2)
}
