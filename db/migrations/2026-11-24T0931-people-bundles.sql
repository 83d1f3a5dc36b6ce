-- Which pages went into one message, so that those that have an answer by the time it leaves are not in it.
create table people.bundle_pages (
  page_id text not null references people.pages (id),
  -- The message's `ref` in channels.
  bundle text not null,
  user_id text not null references security.users (id),
  method_id text not null,
  turn integer not null,
  because text not null,
  wait_seconds integer,
  primary key (page_id, bundle)
);
create index bundle_pages_bundle on people.bundle_pages (bundle);

-- What messages go to may be an endpoint or a browser: which one, the channel knows.
alter table people.contact_methods drop constraint contact_methods_endpoint_id_fkey;
