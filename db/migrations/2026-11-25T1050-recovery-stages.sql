-- Recovery by stages: the course of an incident, its stages, what was measured in each, sign-offs, what failed before, and what is left over.

create table recovery.courses (
  id text primary key,
  incident_id text not null,
  -- The playbook's run it comes from; null when somebody wrote the stages by hand.
  run_id text references playbooks.runs (id),
  title text not null,
  plan jsonb not null,
  state text not null check (state in ('prerequisites', 'staging', 'paused', 'rolling_back', 'completed', 'aborted')),
  -- Position of the stage under way; null before the first.
  position integer,
  -- While rolling back: the position to return to, -1 for before the first stage, and who asked.
  back_to integer,
  paused_reason text,
  -- Why it does not go on by itself right now; empty when it does.
  holds jsonb not null default '[]',
  no_return_at timestamptz,
  started_by text not null,
  started_by_name text not null,
  started_at timestamptz not null default kernel.now(),
  stepped_at timestamptz,
  ended_at timestamptz,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
create unique index one_live_course on recovery.courses (incident_id) where state not in ('completed', 'aborted');
create index on recovery.courses (state) where state not in ('completed', 'aborted');

create table recovery.stages (
  id text primary key,
  course_id text not null references recovery.courses (id),
  position integer not null,
  stage_id text not null,
  state text not null check (state in (
    'waiting', 'shifting', 'delaying', 'analysing', 'soaking', 'gate', 'passed', 'failed', 'undoing', 'rolled_back')),
  attempt integer not null default 0,
  failures integer not null default 0,
  action_run_id text references playbooks.action_runs (id),
  shifted_by text,
  entered_at timestamptz,
  -- When the present state is over at the earliest.
  until timestamptz,
  passed_at timestamptz,
  gate_by text,
  gate_by_name text,
  gate_at timestamptz,
  -- What went wrong last.
  symptom text,
  exercise boolean not null default false,
  unique (course_id, position),
  unique (course_id, stage_id)
);

-- One check of one attempt at a stage, for one endpoint of a sweep.
create table recovery.analyses (
  id text primary key,
  stage_id text not null references recovery.stages (id),
  attempt integer not null,
  -- `analysis` decides whether the stage holds; `soak` goes on looking while it soaks.
  part text not null check (part in ('analysis', 'soak')),
  check_id text not null,
  target text not null default '',
  state text not null default 'running' check (state in ('running', 'passed', 'failed', 'inconclusive', 'error')),
  passes integer not null default 0,
  fails integer not null default 0,
  inconclusives integer not null default 0,
  errors integer not null default 0,
  errors_in_row integer not null default 0,
  next_at timestamptz not null,
  last_at timestamptz,
  last_sample text check (last_sample in ('pass', 'fail', 'inconclusive', 'error')),
  last_detail text not null default '',
  exercise boolean not null default false,
  unique (stage_id, attempt, part, check_id, target)
);

create table recovery.signoffs (
  id text primary key,
  course_id text not null references recovery.courses (id),
  incident_id text not null,
  lane text not null,
  of text not null,
  state text not null default 'open' check (state in ('open', 'signed', 'waived')),
  evidence text not null default '',
  evidence_url text,
  by text,
  by_name text,
  at timestamptz,
  -- Why a signature that was given no longer holds.
  reopened text,
  exercise boolean not null default false,
  unique (course_id, lane, of),
  check (state <> 'signed' or evidence <> ''),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);

-- What a scanner or a comparison of configuration reported during recovery.
create table recovery.scans (
  id text primary key,
  incident_id text not null,
  lane text not null,
  kind text not null check (kind in ('scan', 'drift')),
  tool text not null,
  result text not null check (result in ('pass', 'fail')),
  summary text not null default '',
  url text,
  reported_by text not null,
  at timestamptz not null default kernel.now(),
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
create index on recovery.scans (incident_id, at desc);

-- What was tried and failed, so that it is not tried again without anybody remembering.
create table recovery.known_bad (
  id text primary key,
  incident_id text not null references incidents.incidents (id),
  course_id text not null references recovery.courses (id),
  stage_id text not null,
  approach text not null,
  target text not null,
  parameters jsonb not null,
  fingerprint text not null,
  symptom text not null,
  at timestamptz not null default kernel.now(),
  exercise boolean not null default false
);
create index on recovery.known_bad (fingerprint, at desc);

-- Somebody has read that it failed before and tries it all the same.
create table recovery.acknowledgements (
  course_id text not null references recovery.courses (id),
  fingerprint text not null,
  -- The newest failure they had seen; a later one asks again.
  known_bad_id text not null references recovery.known_bad (id),
  by text not null,
  by_name text not null,
  reason text not null,
  at timestamptz not null default kernel.now(),
  primary key (course_id, fingerprint, known_bad_id)
);

-- What has to be put back once service is restored: each done by itself, or left over with somebody who owns it.
create table recovery.closing_items (
  incident_id text not null,
  kind text not null,
  ref text not null default '',
  title text not null,
  state text not null check (state in ('done', 'left', 'due', 'settled')),
  detail text not null default '',
  owner_id text references security.users (id),
  settled_by text,
  settled_note text,
  changed_at timestamptz not null default kernel.now(),
  exercise boolean not null default false,
  primary key (incident_id, kind, ref),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);

-- After restored somebody goes on looking: the criteria are sampled with the same eyes for a day.
create table recovery.watches (
  incident_id text primary key,
  state text not null check (state in ('watching', 'suspected', 'over', 'relapsed')),
  until timestamptz not null,
  bad_rounds integer not null default 0,
  reasons jsonb not null default '[]',
  sampled_at timestamptz,
  suspected_at timestamptz,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
create index on recovery.watches (until) where state in ('watching', 'suspected');
