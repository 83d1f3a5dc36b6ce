-- Emergency notices: written while the product was down, signed by a key of its own, taken into the record later.
create table comms.emergency_keys (
  id text primary key,
  name text not null,
  public_key text not null,
  created_by text not null,
  created_at timestamptz not null default kernel.now(),
  revoked_at timestamptz
);
create table comms.emergency_notices (
  id text primary key,
  key_id text not null references comms.emergency_keys (id),
  headline text not null,
  body text not null,
  next_update_by timestamptz,
  written_at timestamptz not null,
  -- As it was signed, whole.
  signed jsonb not null,
  merged_at timestamptz not null default kernel.now(),
  ended_at timestamptz,
  ended_reason text,
  -- A drill speaks to nobody outside, least of all in an emergency.
  exercise boolean not null default false check (not exercise)
);
create index emergency_notices_standing on comms.emergency_notices (written_at) where ended_at is null;

-- Counts the changes of the public site, so that every node knows when its copy is old.
create table comms.site (
  one boolean primary key default true check (one),
  version bigint not null default 1,
  changed_at timestamptz not null default kernel.now()
);
insert into comms.site default values;
