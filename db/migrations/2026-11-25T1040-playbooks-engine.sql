-- The whole life of an action: veto window, guards that abort, admission with its evidence, locks, memory, overrides.
alter table playbooks.action_runs drop constraint action_runs_state_check;
alter table playbooks.action_runs add constraint action_runs_state_check check (state in (
  'proposed', 'previewed', 'awaiting_approval', 'approved', 'veto_window', 'running', 'verifying', 'effective', 'unknown', 'failed',
  'aborted', 'needs_human', 'undoing', 'undone', 'refused', 'vetoed', 'cancelled', 'expired'));
drop index playbooks.one_live_action_per_key;
create unique index one_live_action_per_key on playbooks.action_runs (idempotency_key)
  where state in ('proposed', 'previewed', 'awaiting_approval', 'approved', 'veto_window', 'running', 'verifying', 'effective',
                  'unknown', 'aborted', 'needs_human', 'undoing');

alter table playbooks.action_runs
  -- What it acts on, in one word: cooldown, rehearsal and memory go by it.
  add column target text not null default '*',
  add column wanted_autonomy text check (wanted_autonomy in ('manual', 'suggest', 'approve', 'veto', 'auto')),
  -- Proposed by the engine, not by a person.
  add column automatic boolean not null default false,
  add column veto_seconds integer not null default 60,
  add column veto_until timestamptz,
  -- Blast radius as previewed: services, journeys, customers, capacity left.
  add column impact jsonb,
  -- Invariant 23: what the sixteen checks said, on which readings, under which policy.
  add column checks jsonb not null default '[]',
  add column inputs jsonb,
  add column policy text,
  add column concurrency text,
  add column concurrency_max integer not null default 1,
  add column waits_for text,
  add column abort_reason text,
  add column known_bad_id text,
  add column acknowledged_by text,
  add column override_id text,
  -- After it was effective the target could be compared with the wanted state.
  add column comparable boolean not null default false,
  add column reverted_at timestamptz,
  -- A temporary measure has an end; at it somebody is asked, again and again.
  add column measure_until timestamptz,
  add column measure_told_at timestamptz,
  add column measure_kept_by text,
  add column measure_note text;
create index on playbooks.action_runs (action, target, requested_at desc);
create index on playbooks.action_runs (measure_until) where measure_until is not null and state = 'effective';

-- Invariant 8: a concurrency group has at most `max` live actions; the row names who holds a place and under which fencing number.
create table playbooks.locks (
  name text not null,
  slot integer not null,
  action_run_id text not null references playbooks.action_runs (id),
  fence bigint not null,
  taken_at timestamptz not null default kernel.now(),
  primary key (name, slot)
);
create unique index on playbooks.locks (action_run_id);

-- Dry runs: what would have happened. They end there.
create table playbooks.previews (
  id text primary key,
  incident_id text not null,
  run_id text references playbooks.runs (id),
  step_id text,
  action text not null,
  target text not null,
  intent_hash text not null,
  plan jsonb not null,
  impact jsonb not null,
  checks jsonb not null,
  by text not null,
  by_name text not null,
  at timestamptz not null default kernel.now(),
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
create index on playbooks.previews (action, target, at desc);

-- What was tried and made it worse, or did not help: {approach, target, parameters, symptom}.
create table playbooks.known_bad (
  id text primary key,
  action text not null,
  target text not null,
  intent_hash text not null,
  params jsonb not null,
  symptom text not null,
  incident_id text not null,
  action_run_id text references playbooks.action_runs (id),
  at timestamptz not null default kernel.now(),
  forgotten_at timestamptz,
  forgotten_by text,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
create index on playbooks.known_bad (action, target, intent_hash) where forgotten_at is null;

-- An action that has lost its autonomy: it asks a person until a person restores it.
create table playbooks.autonomy_drops (
  id text primary key,
  action text not null,
  target text not null,
  reason text not null,
  action_run_id text references playbooks.action_runs (id),
  at timestamptz not null default kernel.now(),
  restored_at timestamptz,
  restored_by text,
  restore_note text,
  exercise boolean not null default false
);
create unique index one_open_drop on playbooks.autonomy_drops (action, target, exercise) where restored_at is null;

-- Invariant 18: an override has a reason, an author and an end.
create table playbooks.overrides (
  id text primary key,
  kind text not null check (kind in ('veto', 'take_over', 'skip', 'force', 'pause', 'outside')),
  incident_id text,
  run_id text references playbooks.runs (id),
  action_run_id text references playbooks.action_runs (id),
  -- Rules it passes by, for `force`.
  guards text[] not null default '{}',
  action text,
  target text,
  reason text not null check (reason <> ''),
  by text not null,
  by_name text not null,
  -- The second person, where one is needed.
  second_by text check (second_by is null or second_by <> by),
  second_needed boolean not null default false,
  at timestamptz not null default kernel.now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_by text,
  exercise boolean not null default false,
  check (expires_at >= at),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
create index on playbooks.overrides (incident_id, at);
create index on playbooks.overrides (expires_at) where ended_at is null;

-- A run in the hands of a person.
alter table playbooks.runs add column control text not null default 'engine' check (control in ('engine', 'human'));

-- A pause holds for the organisation, or for one service.
alter table playbooks.pauses add column service_id text references catalog.services (id), add column reminded_at timestamptz;
drop index playbooks.one_open_pause;
create unique index one_open_pause on playbooks.pauses ((coalesce(service_id, ''))) where resumed_at is null;
