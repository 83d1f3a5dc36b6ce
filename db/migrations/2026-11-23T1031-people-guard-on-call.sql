-- Nobody who is still called for pages can be switched off: the change is refused, with the list of where they stand.
-- A trigger, because calls go down only: security cannot ask people, and no path to the table may go round the question.
-- SQLSTATE EK409 is answered as a 409 problem: message = title, detail = detail, hint = rule.
create function people.refuse_leaving_on_call() returns trigger language plpgsql as $$
declare
  uses text;
begin
  select string_agg(use, '; ' order by use) into uses from (
    select 'schedule ' || s.name as use
      from people.schedule_participants p join people.schedules s on s.id = p.schedule_id
      where p.user_id = old.id
    union
    select 'override in schedule ' || s.name
      from people.overrides o join people.schedules s on s.id = o.schedule_id
      where o.user_id = old.id and o.to_at > kernel.now()
    union
    select 'policy ' || name from people.policies
      where steps @> jsonb_build_array(jsonb_build_object('targets', jsonb_build_array(jsonb_build_object('kind', 'user', 'id', old.id))))
  ) as places;
  if uses is not null then
    raise exception '% is still called for pages', old.name
      using errcode = 'EK409', detail = 'Used by: ' || uses || '. Take them out there first.', hint = 'people.in_use';
  end if;
  return new;
end $$;

create trigger people_refuse_leaving_on_call before update of active on security.users
  for each row when (old.active and not new.active) execute function people.refuse_leaving_on_call();
