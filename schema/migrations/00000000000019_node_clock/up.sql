-- What a node's clock says against the database's. A node deletes each contact that its own clock takes for expired, whoever registered it, and
-- the statement is the same as that of an un-REGISTER: so the database has to know the clock.

create table peerage.node_clock (
  login text not null,
  ahead bigint not null,
  backend integer not null,
  seen_at timestamptz not null,
  constraint node_clock_login_pk primary key (login),
  constraint node_clock_login_fk foreign key (login) references peerage.node (login) on update cascade on delete cascade
);

comment on table peerage.node_clock is 'How far the clock of each node is ahead of the database''s, as its last search for expired contacts showed.';
comment on column peerage.node_clock.login is 'Login of the node.';
comment on column peerage.node_clock.ahead is 'Seconds that the node''s clock is ahead; negative when it is behind.';
comment on column peerage.node_clock.backend is 'Process id of the session that showed it: a node that has connected anew may have another clock.';
comment on column peerage.node_clock.seen_at is 'When, by the database''s clock.';

grant select on peerage.node_clock to peerage_app;
