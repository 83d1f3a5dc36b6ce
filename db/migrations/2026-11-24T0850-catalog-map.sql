-- The map (M5, M73): stores, third parties and journeys stand beside services as nodes of one graph, so that alerts, incidents,
-- owners and dependencies work for all of them alike.
alter table catalog.services
  add column kind text not null default 'service' check (kind in ('service', 'store', 'third_party', 'journey')),
  -- One copy or several (instances, replicas, regions); what nobody has said stays unknown.
  add column redundancy text not null default 'unknown' check (redundancy in ('single', 'several', 'unknown'));
create index services_by_kind on catalog.services (kind);

create table catalog.stores (
  service_id text primary key references catalog.services (id) on delete cascade,
  -- What it is: "PostgreSQL 17", "Kafka".
  engine text not null default '',
  region text not null default '',
  -- Copies besides the primary; null when nobody has said.
  replicas integer check (replicas between 0 and 1000),
  -- Its content can be made again from elsewhere.
  rebuildable boolean not null default false,
  backup text not null default ''
);

create table catalog.third_parties (
  service_id text primary key references catalog.services (id) on delete cascade,
  legal_name text not null default '',
  -- What they do for us.
  provides text not null default '',
  data_categories text[] not null default '{}',
  regions text[] not null default '{}',
  contacts text not null default '',
  status_url text,
  exit_plan text not null default '',
  contract_end text check (contract_end ~ '^\d{4}-\d{2}-\d{2}$'),
  -- Who answers for the relation.
  owner_id text references security.users (id),
  review_every_days integer not null default 365 check (review_every_days between 1 and 3650),
  reviewed_at timestamptz,
  review_note text not null default ''
);

-- What is done when a node is gone. A tested one carries the day of its test: there is no other way to be tested.
create table catalog.fallbacks (
  id text primary key,
  of_id text not null references catalog.services (id) on delete cascade,
  -- Whom it helps; null = everything that needs the node.
  for_id text references catalog.services (id) on delete cascade,
  -- What takes over, when that is a node itself.
  to_id text references catalog.services (id) on delete cascade,
  kind text not null check (kind in ('manual', 'second_provider', 'cache', 'defer', 'failover')),
  how text not null check (how <> ''),
  tested_at timestamptz,
  position integer not null,
  created_at timestamptz not null default kernel.now(),
  check (of_id is distinct from to_id and of_id is distinct from for_id)
);
create index fallbacks_of on catalog.fallbacks (of_id, position);

-- Where a node was imported from, and what the import wrote last: what differs from that was changed by hand and is kept.
create table catalog.imported (
  service_id text primary key references catalog.services (id) on delete cascade,
  source text not null,
  ref text not null,
  wrote jsonb not null,
  imported_at timestamptz not null default kernel.now(),
  unique (source, ref)
);
