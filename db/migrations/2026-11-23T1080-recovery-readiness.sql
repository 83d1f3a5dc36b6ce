-- Recovery plans: readiness criteria, their samples, and the soak clock.
create schema recovery;

create table recovery.plans (
  id text primary key,
  incident_id text not null unique,
  soak_seconds integer not null check (soak_seconds between 0 and 604800),
  every_seconds integer not null default 10 check (every_seconds between 1 and 3600),
  state text not null default 'sampling' check (state in ('sampling', 'met', 'ended')),
  -- Start of the present unbroken stretch of samples that were all true; null while something is false or unknown.
  clean_since timestamptz,
  sampled_at timestamptz,
  met_at timestamptz,
  restarts integer not null default 0,
  last_break text,
  created_at timestamptz not null default kernel.now(),
  ended_at timestamptz,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);

create table recovery.criteria (
  id text primary key,
  plan_id text not null references recovery.plans (id),
  position integer not null,
  name text not null,
  kind text not null check (kind in ('http', 'expression')),
  -- For expressions: the run whose playbook and probes they belong to.
  run_id text references playbooks.runs (id),
  url text,
  expect_status integer,
  expect_contains text,
  expect_json text,
  expression text,
  source text not null check (source in ('playbook', 'person')),
  added_by text,
  added_at timestamptz not null default kernel.now(),
  removed_at timestamptz,
  removed_by text,
  removed_reason text,
  -- The latest sample, kept here for screens and gates.
  verdict text not null default 'unknown' check (verdict in ('true', 'false', 'unknown')),
  detail text not null default 'not sampled yet',
  sampled_at timestamptz,
  changed_at timestamptz,
  exercise boolean not null default false,
  check (kind <> 'http' or url is not null),
  check (kind <> 'expression' or (expression is not null and run_id is not null))
);
create index on recovery.criteria (plan_id, position);

create table recovery.samples (
  id bigint generated always as identity primary key,
  criterion_id text not null references recovery.criteria (id),
  at timestamptz not null,
  verdict text not null check (verdict in ('true', 'false', 'unknown')),
  detail text not null,
  exercise boolean not null default false
);
create index on recovery.samples (criterion_id, at desc);
