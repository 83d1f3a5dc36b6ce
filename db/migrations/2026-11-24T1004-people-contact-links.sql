-- A mail that proves an address brings a link of 128 bits beside the code. Only its keyed hash is kept.
alter table people.contact_challenges add column link_hash text;
create unique index contact_challenges_link on people.contact_challenges (link_hash) where link_hash is not null;
