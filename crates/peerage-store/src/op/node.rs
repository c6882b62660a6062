use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Double, Integer, Nullable, Oid, Text, Timestamptz};
use peerage_model::{NodeName, Number, Secret};

use crate::password;
use crate::pool::Store;
use crate::row::node::NodeRow;
use crate::row::parsed;
use crate::schema::{node, node_site, site};
use crate::{Advice, Entity, ManagedNode, Node, NodePatch, RoleName, ServedSites, StoreError};

/// Most connections of one node. Asterisk's realtime driver opens one; the rest is for an old process that is not gone yet when the new
/// one starts, and for looking at things by hand.
const CONNECTIONS: u32 = 10;

/// A node that may hold old values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotTold {
    /// The node.
    pub node: NodeName,
    /// Until when at most, should no service come; none: until Asterisk is restarted.
    pub until: Option<jiff::Timestamp>,
}

#[derive(QueryableByName)]
struct NotToldRow {
    #[diesel(sql_type = Text)]
    node: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    until: Option<jiff_diesel::Timestamp>,
}

impl Store {
    /// Adds an Asterisk node with a database role of its own, and returns the role's password, which is kept nowhere.
    ///
    /// The role is a member of `peerage_asterisk` and may connect to this database. Its settings stand on itself, because those of a group
    /// are not inherited: the schema it reads, an encoding that takes every byte a phone may send, and limits against hangs. `peerage_owner` is a member of it, to end what it leaves open
    /// ([`Store::end_overlong_transactions`]).
    ///
    /// # Errors
    ///
    /// The node is there already, the login belongs to another node or is a role that exists, or the session may not create roles.
    pub fn add_node(&self, name: &NodeName, login: Option<&RoleName>) -> Result<(Node, Secret), StoreError> {
        self.add_node_for(name, login, &ServedSites::all())
    }

    /// As [`Store::add_node`], for a node that serves these sites: its login sees the rows of these alone, and is a member of
    /// `peerage_asterisk_sites`.
    ///
    /// # Errors
    ///
    /// As [`Store::add_node`]; or there is no such site.
    pub fn add_node_for(
        &self,
        name: &NodeName,
        login: Option<&RoleName>,
        sites: &ServedSites,
    ) -> Result<(Node, Secret), StoreError> {
        let login = match login {
            Some(login) => login.clone(),
            None => RoleName::for_node(name).map_err(|error| too_long(error.into()))?,
        };
        let password = Secret::generate()?;
        self.write_as_owner(|connection| {
            let row: NodeRow = diesel::insert_into(node::table)
                .values((node::name.eq(name.as_str()), node::login.eq(login.as_str())))
                .returning(NodeRow::as_returning())
                .get_result(connection)?;
            serve(connection, &row, sites)?;
            if role_id(connection, &login)?.is_some() {
                return Err(StoreError::conflict(
                    format!("the database role `{login}` exists already"),
                    Advice::NodeLogin(
                        "roles belong to the whole server, so another database may use it: choose another name",
                    ),
                ));
            }
            let verifier = password::scram(&password);
            let database = database(connection)?;
            let (group, path) = reads(sites);
            connection.batch_execute(&format!(
                "create role {login} login password '{verifier}' in role {group} connection limit {CONNECTIONS};
                alter role {login} set search_path = {path};
                alter role {login} set client_encoding = 'LATIN1';
                alter role {login} set statement_timeout = '10s';
                alter role {login} set lock_timeout = '5s';
                alter role {login} set idle_in_transaction_session_timeout = '10s';
                grant connect on database {database} to {login};
                grant {login} to peerage_owner;"
            ))?;
            Ok((row.complete(sites.clone(), 0, None)?, password))
        })
    }

    /// All nodes, by name.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn nodes(&self) -> Result<Vec<Node>, StoreError> {
        self.read(|connection| {
            let rows: Vec<NodeRow> = node::table
                .select(NodeRow::as_select())
                .order(node::name)
                .load(connection)?;
            rows.into_iter().map(|row| entity(connection, row)).collect()
        })
    }

    /// The node of this name.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn node(&self, name: &NodeName) -> Result<Node, StoreError> {
        self.read(|connection| {
            let row = find(connection, name)?;
            entity(connection, row)
        })
    }

    /// All nodes, by name, as whoever links to them needs them: without looking at connections.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn managed_nodes(&self) -> Result<Vec<ManagedNode>, StoreError> {
        self.read(|connection| {
            let rows: Vec<NodeRow> = node::table
                .select(NodeRow::as_select())
                .order(node::name)
                .load(connection)?;
            rows.into_iter().map(NodeRow::managed).collect()
        })
    }

    /// Changes a node, and tells whether anything changed. When it serves other sites from now on, what its login may read is
    /// changed with it, and its connections are closed, so that Asterisk makes new ones.
    ///
    /// # Errors
    ///
    /// There is none, there is no such site, its role is gone, or the session may not change roles.
    pub fn set_node(&self, name: &NodeName, patch: &NodePatch) -> Result<bool, StoreError> {
        let current = self.node(name)?;
        let Some(sites) = patch.sites.as_ref().filter(|sites| current.sites != **sites) else {
            return self.write(|connection| set_manager(connection, name, patch));
        };
        let role = self.write_as_owner(|connection| {
            let role = set_sites(connection, name, sites)?;
            set_manager(connection, name, patch)?;
            Ok::<_, StoreError>(role)
        })?;
        self.close_connections(name, role);
        Ok(true)
    }

    /// Says which addresses are a node's own, in CIDR notation: no telephone may register there. It takes the place of what was said
    /// before.
    ///
    /// # Errors
    ///
    /// There is no such node, or something is no address.
    pub fn set_node_addresses(&self, name: &NodeName, addresses: &[String]) -> Result<(), StoreError> {
        self.write(|connection| {
            let row = find(connection, name)?;
            diesel::sql_query(
                "delete from peerage.node_address where node_id = $1 and address <> all ($2::pg_catalog.cidr[])",
            )
            .bind::<BigInt, _>(row.id)
            .bind::<Array<Text>, _>(addresses)
            .execute(connection)?;
            diesel::sql_query(
                "insert into peerage.node_address (node_id, address)
                select $1, unnest($2::pg_catalog.cidr[])
                on conflict on constraint node_address_node_id_address_pk do nothing",
            )
            .bind::<BigInt, _>(row.id)
            .bind::<Array<Text>, _>(addresses)
            .execute(connection)?;
            Ok(())
        })
    }

    /// Says how long a node keeps what it has read, in seconds, and whether its chan_sip keeps peers.
    ///
    /// # Errors
    ///
    /// There is no such node, or it is too long.
    pub fn set_node_cache(&self, name: &NodeName, seconds: u32, keeps_peers: bool) -> Result<(), StoreError> {
        self.write(|connection| {
            let row = find(connection, name)?;
            diesel::sql_query(
                "update peerage.node set cache_seconds = $2, keeps_peers = $3
                 where id = $1 and (cache_seconds, keeps_peers) is distinct from ($2, $3)",
            )
            .bind::<BigInt, _>(row.id)
            .bind::<Integer, _>(i32::try_from(seconds).unwrap_or(i32::MAX))
            .bind::<Bool, _>(keeps_peers)
            .execute(connection)?;
            Ok(())
        })
    }

    /// The nodes that serve this account and may go on for a while by what they have read before: they keep it, and no service
    /// tells them of a change right now.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn nodes_not_told(&self, account: &Number) -> Result<Vec<NotTold>, StoreError> {
        self.read(|connection| {
            let rows: Vec<NotToldRow> = diesel::sql_query(
                "select
                   node.name as node,
                   case
                     when not node.keeps_peers then clock_timestamp() + make_interval(secs => coalesce(node.cache_seconds, 86400))
                   end as until
                 from peerage.node as node
                   left join peerage.node_lease as lease on lease.node_id = node.id
                 where node.manager is not null
                   and node.cache_seconds is distinct from 0
                   and (
                     lease.service is not null
                     and lease.expires_at > clock_timestamp()
                     -- A service whose link is down leads, and tells nobody.
                     and exists (
                       select
                       from peerage.node_service as service
                       where service.node_id = node.id
                         and service.service = lease.service
                         and service.is_able
                     )
                   ) is not true
                   and (
                     node.all_sites
                     or exists (
                       select
                       from peerage.node_site as served
                         left join peerage.sip_account as account on account.number = $1
                       where served.login = node.login
                         and served.site_id = coalesce(account.site_id, served.site_id)
                     )
                   )
                 order by node.name",
            )
            .bind::<Text, _>(account.as_str())
            .load(connection)?;
            rows.into_iter()
                .map(|row| {
                    Ok(NotTold {
                        node: parsed(row.node)?,
                        until: row.until.map(jiff_diesel::Timestamp::to_jiff),
                    })
                })
                .collect()
        })
    }

    /// Gives a node's role a new password, and returns it. Connections that are open stay so; Asterisk needs the new one when it next
    /// connects.
    ///
    /// # Errors
    ///
    /// There is none, its role is gone, or the session may not change roles.
    pub fn rotate_node_password(&self, name: &NodeName) -> Result<Secret, StoreError> {
        let password = Secret::generate()?;
        self.write_as_owner(|connection| {
            let login = find(connection, name)?.role()?;
            existing_role(connection, name, &login)?;
            let verifier = password::scram(&password);
            connection.batch_execute(&format!("alter role {login} password '{verifier}'"))?;
            Ok(password)
        })
    }

    /// Closes the connections of nodes whose transaction has been open for longer than `longest`, and tells how many: they keep locked what
    /// they wrote. Asterisk's statements are a transaction each, and a login may lift the limits that were set for it.
    ///
    /// # Errors
    ///
    /// The database does not answer as expected.
    pub fn end_overlong_transactions(&self, longest: Duration) -> Result<i32, StoreError> {
        self.write(|connection| {
            let query = "select peerage.end_overlong_transactions(make_interval(secs => $1)) as ended";
            let Ended { ended } = diesel::sql_query(query)
                .bind::<Double, _>(longest.as_secs_f64())
                .get_result(connection)?;
            Ok(ended)
        })
    }

    /// Removes a node with its role, and then closes what connections the role has.
    ///
    /// # Errors
    ///
    /// There is none, something else depends on its role, or the session may not drop roles.
    pub fn remove_node(&self, name: &NodeName) -> Result<(), StoreError> {
        let role = self.write_as_owner(|connection| {
            let row = find(connection, name)?;
            let login = row.role()?;
            diesel::delete(node::table.find(row.id)).execute(connection)?;
            let role = node_role_id(connection, &login)?;
            if role.is_some() {
                let database = database(connection)?;
                connection.batch_execute(&format!(
                    "revoke all privileges on database {database} from {login}; drop role {login};"
                ))?;
            }
            Ok::<_, StoreError>(role)
        })?;
        if let Some(role) = role {
            self.close_connections(name, role);
        }
        Ok(())
    }

    /// Closes what connections a role has. After the commit: a session that is closed before could sign in again at once.
    fn close_connections(&self, name: &NodeName, role: u32) {
        let closed = self.write_as_owner(|connection| {
            let query =
                "select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where usesysid = $1";
            Ok::<_, StoreError>(diesel::sql_query(query).bind::<Oid, _>(role).execute(connection)?)
        });
        if let Err(error) = closed {
            tracing::warn!(node = %name, %error, "the change is made, but open connections of the node could not be closed: restart its Asterisk, \
                or grant pg_signal_backend to the owner's login");
        }
    }
}

/// Members may read everything that Asterisk reads.
const NODES: &str = "peerage_asterisk";

/// Members may read the rows of the sites that their node serves.
const NODES_OF_SITES: &str = "peerage_asterisk_sites";

/// The group of a node's role, and where it finds the views. For named sites the operator LIKE of that schema stands before PostgreSQL's.
fn reads(sites: &ServedSites) -> (&'static str, &'static str) {
    match sites.names() {
        None => (NODES, "asterisk, pg_catalog"),
        Some(_) => (NODES_OF_SITES, "asterisk_sites, pg_catalog"),
    }
}

/// From PostgreSQL 16 on a revoke takes only what this session's role has granted, and no more than warns of the rest.
fn refuse_other_groups(connection: &mut PgConnection, login: &RoleName, group: &str) -> Result<(), StoreError> {
    let other = if group == NODES { NODES_OF_SITES } else { NODES };
    #[derive(QueryableByName)]
    struct Kept {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        is_kept: bool,
    }
    let query = "
        select exists (
          select
          from pg_catalog.pg_auth_members
          where member = $1::regrole
            and roleid = $2::regrole
        ) as is_kept";
    let Kept { is_kept } = diesel::sql_query(query)
        .bind::<Text, _>(login.as_str())
        .bind::<Text, _>(other)
        .get_result(connection)?;
    if is_kept {
        return Err(StoreError::conflict(
            format!("the database role `{login}` keeps its membership in {other}, which somebody else has granted"),
            format!("have a superuser run `revoke {other} from {login}`, then try again"),
        ));
    }
    Ok(())
}

/// Lets a node serve these sites, and returns its role.
fn set_sites(connection: &mut PgConnection, name: &NodeName, sites: &ServedSites) -> Result<u32, StoreError> {
    let row = find(connection, name)?;
    let login = row.role()?;
    let role = existing_role(connection, name, &login)?;
    serve(connection, &row, sites)?;
    let (group, path) = reads(sites);
    connection.batch_execute(&format!(
        "revoke {NODES}, {NODES_OF_SITES} from {login};
        grant {group} to {login};
        alter role {login} set search_path = {path};"
    ))?;
    refuse_other_groups(connection, &login, group)?;
    // What it caches of accounts that it serves no more.
    diesel::sql_query("select pg_catalog.pg_notify('peerage_accounts', '*')").execute(connection)?;
    Ok(role)
}

/// Changes where a node's Manager is and who signs in there, and tells whether anything changed.
fn set_manager(connection: &mut PgConnection, name: &NodeName, patch: &NodePatch) -> Result<bool, StoreError> {
    let row = find(connection, name)?;
    let manager = match &patch.manager {
        Some(manager) => manager.as_ref().map(|manager| manager.as_str().to_owned()),
        None => row.manager.clone(),
    };
    let user = patch
        .manager_user
        .as_ref()
        .map_or(row.manager_user.as_str(), |user| user.as_str());
    let changed = (&manager, user) != (&row.manager, row.manager_user.as_str());
    if changed {
        diesel::update(node::table.find(row.id))
            .set((node::manager.eq(&manager), node::manager_user.eq(user)))
            .execute(connection)?;
    }
    Ok(changed)
}

/// Writes which sites a node serves.
fn serve(connection: &mut PgConnection, row: &NodeRow, sites: &ServedSites) -> Result<(), StoreError> {
    let names: Option<Vec<&str>> = sites
        .names()
        .map(|names| names.map(peerage_model::SiteName::as_str).collect());
    if row.all_sites != names.is_none() {
        diesel::update(node::table.find(row.id))
            .set(node::all_sites.eq(names.is_none()))
            .execute(connection)?;
    }
    let names = names.unwrap_or_default();
    let known: Vec<(i64, String)> = site::table
        .filter(site::name.eq_any(&names))
        .select((site::id, site::name))
        .load(connection)?;
    if let Some(unknown) = names.iter().find(|name| !known.iter().any(|(_, known)| known == *name)) {
        return Err(StoreError::unknown(Entity::Site, unknown).about(ServedSites::FIELD));
    }
    let ids: Vec<i64> = known.into_iter().map(|(id, _)| id).collect();
    let of_node = node_site::table.filter(node_site::login.eq(&row.login));
    diesel::delete(of_node.filter(diesel::dsl::not(node_site::site_id.eq_any(&ids)))).execute(connection)?;
    let rows: Vec<_> = ids
        .into_iter()
        .map(|id| (node_site::login.eq(&row.login), node_site::site_id.eq(id)))
        .collect();
    diesel::insert_into(node_site::table)
        .values(rows)
        .on_conflict_do_nothing()
        .execute(connection)?;
    Ok(())
}

fn sites_of(connection: &mut PgConnection, row: &NodeRow) -> Result<ServedSites, StoreError> {
    if row.all_sites {
        return Ok(ServedSites::all());
    }
    let names: Vec<String> = node_site::table
        .inner_join(site::table.on(site::id.eq(node_site::site_id)))
        .filter(node_site::login.eq(&row.login))
        .select(site::name)
        .load(connection)?;
    let names: Result<Vec<_>, StoreError> = names.into_iter().map(parsed).collect();
    Ok(ServedSites::stored(false, names?))
}

/// The node's role, which must be there to be changed.
/// The role of a node. Nobody else's role is touched, whatever the node's row says.
fn existing_role(connection: &mut PgConnection, name: &NodeName, login: &RoleName) -> Result<u32, StoreError> {
    if role_id(connection, login)?.is_none() {
        return Err(StoreError::conflict(
            format!("the database role `{login}` of node `{name}` is gone"),
            "remove the node, and add it again",
        ));
    }
    node_role_id(connection, login)?.ok_or_else(|| {
        StoreError::conflict(
            format!("the database role `{login}` of node `{name}` is no node's login: it has other rights than a node's, or not those"),
            "remove the node, and add it again; the role itself stays as it is",
        )
    })
}

fn too_long(error: StoreError) -> StoreError {
    match error {
        StoreError::Invalid(refusal) => StoreError::Invalid(refusal.hint(Advice::NodeLogin(
            "the node's name is too long for its login to be named after it: choose one",
        ))),
        other => other,
    }
}

fn find(connection: &mut PgConnection, name: &NodeName) -> Result<NodeRow, StoreError> {
    let row = node::table
        .filter(node::name.eq(name.as_str()))
        .select(NodeRow::as_select())
        .first(connection)
        .optional()?;
    row.ok_or_else(|| StoreError::unknown(Entity::Node, name))
}

#[derive(QueryableByName)]
struct Ended {
    #[diesel(sql_type = Integer)]
    ended: i32,
}

#[derive(QueryableByName)]
struct Role {
    #[diesel(sql_type = Oid)]
    oid: u32,
}

fn role_id(connection: &mut PgConnection, role: &RoleName) -> Result<Option<u32>, StoreError> {
    let found: Option<Role> = diesel::sql_query("select oid from pg_catalog.pg_roles where rolname = $1")
        .bind::<Text, _>(role.as_str())
        .get_result(connection)
        .optional()?;
    Ok(found.map(|role| role.oid))
}

/// As [`role_id`], when the role is what [`Store::add_node`] makes: a login in the group of nodes, and in no other group but that of those who
/// forward what happened before.
fn node_role_id(connection: &mut PgConnection, role: &RoleName) -> Result<Option<u32>, StoreError> {
    let query = "
        select role.oid
        from pg_catalog.pg_roles as role
        where role.rolname = $1
          and role.rolcanlogin
          and not (role.rolsuper or role.rolcreaterole or role.rolcreatedb or role.rolreplication or role.rolbypassrls)
          and role.rolname not in (session_user, current_user)
          and (
            select coalesce(bool_or(granted.rolname in ($2, $3)) and bool_and(granted.rolname in ($2, $3, 'peerage_forwarder')), false)
            from pg_catalog.pg_auth_members as membership
              join pg_catalog.pg_roles as granted on granted.oid = membership.roleid
            where membership.member = role.oid
          )";
    let found: Option<Role> = diesel::sql_query(query)
        .bind::<Text, _>(role.as_str())
        .bind::<Text, _>(NODES)
        .bind::<Text, _>(NODES_OF_SITES)
        .get_result(connection)
        .optional()?;
    Ok(found.map(|role| role.oid))
}

#[derive(QueryableByName)]
struct Quoted {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The name of this database, as it stands in a statement.
fn database(connection: &mut PgConnection) -> Result<String, StoreError> {
    let query = "select pg_catalog.quote_ident(pg_catalog.current_database()) as name";
    let Quoted { name } = diesel::sql_query(query).get_result(connection)?;
    Ok(name)
}

#[derive(QueryableByName)]
struct Now {
    #[diesel(sql_type = BigInt)]
    connections: i64,
    #[diesel(sql_type = Nullable<Text>)]
    leader: Option<String>,
}

fn entity(connection: &mut PgConnection, row: NodeRow) -> Result<Node, StoreError> {
    let query = "
        select
          (select count(*) from pg_catalog.pg_stat_activity where usename = $1) as connections,
          (
            select service_name
            from peerage.node_lease
            where node_id = $2
              and expires_at > pg_catalog.clock_timestamp()
          ) as leader";
    let Now { connections, leader } = diesel::sql_query(query)
        .bind::<Text, _>(&row.login)
        .bind::<BigInt, _>(row.id)
        .get_result(connection)?;
    let sites = sites_of(connection, &row)?;
    row.complete(sites, connections, leader)
}
