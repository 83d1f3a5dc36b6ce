/** Choosing people: one, or several in an order. */
import { ActionIcon, Input, Select, type SelectProps } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { endpoints as people } from '#contract/people';
import { useQueryOf } from '../../kit/index.ts';
import classes from './people.module.css';

/** Everybody who is active, for a pick list; those no page is proven to reach say so. */
export function usePeopleOptions(): { value: string; label: string }[] {
  const list = useQueryOf(people.people);
  return (list.data?.items ?? [])
    .filter(({ active }) => active)
    .map(({ id, name, reach }) => ({
      value: id,
      label: reach === 'verified' ? name : `${name} (no confirmed contact)`,
    }));
}

export function PersonSelect(props: SelectProps) {
  const options = usePeopleOptions();
  return <Select searchable data={options} placeholder="Choose a person" nothingFoundMessage="Nobody" {...props} />;
}

interface OrderedProps {
  label: string;
  description?: string;
  value: string[];
  onChange: (ids: string[]) => void;
  error?: React.ReactNode;
}

/** Several people, in order, moved by buttons so that the keyboard can do it. The same person may stand twice. */
export function PeopleInOrder({ label, description, value, onChange, error }: OrderedProps) {
  const options = usePeopleOptions();
  const nameOf = (id: string) => options.find((option) => option.value === id)?.label ?? 'somebody who has left';
  const move = (index: number, by: number) => {
    const next = [...value];
    const [moved] = next.splice(index, 1);
    next.splice(index + by, 0, moved!);
    onChange(next);
  };
  return (
    <Input.Wrapper label={label} description={description} error={error}>
      <ol className={classes.order} aria-label={label}>
        {value.map((id, index) => (
          <li key={`${id}:${value.slice(0, index).filter((other) => other === id).length}`}>
            <span>
              {index + 1}. {nameOf(id)}
            </span>
            <span>
              <ActionIcon
                variant="subtle"
                color="gray"
                disabled={index === 0}
                aria-label={`Move ${nameOf(id)} up`}
                onClick={() => move(index, -1)}
              >
                <IconArrowUp size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                disabled={index === value.length - 1}
                aria-label={`Move ${nameOf(id)} down`}
                onClick={() => move(index, 1)}
              >
                <IconArrowDown size={16} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Remove ${nameOf(id)}`}
                onClick={() => onChange(value.filter((_, other) => other !== index))}
              >
                <IconX size={16} />
              </ActionIcon>
            </span>
          </li>
        ))}
      </ol>
      <PersonSelect
        mt={6}
        aria-label={`Add to ${label.toLowerCase()}`}
        placeholder="Add a person"
        value={null}
        onChange={(id) => id && onChange([...value, id])}
      />
    </Input.Wrapper>
  );
}
