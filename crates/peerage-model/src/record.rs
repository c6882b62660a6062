use crate::vocabulary::vocabulary;

vocabulary! {
    /// Whether the calls are recorded, and in which file format.
    ///
    /// # Source
    ///
    /// `formats/format_wav.c`, `format_wav_gsm.c` and `format_gsm.c`, Asterisk 22.10.1.
    Record, field "record" {
        /// Not recorded.
        Inactive = "inactive",
        /// 16 bit linear in a WAV file.
        Wav = "wav",
        /// GSM in a WAV file.
        Wav49 = "wav49",
        /// GSM full rate.
        Gsm = "gsm",
    }
}

impl Default for Record {
    /// `inactive`.
    fn default() -> Self {
        Self::Inactive
    }
}
