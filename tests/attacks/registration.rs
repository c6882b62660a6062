//! What strangers send over SIP: enumeration, floods, hostile contacts.
