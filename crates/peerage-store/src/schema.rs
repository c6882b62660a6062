//! The canonical tables as diesel sees them: the columns that Rust code reads or writes, in the order of the migrations.
//!
//! Written by hand, because the columns that PostgreSQL computes must be left out where rows are inserted and named where they
//! are read. A test holds it against the catalogue. What a column means is said by its comment in `schema/migrations`.

use diesel::{allow_tables_to_appear_in_same_query, table};

table! {
    peerage.site (id) {
        id -> BigInt,
        name -> Text,
        driver -> Text,
        realm -> Text,
        offer_sha256 -> Bool,
        rtcachefriends -> Bool,
        conflict_policy -> Text,
        disconnection_timeout_seconds -> Integer,
        time_zone -> Text,
        emergency_callerid -> Nullable<Text>,
        country -> Nullable<Text>,
        outside_numbers -> Nullable<Array<Text>>,
        created_at -> Timestamptz,
    }
}

table! {
    peerage.node (id) {
        id -> BigInt,
        name -> Text,
        login -> Text,
        all_sites -> Bool,
        created_at -> Timestamptz,
        manager -> Nullable<Text>,
        manager_user -> Text,
        cache_seconds -> Nullable<Integer>,
        keeps_peers -> Bool,
    }
}

table! {
    peerage.node_site (id) {
        id -> BigInt,
        login -> Text,
        site_id -> BigInt,
    }
}

table! {
    peerage.sip_account (id) {
        id -> BigInt,
        site_id -> BigInt,
        disabled -> Bool,
        number -> Text,
        kind -> Text,
        transports -> Array<Text>,
        host -> Text,
        nat -> Text,
        #[sql_name = "type"]
        peer_type -> Text,
        codecs -> Array<Text>,
        callerid_name -> Nullable<Text>,
        callerid_number -> Nullable<Text>,
        context -> Text,
        call_groups -> Array<SmallInt>,
        pickup_groups -> Array<SmallInt>,
        named_call_groups -> Array<Text>,
        named_pickup_groups -> Array<Text>,
        chanspy -> Bool,
        video -> Bool,
        record -> Text,
        encryption -> Bool,
        qualify_seconds -> Integer,
        max_contacts -> Integer,
        created_at -> Timestamptz,
    }
}

table! {
    peerage.sip_secret (id) {
        id -> BigInt,
        number -> Text,
        realm -> Text,
        md5 -> Text,
        sha256 -> Text,
        weak -> Bool,
        changed_at -> Timestamptz,
    }
}

table! {
    peerage.agent (id) {
        id -> BigInt,
        account_id -> Nullable<BigInt>,
        account_kind -> Text,
        number -> Text,
        full_name -> Text,
        alias -> Nullable<Text>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        mobile -> Nullable<Text>,
        description -> Nullable<Text>,
        hot_desk -> Bool,
        login_in_pause -> Bool,
        pin_digest -> Nullable<Text>,
        client_log_level -> Text,
        may_choose_interface -> Bool,
        may_take_any_phone -> Bool,
        may_move -> Bool,
        may_pause_one_queue -> Bool,
        may_log_out -> Bool,
        may_request_after_call -> Bool,
        may_see_own_history -> Bool,
        may_edit_own_numbers -> Bool,
        created_at -> Timestamptz,
        removed_at -> Nullable<Timestamptz>,
    }
}

table! {
    peerage.agent_channel (id) {
        id -> BigInt,
        agent_id -> BigInt,
        channel -> Text,
        capacity -> Integer,
        auto_answer -> Bool,
        auto_answer_delay_seconds -> Integer,
    }
}

table! {
    peerage.phone (id) {
        id -> BigInt,
        account_id -> BigInt,
        account_kind -> Text,
        number -> Text,
        full_name -> Text,
        emergency_callerid -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

table! {
    peerage.login_account (id) {
        id -> BigInt,
        username -> Text,
        password_hash -> Nullable<Text>,
        role -> Text,
        agent_id -> Nullable<BigInt>,
        disabled -> Bool,
        failed_sign_ins -> Integer,
        locked_until -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

// Only read: Asterisk writes it. Here the decoded forms, which PostgreSQL computes, stand for what was written.
table! {
    peerage.sip_contact (id) {
        id -> Text,
        via_addr -> Nullable<Text>,
        via_port -> Nullable<Text>,
        account_id -> Nullable<BigInt>,
        transport_listed -> Bool,
        node -> Text,
        registered_at -> Timestamptz,
        contact_uri -> Nullable<Text>,
        agent_name -> Nullable<Text>,
        expires_at -> Nullable<Timestamptz>,
    }
}

// Only read, as above.
table! {
    peerage.sip_peer (number) {
        number -> Text,
        ipaddr -> Nullable<Text>,
        port -> Nullable<Text>,
        node -> Text,
        registered_at -> Nullable<Timestamptz>,
        contact_uri -> Nullable<Text>,
        agent_name -> Nullable<Text>,
        expires_at -> Nullable<Timestamptz>,
    }
}

table! {
    peerage.audit_entry (id) {
        id -> BigInt,
        at -> Timestamptz,
        actor -> Text,
        address -> Nullable<Text>,
        relation -> Text,
        row_id -> BigInt,
        subject -> Nullable<Text>,
        operation -> Text,
        before -> Nullable<Jsonb>,
        after -> Nullable<Jsonb>,
    }
}

allow_tables_to_appear_in_same_query!(
    agent,
    agent_channel,
    login_account,
    node_site,
    phone,
    sip_account,
    sip_contact,
    sip_peer,
    sip_secret,
    site,
);

#[cfg(test)]
mod tests;
