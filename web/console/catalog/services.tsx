/** The services: what we run, by name or by tier. */
import { Button, Modal, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as catalog, type Service } from '#contract/catalog';
import { endpoints as programme } from '#contract/programme';
import {
  type Column,
  DataList,
  EmptyState,
  Page,
  ProblemAlert,
  Section,
  StateBadge,
  useGo,
  useMay,
  usePageSearch,
  useQueryOf,
} from '../../kit/index.ts';
import classes from './catalog.module.css';
import { ServiceForm } from './form.tsx';
import { ReadinessDots } from './readiness.tsx';
import { TierBadge } from './tier.tsx';

export function Services() {
  const [search, setSearch] = usePageSearch<'tier' | 'text'>();
  const tier = ['1', '2', '3'].includes(search.tier ?? '') ? Number(search.tier) : undefined;
  const [limit, setLimit] = useState(50);
  const services = useQueryOf(
    catalog.listServices,
    { query: { tier, text: search.text, sort: 'tier', limit } },
    { keepPrevious: true },
  );
  const ready = useQueryOf(programme.serviceReadiness);
  const marks = new Map(ready.data?.items.map((one) => [one.service.id, one]));
  const [adding, setAdding] = useState(false);
  const mayAdd = useMay('catalog.createService');
  const go = useGo();
  const [typed, setTyped] = useState(search.text ?? '');
  const tell = useDebouncedCallback((text: string) => setSearch({ text }), 300);
  const add = mayAdd && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      Add service
    </Button>
  );
  return (
    <Page title="Services" subtitle="What we run, who owns it, and what it needs." actions={add}>
      <div className={classes.filters}>
        <SegmentedControl
          aria-label="Tier"
          value={tier ? String(tier) : ''}
          onChange={(value) => setSearch({ tier: value })}
          data={[
            { value: '', label: 'All' },
            { value: '1', label: 'Tier 1' },
            { value: '2', label: 'Tier 2' },
            { value: '3', label: 'Tier 3' },
          ]}
        />
        <TextInput
          aria-label="Search services"
          placeholder="Search services"
          leftSection={<IconSearch size={16} />}
          maxLength={200}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            tell(event.currentTarget.value);
          }}
          className={classes.search}
        />
      </div>
      <ProblemAlert error={services.error} retry={() => void services.refetch()} />
      <Section label="Services" flush>
        <DataList
          label="Services"
          items={services.data?.items}
          columns={[
            ...columns,
            {
              key: 'ready',
              label: 'Ready',
              width: '12.5rem',
              render: (service) => <ReadinessDots readiness={marks.get(service.id)} />,
            },
          ]}
          rowKey={(service) => service.id}
          rowTo={(service) => ({
            to: '/services/$id',
            params: { id: service.slug },
          })}
          empty={
            search.text || tier ? (
              <EmptyState title="No service fits" />
            ) : (
              <EmptyState title="No services yet" action={add}>
                Add what customers use first, with its team and escalation policy. Alerts find it by their “service”
                label.
              </EmptyState>
            )
          }
          more={
            services.data?.nextCursor && limit < 200
              ? { load: () => setLimit(200), loading: services.isFetching }
              : undefined
          }
        />
      </Section>
      <Modal opened={adding} onClose={() => setAdding(false)} title="Add service" size="lg">
        <ServiceForm onDone={(service) => go(`/services/${service.slug}`)} onCancel={() => setAdding(false)} />
      </Modal>
    </Page>
  );
}

const columns: Column<Service>[] = [
  {
    key: 'name',
    label: 'Service',
    primary: true,
    render: (service) => service.name,
  },
  {
    key: 'tier',
    label: 'Tier',
    width: '8rem',
    render: (service) => <TierBadge tier={service.tier} />,
  },
  {
    key: 'team',
    label: 'Owner',
    render: (service) => service.team?.name ?? <StateBadge state="no_owner" tone="notice" label="No owner" quiet />,
  },
  {
    key: 'policy',
    label: 'Escalation',
    render: (service) =>
      service.policy?.name ?? (
        <span className={classes.dim}>{service.team ? 'The team’s leads' : 'Emergency contact'}</span>
      ),
  },
];
