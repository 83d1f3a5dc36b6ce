-- What the home screen remembers: set-up steps an installation decided to go without.
create schema programme;

create table programme.skipped_steps (
  step text primary key,
  reason text not null,
  skipped_by text not null references security.users (id),
  skipped_at timestamptz not null default kernel.now()
);
