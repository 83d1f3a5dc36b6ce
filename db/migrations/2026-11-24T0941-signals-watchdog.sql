-- The watchdog: synthetic trips from the door of ingest to a receipt in the sink, and nodes that have gone silent.
insert into signals.integrations (id, kind, name, internal) values ('int_000000000000000000watchdog', 'alertmanager', 'Watchdog', true);

create table signals.trips (
  id text primary key,
  state text not null default 'running' check (state in ('running', 'done', 'failed')),
  signal_id text,
  group_id text,
  page_id text,
  -- Where it did not go on, and what was seen there.
  stage text,
  error text,
  started_at timestamptz not null,
  finished_at timestamptz,
  -- When the address outside was told.
  pinged_at timestamptz,
  check ((state = 'running') = (finished_at is null))
);
create unique index trips_one_running on signals.trips ((true)) where state = 'running';
create index trips_newest on signals.trips (started_at desc);

create table signals.silent_nodes (
  node text primary key,
  last_seen_at timestamptz not null,
  told_at timestamptz not null default kernel.now(),
  -- Heard again, or gone for good and forgotten.
  over_at timestamptz
);

-- What was given up on; costs nothing for the others.
create index signals_quarantined on signals.signals (received_at desc) where reason like 'could not be processed:%';
-- Messages whose carrier has not said yet whether they arrived.
create index deliveries_awaited on channels.deliveries (sent_at) where state = 'sent';
