-- Jobs of one transaction in two statements, as mostly nothing stands in their way: their names are known to the queue and
-- none of their keys belongs to a job that runs just now. The longer way is taken when something does.
-- A timer that is set anew while a worker takes up the old one is never lost.
create or replace function kernel.write_jobs(jobs jsonb, removed text[]) returns void language plpgsql as $$
declare
  due integer;
  free boolean;
  written integer;
begin
  if array_length(removed, 1) > 0 then
    perform graphile_worker.remove_job(key) from unnest(removed) as t(key);
  end if;
  if jsonb_array_length(jobs) = 0 then
    return;
  end if;
  select bool_and(k.id is not null and t.queue is null and (old.id is null or old.is_available is true)),
      count(*) filter (where kernel.real_time(t.at) <= clock_timestamp() + interval '5 milliseconds')
    into free, due
    from jsonb_to_recordset(jobs) as t(name text, queue text, at timestamptz, key text)
    left join graphile_worker._private_tasks k on k.identifier = t.name
    left join graphile_worker._private_jobs old on old.key = t.key;
  if not free then
    insert into graphile_worker._private_tasks (identifier)
      select distinct name from jsonb_to_recordset(jobs) as t(name text)
      where not exists (select from graphile_worker._private_tasks k where k.identifier = name)
      on conflict do nothing;
    insert into graphile_worker._private_job_queues (queue_name)
      select distinct queue from jsonb_to_recordset(jobs) as t(queue text)
      where queue is not null and not exists (select from graphile_worker._private_job_queues k where k.queue_name = queue)
      on conflict do nothing;
    -- One that runs right now knows an older world: it keeps running, and a new one follows.
    update graphile_worker._private_jobs as old set key = null, attempts = old.max_attempts, updated_at = now()
      from jsonb_to_recordset(jobs) as t(key text)
      where t.key is not null and old.key = t.key and old.is_available is not true;
  end if;
  insert into graphile_worker._private_jobs as old (job_queue_id, task_id, payload, run_at, max_attempts, key)
    select q.id, k.id, t.payload, kernel.real_time(t.at), t.attempts, t.key
    from jsonb_to_recordset(jobs) as t(name text, payload json, queue text, at timestamptz, attempts smallint, key text)
    join graphile_worker._private_tasks k on k.identifier = t.name
    left join graphile_worker._private_job_queues q on q.queue_name = t.queue
    on conflict (key) do update set
      job_queue_id = excluded.job_queue_id, task_id = excluded.task_id, payload = excluded.payload,
      max_attempts = excluded.max_attempts, run_at = excluded.run_at, priority = excluded.priority,
      revision = old.revision + 1, flags = excluded.flags, attempts = 0, last_error = null, updated_at = now()
    where old.locked_at is null;
  get diagnostics written = row_count;
  if written < jsonb_array_length(jobs) then
    -- A worker has taken up one of these timers since we looked: it runs with what it knows, and the new one follows. Without this
    -- the new time would be written nowhere, and a page would be left without a next step.
    update graphile_worker._private_jobs as old set key = null, attempts = old.max_attempts, updated_at = now()
      from jsonb_to_recordset(jobs) as t(key text)
      where t.key is not null and old.key = t.key and old.is_available is not true;
    insert into graphile_worker._private_jobs as old (job_queue_id, task_id, payload, run_at, max_attempts, key)
      select q.id, k.id, t.payload, kernel.real_time(t.at), t.attempts, t.key
      from jsonb_to_recordset(jobs) as t(name text, payload json, queue text, at timestamptz, attempts smallint, key text)
      join graphile_worker._private_tasks k on k.identifier = t.name
      left join graphile_worker._private_job_queues q on q.queue_name = t.queue
      where t.key is not null
      on conflict (key) do update set
        job_queue_id = excluded.job_queue_id, task_id = excluded.task_id, payload = excluded.payload,
        max_attempts = excluded.max_attempts, run_at = excluded.run_at, priority = excluded.priority,
        revision = old.revision + 1, flags = excluded.flags, attempts = 0, last_error = null, updated_at = now()
      where old.locked_at is null;
  end if;
  if due > 0 then
    perform pg_notify('jobs:insert', json_build_object('r', random(), 'count', due)::text);
  end if;
end $$;

-- A message of some kilobytes stays in its row: ciphertext does not compress, and a second table with an index of its own
-- costs more than a long row that is emptied as soon as it was sent.
alter table channels.deliveries alter column sealed_message set storage external;
alter table channels.deliveries set (toast_tuple_target = 8160);
