-- Shifts are offered and taken over; duty that was held is kept; calendars are published.
create table people.swaps (
  id text primary key,
  schedule_id text not null references people.schedules (id) on delete cascade,
  from_user_id text not null references security.users (id),
  to_user_id text not null references security.users (id),
  from_at timestamptz not null,
  to_at timestamptz not null,
  note text not null default '',
  state text not null default 'offered' check (state in ('offered', 'accepted', 'declined', 'withdrawn')),
  override_id text references people.overrides (id) on delete set null,
  created_at timestamptz not null default kernel.now(),
  decided_at timestamptz,
  check (from_at < to_at),
  check (from_user_id <> to_user_id),
  check ((state = 'offered') = (decided_at is null))
);
create index swaps_open on people.swaps (to_at) where state = 'offered';
create index swaps_schedule on people.swaps (schedule_id, created_at desc);

-- Duty that was held. Written before a change could make the past look different, and daily.
create table people.duties (
  schedule_id text not null references people.schedules (id) on delete cascade,
  user_id text not null references security.users (id),
  from_at timestamptz not null,
  to_at timestamptz not null,
  source text not null check (source in ('rotation', 'override')),
  primary key (schedule_id, from_at),
  check (from_at < to_at)
);
create index duties_user on people.duties (user_id, to_at);
-- Until when the duties of a schedule are written down; null: not yet.
alter table people.schedules add column duty_kept_until timestamptz;

create table people.calendar_feeds (
  id text primary key,
  -- Only a keyed hash: whoever reads the table cannot read the calendar.
  token_hash text not null unique,
  user_id text not null references security.users (id),
  kind text not null check (kind in ('mine', 'everyone')),
  -- Null: the person's shifts in all schedules.
  schedule_id text references people.schedules (id) on delete cascade,
  created_at timestamptz not null default kernel.now(),
  last_used_at timestamptz,
  revoked_at timestamptz,
  check (kind = 'mine' or schedule_id is not null)
);
create index calendar_feeds_user on people.calendar_feeds (user_id) where revoked_at is null;

-- What a feed has said so far: a changed shift raises its sequence, one that is gone is cancelled.
create table people.calendar_events (
  feed_id text not null references people.calendar_feeds (id) on delete cascade,
  uid text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  summary text not null,
  sequence integer not null default 0,
  changed_at timestamptz not null,
  cancelled_at timestamptz,
  primary key (feed_id, uid)
);
