-- An answer that rests on measuring holds only as long as somebody measures: after this instant the gate counts as open.
alter table incidents.gates add column good_until timestamptz;
