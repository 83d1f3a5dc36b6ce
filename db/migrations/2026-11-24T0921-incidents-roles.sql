-- Roles of an incident are those of people's catalogue; some are assigned by rota and wait for an answer; RACI; what is unfilled.
alter table incidents.role_assignments drop constraint role_assignments_role_check;
alter table incidents.role_assignments add constraint role_assignments_role_fkey foreign key (role) references people.roles (key);
-- How it came: a person gave or took it, or the rota named its holder at declaration.
alter table incidents.role_assignments add column source text not null default 'person' check (source in ('person', 'rota'));
-- Null: called by rota, not answered yet. Whoever is there first may take the role.
alter table incidents.role_assignments add column accepted_at timestamptz;
update incidents.role_assignments set accepted_at = from_at;
alter table incidents.role_assignments add constraint role_assignments_accepted check (source = 'rota' or accepted_at is not null);
-- Several may hold it at once, as the role was when it was given.
alter table incidents.role_assignments add column shared boolean not null default false;
update incidents.role_assignments set shared = true where role = 'subject_matter_expert';
alter table incidents.role_assignments drop constraint one_holder_per_role;
alter table incidents.role_assignments add constraint one_holder_per_role exclude using gist
  (incident_id with =, role with =, tstzrange(from_at, to_at) with &&) where (not shared);

-- Roles that must be filled and are not: flagged within a minute, with the reason; kept afterwards as a span.
create table incidents.unfilled_roles (
  incident_id text not null,
  role text not null references people.roles (key),
  why text not null check (why in ('nobody', 'no_rota', 'nobody_on_rota', 'not_enrolled')),
  since timestamptz not null,
  until timestamptz,
  -- Who led at that moment and was told.
  told_user_id text references security.users (id),
  exercise boolean not null default false,
  primary key (incident_id, role, since),
  foreign key (incident_id, exercise) references incidents.incidents (id, exercise),
  check (until >= since)
);
create unique index unfilled_roles_open on incidents.unfilled_roles (incident_id, role) where until is null;
create trigger keep_exercise before update on incidents.unfilled_roles for each row execute function kernel.keep_exercise();

-- The RACI matrix as a whole; every version stays. Each row names exactly one accountable role.
create table incidents.raci_versions (
  version integer primary key check (version > 0),
  activities jsonb not null,
  saved_by text not null,
  saved_by_name text not null,
  saved_at timestamptz not null default kernel.now()
);
create trigger append_only before update or delete on incidents.raci_versions
  for each statement execute function kernel.refuse_change();
