-- When each contact method is used, what waits for its time, and the codes that answer a page by SMS.
alter table people.contact_methods
  -- Minutes after the call at which a page uses it; null: never.
  add column high_after integer default 0 check (high_after between 0 and 120),
  add column low_after integer default 0 check (low_after between 0 and 120),
  -- Switched off by the person's own STOP; proving it again switches it on.
  add column disabled_at timestamptz,
  add column disabled_reason text;
create index contact_methods_value on people.contact_methods (kind, value);

-- Messages that leave later: because the person said so, or because a limit was reached. Several become one bundle.
create table people.waiting_sends (
  page_id text not null references people.pages (id),
  user_id text not null references security.users (id),
  method_id text not null references people.contact_methods (id) on delete cascade,
  turn integer not null,
  because text not null,
  wait_seconds integer,
  why text not null check (why in ('rule', 'limit')),
  leaves_at timestamptz not null,
  primary key (page_id, user_id, method_id)
);
create index waiting_sends_due on people.waiting_sends (leaves_at);

-- `1a`: the number says which page, per person, and is not used again for 99 pages.
create table people.reply_codes (
  user_id text not null references security.users (id),
  number integer not null check (number between 1 and 99),
  page_id text not null references people.pages (id),
  created_at timestamptz not null default kernel.now(),
  primary key (user_id, number),
  unique (user_id, page_id)
);
