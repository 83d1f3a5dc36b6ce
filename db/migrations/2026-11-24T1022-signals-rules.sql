-- Rules about what comes in: triage (conditions and outcomes), inhibition (one alert makes others not worth a call), grouping.
create table signals.rules (
  id text primary key,
  kind text not null check (kind in ('triage', 'inhibit', 'grouping')),
  -- Of its kind; lower ones first.
  position integer not null,
  name text not null,
  enabled boolean not null default true,
  spec jsonb not null,
  version integer not null default 1,
  -- The last time that it could not be evaluated; the alert was handled as without it.
  last_error text,
  last_error_at timestamptz,
  error_count integer not null default 0,
  created_by text not null,
  created_at timestamptz not null default kernel.now(),
  updated_at timestamptz not null default kernel.now()
);
create index rules_in_order on signals.rules (kind, position, id);

-- Alerts that inhibit others while they fire, by rule and by the values that must be equal.
create table signals.inhibitors (
  rule_id text not null references signals.rules (id) on delete cascade,
  equal_key text not null,
  alert_id text not null,
  exercise boolean not null default false,
  primary key (rule_id, equal_key, alert_id)
);
