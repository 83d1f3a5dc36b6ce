/** What is done when this node is gone: shown, and changed as a whole list. A test is recorded by saying when it was. */
import { ActionIcon, Button, Checkbox, Select, Stack, Textarea } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as catalog, type ServiceDetail } from '#contract/catalog';
import { Ago, ProblemAlert, Section, serverNow, StateBadge, useCommand, useMay, useQueryOf } from '../../kit/index.ts';
import classes from './map.module.css';
import { fallbackWords } from './map-model.ts';

const kinds = [
  { value: 'manual', label: 'By hand' },
  { value: 'second_provider', label: 'Second provider' },
  { value: 'cache', label: 'From a cache' },
  { value: 'defer', label: 'Later' },
  { value: 'failover', label: 'Failover' },
] as const;
type Kind = (typeof kinds)[number]['value'];
interface Line {
  kind: Kind;
  how: string;
  forId: string | null;
  toId: string | null;
  testedAt: string | null;
}

export function Fallbacks({ service }: { service: ServiceDetail }) {
  const mayChange = useMay('catalog.setFallbacks');
  const [editing, setEditing] = useState(false);
  return (
    <Section
      title="When it is gone"
      description="What is done then. Only what was tested counts as a way round."
      actions={
        mayChange &&
        !editing && (
          <Button variant="default" size="compact-sm" onClick={() => setEditing(true)}>
            Change
          </Button>
        )
      }
    >
      {editing ? (
        <Editor service={service} onDone={() => setEditing(false)} />
      ) : service.fallbacks.length === 0 ? (
        <span className={classes.dim}>Nobody has written down what happens.</span>
      ) : (
        <ul className={classes.points}>
          {service.fallbacks.map((one) => (
            <li key={one.id}>
              <div className={classes.pair}>
                <StateBadge
                  state={one.testedAt ? 'tested' : 'documented'}
                  tone={one.testedAt ? 'ok' : 'notice'}
                  label={fallbackWords[one.testedAt ? 'tested' : 'documented']}
                  quiet
                />
                {one.testedAt && (
                  <span className={classes.dim}>
                    <Ago at={one.testedAt} />
                  </span>
                )}
                {one.to && <span className={classes.dim}>{one.to.name} takes over</span>}
                {one.for && <span className={classes.dim}>for {one.for.name} only</span>}
              </div>
              {one.how}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Editor({ service, onDone }: { service: ServiceDetail; onDone: () => void }) {
  const [lines, setLines] = useState<Line[]>(
    service.fallbacks.map(({ kind, how, to, testedAt, ...one }) => ({
      kind,
      how,
      testedAt,
      toId: to?.id ?? null,
      forId: one.for?.id ?? null,
    })),
  );
  const all = useQueryOf(catalog.serviceMap);
  const save = useCommand(catalog.setFallbacks, { done: 'Saved', onDone, problems: 'inline' });
  const set = (at: number, next: Partial<Line>) =>
    setLines(lines.map((line, n) => (n === at ? { ...line, ...next } : line)));
  return (
    <Stack gap="md">
      {lines.map((line, n) => (
        <Stack key={n} gap="xs">
          <div className={classes.pair}>
            <Select
              aria-label={`Kind of fallback ${n + 1}`}
              allowDeselect={false}
              data={[...kinds]}
              value={line.kind}
              onChange={(kind) => kind && set(n, { kind: kind as Kind })}
            />
            <Select
              aria-label={`What takes over ${n + 1}`}
              placeholder="What takes over"
              clearable
              searchable
              data={
                all.data?.services
                  .filter(({ id, kind }) => id !== service.id && kind !== 'journey')
                  .map(({ id, name }) => ({ value: id, label: name })) ?? []
              }
              value={line.toId}
              onChange={(toId) => set(n, { toId })}
            />
            <ActionIcon
              variant="default"
              size="lg"
              aria-label={`Take out fallback ${n + 1}`}
              onClick={() => setLines(lines.filter((_, at) => at !== n))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </div>
          <Textarea
            aria-label={`What is done ${n + 1}`}
            placeholder="What is done"
            autosize
            minRows={2}
            maxLength={4000}
            value={line.how}
            onChange={(event) => set(n, { how: event.currentTarget.value })}
          />
          <Checkbox
            label={line.testedAt ? 'Tested' : 'It was tested today'}
            checked={line.testedAt !== null}
            onChange={(event) =>
              set(n, { testedAt: event.currentTarget.checked ? new Date(serverNow()).toISOString() : null })
            }
          />
        </Stack>
      ))}
      <ProblemAlert error={save.error} />
      <div className={classes.pair}>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          onClick={() => setLines([...lines, { kind: 'manual', how: '', forId: null, toId: null, testedAt: null }])}
        >
          Add a fallback
        </Button>
        <Button
          loading={save.isPending}
          disabled={lines.some(({ how }) => how.trim() === '')}
          onClick={() => save.mutate({ params: { id: service.id }, body: { fallbacks: lines } })}
        >
          Save
        </Button>
        <Button variant="subtle" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </Stack>
  );
}
