-- The worst severity an incident ever had: lowering it later cancels no obligation (invariant 15), so it must be remembered.
alter table incidents.incidents add column worst_severity smallint;
update incidents.incidents set worst_severity = severity;
alter table incidents.incidents alter column worst_severity set not null;

create function incidents.keep_worst_severity() returns trigger
  language plpgsql as $$
begin
  new.worst_severity := least(new.severity, case when tg_op = 'UPDATE' then old.worst_severity end);
  return new;
end $$;
create trigger incidents_keep_worst_severity before insert or update of severity, worst_severity on incidents.incidents
  for each row execute function incidents.keep_worst_severity();
