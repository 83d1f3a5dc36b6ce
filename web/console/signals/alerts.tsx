/** Alerts: the groups that need somebody, worst and newest within reach, each with its one next step. */
import { Button, Group as Row, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { type Group, endpoints as signals } from '#contract/signals';
import {
  Ago,
  type Column,
  DataList,
  EmptyState,
  LinkButton,
  Page,
  ProblemAlert,
  Section,
  StateBadge,
  TextLink,
  useCommand,
  useMay,
  usePageSearch,
  useQueryOf,
} from '../../kit/index.ts';
import { AlertSeverity, GroupMarks, Holder } from './badges.tsx';
import classes from './signals.module.css';

const states = ['active', 'open', 'acknowledged', 'resolved'] as const;
const labels = {
  active: 'Not resolved',
  open: 'Nobody has it',
  acknowledged: 'Taken',
  resolved: 'Resolved',
};
const severities = [
  { value: 'critical', label: 'Critical' },
  { value: 'error', label: 'Error' },
  { value: 'warning', label: 'Warning' },
  { value: 'info', label: 'Info' },
];

export function Alerts() {
  const [search, setSearch] = usePageSearch<'state' | 'severity' | 'text' | 'service' | 'whose'>();
  const state = states.find((one) => one === search.state) ?? 'active';
  const severity = severities.find((one) => one.value === search.severity)?.value as Group['severity'] | undefined;
  const [limit, setLimit] = useState(50);
  const query = {
    state,
    severity,
    text: search.text,
    serviceId: search.service,
    top: 'true' as const,
    mine: search.whose === 'mine' ? ('true' as const) : undefined,
    limit,
  };
  const groups = useQueryOf(signals.listGroups, { query }, { keepPrevious: true });
  const filtered = Boolean(severity || search.text || search.service || search.whose);
  return (
    <Page title="Alerts" subtitle="What your sources say is wrong, grouped by what seems to be one cause.">
      <div className={classes.filters}>
        <SegmentedControl
          aria-label="Which alerts"
          value={state}
          onChange={(value) => setSearch({ state: value === 'active' ? null : value })}
          data={states.map((value) => ({ value, label: labels[value] }))}
        />
        <SegmentedControl
          aria-label="Whose alerts"
          value={search.whose === 'mine' ? 'mine' : 'all'}
          onChange={(whose) => setSearch({ whose: whose === 'all' ? null : whose })}
          data={[
            { value: 'all', label: 'Everybody’s' },
            { value: 'mine', label: 'Mine' },
          ]}
        />
        <Row gap="xs" wrap="nowrap" className={classes.grow}>
          <Select
            aria-label="Severity"
            placeholder="Any severity"
            data={severities}
            value={severity ?? null}
            onChange={(value) => setSearch({ severity: value })}
            clearable
            w={150}
          />
          <Search value={search.text ?? ''} onChange={(text) => setSearch({ text })} />
        </Row>
      </div>
      <ProblemAlert error={groups.error} retry={() => void groups.refetch()} />
      <Section label="Alert groups" flush>
        <DataList
          label="Alert groups"
          items={groups.data?.items}
          columns={columns}
          rowKey={(group) => group.id}
          rowTo={(group) => ({ to: '/alerts/$id', params: { id: group.id } })}
          empty={<Nothing state={state} filtered={filtered} />}
          more={
            groups.data?.nextCursor && limit < 200
              ? { load: () => setLimit(200), loading: groups.isFetching }
              : undefined
          }
        />
      </Section>
    </Page>
  );
}

function Search({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  const tell = useDebouncedCallback(onChange, 300);
  return (
    <TextInput
      aria-label="Search alerts"
      placeholder="Search"
      leftSection={<IconSearch size={16} />}
      value={text}
      maxLength={200}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
      className={classes.search}
    />
  );
}

const columns: Column<Group>[] = [
  {
    key: 'severity',
    label: 'Severity',
    width: '7rem',
    render: (group) => <AlertSeverity severity={group.severity} />,
  },
  {
    key: 'title',
    label: 'Alert',
    primary: true,
    render: (group) => (
      <span className={classes.title}>
        <span>{group.title}</span>
        <GroupMarks group={group} />
        <Stands group={group} />
      </span>
    ),
  },
  {
    key: 'service',
    label: 'Service',
    render: (group) => group.service?.name ?? <span className={classes.dim}>Not known</span>,
  },
  {
    key: 'count',
    label: 'Alerts',
    width: '7rem',
    render: (group) => <Counts group={group} />,
  },
  {
    key: 'since',
    label: 'Since',
    width: '7rem',
    render: (group) => <Ago at={group.firstAt} />,
  },
  {
    key: 'holder',
    label: 'Who has it',
    render: (group) => <Holder group={group} />,
  },
  {
    key: 'incident',
    label: 'Incident',
    width: '7rem',
    render: (group) =>
      group.incidentId ? (
        <TextLink to={`/incidents/${group.incidentKey ?? group.incidentId}`}>{group.incidentKey ?? 'Open'}</TextLink>
      ) : (
        <span className={classes.dim}>–</span>
      ),
  },
  {
    key: 'next',
    label: 'Next step',
    labelHidden: true,
    align: 'right',
    width: '8rem',
    render: (group) => <NextStep group={group} />,
  },
];

/** What stands beneath it, or why nobody is asked. */
function Stands({ group }: { group: Group }) {
  const { correlation, held } = group;
  if (correlation?.role === 'lead' && correlation.state === 'open')
    return (
      <span className={classes.source}>
        {`Probable origin ${correlation.origin.name}: ${correlation.alerts} alerts of ${correlation.services} services`}
      </span>
    );
  return held ? <StateBadge state="held" tone="notice" label="Held" quiet /> : null;
}

/** `2 of 5 firing`; the number of triggers on hover is in the group's page. */
function Counts({ group }: { group: Group }) {
  if (group.alertCount === 1) return <span>{group.eventCount === 1 ? '1' : `1, ${group.eventCount} times`}</span>;
  return (
    <span>
      {group.firingCount === group.alertCount ? group.alertCount : `${group.firingCount} of ${group.alertCount} firing`}
    </span>
  );
}

/** Acknowledge while nobody has it; its state afterwards. */
function NextStep({ group }: { group: Group }) {
  const may = useMay('signals.acknowledgeGroup');
  const take = useCommand(signals.acknowledgeGroup, {
    done: 'It is yours. Nobody else is asked.',
  });
  if (group.state !== 'open' || !may) return <StateBadge state={group.state} quiet />;
  return (
    <Button
      size="xs"
      variant="light"
      loading={take.isPending}
      onClick={() => take.mutate({ params: { id: group.id } })}
      className={classes.above}
      aria-label={`Acknowledge ${group.title}`}
    >
      Acknowledge
    </Button>
  );
}

function Nothing({ state, filtered }: { state: (typeof states)[number]; filtered: boolean }) {
  const kinds = useQueryOf(signals.listIntegrations);
  const mayAdd = useMay('signals.createIntegration');
  if (filtered) return <EmptyState title="No alert fits these filters" />;
  if (kinds.data?.items.length === 0) {
    return (
      <EmptyState
        title="No source of alerts is connected yet"
        action={mayAdd && <LinkButton to="/settings/integrations">Connect a source</LinkButton>}
      >
        Point Alertmanager, or anything that speaks PagerDuty, at Evenkeel: change one address, and alerts arrive here.
      </EmptyState>
    );
  }
  if (state === 'resolved') return <EmptyState title="Nothing was resolved yet" />;
  if (state === 'acknowledged') return <EmptyState title="Nobody has taken an alert" />;
  return (
    <EmptyState title="Nothing is firing">
      {kinds.data?.items.some((one) => one.lastHeardAt)
        ? 'Sources are connected. What they report appears here by itself.'
        : 'Sources are connected, but none was heard yet. Send a test alert from Integrations.'}
    </EmptyState>
  );
}
