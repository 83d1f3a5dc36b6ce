-- A clock for short technical waits that nobody can move: signs of life and leases stand on it, people's times on kernel.now().

-- It goes on by what the nodes' own monotonic clocks count, each sign of life carries it further. It never goes back, and a
-- jump of the wall clock does not move it.
create table kernel.steady (
  only_row boolean primary key default true check (only_row),
  -- Milliseconds.
  at double precision not null default 0,
  -- What the wall showed then.
  wall timestamptz,
  -- When, on this clock, the wall was last seen to jump.
  leapt_at double precision
);
insert into kernel.steady default values;

-- When, on that clock, a worker was last heard of. seen_at stays for people to read.
alter table kernel.workers add column seen_steady double precision not null default 0;

-- The wall was put back by so much: what was due already is due now, and what waits for a length of time, or for its next try,
-- comes no later than it would have. What waits for an hour on the wall stays.
create function kernel.wall_went_back(ms double precision, tasks text[]) returns void
  language plpgsql as $$
begin
  update graphile_worker._private_jobs j
    set run_at = greatest(clock_timestamp(), j.run_at - make_interval(secs => ms / 1000))
    from graphile_worker._private_tasks t
    where t.id = j.task_id and j.locked_at is null and j.run_at > clock_timestamp()
      and (j.run_at <= clock_timestamp() + make_interval(secs => ms / 1000) or j.attempts > 0 or t.identifier = any(tasks));
end $$;
