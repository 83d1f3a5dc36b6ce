-- Signals: who may send, every raw post as received, and the alerts and groups made from them.
create schema signals;

create table signals.integrations (
  id text primary key,
  -- The family of src/signals/ingest that understands its posts.
  kind text not null,
  name text not null,
  service_id text references catalog.services (id),
  enabled boolean not null default true,
  -- True for the one that carries exercises: never listed, has no key.
  internal boolean not null default false,
  version integer not null default 1,
  last_heard_at timestamptz,
  garbage_count integer not null default 0,
  last_garbage_at timestamptz,
  last_garbage_reason text,
  last_garbage_signal_id text,
  -- When the notice was last raised: at most once an hour.
  garbage_notice_at timestamptz,
  -- Posts refused because the integration is switched off.
  dropped_count integer not null default 0,
  last_dropped_at timestamptz,
  created_by text,
  created_at timestamptz not null default kernel.now()
);

insert into signals.integrations (id, kind, name, internal)
values ('int_000000000000000000exercise', 'alertmanager', 'Exercises', true);

create table signals.integration_keys (
  id text primary key,
  integration_id text not null references signals.integrations (id) on delete cascade,
  -- Keyed hash, to find it; sealed copy, to show it again to managers.
  key_hash text not null unique,
  key_sealed text not null,
  -- Its last four characters.
  hint text not null,
  -- The end of a rotation's overlap; null while it is the current key.
  valid_until timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default kernel.now()
);
create index integration_keys_of on signals.integration_keys (integration_id);

create table signals.signals (
  id text primary key,
  integration_id text not null references signals.integrations (id),
  received_at timestamptz not null default kernel.now(),
  content_type text not null default '',
  -- A short list of harmless headers; never a credential.
  headers jsonb not null default '{}',
  -- As received (only the sender's key is blanked out). Null after its retention.
  body bytea,
  body_size integer not null,
  body_hash text not null,
  -- Which door of its family it came through: alerts or changes.
  purpose text not null default 'alerts' check (purpose in ('alerts', 'changes')),
  idempotency_key text,
  state text not null default 'received' check (state in ('received', 'processed', 'rejected')),
  reason text,
  -- What was answered, to answer the same again.
  answer jsonb,
  attempts integer not null default 0,
  settled_at timestamptz,
  test boolean not null default false,
  test_pages boolean not null default false,
  exercise boolean not null default false,
  check ((state = 'received') = (settled_at is null))
);
create unique index signals_idempotent on signals.signals (integration_id, idempotency_key) where idempotency_key is not null;
create index signals_waiting on signals.signals (received_at) where state = 'received';
create index signals_newest on signals.signals (integration_id, received_at desc);
create index signals_with_body on signals.signals (received_at) where body is not null;

create table signals.groups (
  id text primary key,
  integration_id text not null references signals.integrations (id),
  group_key text not null,
  -- Grouped here by service and time, because the source has no grouping of its own.
  windowed boolean not null,
  service_id text references catalog.services (id),
  title text not null,
  severity text not null check (severity in ('critical', 'error', 'warning', 'info')),
  state text not null check (state in ('open', 'acknowledged', 'resolved')),
  alert_count integer not null default 0,
  firing_count integer not null default 0,
  event_count integer not null default 0,
  flaps integer not null default 0,
  first_at timestamptz not null,
  last_at timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by text,
  acknowledged_via text,
  resolved_at timestamptz,
  resolved_by text,
  -- The incident it was linked to. Incidents live above, so no foreign key.
  incident_id text,
  incident_key text,
  page_id text,
  test boolean not null default false,
  exercise boolean not null default false,
  created_at timestamptz not null default kernel.now(),
  check ((state = 'resolved') = (resolved_at is not null))
);
create unique index groups_one_open on signals.groups (integration_id, group_key, exercise, test) where state <> 'resolved' and not windowed;
create index groups_open on signals.groups (integration_id, group_key) where state <> 'resolved';
create index groups_newest on signals.groups (last_at desc, id desc);
create index groups_incident on signals.groups (incident_id) where incident_id is not null;
create index groups_service on signals.groups (service_id, state);

create table signals.alerts (
  id text primary key,
  integration_id text not null references signals.integrations (id),
  group_id text not null references signals.groups (id),
  -- SHA-256 of the dedup key; `dedup_key` itself is cut for display.
  fingerprint text not null,
  dedup_key text not null,
  service_id text references catalog.services (id),
  title text not null,
  severity text not null check (severity in ('critical', 'error', 'warning', 'info')),
  state text not null check (state in ('firing', 'resolved')),
  description text not null default '',
  source text not null default '',
  labels jsonb not null default '{}',
  details jsonb not null default '{}',
  links jsonb not null default '[]',
  -- What was cut, replaced or assumed on the way in.
  marks jsonb not null default '[]',
  count integer not null default 1,
  flaps integer not null default 0,
  first_at timestamptz not null,
  last_at timestamptz not null,
  resolved_at timestamptz,
  resolved_by text check (resolved_by in ('source', 'person')),
  -- The source's own times, when usable.
  started_at timestamptz,
  ended_at timestamptz,
  last_signal_id text not null references signals.signals (id),
  test boolean not null default false,
  exercise boolean not null default false,
  check ((state = 'resolved') = (resolved_at is not null))
);
-- Two posts in parallel cannot make two alerts of one key.
create unique index alerts_one_firing on signals.alerts (integration_id, fingerprint, exercise, test) where state = 'firing';
create index alerts_by_key on signals.alerts (integration_id, fingerprint, first_at desc);
create index alerts_of_group on signals.alerts (group_id);
create index alerts_newest on signals.alerts (last_at desc, id desc);
create index alerts_of_service on signals.alerts (service_id, state);

-- What each event of a signal did. The counts of an alert over time are read from here.
create table signals.occurrences (
  signal_id text not null references signals.signals (id),
  n integer not null,
  alert_id text references signals.alerts (id),
  effect text not null check (effect in ('opened', 'repeated', 'reopened', 'resolved', 'acknowledged', 'nothing')),
  dedup_key text not null,
  at timestamptz not null,
  exercise boolean not null default false,
  primary key (signal_id, n)
);
create index occurrences_of_alert on signals.occurrences (alert_id, at desc);
