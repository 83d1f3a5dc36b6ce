-- One stamp for what rarely changes (who may send, services, silences, policies, people and how they are reached). Nodes keep
-- such rows in memory for as long as the stamp is the one under which they were read; every change of them gives a new one.
create table kernel.standing (
  only_row boolean primary key default true check (only_row),
  stamp uuid not null default gen_random_uuid()
);
insert into kernel.standing default values;

-- Runs at the commit, once for each transaction, so that the one row is held no longer than that and always as the last lock.
create function kernel.touch_standing() returns trigger language plpgsql as $$
declare
  own text := pg_current_xact_id()::text;
begin
  if current_setting('evenkeel.touched', true) is distinct from own then
    perform set_config('evenkeel.touched', own, true);
    update kernel.standing set stamp = gen_random_uuid();
  end if;
  return null;
end $$;

create constraint trigger standing after insert or update or delete on kernel.settings
  deferrable initially deferred for each row execute function kernel.touch_standing();
create constraint trigger standing after insert or update or delete on security.users
  deferrable initially deferred for each row execute function kernel.touch_standing();
create constraint trigger standing after insert or update or delete on channels.endpoints
  deferrable initially deferred for each row execute function kernel.touch_standing();
create constraint trigger standing after insert or update or delete on people.contact_methods
  deferrable initially deferred for each row execute function kernel.touch_standing();
create constraint trigger standing after insert or update or delete on people.policies
  deferrable initially deferred for each row execute function kernel.touch_standing();
create constraint trigger standing after insert or update or delete on catalog.services
  deferrable initially deferred for each row execute function kernel.touch_standing();
create constraint trigger standing after insert or update or delete on signals.silences
  deferrable initially deferred for each row execute function kernel.touch_standing();
create constraint trigger standing after insert or update or delete on signals.integration_keys
  deferrable initially deferred for each row execute function kernel.touch_standing();
-- Not for what is only counted there (last heard, garbage, dropped).
create constraint trigger standing after insert or delete
  or update of kind, name, service_id, enabled, internal, version, options_sealed on signals.integrations
  deferrable initially deferred for each row execute function kernel.touch_standing();
