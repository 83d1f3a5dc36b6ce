-- Playbooks, their runs, containment actions with their journal, flags, and safeguards.
-- Rows of an incident refer to (id, exercise), so that a drill's rows can only belong to a drill and real ones never do.
create schema playbooks;

create table playbooks.playbooks (
  id text primary key,
  name text not null unique,
  title text not null,
  created_by text not null references security.users (id),
  created_at timestamptz not null default kernel.now(),
  retired_at timestamptz
);

create table playbooks.versions (
  id text primary key,
  playbook_id text not null references playbooks.playbooks (id),
  number integer not null,
  version text not null,
  state text not null check (state in ('draft', 'approved', 'retired')),
  source text not null,
  hash text not null,
  parsed jsonb not null,
  created_by text not null references security.users (id),
  created_at timestamptz not null default kernel.now(),
  approved_by text references security.users (id),
  approved_at timestamptz,
  unique (playbook_id, number),
  -- A version is approved by a second person, whoever asks.
  check (approved_by is null or approved_by <> created_by),
  check ((state = 'draft') = (approved_by is null))
);
create index on playbooks.versions (playbook_id, number desc);
create unique index one_approved_version on playbooks.versions (playbook_id) where state = 'approved';

create table playbooks.runs (
  id text primary key,
  incident_id text not null,
  version_id text not null references playbooks.versions (id),
  state text not null check (state in ('active', 'finished', 'cancelled')),
  inputs jsonb not null default '{}',
  started_by text not null,
  started_at timestamptz not null default kernel.now(),
  ended_at timestamptz,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
create index on playbooks.runs (incident_id, started_at);

create table playbooks.step_runs (
  id text primary key,
  run_id text not null references playbooks.runs (id),
  incident_id text not null,
  block text not null check (block in ('containment', 'eradication')),
  position integer not null,
  step_id text not null,
  kind text not null,
  state text not null check (state in ('pending', 'waiting_approval', 'running', 'done', 'skipped', 'failed', 'needs_human')),
  note text,
  choice text,
  done_by text,
  started_at timestamptz,
  ended_at timestamptz,
  observed jsonb,
  exercise boolean not null default false,
  unique (run_id, step_id),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);

create table playbooks.action_runs (
  id text primary key,
  incident_id text not null,
  run_id text references playbooks.runs (id),
  step_run_id text references playbooks.step_runs (id),
  action text not null,
  connector text not null,
  title text not null,
  params jsonb not null,
  intent_hash text not null,
  idempotency_key text not null,
  state text not null check (state in (
    'proposed', 'previewed', 'awaiting_approval', 'approved', 'running', 'verifying', 'effective', 'unknown', 'failed',
    'needs_human', 'undoing', 'undone', 'refused', 'cancelled', 'expired')),
  autonomy text not null check (autonomy in ('manual', 'suggest', 'approve', 'veto', 'auto')),
  risk_class text not null check (risk_class in ('reversible', 'compensable', 'irreversible')),
  customer_visible boolean not null default false,
  -- The second click is an approval of the incident's record.
  approval_id text,
  reason text,
  manual text,
  verify_expr text,
  verify_within_seconds integer not null default 30,
  timeout_seconds integer not null default 30,
  on_failure text not null default 'needs_human' check (on_failure in ('needs_human', 'undo', 'continue')),
  plan jsonb not null default '{}',
  prior jsonb,
  response jsonb,
  rules jsonb not null default '[]',
  noop boolean not null default false,
  error text,
  requested_by text not null,
  requested_by_name text not null,
  requested_at timestamptz not null default kernel.now(),
  approved_at timestamptz,
  expires_at timestamptz not null,
  started_at timestamptz,
  verify_until timestamptz,
  ended_at timestamptz,
  undone_at timestamptz,
  outcome_by text,
  outcome_note text,
  lease_owner text,
  lease_until timestamptz,
  fence bigint,
  simulated boolean not null default false,
  exercise boolean not null default false,
  -- A drill never reaches a real target (domain.md 7.4, invariant 10).
  check (not exercise or simulated),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
-- Same key at most once alive or effective: two proposals, two approvals or two engines cannot double an effect (invariant 9).
create unique index one_live_action_per_key on playbooks.action_runs (idempotency_key)
  where state in ('proposed', 'previewed', 'awaiting_approval', 'approved', 'running', 'verifying', 'effective', 'unknown',
                  'needs_human', 'undoing');
create index on playbooks.action_runs (incident_id, requested_at);
create index on playbooks.action_runs (state) where state in ('approved', 'running', 'verifying', 'unknown', 'undoing', 'awaiting_approval');

create sequence playbooks.fence;

-- The engine's journal: the intent is written before anything is sent, the result after, each in its own transaction.
create table playbooks.action_attempts (
  id text primary key,
  action_run_id text not null references playbooks.action_runs (id),
  direction text not null check (direction in ('apply', 'undo')),
  n integer not null,
  idempotency_key text not null,
  fence bigint not null,
  sent_at timestamptz not null default kernel.now(),
  finished_at timestamptz,
  result text check (result in ('accepted', 'refused', 'unknown')),
  read_back text check (read_back in ('applied', 'not_applied', 'unreadable')),
  detail jsonb,
  simulated boolean not null default false,
  exercise boolean not null default false,
  unique (action_run_id, direction, n),
  check (not exercise or simulated)
);

create table playbooks.probe_samples (
  run_id text not null references playbooks.runs (id),
  probe_id text not null,
  at timestamptz not null,
  since timestamptz not null,
  ok boolean not null,
  value jsonb,
  error text,
  -- Set by a drill; wins over the real reading until removed.
  injected boolean not null default false,
  exercise boolean not null default false,
  primary key (run_id, probe_id),
  check (not injected or exercise)
);

create table playbooks.flags (
  id text primary key,
  key text not null unique,
  description text not null default '',
  kind text not null check (kind in ('boolean', 'string', 'number', 'object')),
  variants jsonb not null,
  default_variant text not null,
  variant text not null,
  state text not null default 'enabled' check (state in ('enabled', 'disabled')),
  service_id text references catalog.services (id),
  revision bigint not null default 1,
  created_at timestamptz not null default kernel.now(),
  updated_at timestamptz not null default kernel.now()
);

create table playbooks.flag_changes (
  id text primary key,
  flag_id text not null references playbooks.flags (id),
  from_variant text not null,
  to_variant text not null,
  reason text not null,
  actor text not null,
  actor_name text not null,
  incident_id text,
  action_run_id text references playbooks.action_runs (id),
  idempotency_key text unique,
  at timestamptz not null default kernel.now(),
  -- Real flags are never moved by a drill.
  exercise boolean not null default false check (not exercise),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
create index on playbooks.flag_changes (flag_id, at desc);

create table playbooks.webhook_targets (
  id text primary key,
  name text not null unique,
  description text not null default '',
  url text not null,
  sealed_secret text not null,
  -- Where the state can be read back: answers 200 with {"applied": true|false} for ?key=…; without it a lost answer needs a human.
  read_url text,
  created_at timestamptz not null default kernel.now(),
  updated_at timestamptz not null default kernel.now()
);

-- What simulators remember, per drill.
create table playbooks.simulations (
  incident_id text not null,
  connector text not null,
  target text not null,
  state jsonb not null,
  behaviour text not null default 'honest' check (behaviour in ('honest', 'lies', 'loses_answer', 'refuses')),
  calls integer not null default 0,
  exercise boolean not null default true check (exercise),
  primary key (incident_id, connector, target),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);

create table playbooks.freezes (
  id text primary key,
  service_id text not null references catalog.services (id),
  incident_id text not null,
  action_run_id text references playbooks.action_runs (id),
  reason text not null,
  blocks text[] not null default '{deploy}',
  allow_label text not null default 'incident-fix',
  started_by text not null,
  started_by_name text not null,
  started_at timestamptz not null default kernel.now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_by text,
  end_reason text,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
create unique index one_open_freeze_per_service_and_incident on playbooks.freezes (service_id, incident_id) where ended_at is null;
create index on playbooks.freezes (incident_id);

create table playbooks.freeze_exceptions (
  id text primary key,
  freeze_id text not null references playbooks.freezes (id),
  incident_id text not null references incidents.incidents (id),
  label text not null,
  ref text not null default '',
  asked_by text not null,
  asked_by_name text not null,
  at timestamptz not null default kernel.now(),
  unique (freeze_id, label, ref, asked_by)
);

create table playbooks.pauses (
  id text primary key,
  reason text not null,
  paused_by text not null,
  paused_by_name text not null,
  paused_at timestamptz not null default kernel.now(),
  resumed_by text,
  resumed_at timestamptz,
  -- One pause at a time, for the whole organisation.
  one boolean not null default true
);
create unique index one_open_pause on playbooks.pauses (one) where resumed_at is null;
