/** Declares an incident in two inputs: what is happening, and how bad. The rest can wait. */
import { useDebouncedValue } from '@mantine/hooks';
import { Anchor, Button, Group, Modal, Radio, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { endpoints as catalog } from '#contract/catalog';
import { endpoints as incidents } from '#contract/incidents';
import { Hint, ProblemAlert, severityText, TextLink, useCommand, useGo, useQueryOf } from '../../kit/index.ts';
import classes from './incidents.module.css';
import { Alike } from './record/lookalikes.tsx';
import { mentioned } from './mentioned.ts';

type Severity = 1 | 2 | 3 | 4;
interface Origin {
  groupId?: string;
  serviceId?: string;
}

/** Where a page asked for the dialog from: `dispatchEvent(new CustomEvent('evenkeel:declare', { detail: { groupId } }))`. */
let origin: Origin = {};
addEventListener('evenkeel:declare', (event) => {
  origin = (event as CustomEvent<Origin | undefined>).detail ?? {};
});

export function DeclareDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Declare an incident" size="lg" yOffset="8vh">
      {opened && <DeclareForm from={origin} onClose={onClose} />}
    </Modal>
  );
}

function DeclareForm({ from, onClose }: { from: Origin; onClose: () => void }) {
  const go = useGo();
  const [title, setTitle] = useState<string>();
  const [severity, setSeverity] = useState<Severity>();
  const [service, setService] = useState<string | null>();
  const [naming, setNaming] = useState(false);
  const [restricted, setRestricted] = useState(false);
  const requestKey = useRef(crypto.randomUUID());
  const services = useQueryOf(catalog.listServices, { query: { limit: 200, sort: 'name' } });
  const guessed = useMemo(() => mentioned(title ?? '', services.data?.items ?? []), [title, services.data]);
  const serviceId = service === undefined ? (guessed?.id ?? from.serviceId) : (service ?? undefined);
  const proposal = useQueryOf(
    incidents.propose,
    { query: { groupId: from.groupId, serviceId } },
    { keepPrevious: true },
  );
  const declare = useCommand(incidents.declare, {
    problems: 'inline',
    onDone: ({ key }) => {
      onClose();
      go(`/incidents/${key}`);
    },
  });
  const words = title ?? proposal.data?.title ?? '';
  const level = severity ?? proposal.data?.severity ?? 2;
  const name = services.data?.items.find(({ id }) => id === (serviceId ?? proposal.data?.serviceIds[0]))?.name;
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    declare.mutate({
      body: {
        title: words,
        severity: level,
        serviceIds: serviceId ? [serviceId] : undefined,
        groupIds: from.groupId ? [from.groupId] : undefined,
        restricted: restricted ? { people: [] } : undefined,
        requestKey: requestKey.current,
      },
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="What is happening?"
          placeholder="Customers cannot check out"
          description="As a customer would say it"
          data-autofocus
          required
          maxLength={200}
          value={words}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Severities
          value={level}
          onChange={setSeverity}
          reason={severity === undefined ? proposal.data?.reason : undefined}
        />
        {naming ? (
          <Select
            label="Which service?"
            placeholder="Not known yet"
            data={(services.data?.items ?? []).map(({ id, name: label }) => ({ value: id, label }))}
            searchable
            clearable
            value={serviceId ?? null}
            onChange={setService}
          />
        ) : (
          <Text fz="sm" c="dimmed">
            {name ? (
              <>
                Affects <b>{name}</b>
              </>
            ) : (
              'No service named yet'
            )}
            {' · '}
            <Anchor component="button" type="button" fz="sm" onClick={() => setNaming(true)}>
              {name ? 'Another one' : 'Name it now'}
            </Anchor>
          </Text>
        )}
        {proposal.data?.activeIncident && (
          <Hint tone="notice">
            {name ?? 'This'} already has an incident under way:{' '}
            <TextLink to={`/incidents/${proposal.data.activeIncident.key}`}>
              {proposal.data.activeIncident.key} {proposal.data.activeIncident.title}
            </TextLink>
          </Hint>
        )}
        <Before title={words} serviceId={serviceId} groupId={from.groupId} />
        <Switch
          label="Restrict it: until others are let in, only you may read it"
          size="sm"
          checked={restricted}
          onChange={(event) => setRestricted(event.currentTarget.checked)}
        />
        <ProblemAlert error={declare.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={declare.isPending} disabled={words.trim() === ''}>
            Declare SEV{level}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What was like this before and how it ended, while the title is being typed; declaring never waits for it. */
function Before(about: { title: string; serviceId?: string | undefined; groupId?: string | undefined }) {
  const [title] = useDebouncedValue(about.title, 350);
  const asked = title.trim().length >= 4 || about.serviceId !== undefined;
  const { data } = useQueryOf(
    incidents.lookalikes,
    { query: { title, serviceId: about.serviceId, groupId: about.groupId } },
    { keepPrevious: true, enabled: asked },
  );
  if (!asked || !data || data.items.length === 0) return null;
  return (
    <Stack gap={6} role="group" aria-label="Seen before">
      <Text fz="sm" fw={600}>
        Seen before
      </Text>
      {data.items.slice(0, 2).map((item) => (
        <Alike key={item.incident.id} item={item} />
      ))}
    </Stack>
  );
}

function Severities({
  value,
  onChange,
  reason,
}: {
  value: Severity;
  onChange: (next: Severity) => void;
  reason?: string;
}) {
  return (
    <Radio.Group
      label="How bad is it?"
      description={reason ? `Set high first, lower it later. Proposed: ${reason}.` : 'Set high first, lower it later.'}
      value={String(value)}
      onChange={(next) => onChange(Number(next) as Severity)}
    >
      <div className={classes.severities}>
        {([1, 2, 3, 4] as const).map((level) => {
          const { word, help } = severityText(level);
          return (
            <Radio.Card key={level} value={String(level)} className={classes.severity} radius="sm">
              <Radio.Indicator aria-hidden="true" />
              <span>
                <b>
                  SEV{level} {word}
                </b>
                <small>{help}</small>
              </span>
            </Radio.Card>
          );
        })}
      </div>
    </Radio.Group>
  );
}
