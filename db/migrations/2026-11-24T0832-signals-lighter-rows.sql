-- Rows of the hottest tables cost as little as can be: an entry in an index is several times the price of the row itself.

-- Whether they lead somewhere is decided in the transaction that writes them, and rows of integrations with signals are never deleted.
alter table signals.alerts drop constraint alerts_integration_id_fkey;
alter table signals.alerts drop constraint alerts_group_id_fkey;

-- Rising, so that what is new is added at the right end; read backwards for the newest.
drop index signals.alerts_newest;
create index alerts_newest on signals.alerts (last_at, id);
drop index signals.signals_newest;
create index signals_newest on signals.signals (integration_id, received_at);
drop index signals.occurrences_of_alert;
create index occurrences_of_alert on signals.occurrences (alert_id, at);
-- Most alerts of a storm name no service that is known.
drop index signals.alerts_of_service;
create index alerts_of_service on signals.alerts (service_id, state) where service_id is not null;
