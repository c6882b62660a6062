//! What a node says of the devices where agents' calls ring.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};
use peerage_model::{Interface, NodeName};

use super::Lease;
use crate::StoreError;
use crate::pool::Store;
use crate::row::parsed;

/// What Asterisk says of a device, as far as it matters to queues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceWord {
    /// It can ring, or would without the call it has.
    Available,
    /// Nobody knows; app_queue rings it.
    Unknown,
    /// It cannot be called.
    Unavailable,
    /// There is no such device.
    Invalid,
}

impl DeviceWord {
    /// The word as the database has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Available => "AVAILABLE",
            Self::Unknown => "UNKNOWN",
            Self::Unavailable => "UNAVAILABLE",
            Self::Invalid => "INVALID",
        }
    }
}

/// What a node says at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeviceReport {
    /// Devices, each with its word.
    pub devices: Vec<(Interface, DeviceWord)>,
    /// Modules that calls of queues need and that the node lacks; none when that was not asked.
    pub missing_modules: Option<Vec<String>>,
    /// Whether the node knows no other devices.
    pub is_complete: bool,
}

#[derive(QueryableByName)]
struct Kept {
    #[diesel(sql_type = Bool)]
    kept: bool,
}

#[derive(QueryableByName)]
struct DeviceRow {
    #[diesel(sql_type = Text)]
    device: String,
}

impl Store {
    /// Keeps what a node says, and tells whether it did: only the service that leads the node may.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn report_devices(&self, node: &NodeName, lease: &Lease, report: &DeviceReport) -> Result<bool, StoreError> {
        let devices: Vec<&str> = report.devices.iter().map(|(device, _)| device.as_str()).collect();
        let words: Vec<&str> = report.devices.iter().map(|(_, word)| word.as_str()).collect();
        self.write(|connection| {
            let Kept { kept } = diesel::sql_query("select peerage.report_devices($1, $2, $3, $4, $5, $6, $7) as kept")
                .bind::<Text, _>(node.as_str())
                .bind::<Text, _>(&lease.service)
                .bind::<BigInt, _>(lease.epoch)
                .bind::<Array<Text>, _>(devices)
                .bind::<Array<Text>, _>(words)
                .bind::<Nullable<Array<Text>>, _>(report.missing_modules.as_ref())
                .bind::<Bool, _>(report.is_complete)
                .get_result(connection)?;
            Ok(kept)
        })
    }

    /// Forgets that a node says anything: its link is down.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn forget_report(&self, node: &NodeName, lease: &Lease) -> Result<(), StoreError> {
        self.write(|connection| {
            diesel::sql_query(
                "delete from peerage.node_report as report
                 using peerage.node as node
                 where node.id = report.node_id
                   and node.name = $1
                   and report.epoch = $2",
            )
            .bind::<Text, _>(node.as_str())
            .bind::<BigInt, _>(lease.epoch)
            .execute(connection)?;
            Ok(())
        })
    }

    /// Devices of accounts on which calls of the agents whom this node serves ring right now.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn devices_at_work(&self, node: &NodeName) -> Result<Vec<Interface>, StoreError> {
        self.devices(node, false)
    }

    /// Those of them of which this node has said nothing yet.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn devices_unsaid(&self, node: &NodeName) -> Result<Vec<Interface>, StoreError> {
        self.devices(node, true)
    }

    fn devices(&self, node: &NodeName, unsaid_only: bool) -> Result<Vec<Interface>, StoreError> {
        self.read(|connection| {
            let rows: Vec<DeviceRow> = diesel::sql_query(
                "select distinct session.state_interface as device
                 from peerage.agent_session as session
                   join peerage.agent as agent on agent.id = session.agent_id
                   join peerage.sip_account as own on own.id = agent.account_id
                   join peerage.sip_account as device on device.number = split_part(session.interface, '/', 2)
                   join peerage.node as node on node.name = $1
                 where session.ended_at is null
                   and (
                     node.all_sites
                     or exists (
                       select
                       from peerage.node_site as served
                       where served.login = node.login
                         and served.site_id = own.site_id
                     )
                   )
                   and not (
                     $2
                     and exists (
                       select
                       from peerage.node_device as said
                       where said.node_id = node.id
                         and said.device = session.state_interface
                     )
                   )",
            )
            .bind::<Text, _>(node.as_str())
            .bind::<Bool, _>(unsaid_only)
            .load(connection)?;
            rows.into_iter().map(|row| parsed(row.device)).collect()
        })
    }
}
