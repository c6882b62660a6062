-- The queues of a board. $1: only these; null for all.
select
  queue.name as name,
  queue.description as description,
  (
    select count(*)
    from peerage.queue_assignment as assignment
      join peerage.agent as agent on agent.id = assignment.agent_id
    where assignment.queue_id = queue.id
      and agent.removed_at is null
  ) as assigned
from peerage.queue as queue
where $1 is null
  or queue.name = any ($1)
order by queue.name
