-- Service level objectives: what was promised, what was counted, and whether the budget burns too fast.
create table signals.slos (
  id text primary key,
  -- OpenSLO's metadata.name: imports find it again by this.
  slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9.-]{0,100}[a-z0-9])?$'),
  name text not null check (length(name) between 1 and 200),
  description text not null default '',
  service_id text references catalog.services (id),
  enabled boolean not null default true,
  -- Share of good events, above 0 and below 1.
  target double precision not null check (target > 0 and target < 1),
  window_days integer not null check (window_days between 1 and 90),
  budgeting text not null default 'occurrences' check (budgeting in ('occurrences', 'timeslices')),
  -- Of timeslices: a minute is good when at least this share of its events was.
  slice_target double precision check (slice_target > 0 and slice_target <= 1),
  -- Where the counts come from: monitors of ours, or two queries of a Prometheus.
  source jsonb not null,
  secrets_sealed text,
  -- The fast and the slow alarm that are open.
  paging boolean not null default false,
  ticketing boolean not null default false,
  -- Of a Prometheus source: why there was no count, and the last values of counters.
  trouble text not null default '',
  counted_to timestamptz,
  counters jsonb,
  version integer not null default 1,
  created_at timestamptz not null default kernel.now()
);

-- Counts by minute (kept four days, for the burn windows) and by hour (kept twice the longest window).
create table signals.slo_counts (
  slo_id text not null references signals.slos (id) on delete cascade,
  seconds integer not null check (seconds in (60, 3600)),
  at timestamptz not null,
  good double precision not null,
  total double precision not null,
  primary key (slo_id, seconds, at)
) with (fillfactor = 80);

-- Which objectives count a monitor's results.
create table signals.slo_monitors (
  slo_id text not null references signals.slos (id) on delete cascade,
  monitor_id text not null references signals.monitors (id) on delete cascade,
  primary key (slo_id, monitor_id)
);
create index slo_monitors_of on signals.slo_monitors (monitor_id);
