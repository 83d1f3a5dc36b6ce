-- The ground: a clock that tests can move, the stream of events, settings, and who is running.
create schema if not exists kernel;

create table kernel.clock (
  only_row boolean primary key default true check (only_row),
  ahead interval not null default '0'
);
insert into kernel.clock default values;
comment on table kernel.clock is 'How far the clock is moved ahead. Zero except in tests and simulations.';

create function kernel.now() returns timestamptz
  language sql stable
  return date_trunc('milliseconds', clock_timestamp() + (select ahead from kernel.clock));

-- The job queue runs on the real clock; a time of ours is translated when a job is born.
create function kernel.real_time(at timestamptz) returns timestamptz
  language sql stable
  return at - (select ahead from kernel.clock);

create table kernel.events (
  seq bigint generated always as identity primary key,
  id text not null unique,
  type text not null,
  subject text not null,
  incident text,
  payload jsonb not null,
  exercise boolean not null,
  actor text not null,
  at timestamptz not null default kernel.now()
);
create index events_incident on kernel.events (incident, seq) where incident is not null;

create table kernel.settings (
  key text primary key,
  value jsonb,
  sealed text,
  version integer not null default 1,
  updated_at timestamptz not null default kernel.now(),
  updated_by text not null
);

create table kernel.workers (
  worker_id text primary key,
  node text not null,
  seen_at timestamptz not null default clock_timestamp()
);

create table kernel.idempotency (
  scope text not null,
  key text not null,
  request_hash text not null,
  status integer not null,
  body text,
  created_at timestamptz not null default kernel.now(),
  primary key (scope, key)
);

create function kernel.refuse_change() returns trigger
  language plpgsql as $$
begin
  raise exception '% is append-only: % is refused', tg_table_schema || '.' || tg_table_name, lower(tg_op)
    using errcode = '42501';
end $$;

create function kernel.keep_exercise() returns trigger
  language plpgsql as $$
begin
  if new.exercise is distinct from old.exercise then
    raise exception 'the exercise mark of %.% cannot change', tg_table_schema, tg_table_name using errcode = '42501';
  end if;
  return new;
end $$;
