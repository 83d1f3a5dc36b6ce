-- Own eyes: monitors, the places they look from, what they saw, and who of the nodes looks.

-- Carries the alerts of monitors and objectives. Made here, has no key, is never listed.
insert into signals.integrations (id, kind, name, internal)
values ('int_0000000000000000000monitor', 'alertmanager', 'Monitors', true);

create table signals.monitors (
  id text primary key,
  name text not null check (length(name) between 1 and 200),
  -- The family of src/signals/monitors that knows how to look.
  kind text not null,
  service_id text references catalog.services (id),
  enabled boolean not null default true,
  severity text not null default 'error' check (severity in ('critical', 'error', 'warning', 'info')),
  interval_seconds integer not null check (interval_seconds between 5 and 86400),
  timeout_seconds integer not null check (timeout_seconds between 1 and 60),
  -- So many failures in a row before a place says "down", so many successes before it says "up" again.
  fail_after integer not null default 2 check (fail_after between 1 and 20),
  recover_after integer not null default 2 check (recover_after between 1 and 20),
  -- So many places must say "down" before anybody is called.
  quorum integer not null default 1 check (quorum between 1 and 50),
  -- Names of places of nodes, and ids of probes.
  places jsonb not null default '["main"]',
  -- What the family reads; never a secret.
  spec jsonb not null,
  -- Named secrets, sealed as a whole.
  secrets_sealed text,
  -- Its share of the work: nodes hold leases on slices, not on monitors.
  slice smallint not null check (slice between 0 and 63),
  -- Unknown until it was looked at, and again when nobody looks.
  state text not null default 'unknown' check (state in ('up', 'down', 'unknown')),
  since timestamptz not null default kernel.now(),
  reason text not null default '',
  -- Its alert is open.
  alerting boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null default kernel.now()
);
create unique index monitors_name on signals.monitors (lower(name));
create index monitors_slice on signals.monitors (slice);

-- What one place last saw, rewritten with every result; the last sixty results beside it.
create table signals.monitor_places (
  monitor_id text not null references signals.monitors (id) on delete cascade,
  place text not null,
  state text not null default 'unknown' check (state in ('up', 'down', 'unknown')),
  since timestamptz not null,
  -- In a row; one of the two is always 0.
  failures integer not null default 0,
  successes integer not null default 0,
  first_failed_at timestamptz,
  last_at timestamptz not null,
  -- Null: the check could not be run at all.
  last_ok boolean,
  last_ms real not null default 0,
  last_reason text not null default '',
  facts jsonb not null default '{}',
  -- [[epoch milliseconds, milliseconds taken, 1 | 0 | -1], …], oldest first.
  recent jsonb not null default '[]',
  primary key (monitor_id, place)
) with (fillfactor = 60);

-- What turned, and why. A steady state makes no rows.
create table signals.monitor_changes (
  id bigint generated always as identity primary key,
  monitor_id text not null references signals.monitors (id) on delete cascade,
  -- Null: the monitor as a whole.
  place text,
  at timestamptz not null,
  state text not null check (state in ('up', 'down', 'unknown', 'failing')),
  reason text not null default ''
);
create index monitor_changes_of on signals.monitor_changes (monitor_id, at desc);

-- Five-minute and hourly sums.
create table signals.monitor_rollups (
  monitor_id text not null references signals.monitors (id) on delete cascade,
  seconds integer not null check (seconds in (300, 3600)),
  at timestamptz not null,
  place text not null,
  n integer not null,
  failed integer not null,
  ms_sum double precision not null,
  ms_min real not null,
  ms_max real not null,
  primary key (monitor_id, seconds, at, place)
) with (fillfactor = 80);
create index monitor_rollups_old on signals.monitor_rollups (seconds, at);

-- Which node looks after which slice of its place's monitors, until when.
create table signals.monitor_slices (
  place text not null,
  slice smallint not null check (slice between 0 and 63),
  holder text not null,
  until timestamptz not null,
  primary key (place, slice)
) with (fillfactor = 50);

create table signals.monitor_nodes (
  node text primary key,
  place text not null,
  seen_at timestamptz not null,
  -- How many it looks after, and how late the latest one in a hundred of its looks began.
  watching integer not null default 0,
  late_ms real not null default 0
);

-- Remote places: an `evenkeel probe` asks outward what to look at, and says what it saw.
create table signals.probes (
  id text primary key,
  name text not null check (length(name) between 1 and 100),
  -- Keyed hash of its token; its last four characters to tell tokens apart.
  token_hash text not null unique,
  hint text not null,
  last_seen_at timestamptz,
  version text not null default '',
  -- Kinds it cannot look with, and why, in its own words.
  lacks jsonb not null default '{}',
  -- The last batch of results it sent, so that one sent twice counts once.
  last_batch text not null default '',
  -- Its silence is told: an alert is open.
  alerting boolean not null default false,
  created_at timestamptz not null default kernel.now()
);
create unique index probes_name on signals.probes (lower(name));
