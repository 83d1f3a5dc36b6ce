-- What an incident role is: duties as text, authority, its rota; who practised it; and what response teams must have.
create table people.roles (
  key text primary key check (key ~ '^[a-z][a-z0-9_]{1,39}$'),
  title text not null check (title <> ''),
  purpose text not null default '',
  -- What its holder does first, one line each; shown on the war room where the role is taken.
  first_steps text not null default '',
  duties text not null default '',
  handover text not null default '',
  -- Authority tokens its holder has on the incident.
  authority text[] not null default '{}',
  -- Works with the hands: commanding beside it needs a recorded exception.
  hands_on boolean not null default false,
  -- Several people may hold it at once.
  shared boolean not null default false,
  -- Severities at which it must be filled, and at which its rota is called.
  required_for smallint[] not null default '{}' check (required_for <@ array[1, 2, 3, 4]::smallint[]),
  -- Who takes it is asked of this schedule.
  schedule_id text references people.schedules (id),
  -- What happens when somebody takes it who is not certified or out of practice.
  certification text not null default 'warn' check (certification in ('none', 'warn', 'required')),
  position integer not null,
  built_in boolean not null default false,
  retired_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default kernel.now(),
  -- Without a commander nobody decides: this one cannot go, and one person leads.
  check (key <> 'incident_commander' or (retired_at is null and not shared and not hands_on))
);
create unique index roles_title on people.roles (lower(title)) where retired_at is null;
create index roles_schedule on people.roles (schedule_id) where schedule_id is not null;

insert into people.roles (key, title, purpose, first_steps, duties, handover, authority, hands_on, shared, required_for, position, built_in) values
('incident_commander', 'Incident commander', 'Leads the response and decides; does not work hands-on.',
E'Say aloud: “I have command.”\nRead the one next step and the last ten entries.\nFill the roles that are still empty.\nSet the severity as high as is plausible.',
E'Keep the whole picture and one plan.\nDecide, with reasons, and have decisions written down.\nApprove risky actions; never your own where a second person is asked.\nAsk for a word from every lane at least every 15 minutes.\nSee that customers hear what was promised, when it was promised.',
E'Brief: what is, what was done, what comes next, what worries you.\nYou keep command until the other person says “I have command”.',
array['declare', 'change_severity', 'move_phase', 'approve_reversible', 'approve_compensable', 'publish_internal', 'publish_public', 'declare_contained', 'waive_phase', 'declare_restored', 'close', 'grant_break_glass', 'override_guardrail', 'lift_freeze', 'pause_automation', 'abort_exercise'],
false, false, '{1,2}', 10, true),
('deputy', 'Deputy', 'Stands in for the commander, and takes over when needed.',
E'Tell the commander that you are here.\nWatch the clock: updates, hand-overs, approvals that wait.',
E'Take work off the commander.\nReplace the commander when out of reach, with the reason.',
E'Brief the next deputy on what the commander has asked you to watch.', '{}', false, false, '{}', 20, true),
('operations_lead', 'Operations lead', 'Runs the technical work: contain, remove the cause, recover.',
E'Name what is affected and since when.\nPick a playbook, or write down the first containment action.\nCall the people who know the service.',
E'Stop the harm first, look for the cause later.\nOne change at a time, each written down with /did.\nTell the commander conditions, actions, needs.',
E'Say which actions are in flight, and which must not be undone.', array['move_phase', 'approve_reversible'], true, false, '{1,2}', 30, true),
('communications_lead', 'Communications lead', 'Speaks for the incident to customers, executives and partners.',
E'Note when the first update is due.\nAsk the commander: what is felt, by whom, since when.\nPublish the first update: impact, timing, what customers can do.',
E'Keep what was promised: the next update at its time.\nSay what is known, what is not, and what is being done about it.\nWrite no word the record does not support.',
E'Say what was promised to whom by when, and which draft is open.', array['publish_internal', 'publish_public'], false, false, '{1,2}', 40, true),
('technical_liaison', 'Technical liaison', 'Explains the engineering to people who are no engineers.',
E'Read the hypotheses and the last actions.\nWrite two plain sentences: what is broken, what is done about it.',
E'Answer the questions of communications, support and executives.\nKeep the plain summary up to date.\nShield the engineers from being asked.',
E'Say which questions are still open, and who asked them.', '{}', false, false, '{}', 50, true),
('scribe', 'Scribe', 'Keeps the record: what happened when, who decided and why.',
E'Read the timeline from the beginning and fill what is missing.\nWrite hypotheses and decisions as they are spoken.',
E'Write what was seen, not what is believed.\nNote decisions with their options and reasons.\nNote times as they were, not as they were typed.',
E'Say up to which entry the record is complete.', '{}', false, false, '{1}', 60, true),
('security_officer', 'Security officer', 'Watches over safety and integrity; may stop an unsafe act.',
E'Ask whether somebody attacks, and whether data is exposed.\nDecide who may see the incident.',
E'Stop what would destroy evidence or harm data.\nSign when the cause of a security incident is gone.',
E'Say what was preserved and what must not be touched.', array['pause_automation'], false, false, '{}', 70, true),
('subject_matter_expert', 'Subject matter expert', 'Knows the system that is affected, and works on it.',
E'Tell the operations lead that you are here and what you know.\nTake one task.',
E'Say what you see and what you are about to do before you do it.\nWrite down what you did with /did.',
E'Say what you have changed and what you were about to try.', '{}', true, true, '{}', 80, true);

-- Practice of a role: what keeps its holder current. A drill counts as much as the real thing.
create table people.practices (
  id text primary key,
  user_id text not null references security.users (id),
  role_key text not null references people.roles (key),
  kind text not null check (kind in ('training', 'shadow', 'reverse_shadow', 'drill', 'duty')),
  at timestamptz not null,
  note text not null default '',
  -- What it came of, when the product saw it itself: an incident.
  ref text,
  recorded_by text not null,
  exercise boolean not null default false,
  created_at timestamptz not null default kernel.now()
);
create unique index practices_once on people.practices (user_id, role_key, ref) where ref is not null;
create index practices_by_role on people.practices (role_key, user_id, at desc);

create table people.certifications (
  user_id text not null references security.users (id),
  role_key text not null references people.roles (key),
  granted_at timestamptz not null,
  granted_by text not null,
  note text not null default '',
  primary key (user_id, role_key)
);

-- What the bench lacks, kept while it lasts: raised once, cleared when it is mended.
create table people.bench_alarms (
  id text primary key,
  role_key text not null references people.roles (key),
  kind text not null check (kind in ('concentrated', 'thin', 'expired')),
  -- Whom it concerns: who carries too much, or whose practice is too old. For planning, never for rating.
  user_id text references security.users (id),
  text text not null,
  raised_at timestamptz not null,
  cleared_at timestamptz
);
create unique index bench_alarms_open on people.bench_alarms (role_key, kind, coalesce(user_id, '')) where cleared_at is null;

-- A response team: a team with functions, alternates and written authority.
alter table people.teams add column response boolean not null default false;
alter table people.teams add column authority text[] not null default '{}';
alter table people.teams add column authority_scope text not null default 'own_services' check (authority_scope in ('own_services', 'everywhere'));
alter table people.team_members drop constraint team_members_role_check;
alter table people.team_members add constraint team_members_role_check check (role in ('lead', 'member', 'alternate'));
alter table people.team_members add column functions text[] not null default '{}';
