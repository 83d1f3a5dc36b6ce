-- Whether a decision can be taken back; null: nobody said.
alter table incidents.decisions add column reversible boolean;
