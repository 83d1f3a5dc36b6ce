/** What suppliers say of themselves: beside an alert, in the war room, and one page for all of them. */
import { Anchor, Button, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { endpoints as catalog } from '#contract/catalog';
import { endpoints as incidents } from '#contract/incidents';
import { endpoints as signals, type SupplierReport, type SupplierStatus } from '#contract/signals';
import {
  Ago,
  type Column,
  DataList,
  EmptyState,
  Hint,
  Page,
  ProblemAlert,
  Section,
  StateBadge,
  TextLink,
  useCommand,
  useMay,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import classes from './signals.module.css';

const impacts = { maintenance: 'notice', minor: 'warn', major: 'danger', critical: 'danger' } as const;
const states = {
  operational: { tone: 'ok', label: 'Operational' },
  maintenance: { tone: 'notice', label: 'Maintenance' },
  degraded: { tone: 'warn', label: 'Degraded' },
  outage: { tone: 'danger', label: 'Outage' },
  unknown: { tone: 'idle', label: 'Not known' },
} as const;

/** Reports, newest first, each with how we need that supplier. */
export function ReportList({ reports, unnamed = false }: { reports: SupplierReport[]; unnamed?: boolean }) {
  return (
    <ul className={classes.side}>
      {reports.map((report) => (
        <li key={report.id}>
          <span>
            <StateBadge
              state={report.impact}
              tone={report.endedAt ? 'idle' : impacts[report.impact]}
              label={report.endedAt ? 'Over' : undefined}
              quiet
            />{' '}
            {!unnamed && <b>{report.supplier.name}: </b>}
            {report.url ? (
              <Anchor fz="sm" href={report.url} rel="noreferrer noopener" target="_blank">
                {report.title}
              </Anchor>
            ) : (
              report.title
            )}
          </span>
          {report.said && <span className={classes.said}>{report.said.slice(0, 300)}</span>}
          <span className={classes.dim}>
            {report.status && !report.endedAt ? `${report.status.replaceAll('_', ' ')} · ` : ''}
            since <When at={report.startedAt} />
            {report.endedAt && (
              <>
                {' '}
                to <When at={report.endedAt} />
              </>
            )}
          </span>
          {report.path.length > 1 && <span className={classes.dim}>{report.path.join(' → ')}</span>}
        </li>
      ))}
    </ul>
  );
}

/** Beside an alert group; nothing when no supplier reported anything then. */
export function GroupSuppliers({ groupId }: { groupId: string }) {
  const reports = useQueryOf(signals.listSupplierReports, { query: { groupId } });
  if (!reports.data?.items.length) return null;
  return (
    <Section title="Suppliers report" description="By the status pages of what it needs">
      <ReportList reports={reports.data.items} />
    </Section>
  );
}

/** In the war room: what the suppliers of its services reported while it went on. */
export function IncidentSuppliers({ incidentId }: { incidentId: string }) {
  const incident = useQueryOf(incidents.get, { params: { id: incidentId } });
  const data = incident.data;
  const services = data?.affected.map(({ serviceId }) => serviceId).join(',') ?? '';
  if (!data || services === '' || data.exercise) return null;
  return (
    <OfServices
      services={services}
      from={data.times.impactStartedAt ?? data.times.declaredAt}
      until={data.times.restoredAt ?? undefined}
    />
  );
}

function OfServices({ services, from, until }: { services: string; from: string; until?: string }) {
  const reports = useQueryOf(signals.listSupplierReports, { query: { services, from, ...(until ? { until } : {}) } });
  if (!reports.data?.items.length) return null;
  return (
    <Section title="Suppliers report">
      <ReportList reports={reports.data.items} />
    </Section>
  );
}

/** Every third party and what its page says. */
export function SupplierPages() {
  const list = useQueryOf(signals.supplierStates);
  const mayRead = useMay('signals.readSupplier');
  const mayName = useMay('catalog.setThirdParty');
  const [naming, setNaming] = useState<SupplierStatus>();
  const read = useCommand(signals.readSupplier, { done: 'It is read now' });
  const act: Column<SupplierStatus> = {
    key: 'act',
    label: 'Status page',
    labelHidden: true,
    width: '13.5rem',
    render: (one) => (
      <span className={classes.acts}>
        {mayRead && one.statusUrl && (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={`Read the page of ${one.supplier.name} now`}
            onClick={() => read.mutate({ params: { id: one.supplier.id } })}
          >
            Read now
          </Button>
        )}
        {mayName && (
          <Button
            variant="default"
            size="compact-sm"
            aria-label={`Address of the status page of ${one.supplier.name}`}
            onClick={() => setNaming(one)}
          >
            Address
          </Button>
        )}
      </span>
    ),
  };
  const without = list.data?.items.filter(({ statusUrl }) => statusUrl === null).length ?? 0;
  return (
    <Page
      title="Status of third parties"
      crumbs={[
        { label: 'Map', to: '/map' },
        { label: 'Third parties', to: '/suppliers' },
      ]}
      subtitle="What their own pages say. A report stands beside alerts and incidents of what needs them; it pages nobody."
    >
      <ProblemAlert error={list.error} retry={() => void list.refetch()} />
      {without > 0 && (
        <Hint tone="notice">
          {without === 1 ? 'Of one third party' : `Of ${without} third parties`} no status page is known: enter its
          address.
        </Hint>
      )}
      <Section label="Third parties" flush>
        <DataList
          label="Third parties"
          items={list.data?.items}
          columns={mayRead || mayName ? [...columns, act] : columns}
          rowKey={(one) => one.supplier.id}
          empty={
            <EmptyState title="No third parties yet">
              Add a service of the kind “third party”; its status page is entered here.
            </EmptyState>
          }
        />
      </Section>
      <Modal
        opened={naming !== undefined}
        onClose={() => setNaming(undefined)}
        title={`Status page of ${naming?.supplier.name ?? ''}`}
      >
        {naming && <Address one={naming} onDone={() => setNaming(undefined)} />}
      </Modal>
    </Page>
  );
}

const columns: Column<SupplierStatus>[] = [
  {
    key: 'name',
    label: 'Third party',
    primary: true,
    render: ({ supplier }) => <TextLink to={`/services/${supplier.slug}`}>{supplier.name}</TextLink>,
  },
  {
    key: 'state',
    label: 'Says',
    width: '10rem',
    render: ({ state, statusUrl }) => (
      <StateBadge state={state} {...states[state]} label={statusUrl ? states[state].label : 'No page'} quiet />
    ),
  },
  {
    key: 'reports',
    label: 'Reports now',
    render: ({ reports, description, problem }) =>
      reports.length > 0 ? (
        <ReportList reports={reports} unnamed />
      ) : (
        <span className={classes.dim}>{problem ?? (description || '–')}</span>
      ),
  },
  {
    key: 'read',
    label: 'Read',
    width: '9rem',
    render: ({ checkedAt, problem, statusUrl }) => (
      <div>
        {statusUrl === null ? '–' : <Ago at={checkedAt} none="not yet" />}
        {problem && <div className={classes.dim}>could not be read since</div>}
      </div>
    ),
  },
];

/** The rest of the register’s entry stays as it is. */
function Address({ one, onDone }: { one: SupplierStatus; onDone: () => void }) {
  const register = useQueryOf(catalog.thirdParties);
  const entry = register.data?.items.find(({ id }) => id === one.supplier.id);
  const [url, setUrl] = useState(one.statusUrl ?? '');
  const read = useCommand(signals.readSupplier, {});
  const save = useCommand(catalog.setThirdParty, {
    done: 'Saved',
    problems: 'inline',
    onDone: () => {
      if (url.trim() !== '') read.mutate({ params: { id: one.supplier.id } });
      onDone();
    },
  });
  const submit = () => {
    if (!entry) return;
    const { legalName, provides, dataCategories, regions, contacts, exitPlan, contractEnd, reviewEveryDays } = entry;
    save.mutate({
      params: { id: entry.id },
      body: {
        ...{ legalName, provides, dataCategories, regions, contacts, exitPlan, contractEnd, reviewEveryDays },
        ownerId: entry.owner?.id ?? null,
        statusUrl: url.trim() === '' ? null : url.trim(),
      },
    });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="md">
        <TextInput
          label="Address"
          type="url"
          description="The page that people look at, or its JSON, RSS or Atom. Pages of Statuspage, Instatus, Better Stack and incident.io are recognised. Empty: it is not read."
          placeholder="https://status.example.com"
          maxLength={2000}
          data-autofocus
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <ProblemAlert error={save.error} />
        <Button type="submit" loading={save.isPending} disabled={!entry}>
          Save
        </Button>
      </Stack>
    </form>
  );
}
