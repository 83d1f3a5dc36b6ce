-- What we send to the world outside, one row per message and recipient, and the webhook endpoints we sign for.
create schema channels;

create table channels.endpoints (
  id text primary key,
  url text not null,
  -- `whsec_…`, sealed with the row's id: shown once when made, then only used.
  sealed_secret text not null,
  owner text not null,
  disabled_at timestamptz,
  disabled_reason text,
  created_at timestamptz not null default kernel.now()
);
create index endpoints_owner on channels.endpoints (owner);

create table channels.deliveries (
  id text primary key,
  -- The sender's idempotency key: one row, whatever happens twice.
  key text not null unique,
  channel text not null,
  recipient text not null,
  purpose text not null check (purpose in ('page', 'security', 'internal', 'subscriber', 'public')),
  -- What the message is about, by id; a sender takes back its unsent messages by it.
  ref text not null,
  incident_id text,
  subject text not null,
  -- The whole message, sealed: it may hold a code or a signed link.
  sealed_message text not null,
  state text not null default 'queued' check (state in ('queued', 'sending', 'delivered', 'failed', 'withdrawn')),
  attempts integer not null default 0,
  -- Counts claims: a sender that lost its lease finds a newer number and may not settle.
  fence integer not null default 0,
  lease_until timestamptz,
  next_attempt_at timestamptz not null default kernel.now(),
  last_error text,
  remote_id text,
  withdrawn_at timestamptz,
  settled_at timestamptz,
  exercise boolean not null default false,
  created_at timestamptz not null default kernel.now(),
  -- A drill never reaches a subscriber or the public, whatever the code above says.
  constraint deliveries_exercise_stays_inside check (not exercise or purpose in ('page', 'security', 'internal'))
);
create index deliveries_unsent on channels.deliveries (next_attempt_at) where state in ('queued', 'sending');
create index deliveries_ref on channels.deliveries (ref);
create index deliveries_newest on channels.deliveries (created_at desc, id desc);
create trigger deliveries_keep_exercise before update on channels.deliveries
  for each row execute function kernel.keep_exercise();
