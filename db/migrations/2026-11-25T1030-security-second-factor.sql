-- A second factor for people who want one, and for approvals that ask for one: codes by time (RFC 6238) and recovery codes.
create table security.second_factors (
  user_id text primary key references security.users (id),
  -- The shared secret, sealed with the installation key.
  sealed_secret text not null,
  state text not null check (state in ('offered', 'on')),
  -- The time step of the last code taken: no code works twice (RFC 6238, 5.2).
  last_step bigint not null default 0,
  offered_at timestamptz not null default kernel.now(),
  on_since timestamptz
);

create table security.recovery_codes (
  code_hash text primary key,
  user_id text not null references security.users (id),
  made_at timestamptz not null default kernel.now(),
  used_at timestamptz
);
create index recovery_codes_by_user on security.recovery_codes (user_id);

create table security.factor_failures (
  user_id text not null references security.users (id),
  at timestamptz not null default kernel.now()
);
create index factor_failures_by_user on security.factor_failures (user_id, at);

-- When this session last proved the second factor.
alter table security.sessions add column proven_at timestamptz;
