-- A schedule becomes layers of rotations; the weekly rotation it was is its first layer. People may be away.
create table people.schedule_layers (
  id text primary key,
  schedule_id text not null references people.schedules (id) on delete cascade,
  -- 0 is on top: it covers those under it.
  position integer not null check (position >= 0),
  name text not null,
  -- Intent on the wall, never instants: `zone` decides what they mean, whenever its rules change.
  zone text not null,
  unit text not null check (unit in ('hour', 'day', 'week', 'month')),
  every integer not null check (every between 1 and 1000),
  starts_on text not null check (starts_on ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
  handover_time text not null check (handover_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  handover_weekday integer check (handover_weekday between 1 and 7),
  effective_from text check (effective_from ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$'),
  effective_until text check (effective_until ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$'),
  windows jsonb not null default '[]',
  skip_idle_days boolean not null default false,
  unique (schedule_id, position)
);

create table people.layer_participants (
  layer_id text not null references people.schedule_layers (id) on delete cascade,
  position integer not null check (position >= 0),
  user_id text not null references security.users (id),
  primary key (layer_id, position)
);
create index layer_participants_user on people.layer_participants (user_id);

insert into people.schedule_layers (id, schedule_id, position, name, zone, unit, every, starts_on, handover_time, handover_weekday)
  select 'lay_' || substr(id, 5), id, 0, 'Rotation', zone, 'week', every_weeks, starts_on, handover_time, handover_weekday
  from people.schedules;
insert into people.layer_participants (layer_id, position, user_id)
  select 'lay_' || substr(schedule_id, 5), position, user_id from people.schedule_participants;

drop table people.schedule_participants;
alter table people.schedules
  drop column handover_weekday,
  drop column handover_time,
  drop column starts_on,
  drop column every_weeks;

-- For whom an override was made: it then holds only where that person would be on duty. Null: the whole stretch.
alter table people.overrides add column replaces_user_id text references security.users (id);

-- Leave and holidays: their shifts are gaps until somebody covers them.
create table people.absences (
  id text primary key,
  user_id text not null references security.users (id),
  from_at timestamptz not null,
  to_at timestamptz not null,
  note text not null default '',
  created_by text not null,
  created_at timestamptz not null default kernel.now(),
  check (from_at < to_at)
);
create index absences_when on people.absences (to_at, user_id);

create or replace function people.refuse_leaving_on_call() returns trigger language plpgsql as $$
declare
  uses text;
begin
  select string_agg(use, '; ' order by use) into uses from (
    select 'schedule ' || s.name as use
      from people.layer_participants p
      join people.schedule_layers l on l.id = p.layer_id
      join people.schedules s on s.id = l.schedule_id
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
