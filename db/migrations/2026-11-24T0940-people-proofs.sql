-- Proof that a page would arrive: test pages with receipts, gaps that were told, warnings before shifts, findings of the auditor.

create table people.test_rounds (
  id text primary key,
  kind text not null check (kind in ('scheduled', 'asked')),
  asked_by text references security.users (id),
  created_at timestamptz not null default kernel.now()
);

-- One test page by one method of one person. It is no page: duty figures never see it.
create table people.proofs (
  id text primary key,
  round_id text not null references people.test_rounds (id),
  user_id text not null references security.users (id),
  -- A contact method, or `account` for the sign-in address. Stays when the method is gone: what was tried, was tried.
  method_id text not null,
  channel text not null,
  shown text not null,
  -- Answered by SMS as `T7`.
  number integer not null check (number between 1 and 99),
  state text not null default 'waiting' check (state in ('waiting', 'confirmed', 'missed', 'failed')),
  delivery_id text,
  delivered_at timestamptz,
  answer_by timestamptz not null,
  settled_at timestamptz,
  confirmed_via text,
  error text,
  -- The weekly hour it belongs to: the same hour tests a method once, whoever asks twice.
  slot timestamptz,
  created_at timestamptz not null default kernel.now(),
  check ((state = 'waiting') = (settled_at is null))
);
create index proofs_of_method on people.proofs (user_id, method_id, created_at desc);
create index proofs_waiting on people.proofs (answer_by) where state = 'waiting';
create unique index proofs_once_a_slot on people.proofs (user_id, method_id, slot) where slot is not null;

-- Gaps of the next 14 days as they were last seen, so that each is told once.
create table people.gaps (
  id text primary key,
  schedule_id text not null references people.schedules (id) on delete cascade,
  from_at timestamptz not null,
  to_at timestamptz not null,
  why text not null,
  blocked_user_id text references security.users (id),
  found_at timestamptz not null default kernel.now(),
  -- Null: it needed no telling (hours in which nobody is meant to be on duty, told with the first of them).
  told_at timestamptz,
  -- Covered by somebody, or over.
  ended_at timestamptz,
  check (from_at < to_at)
);
create index gaps_open on people.gaps (schedule_id) where ended_at is null;

create table people.shift_notices (
  schedule_id text not null references people.schedules (id) on delete cascade,
  user_id text not null references security.users (id),
  from_at timestamptz not null,
  -- `1 day`, `1 h`: how long before.
  lead text not null,
  owner_told boolean not null,
  told_at timestamptz not null default kernel.now(),
  primary key (schedule_id, user_id, from_at, lead)
);

-- What the auditor found and did about it; each once.
create table people.findings (
  id text primary key,
  kind text not null check (kind in ('no_next_step', 'step_late')),
  page_id text not null references people.pages (id),
  turn integer not null,
  text text not null,
  -- The page to the emergency contact about it; null when the page found is itself one of those.
  raised_page_id text references people.pages (id),
  found_at timestamptz not null default kernel.now(),
  unique (page_id, turn, kind)
);
create index findings_newest on people.findings (found_at desc);

-- How far the watches have looked.
create table people.watch_marks (
  name text primary key,
  -- What decides cover, summed up; another sum means: look again.
  seen text not null default '',
  looked_at timestamptz not null default kernel.now()
);

-- Changes that can hide trouble, as they were told to the owners.
create table people.hiding_changes (
  audit_seq bigint primary key,
  kind text not null,
  action text not null,
  subject text,
  actor_name text not null,
  text text not null,
  at timestamptz not null,
  told_at timestamptz not null default kernel.now()
);
create index hiding_changes_newest on people.hiding_changes (at desc);
