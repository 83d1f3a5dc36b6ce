/** The audit log: who did what, filterable, and proof that nothing was altered. */
import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconShieldCheck, IconX } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import { type auditEntry, endpoints as security } from '#contract/security';
import {
  call,
  DataList,
  EmptyState,
  ExerciseBadge,
  Facts,
  Hint,
  keyOf,
  Mono,
  Page,
  ProblemAlert,
  Section,
  StateBadge,
  usePageSearch,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import classes from './security.module.css';

type Entry = z.infer<typeof auditEntry>;
type Filter = 'action' | 'actor' | 'subject' | 'incident';

export function Audit() {
  const [filters, setFilters] = usePageSearch<Filter>();
  const [shown, setShown] = useState<Entry>();
  const entries = useInfiniteQuery({
    queryKey: keyOf(security.listAudit, filters),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(security.listAudit, { query: { ...pick(filters), cursor: pageParam } }, { signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const items = entries.data?.pages.flatMap((page) => page.items);
  return (
    <Page
      title="Audit log"
      subtitle="Every change, with who made it. Entries are chained: altering one breaks every later one."
      actions={<Verify />}
    >
      <FilterBar filters={filters} onChange={setFilters} />
      <ProblemAlert error={entries.error} retry={() => void entries.refetch()} />
      {!entries.error && (
        <Section label="Entries, newest first" flush>
          <DataList
            label="Audit log"
            items={items}
            rowKey={({ seq }) => String(seq)}
            waitingRows={8}
            empty={
              Object.values(filters).some(Boolean) ? (
                <EmptyState title="No entries match">Take a filter away to see more.</EmptyState>
              ) : (
                <EmptyState title="Nothing yet">Every change that anybody makes will be written down here.</EmptyState>
              )
            }
            more={
              entries.hasNextPage
                ? {
                    load: () => void entries.fetchNextPage(),
                    loading: entries.isFetchingNextPage,
                  }
                : undefined
            }
            columns={[
              {
                key: 'action',
                label: 'Action',
                primary: true,
                render: ({ action, exercise }) => (
                  <Group gap="xs">
                    {action}
                    {exercise && <ExerciseBadge />}
                  </Group>
                ),
              },
              {
                key: 'actor',
                label: 'Who',
                render: ({ actor }) => (actor.onBehalfOf ? `${actor.name}, for ${actor.onBehalfOf}` : actor.name),
              },
              {
                key: 'subject',
                label: 'On',
                wideOnly: true,
                render: ({ subject }) => (subject ? <Mono>{shorten(subject)}</Mono> : '–'),
              },
              {
                key: 'at',
                label: 'When',
                width: '13rem',
                render: ({ at }) => <When at={at} seconds date />,
              },
              {
                key: 'more',
                label: 'Details',
                labelHidden: true,
                align: 'right',
                width: '6rem',
                render: (entry) => (
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => setShown(entry)}
                    aria-label={`Details of entry ${entry.seq}`}
                  >
                    Details
                  </Button>
                ),
              },
            ]}
          />
        </Section>
      )}
      <Modal
        opened={shown !== undefined}
        onClose={() => setShown(undefined)}
        title={`Entry ${shown?.seq ?? ''}: ${shown?.action ?? ''}`}
        size="lg"
      >
        {shown && (
          <Details
            entry={shown}
            onFilter={(next) => {
              setShown(undefined);
              setFilters(next);
            }}
          />
        )}
      </Modal>
    </Page>
  );
}

const pick = ({ action, actor, subject, incident }: Partial<Record<Filter, string>>) => ({
  action,
  actor,
  subject,
  incident,
});
const shorten = (id: string): string => (id.length > 18 ? `${id.slice(0, 8)}…${id.slice(-6)}` : id);

type Filters = Partial<Record<Filter, string>>;

/** Action and person are chosen here; the other filters are taken from an entry's details and shown as tags. */
function FilterBar({ filters, onChange }: { filters: Filters; onChange: (next: Filters) => void }) {
  const people = useQueryOf(security.listUsers);
  const [action, setAction] = useState(filters.action ?? '');
  const later = useDebouncedCallback((text: string) => onChange({ action: text }), 350);
  const names = (people.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const isPerson = names.some(({ value }) => value === filters.actor);
  const tags = [
    { name: 'actor' as const, label: 'Who', value: isPerson ? undefined : filters.actor },
    { name: 'subject' as const, label: 'On', value: filters.subject },
    { name: 'incident' as const, label: 'Incident', value: filters.incident },
  ].filter(({ value }) => value);
  return (
    <search className={classes.filters} aria-label="Filter the audit log">
      <TextInput
        label="Action begins with"
        placeholder="incidents.declare"
        value={action}
        onChange={(event) => {
          setAction(event.currentTarget.value);
          later(event.currentTarget.value.trim());
        }}
      />
      <Select
        label="Who"
        placeholder="Anybody"
        data={names}
        value={isPerson ? filters.actor : null}
        onChange={(value) => onChange({ actor: value ?? '' })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Anybody' }}
      />
      {tags.map(({ name, label, value }) => (
        <Button
          key={name}
          variant="light"
          className={classes.tag}
          rightSection={<IconX size={14} aria-hidden="true" />}
          onClick={() => onChange({ [name]: '' })}
          aria-label={`${label} ${value}: take this filter away`}
        >
          {label} {shorten(value ?? '')}
        </Button>
      ))}
    </search>
  );
}

function Verify() {
  const verify = useMutation({ mutationFn: () => call(security.verifyAudit) });
  const verdict = verify.data;
  return (
    <>
      <Button
        leftSection={<IconShieldCheck size={16} />}
        variant="default"
        loading={verify.isPending}
        onClick={() => verify.mutate()}
      >
        Verify chain
      </Button>
      <Modal opened={verdict !== undefined || verify.error !== null} onClose={() => verify.reset()} title="Audit chain">
        <ProblemAlert error={verify.error} />
        {verdict && (
          <Stack>
            {verdict.ok ? (
              <Hint tone="ok" title="Unbroken.">
                All {verdict.entries} entries follow from one another; none was altered, removed or slipped in.
              </Hint>
            ) : (
              <Hint tone="warn" title={`Broken at entry ${verdict.brokenAt}.`}>
                {verdict.why} Entries before it are intact. Keep a copy of the database as it is, and find out who could
                write to it.
              </Hint>
            )}
            <Facts
              items={[
                { label: 'Entries checked', value: verdict.entries },
                { label: 'Head', value: <Mono>{verdict.head}</Mono> },
              ]}
            />
            <Text fz="sm" c="dimmed">
              Write the head down elsewhere from time to time: it proves the log up to here. “evenkeel audit verify”
              does the same from the command line.
            </Text>
          </Stack>
        )}
      </Modal>
    </>
  );
}

function Details({ entry, onFilter }: { entry: Entry; onFilter: (next: Partial<Record<Filter, string>>) => void }) {
  const only = (name: Filter, value: string | null) =>
    value && (
      <Group gap="xs">
        <Mono>{value}</Mono>
        <Button size="compact-xs" variant="subtle" onClick={() => onFilter({ [name]: value })}>
          Only this
        </Button>
      </Group>
    );
  return (
    <Stack>
      <Facts
        items={[
          { label: 'When', value: <When at={entry.at} seconds date /> },
          {
            label: 'Who',
            value: (
              <>
                {entry.actor.name} <StateBadge state={entry.actor.kind} quiet tone="idle" />
              </>
            ),
          },
          { label: 'Who (id)', value: only('actor', entry.actor.id) },
          { label: 'On', value: only('subject', entry.subject) },
          { label: 'Incident', value: only('incident', entry.incident) },
          { label: 'Reason', value: entry.reason },
          { label: 'From', value: entry.ip },
          { label: 'Request', value: <Mono>{entry.requestId}</Mono> },
          { label: 'Hash', value: <Mono>{entry.hash}</Mono> },
        ]}
      />
      <Difference label="Before" value={entry.before} />
      <Difference label="After" value={entry.after} />
    </Stack>
  );
}

function Difference({ label, value }: { label: string; value: unknown }) {
  if (value === null || value === undefined) return null;
  return (
    <div>
      <Text fz="sm" fw={550}>
        {label}
      </Text>
      <pre className={classes.difference}>{JSON.stringify(value, null, 2)}</pre>
    </div>
  );
}
