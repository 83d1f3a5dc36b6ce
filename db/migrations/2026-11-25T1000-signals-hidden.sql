-- What kept people from being asked, each time it did: a silence, a maintenance window, a rule, an inhibition.
create table signals.hidden (
  id bigint generated always as identity primary key,
  at timestamptz not null default kernel.now(),
  kind text not null check (kind in ('silence', 'rule', 'inhibition')),
  by_id text not null,
  group_id text not null,
  service_id text,
  severity text not null,
  exercise boolean not null default false
);
create index hidden_at on signals.hidden (at);

-- The weeks whose digest was sent, or had nothing to say.
create table signals.hidden_digests (
  week_start timestamptz primary key,
  sent_at timestamptz not null default kernel.now(),
  groups integer not null,
  told integer not null
);
