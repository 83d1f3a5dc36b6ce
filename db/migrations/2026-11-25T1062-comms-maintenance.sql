-- Planned maintenance: one window that is announced to customers and keeps the pages of its services quiet.
create table comms.maintenances (
  id text primary key,
  public_id text not null unique,
  -- Occurrences of one plan.
  series_id text not null,
  title text not null check (length(title) between 1 and 120),
  body text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  component_ids text[] not null,
  mutes boolean not null,
  -- The window of signals that holds alerts back; made a day ahead.
  silence_id text,
  state text not null check (state in ('scheduled', 'in_progress', 'completed', 'cancelled')),
  -- Components that it took from “operational”, and gives back.
  taken text[] not null default '{}',
  created_by text not null,
  created_at timestamptz not null default kernel.now(),
  updated_at timestamptz not null default kernel.now(),
  exercise boolean not null default false check (not exercise)
);
create index maintenances_open on comms.maintenances (starts_at) where state in ('scheduled', 'in_progress');
