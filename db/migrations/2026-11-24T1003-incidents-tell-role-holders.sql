-- Duties that go on are told to the pager, and open pages of linked alerts whose roles are meant.
insert into people.role_holders (incident_id, role_key, user_id, since)
  select incident_id, role, user_id, min(from_at) from incidents.role_assignments where to_at is null group by 1, 2, 3;
update people.pages p set role_incident_id = g.incident_id
  from signals.groups g
  where p.subject_kind = 'alert_group' and p.subject_id = g.id and g.incident_id is not null and p.state <> 'stopped';
