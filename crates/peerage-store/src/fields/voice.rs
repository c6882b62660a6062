//! The Voice section.

use crate::VoicePatch;
use peerage_model::{CallerId, Voice};

use super::{Field, or_empty, read_switch, yes_or_no};

/// A field that is read by its type and written by its `Display`.
macro_rules! plain {
    ($name:literal, $field:ident) => {
        Field {
            name: $name,
            read: |patch, text| {
                patch.$field = Some(text.parse()?);
                Ok(())
            },
            clear: None,
            write: |voice| voice.$field.to_string(),
        }
    };
}

macro_rules! switch {
    ($name:literal, $field:ident) => {
        Field {
            name: $name,
            read: |patch, text| {
                patch.$field = Some(read_switch(text)?);
                Ok(())
            },
            clear: None,
            write: |voice| yes_or_no(voice.$field),
        }
    };
}

/// In the order in which they are shown.
pub const FIELDS: &[Field<VoicePatch, Voice>] = &[
    plain!("transport", transports),
    plain!("host", host),
    plain!("nat", nat),
    plain!("type", peer_type),
    plain!("codecs", codecs),
    Field {
        name: "callerid-name",
        read: |patch, text| {
            patch.caller_name = Some(Some(text.parse()?));
            Ok(())
        },
        clear: Some(|patch| patch.caller_name = Some(None)),
        write: |voice| or_empty(voice.caller_id.name.as_ref()),
    },
    Field {
        name: "callerid-number",
        read: |patch, text| {
            patch.caller_number = Some(Some(text.parse()?));
            Ok(())
        },
        clear: Some(|patch| patch.caller_number = Some(None)),
        write: |voice| or_empty(voice.caller_id.number.as_ref()),
    },
    plain!("context", context),
    plain!("call-group", call_groups),
    plain!("pickup-group", pickup_groups),
    plain!("named-call-group", named_call_groups),
    plain!("named-pickup-group", named_pickup_groups),
    switch!("chanspy", chanspy),
    switch!("video", video),
    plain!("record", record),
    switch!("encryption", encryption),
    plain!("qualify", qualify),
    plain!("max-contacts", max_contacts),
];

/// Both parts of the caller id in one column; read, never written, since the parts have columns of their own.
pub const CALLERID: Field<VoicePatch, Voice> = Field {
    name: "callerid",
    read: |patch, text| {
        let id: CallerId = text.parse()?;
        patch.caller_name = Some(id.name);
        patch.caller_number = Some(id.number);
        Ok(())
    },
    clear: None,
    write: |voice| voice.caller_id.to_string(),
};
