-- A sender holds a delivery on the steady clock (milliseconds). Those that were held meanwhile are free at once: their senders are gone.
alter table channels.deliveries drop column lease_until;
alter table channels.deliveries add column held_until double precision;
