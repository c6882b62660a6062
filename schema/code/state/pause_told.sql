create function peerage.pause_told(member text, of_node text, is_paused text, why text)
  returns void
  language plpgsql
  volatile
  set search_path = pg_catalog, pg_temp
as $$
begin
  insert into peerage.pause_seen as seen (uniqueid, node, paused, reason)
  select
    member,
    node.name,
    is_paused,
    why
  from peerage.node as node
  where node.name = of_node
  on conflict on constraint pause_seen_uniqueid_node_pk do update
  set
    paused = excluded.paused,
    reason = excluded.reason
  where seen.paused <> excluded.paused
    or seen.reason is distinct from excluded.reason;
end
$$;

comment on function peerage.pause_told(text, text, text, text) is 'Keeps what a node said of a member''s pause. The agent must be locked; of a node that is none, nothing is kept.';
