-- Moving from another pager: one row per import, what was carried from where, and pieces of an export file on their way in.
-- The vendor's key is never stored: it lives in the memory of the node that reads, for as long as it reads.
create table programme.imports (
  id text primary key,
  vendor text not null check (vendor in ('pagerduty', 'opsgenie', 'oncall', 'goalert')),
  state text not null check (state in ('waiting', 'reading', 'ready', 'applying', 'done', 'failed')),
  -- Base address it was read from, or the names of the files.
  source text not null,
  -- What the vendor answered, without secrets; null before it is read and after it was carried over.
  snapshot jsonb,
  read_at timestamptz,
  -- {stage, done, total}
  progress jsonb not null default '{}',
  -- Keys of the conflicts for which the source shall win.
  overwrite jsonb not null default '[]',
  send_invitations boolean not null default false,
  -- {counts, failures, byHand} when done.
  outcome jsonb,
  problem text,
  created_by text not null references security.users (id),
  created_at timestamptz not null default kernel.now(),
  updated_at timestamptz not null default kernel.now(),
  finished_at timestamptz
);
create index imports_by_time on programme.imports (created_at desc);
-- Two at once would race for the same names.
create unique index imports_one_applying on programme.imports ((true)) where state = 'applying';

create table programme.import_parts (
  import_id text not null references programme.imports (id) on delete cascade,
  name text not null,
  part integer not null check (part >= 0),
  text text not null,
  primary key (import_id, name, part)
);

-- What became of a thing of the old pager here. `applied` is what the import last made of it: what differs now was
-- edited by people, and is not overwritten unless somebody says so.
create table programme.import_links (
  vendor text not null,
  kind text not null check (kind in ('user', 'team', 'schedule', 'override', 'policy', 'service', 'integration', 'heartbeat')),
  source_id text not null,
  own_id text not null,
  name text not null,
  applied jsonb not null,
  -- The import that did it last, and what: so that a result is whole although its run was interrupted.
  import_id text not null,
  did text not null check (did in ('create', 'change', 'same')),
  linked_at timestamptz not null default kernel.now(),
  primary key (vendor, kind, source_id)
);
