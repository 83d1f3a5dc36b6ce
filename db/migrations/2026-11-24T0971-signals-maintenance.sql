-- Maintenance windows: silences with a name, for services, that end within 30 days and let critical through unless it was confirmed.
alter table signals.silences
  add column kind text not null default 'silence' check (kind in ('silence', 'maintenance')),
  add column name text,
  add column service_ids jsonb not null default '[]',
  add column holds_critical boolean not null default true,
  add constraint silences_window check (
    kind = 'silence' or (name is not null and ends_at <= starts_at + interval '30 days')
  );
