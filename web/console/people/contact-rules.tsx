/** When pages use a method: for urgent ones and for the others, at once, later, or never. */
import { Group, NativeSelect } from '@mantine/core';
import { type ContactMethod, endpoints as people } from '#contract/people';
import { useCommand } from '../../kit/index.ts';

const MINUTES = [0, 1, 2, 3, 5, 10, 15, 30];
const words = (minutes: number | null) =>
  minutes === null ? 'never' : minutes === 0 ? 'at once' : `after ${minutes} min`;
const text = (minutes: number | null) => (minutes === null ? 'never' : String(minutes));

export function WhenUsed({ method }: { method: ContactMethod }) {
  const save = useCommand(people.setContactRules, { done: 'Saved' });
  // The sign-in address has no rules until it is a method of its own.
  if (method.id === 'account') return <>at once, when nothing else is confirmed</>;
  const { id, value, highAfter, lowAfter } = method;
  const select = (label: string, minutes: number | null, change: (minutes: number | null) => void) => (
    <NativeSelect
      size="xs"
      label={label}
      aria-label={`${label} to ${value}`}
      disabled={save.isPending}
      value={text(minutes)}
      onChange={(event) => {
        const next = event.currentTarget.value;
        change(next === 'never' ? null : Number(next));
      }}
      data={[...new Set([...MINUTES, ...(minutes === null ? [] : [minutes])]), null]
        .sort((a, b) => (a ?? Infinity) - (b ?? Infinity))
        .map((one) => ({ value: text(one), label: words(one) }))}
    />
  );
  return (
    <Group gap="xs" wrap="nowrap">
      {select('Urgent', highAfter, (next) => save.mutate({ params: { id }, body: { highAfter: next, lowAfter } }))}
      {select('Others', lowAfter, (next) => save.mutate({ params: { id }, body: { highAfter, lowAfter: next } }))}
    </Group>
  );
}
