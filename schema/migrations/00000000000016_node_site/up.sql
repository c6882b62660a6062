-- Which sites a node serves. The views of schema asterisk_sites show a node the rows of these alone.

create table peerage.node_site (
  id bigint generated always as identity,
  login text collate "C" not null,
  site_id bigint not null,
  constraint node_site_id_pk primary key (id),
  constraint node_site_login_site_id_key unique (login, site_id),
  constraint node_site_login_fk foreign key (login) references peerage.node (login) on update cascade on delete cascade,
  constraint node_site_site_id_fk foreign key (site_id) references peerage.site (id)
);

create index node_site_site_id_idx on peerage.node_site (site_id);

comment on table peerage.node_site is 'Sites that a node serves when it does not serve all. A node without a row here, and without all_sites, serves none.';
comment on column peerage.node_site.id is 'Surrogate key; never reused.';
comment on column peerage.node_site.login is 'The node, by its database role: each lookup asks for session_user.';
comment on column peerage.node_site.site_id is 'The site.';

-- Which login is whose node, and which sites it serves, is for the owner to say: who could name a login of its choice here would have the
-- owner give that login a new password.
grant select on peerage.node, peerage.node_site to peerage_app;

grant update (manager, manager_user, cache_seconds, keeps_peers) on peerage.node to peerage_app;
