-- What third parties say of themselves: their status pages are read, and what they report is put beside our own alerts (M73).
create table signals.supplier_feeds (
  service_id text primary key references catalog.services (id) on delete cascade,
  -- The address in the register it was found from; another one there begins anew.
  status_url text not null,
  -- Where its state is read, once that was found out.
  feed_url text,
  format text,
  etag text,
  state text not null default 'unknown' check (state in ('unknown', 'operational', 'maintenance', 'degraded', 'outage')),
  description text not null default '',
  checked_at timestamptz,
  next_at timestamptz not null default kernel.now(),
  -- Why it could not be read the last time; null when it could.
  problem text,
  failures integer not null default 0
);

create table signals.supplier_reports (
  id text primary key,
  service_id text not null references catalog.services (id) on delete cascade,
  -- Their own id of it.
  ref text not null,
  title text not null,
  impact text not null check (impact in ('maintenance', 'minor', 'major', 'critical')),
  -- Their word: investigating, identified, monitoring …
  status text not null default '',
  -- Their newest words about it.
  said text not null default '',
  components text[] not null default '{}',
  url text,
  started_at timestamptz not null,
  ended_at timestamptz,
  seen_at timestamptz not null default kernel.now(),
  updated_at timestamptz not null default kernel.now(),
  unique (service_id, ref)
);
create index supplier_reports_recent on signals.supplier_reports (service_id, started_at desc);
create index supplier_reports_open on signals.supplier_reports (service_id) where ended_at is null;

-- A report beside a group of alerts whose service needs that supplier, within the window of both.
create table signals.group_reports (
  group_id text not null references signals.groups (id) on delete cascade,
  report_id text not null references signals.supplier_reports (id) on delete cascade,
  -- How the service needs the supplier: names from one to the other.
  path text[] not null,
  attached_at timestamptz not null default kernel.now(),
  primary key (group_id, report_id)
);
