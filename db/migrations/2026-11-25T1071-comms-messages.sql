-- Messages whole: every kind, unknowns and commitments followed to their end, clearances, taking back, social posts.
alter table comms.messages drop constraint messages_kind_check;
alter table comms.messages add constraint messages_kind_check check (kind in ('initial', 'scope', 'update', 'containment',
  'recovery_progress', 'setback', 'resolution', 'post_incident', 'internal_brief', 'direct'));
-- What a draft is owed for, and by when: a containment customers can see (M48).
alter table comms.messages
  add column because text,
  add column due_at timestamptz,
  add column waived_reason text,
  add column scheduled_at timestamptz,
  add column retracted_at timestamptz,
  add column retracted_by text,
  add column retracted_reason text;

-- What a message did not know: asked until it is answered, said again, or withdrawn (M20).
create table comms.unknowns (
  id text primary key,
  incident_id text not null,
  text text not null,
  state text not null default 'open' check (state in ('open', 'answered', 'withdrawn')),
  answer text not null default '',
  owner_id text,
  first_revision_id text not null,
  last_revision_id text not null,
  opened_at timestamptz not null default kernel.now(),
  settled_at timestamptz,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
create unique index unknowns_open on comms.unknowns (incident_id, lower(text)) where state = 'open';

-- Everything we said would happen by a time, and whether it did (M17c).
create table comms.commitments (
  id text primary key,
  incident_id text not null,
  revision_id text not null,
  kind text not null check (kind in ('next_update', 'estimate', 'confirm_estimate', 'report')),
  text text not null,
  due_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'kept', 'missed', 'withdrawn')),
  settled_at timestamptz,
  exercise boolean not null default false,
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
create index commitments_open on comms.commitments (due_at) where state = 'open';
create index commitments_incident on comms.commitments (incident_id, due_at);

-- Security and legal look at what tells of exposed data before customers read it.
create table comms.clearances (
  revision_id text not null references comms.revisions (id) on delete cascade,
  part text not null check (part in ('security', 'legal')),
  facts_hash text not null,
  given_by text not null,
  given_at timestamptz not null default kernel.now(),
  note text not null default '',
  primary key (revision_id, part)
);

-- Incidents that somebody has confirmed to be alike (5.6).
create table comms.recurrences (
  incident_id text not null,
  earlier_id text not null references incidents.incidents (id),
  likeness double precision,
  state text not null default 'confirmed' check (state in ('confirmed', 'rejected')),
  alike text not null default '',
  decided_by text not null,
  decided_at timestamptz not null default kernel.now(),
  exercise boolean not null default false,
  primary key (incident_id, earlier_id),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);

-- One row per revision and social account: posted by us, or text for a person to copy.
create table comms.posts (
  revision_id text not null,
  incident_id text not null,
  channel text not null check (channel in ('mastodon', 'bluesky', 'x', 'linkedin')),
  state text not null default 'waiting' check (state in ('waiting', 'posted', 'failed', 'to_copy')),
  body text not null,
  remote_id text,
  url text,
  tries integer not null default 0,
  next_try_at timestamptz,
  error text,
  at timestamptz not null default kernel.now(),
  posted_at timestamptz,
  exercise boolean not null default false,
  primary key (revision_id, channel),
  constraint posts_are_real check (not exercise),
  foreign key (revision_id, exercise) references comms.revisions (id, exercise)
);

-- What each channel shows, read back from outside (C6).
create table comms.read_backs (
  incident_id text not null,
  channel text not null,
  revision_id text not null,
  state text not null check (state in ('same', 'differs', 'unreachable')),
  detail text not null default '',
  read_at timestamptz not null default kernel.now(),
  -- Since when it has been different; null while it is the same.
  differs_since timestamptz,
  alerted_at timestamptz,
  exercise boolean not null default false,
  primary key (incident_id, channel),
  constraint read_backs_are_real check (not exercise),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);

-- "Did this help you decide what to do?" Nothing of the person is kept.
create table comms.feedback (
  id text primary key,
  incident_id text not null,
  revision_id text,
  helped boolean not null,
  words text not null default '',
  day date not null,
  exercise boolean not null default false,
  constraint feedback_is_real check (not exercise),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise)
);
create index feedback_day on comms.feedback (day);
