/** Every incident, those under way first. */
import { Group, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as incidents, type IncidentSummary } from '#contract/incidents';
import {
  Ago,
  call,
  Countdown,
  DataList,
  EmptyState,
  ExerciseBadge,
  LinkButton,
  openDeclare,
  Page,
  PersonName,
  ProblemAlert,
  Section,
  SeverityBadge,
  StateBadge,
  usePageSearch,
  useQueryOf,
} from '../../kit/index.ts';
import { Button } from '@mantine/core';
import classes from './incidents.module.css';

type Filter = 'state' | 'severity' | 'drills' | 'q';
const STATES = [
  { value: 'open', label: 'Open' },
  { value: 'ended', label: 'Ended' },
  { value: 'all', label: 'All' },
];

export function IncidentList() {
  const [search, change] = usePageSearch<Filter>();
  const query = {
    state: (STATES.find(({ value }) => value === search.state)?.value ?? 'all') as 'open' | 'ended' | 'all',
    severity: search.severity && /^[1-4]$/.test(search.severity) ? Number(search.severity) : undefined,
    exercise: (search.drills === 'only' || search.drills === 'without' ? search.drills : 'with') as
      'only' | 'without' | 'with',
    q: search.q || undefined,
    limit: 50,
  };
  const list = useQueryOf(incidents.list, { query }, { keepPrevious: true });
  const filtered = query.state !== 'all' || query.severity !== undefined || query.exercise !== 'with' || query.q;
  return (
    <Page
      title="Incidents"
      subtitle="Those under way first. Declaring is cheap: when in doubt, declare."
      actions={
        <>
          <LinkButton to="/imported-records" variant="default">
            Records from elsewhere
          </LinkButton>
          <Button onClick={openDeclare}>Declare incident</Button>
        </>
      }
    >
      <Filters search={search} change={change} />
      <ProblemAlert error={list.error} retry={() => void list.refetch()} />
      {!list.error && (
        <Section label="Incidents" flush>
          <Table
            key={JSON.stringify(query)}
            query={query}
            first={list.data}
            empty={
              filtered ? (
                <EmptyState title="Nothing fits these filters">Take one away, or search for other words.</EmptyState>
              ) : (
                <EmptyState title="No incident yet" action={<Button onClick={openDeclare}>Declare incident</Button>}>
                  Critical alerts on important services declare one by themselves; anybody may declare at any time.
                </EmptyState>
              )
            }
          />
        </Section>
      )}
    </Page>
  );
}

function Filters({
  search,
  change,
}: {
  search: Partial<Record<Filter, string>>;
  change: (next: Partial<Record<Filter, string | null>>) => void;
}) {
  const type = useDebouncedCallback((q: string) => change({ q }), 250);
  return (
    <Group gap="sm" align="flex-end" className={classes.filters}>
      <SegmentedControl
        aria-label="Which incidents"
        data={STATES}
        value={search.state ?? 'all'}
        onChange={(state) => change({ state: state === 'all' ? null : state })}
      />
      <Select
        aria-label="Severity"
        placeholder="Any severity"
        clearable
        clearButtonProps={{ 'aria-label': 'Any severity' }}
        data={['1', '2', '3', '4'].map((value) => ({ value, label: `SEV${value}` }))}
        value={search.severity ?? null}
        onChange={(severity) => change({ severity })}
        w={150}
      />
      <Select
        aria-label="Drills"
        allowDeselect={false}
        data={[
          { value: 'with', label: 'With drills' },
          { value: 'without', label: 'Without drills' },
          { value: 'only', label: 'Drills only' },
        ]}
        value={search.drills ?? 'with'}
        onChange={(drills) => change({ drills: drills === 'with' ? null : drills })}
        w={150}
      />
      <TextInput
        aria-label="Search incidents"
        placeholder="Words or INC-42"
        leftSection={<IconSearch size={16} stroke={1.6} />}
        defaultValue={search.q ?? ''}
        onChange={(event) => type(event.currentTarget.value)}
        className={classes.search}
      />
    </Group>
  );
}

interface TableProps {
  query: NonNullable<Parameters<typeof call<typeof incidents.list>>[1]>['query'];
  first: { items: IncidentSummary[]; nextCursor: string | null } | undefined;
  empty: React.ReactNode;
}

/** The first page stays fresh by the stream; later pages are fetched when asked for. */
function Table({ query, first, empty }: TableProps) {
  const [later, setLater] = useState<{ items: IncidentSummary[]; nextCursor: string | null }>();
  const [loading, setLoading] = useState(false);
  const cursor = later ? later.nextCursor : first?.nextCursor;
  const more = cursor
    ? {
        loading,
        load: () => {
          setLoading(true);
          void call(incidents.list, { query: { ...query, cursor } })
            .then((page) =>
              setLater((before) => ({ items: [...(before?.items ?? []), ...page.items], nextCursor: page.nextCursor })),
            )
            .finally(() => setLoading(false));
        },
      }
    : undefined;
  const shown = new Set(first?.items.map(({ id }) => id));
  const items = first && [...first.items, ...(later?.items ?? []).filter(({ id }) => !shown.has(id))];
  return (
    <DataList
      label="Incidents"
      items={items}
      rowKey={({ id }) => id}
      rowTo={({ key }) => ({ to: `/incidents/${key}` })}
      more={more}
      empty={empty}
      columns={[
        {
          key: 'title',
          label: 'Incident',
          primary: true,
          render: ({ key, title, exercise, services }) => (
            <span className={classes.what}>
              <span>
                <span className={classes.key}>{key}</span> {title} {exercise && <ExerciseBadge />}
              </span>
              {services.length > 0 && <small>{services.map(({ name }) => name).join(', ')}</small>}
            </span>
          ),
        },
        {
          key: 'severity',
          label: 'Severity',
          width: '8rem',
          render: ({ severity }) => <SeverityBadge severity={severity} />,
        },
        { key: 'phase', label: 'Phase', width: '9rem', render: ({ phase }) => <StateBadge state={phase} quiet /> },
        { key: 'lead', label: 'Leads', width: '11rem', render: (item) => <Lead item={item} /> },
        { key: 'since', label: 'Declared', width: '8rem', render: ({ declaredAt }) => <Ago at={declaredAt} /> },
        { key: 'due', label: 'Next update', width: '9rem', render: (item) => <NextUpdate item={item} /> },
      ]}
    />
  );
}

const Lead = ({ item: { commander, active, severity } }: { item: IncidentSummary }) => (
  <PersonName person={commander} none={active && severity <= 2 ? 'Nobody yet' : '–'} />
);

const NextUpdate = ({ item: { nextUpdateDueAt } }: { item: IncidentSummary }) => (
  <Countdown at={nextUpdateDueAt} left="" />
);
