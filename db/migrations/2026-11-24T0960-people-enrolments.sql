-- Who plays in which exercise, and until when: its pages call nobody else.
create table people.enrolments (
  ref text not null,
  user_id text not null references security.users (id),
  until timestamptz not null,
  primary key (ref, user_id)
);
