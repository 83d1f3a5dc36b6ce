-- What a transaction announces and puts off is written by one call at its end, instead of one for each.

-- Jobs as graphile-worker 0.18's own add_jobs() writes them, but it wakes workers only for what is due now: a timer an hour
-- ahead is no reason for every idle worker to look. The library's version is pinned; test/kernel checks both agree.
create function kernel.write_jobs(jobs jsonb, removed text[]) returns void
  language plpgsql as $$
declare
  due integer;
begin
  if array_length(removed, 1) > 0 then
    perform graphile_worker.remove_job(key) from unnest(removed) as t(key);
  end if;
  if jsonb_array_length(jobs) = 0 then
    return;
  end if;
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
  select count(*) into due from jsonb_to_recordset(jobs) as t(at timestamptz)
    where kernel.real_time(t.at) <= clock_timestamp() + interval '5 milliseconds';
  if due > 0 then
    perform pg_notify('jobs:insert', json_build_object('r', random(), 'count', due)::text);
  end if;
end $$;

-- Events in their order, and the one notification for the live stream.
create function kernel.write_events(events jsonb) returns void
  language plpgsql as $$
declare
  newest bigint;
begin
  if jsonb_array_length(events) = 0 then
    return;
  end if;
  with told as (
    insert into kernel.events (id, type, subject, incident, payload, exercise, actor, at)
    select t.id, t.type, t.subject, t.incident, t.payload, t.exercise, t.actor, t.at
    from jsonb_to_recordset(events) as t(id text, type text, subject text, incident text, payload jsonb, exercise boolean, actor text, at timestamptz)
    returning seq
  ) select max(seq) into newest from told;
  perform pg_notify('evenkeel_events', newest::text);
end $$;

-- Appends entries of the audit log: takes the head, chains, moves the head. Each entry brings its canonical text in two
-- halves, before and after its number, so that the chain is closed here without another question from the client.
create function security.append_audit(entries jsonb) returns void
  language plpgsql as $$
declare
  n bigint;
  previous text;
  link text;
  entry jsonb;
begin
  select seq, hash into n, previous from security.audit_head for update;
  for entry in select value from jsonb_array_elements(entries) loop
    n := n + 1;
    link := encode(sha256(convert_to(previous || chr(10) || (entry ->> 'head') || n::text || (entry ->> 'tail'), 'UTF8')), 'hex');
    insert into security.audit (seq, at, actor_kind, actor_id, actor_name, on_behalf_of, action, subject, incident, reason,
        before, after, exercise, request_id, ip, prev_hash, hash)
      select n, t.at, t."actorKind", t."actorId", t."actorName", t."onBehalfOf", t.action, t.subject, t.incident, t.reason,
        t.before, t.after, t.exercise, t."requestId", t.ip, previous, link
      from jsonb_to_record(entry -> 'facts') as t(at timestamptz, "actorKind" text, "actorId" text, "actorName" text,
        "onBehalfOf" text, action text, subject text, incident text, reason text, before jsonb, after jsonb, exercise boolean,
        "requestId" text, ip text);
    previous := link;
  end loop;
  update security.audit_head set seq = n, hash = previous;
end $$;
