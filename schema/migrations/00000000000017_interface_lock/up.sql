-- A lock that only the service takes. Anybody may take an advisory lock, and keep it; a row can be locked only by whoever may
-- write its table.
create table peerage.interface_lock (
  slot integer not null,
  constraint interface_lock_slot_pk primary key (slot)
);

comment on table peerage.interface_lock is 'One row for each lock that a login may take on the interface that rings; its hash says which.';
comment on column peerage.interface_lock.slot is '0 to 1023.';

insert into peerage.interface_lock (slot)
select generate_series(0, 1023);

-- To lock a row is to be allowed to update it.
grant select, update on peerage.interface_lock to peerage_app;
