/** What can be done when a service fails: how it is observed, isolated and recovered. */
import { ActionIcon, Anchor, Button, Group, Modal, Select, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { type Ability, endpoints as catalog, type ServiceDetail } from '#contract/catalog';
import { Hint, ProblemAlert, Section, useCommand, useMay } from '../../kit/index.ts';
import classes from './catalog.module.css';

const KINDS: { value: Ability['kind']; label: string; how: string }[] = [
  { value: 'observe', label: 'Observe', how: 'see that and where it fails' },
  { value: 'isolate', label: 'Isolate', how: 'cut it off, so that others keep working' },
  { value: 'recover', label: 'Recover', how: 'bring it back' },
];
const labelOf = (kind: Ability['kind']) => KINDS.find(({ value }) => value === kind)?.label ?? kind;

export function Abilities({ service }: { service: ServiceDetail }) {
  const mayEdit = useMay('catalog.setAbilities');
  const [editing, setEditing] = useState(false);
  const { abilities, lacks } = service;
  return (
    <Section
      title="When it fails"
      description="How it is observed, isolated and recovered. A tier-1 service needs all three."
      actions={
        mayEdit && (
          <Button size="compact-sm" variant="default" onClick={() => setEditing(true)} aria-label="Edit abilities">
            Edit
          </Button>
        )
      }
    >
      {lacks.length > 0 && (
        <Hint tone="notice" title="Gap.">
          Nothing is registered to{' '}
          {KINDS.filter(({ value }) => lacks.includes(value))
            .map(({ label, how }) => `${label.toLowerCase()} it (${how})`)
            .join(', ')}
          .
        </Hint>
      )}
      <ul className={classes.list} style={{ marginTop: lacks.length > 0 ? '0.75rem' : undefined }}>
        {abilities.map(({ kind, name, url }) => (
          <li key={`${kind} ${name}`}>
            <span className={classes.dim}>{labelOf(kind)}</span>
            {url ? (
              <Anchor href={url} rel="noreferrer" target="_blank">
                {name}
              </Anchor>
            ) : (
              <span>{name}</span>
            )}
          </li>
        ))}
      </ul>
      {abilities.length === 0 && lacks.length === 0 && <span className={classes.dim}>Nothing is registered yet.</span>}
      {editing && <Editor service={service} onClose={() => setEditing(false)} />}
    </Section>
  );
}

const NEW = { kind: 'observe' as Ability['kind'], name: '', url: null as string | null };

function Editor({ service, onClose }: { service: ServiceDetail; onClose: () => void }) {
  const [list, setList] = useState<Ability[]>(
    service.abilities.length > 0 ? service.abilities : KINDS.map(({ value }) => ({ ...NEW, kind: value })),
  );
  const save = useCommand(catalog.setAbilities, { done: 'Saved', onDone: onClose, problems: 'inline' });
  const change = (at: number, to: Partial<Ability>) =>
    setList(list.map((one, i) => (i === at ? { ...one, ...to } : one)));
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const abilities = list.filter(({ name }) => name.trim()).map((one) => ({ ...one, url: one.url || null }));
    save.mutate({ params: { id: service.id }, body: { abilities } });
  };
  return (
    <Modal opened onClose={onClose} size="lg" title={`When ${service.name} fails`}>
      <form onSubmit={submit}>
        {list.map((one, at) => (
          // A line has no name while it is typed; its place is what it is.
          <Group key={at} align="flex-end" mb="sm" gap="xs">
            <Select
              label="To"
              w={120}
              allowDeselect={false}
              data={KINDS.map(({ value, label }) => ({ value, label }))}
              value={one.kind}
              onChange={(kind) => change(at, { kind: kind as Ability['kind'] })}
            />
            <TextInput
              label="What"
              placeholder="Switch checkout to read-only"
              style={{ flex: '1 1 10rem' }}
              value={one.name}
              onChange={(event) => change(at, { name: event.currentTarget.value })}
            />
            <TextInput
              label="Where (address)"
              placeholder="https://"
              style={{ flex: '1 1 8rem' }}
              value={one.url ?? ''}
              onChange={(event) => change(at, { url: event.currentTarget.value })}
            />
            <ActionIcon
              variant="default"
              size="lg"
              aria-label={`Remove ${one.name || 'this line'}`}
              onClick={() => setList(list.filter((_, i) => i !== at))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        <ProblemAlert error={save.error} />
        <Group justify="space-between" mt="md">
          <Button variant="default" onClick={() => setList([...list, NEW])}>
            Add a line
          </Button>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Group>
      </form>
    </Modal>
  );
}
