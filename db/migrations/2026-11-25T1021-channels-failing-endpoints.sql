-- Since when a webhook has answered nothing but failures: after five days it is switched off, and its owner told (bad-input row 66).
alter table channels.endpoints add column failing_since timestamptz;
