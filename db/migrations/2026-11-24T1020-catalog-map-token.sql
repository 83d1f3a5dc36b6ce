-- A word that changes with the map: a node knows by it whether the graph it holds in memory is still the one that is written.
create table catalog.map_token (
  one boolean primary key default true check (one),
  token uuid not null,
  -- The transaction that changed it last, so that an import of thousands of rows changes it once.
  changed_by text not null default ''
);
insert into catalog.map_token (token) values (gen_random_uuid());

create function catalog.renew_map_token() returns trigger language plpgsql as $$
begin
  update catalog.map_token set token = gen_random_uuid(), changed_by = pg_current_xact_id()::text
    where changed_by <> pg_current_xact_id()::text;
  return null;
end $$;

-- At the commit, after every other lock: two people who edit the map wait for each other for an instant and never in a circle.
create constraint trigger services_renew_map_token after insert or delete or update of name, slug, kind, tier on catalog.services
  deferrable initially deferred for each row execute function catalog.renew_map_token();
create constraint trigger dependencies_renew_map_token after insert or delete or update on catalog.dependencies
  deferrable initially deferred for each row execute function catalog.renew_map_token();
