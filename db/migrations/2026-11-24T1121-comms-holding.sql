-- Holding statements: words approved beforehand, published by the clock when nobody else does.
alter table comms.revisions add column holding boolean not null default false;
