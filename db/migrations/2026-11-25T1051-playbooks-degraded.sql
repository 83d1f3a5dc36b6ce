-- Degraded modes with their integrity contract, outside systems that connectors act on, what each send found before it, runners, flag rules.

create table playbooks.degraded_modes (
  id text primary key,
  incident_id text not null,
  run_id text references playbooks.runs (id),
  name text not null,
  flag text not null,
  enter_variant text not null,
  exit_variant text not null,
  -- The integrity contract of the playbook, pinned with the mode.
  contract jsonb not null,
  customer_effect text not null default '',
  state text not null check (state in ('checking', 'entering', 'on', 'exiting', 'reconciling', 'off', 'stuck')),
  entered_at timestamptz,
  expires_at timestamptz not null,
  -- Past its longest time: a person was called. It is never left by itself.
  expired_at timestamptz,
  exiting_since timestamptz,
  ended_at timestamptz,
  detail text not null default '',
  -- Somebody owns what remains, and says what it is.
  exception text,
  exception_by text,
  reconciled jsonb not null default '{}',
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
create unique index one_live_mode on playbooks.degraded_modes (flag, exercise) where state <> 'off';
create index on playbooks.degraded_modes (incident_id);

-- What each process that keeps writes back says about its own queue.
create table playbooks.degraded_reports (
  mode_id text not null references playbooks.degraded_modes (id),
  reporter text not null,
  queued bigint not null check (queued >= 0),
  drained bigint not null default 0,
  failed bigint not null default 0,
  at timestamptz not null,
  primary key (mode_id, reporter)
);

create table playbooks.systems (
  id text primary key,
  name text not null unique,
  kind text not null check (kind in (
    'haproxy', 'unleash', 'launchdarkly', 'github', 'gitlab', 'kubernetes', 'weights', 'postgres', 'runner')),
  description text not null default '',
  address text not null default '',
  options jsonb not null default '{}',
  sealed_secret text,
  credential_expires_at timestamptz,
  checked_at timestamptz,
  healthy boolean,
  detail text not null default '',
  removed_at timestamptz,
  created_at timestamptz not null default kernel.now(),
  updated_at timestamptz not null default kernel.now()
);

-- What was found before an action was sent, and what it was to become: read-back and undo go by this, even when the answer is lost.
create table playbooks.effects (
  key text primary key,
  action_run_id text not null,
  prior jsonb not null,
  wanted jsonb not null,
  at timestamptz not null default kernel.now()
);

create table playbooks.runner_jobs (
  id text primary key,
  key text not null unique,
  system_id text not null references playbooks.systems (id),
  command text not null,
  args jsonb not null default '[]',
  fence bigint not null default 0,
  state text not null check (state in ('queued', 'taken', 'done', 'failed', 'refused', 'withdrawn')),
  runner text,
  output text not null default '',
  exit_code integer,
  queued_at timestamptz not null default kernel.now(),
  expires_at timestamptz not null,
  taken_at timestamptz,
  finished_at timestamptz
);
create index on playbooks.runner_jobs (system_id, queued_at) where state = 'queued';

-- Who gets which variant (as in flagd): rules in order, the first that matches decides.
alter table playbooks.flags add column targeting jsonb not null default '[]';
