-- Whether an approval asks for a second factor, and how each verdict was proven: 'code', or 'none' where its giver has none
-- and the policy lets that pass.
alter table incidents.approvals add column second_factor boolean not null default false;
alter table incidents.approval_verdicts add column second_factor text check (second_factor in ('code', 'none'));
