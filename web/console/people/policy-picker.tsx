/** Chooses an escalation policy in a setting, by its name instead of its id. */
import { Select } from '@mantine/core';
import { endpoints as people } from '#contract/people';
import { type PickerProps, useQueryOf } from '../../kit/index.ts';

export function PolicyPicker({ label, description, value, onChange, disabled }: PickerProps) {
  const policies = useQueryOf(people.policies);
  return (
    <Select
      label={label === 'Policy id' ? 'Escalation policy' : label}
      description={description}
      placeholder="None"
      data={(policies.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      value={typeof value === 'string' ? value : null}
      onChange={onChange}
      clearable
      clearButtonProps={{ 'aria-label': 'None' }}
      disabled={disabled}
    />
  );
}
