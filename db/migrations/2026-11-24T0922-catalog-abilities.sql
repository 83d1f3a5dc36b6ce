-- What can be done to a service when it fails: how it is observed, isolated and recovered (M11).
create table catalog.abilities (
  id text primary key,
  service_id text not null references catalog.services (id) on delete cascade,
  kind text not null check (kind in ('observe', 'isolate', 'recover')),
  -- What it is, in words: "switch checkout to read-only".
  name text not null check (name <> ''),
  -- Where it is: a dashboard, a runbook.
  url text,
  position integer not null,
  created_at timestamptz not null default kernel.now()
);
create index abilities_by_service on catalog.abilities (service_id, kind, position);
