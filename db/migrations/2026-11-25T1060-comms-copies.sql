-- Places the public site is pushed to, so that it can be read when every server of ours is down: a folder, a bucket, a
-- Git remote. What was pushed, what is failing, and what was read back stand in the row.
create table comms.copies (
  id text primary key,
  name text not null check (length(name) between 1 and 80),
  kind text not null check (kind in ('folder', 's3', 'git')),
  config jsonb not null,
  -- The bucket's secret key or the remote's token, sealed with the key of the installation.
  sealed_secret text,
  -- Where people read it; what is written there links to this address.
  url text,
  created_by text not null,
  created_at timestamptz not null default kernel.now(),
  -- Path to digest of what stands there, as far as we know; empty when everything has to be written again.
  pushed jsonb not null default '{}',
  -- What the last push said, without its time.
  said text,
  pushed_at timestamptz,
  pushed_files integer,
  tries integer not null default 0,
  failing_since timestamptz,
  error text,
  read_at timestamptz,
  read_state text check (read_state in ('same', 'other', 'old', 'unreadable')),
  read_detail text,
  drifting_since timestamptz,
  drift_told_at timestamptz
);
create unique index copies_name on comms.copies (lower(name));
