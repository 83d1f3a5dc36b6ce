-- Catalogue: services, what they depend on, and what changed around them.
create schema catalog;

create table catalog.services (
  id text primary key,
  slug text not null unique,
  name text not null,
  tier smallint not null check (tier in (1, 2, 3)),
  description text not null default '',
  -- Owner and escalation policy, one level below.
  team_id text references people.teams (id),
  policy_id text references people.policies (id),
  -- Raised by every change; the ETag.
  version integer not null default 1,
  created_at timestamptz not null default kernel.now(),
  updated_at timestamptz not null default kernel.now()
);

create table catalog.dependencies (
  from_id text not null references catalog.services (id) on delete cascade,
  to_id text not null references catalog.services (id) on delete restrict,
  strength text not null check (strength in ('hard', 'soft')),
  created_at timestamptz not null default kernel.now(),
  primary key (from_id, to_id),
  check (from_id <> to_id)
);
create index dependencies_to on catalog.dependencies (to_id);

create table catalog.changes (
  id text primary key,
  service_id text references catalog.services (id) on delete set null,
  kind text not null check (kind in ('deploy', 'config', 'flag', 'migration', 'infra', 'data', 'vendor')),
  summary text not null,
  -- Who or what made the change, as text: a pipeline, a person, an integration.
  source text not null default '',
  url text,
  at timestamptz not null,
  recorded_at timestamptz not null default kernel.now(),
  exercise boolean not null default false
);
create index changes_by_time on catalog.changes (at desc, id desc);
create index changes_by_service on catalog.changes (service_id, at desc);
