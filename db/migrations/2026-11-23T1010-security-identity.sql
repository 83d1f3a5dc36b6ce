-- Who may do what, and the record of who did: users, sessions, tokens, and the hash-chained audit log.
create schema security;

create table security.users (
  id text primary key,
  email text not null,
  name text not null check (length(name) between 1 and 120),
  password_hash text,
  roles text[] not null check (roles <@ array['viewer', 'responder', 'manager', 'admin', 'auditor'] and cardinality(roles) > 0),
  time_zone text not null default 'UTC',
  active boolean not null default true,
  version integer not null default 1,
  created_at timestamptz not null default kernel.now()
);
create unique index users_email on security.users (lower(email));

create table security.setup_tokens (
  token_hash text primary key,
  created_at timestamptz not null default kernel.now(),
  used_at timestamptz
);

create table security.invites (
  token_hash text primary key,
  user_id text not null references security.users (id),
  created_at timestamptz not null default kernel.now(),
  expires_at timestamptz not null,
  used_at timestamptz
);

create table security.sessions (
  id text primary key,
  token_hash text not null unique,
  user_id text not null references security.users (id),
  created_at timestamptz not null default kernel.now(),
  last_seen_at timestamptz not null default kernel.now(),
  expires_at timestamptz not null,
  ip text,
  user_agent text,
  revoked_at timestamptz
);
create index sessions_user on security.sessions (user_id) where revoked_at is null;

create table security.tokens (
  id text primary key,
  name text not null check (length(name) between 1 and 120),
  token_hash text not null unique,
  hint text not null,
  user_id text not null references security.users (id),
  scopes text[] not null check (cardinality(scopes) > 0),
  created_at timestamptz not null default kernel.now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);

create table security.sign_in_failures (
  email_hash text not null,
  ip text not null,
  at timestamptz not null default kernel.now()
);
create index sign_in_failures_recent on security.sign_in_failures (email_hash, at);

create table security.audit (
  seq bigint primary key,
  at timestamptz not null,
  actor_kind text not null,
  actor_id text not null,
  actor_name text not null,
  on_behalf_of text,
  action text not null,
  subject text,
  incident text,
  reason text,
  before jsonb,
  after jsonb,
  exercise boolean not null,
  request_id text not null,
  ip text,
  prev_hash text not null,
  hash text not null
);
create index audit_subject on security.audit (subject, seq);
create index audit_action on security.audit (action, seq);
create index audit_actor on security.audit (actor_id, seq);
create trigger audit_append_only before update or delete on security.audit
  for each row execute function kernel.refuse_change();
create trigger audit_no_truncate before truncate on security.audit
  for each statement execute function kernel.refuse_change();

-- One row, locked last in each transaction: the place where the chain grows.
create table security.audit_head (
  only_row boolean primary key default true check (only_row),
  seq bigint not null default 0,
  hash text not null default repeat('0', 64)
);
insert into security.audit_head default values;
