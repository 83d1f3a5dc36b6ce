-- Heartbeats: something that must call in time, or somebody is told.
create table signals.heartbeats (
  id text primary key,
  -- Whose key it is pinged with, and whose alerts it opens.
  integration_id text not null references signals.integrations (id) on delete cascade,
  name text not null check (length(name) between 1 and 200),
  description text not null default '',
  interval_seconds integer not null check (interval_seconds between 60 and 31622400),
  enabled boolean not null default true,
  severity text not null default 'error' check (severity in ('critical', 'error', 'warning', 'info')),
  alert_message text not null default '',
  tags jsonb not null default '[]',
  -- By our clock, whatever the sender's says.
  last_ping_at timestamptz,
  -- When the next ping must have come. Counted from the start for one that never called: silence is not health.
  due_at timestamptz not null,
  expired_at timestamptz,
  created_at timestamptz not null default kernel.now()
);
create unique index heartbeats_name on signals.heartbeats (integration_id, name);
create index heartbeats_due on signals.heartbeats (due_at) where enabled and expired_at is null;
