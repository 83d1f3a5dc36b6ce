-- Silences: alerts that match do not page until the end, and stay visible with the reason.
create table signals.silences (
  id text primary key,
  -- Made with the key of one sender: only that sender's alerts. Null: everybody's.
  integration_id text references signals.integrations (id),
  matchers jsonb not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  created_by text not null,
  -- Why. Always there: nobody is silenced without a reason.
  comment text not null check (length(comment) > 0),
  created_at timestamptz not null default kernel.now(),
  updated_at timestamptz not null default kernel.now(),
  check (ends_at >= starts_at)
);
create index silences_ending on signals.silences (ends_at);

-- The silence that kept people from being asked about this group.
alter table signals.groups add column suppressed_by text references signals.silences (id);
create index groups_suppressed on signals.groups (id) where suppressed_by is not null and state = 'open';
