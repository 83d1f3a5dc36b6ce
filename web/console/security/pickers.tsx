/** Choosers for fields of settings that hold people or a time zone. */
import { MultiSelect, Select } from '@mantine/core';
import { endpoints as security } from '#contract/security';
import { type PickerProps, useQueryOf } from '../../kit/index.ts';

export function ZonePicker({ label, description, value, onChange, disabled }: PickerProps) {
  return (
    <Select
      label={label}
      description={description}
      data={[...new Set(['UTC', String(value ?? 'UTC'), ...Intl.supportedValuesOf('timeZone')])]}
      value={typeof value === 'string' ? value : null}
      onChange={onChange}
      searchable
      allowDeselect={false}
      limit={60}
      nothingFoundMessage="No such zone. Try the name of a large city."
      disabled={disabled}
    />
  );
}

export function PeoplePicker({ label, description, value, onChange, disabled }: PickerProps) {
  const users = useQueryOf(security.listUsers);
  return (
    <MultiSelect
      label={label === 'User ids' ? 'People' : label}
      description={description}
      placeholder={Array.isArray(value) && value.length > 0 ? undefined : 'Nobody yet'}
      data={(users.data?.items ?? [])
        .filter(({ active }) => active)
        .map(({ id, name }) => ({ value: id, label: name }))}
      value={Array.isArray(value) ? value.map(String) : []}
      onChange={onChange}
      searchable
      disabled={disabled}
    />
  );
}
