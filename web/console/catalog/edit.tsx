/** Changing a service and what it depends on. */
import { ActionIcon, Button, Group as Row, SegmentedControl, Select } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as catalog, type ServiceDetail } from '#contract/catalog';
import {
  ConfirmButton,
  Loaded,
  Page,
  ProblemAlert,
  Section,
  useCommand,
  useGo,
  useMay,
  usePageParams,
  useQueryOf,
} from '../../kit/index.ts';
import classes from './catalog.module.css';
import { ServiceForm } from './form.tsx';
import { StoreForm, ThirdPartyForm } from './parts.tsx';

export function EditService() {
  const { id } = usePageParams<'id'>();
  const query = useQueryOf(catalog.getService, { params: { id } });
  const go = useGo();
  return (
    <Loaded query={query} lines={6}>
      {(service) => (
        <Page
          title={`Change ${service.name}`}
          width="narrow"
          crumbs={[
            { label: 'Services', to: '/services' },
            { label: service.name, to: `/services/${service.slug}` },
          ]}
        >
          <Section title="Service">
            <ServiceForm
              service={service}
              onDone={(saved) => go(`/services/${saved.slug}`)}
              onCancel={() => go(`/services/${service.slug}`)}
            />
          </Section>
          {service.kind === 'store' && (
            <Section
              title="The store"
              description="Engine, copies and backup, for the map and for whoever restores it."
            >
              <StoreForm service={service} onDone={() => go(`/services/${service.slug}`)} />
            </Section>
          )}
          {service.kind === 'third_party' && (
            <Section
              title="Entry in the register"
              description="Who they are, what they hold, and when somebody looks again."
            >
              <ThirdPartyForm service={service} onDone={() => go(`/services/${service.slug}`)} />
            </Section>
          )}
          <Section
            title="What it depends on"
            description="Hard: without it the service does not work. Soft: it works worse."
          >
            <Dependencies key={service.version} service={service} />
          </Section>
          <Remove service={service} />
        </Page>
      )}
    </Loaded>
  );
}

type Line = { serviceId: string; strength: 'hard' | 'soft' };

function Dependencies({ service }: { service: ServiceDetail }) {
  const [lines, setLines] = useState<Line[]>(
    service.dependsOn.map(({ id, strength }) => ({ serviceId: id, strength })),
  );
  const all = useQueryOf(catalog.serviceMap);
  const save = useCommand(catalog.setDependencies, {
    done: 'Dependencies saved',
    problems: 'inline',
  });
  const changed =
    JSON.stringify(lines) !==
    JSON.stringify(service.dependsOn.map(({ id, strength }) => ({ serviceId: id, strength })));
  const change = (index: number, next: Partial<Line>) =>
    setLines(lines.map((line, at) => (at === index ? { ...line, ...next } : line)));
  const taken = new Set(lines.map((line) => line.serviceId));
  const choices = (own: string) =>
    all.data?.services
      .filter(({ id, kind }) => kind !== 'journey' && id !== service.id && (id === own || !taken.has(id)))
      .map(({ id, name }) => ({ value: id, label: name })) ?? [];
  return (
    <div className={classes.list}>
      {lines.map((line, index) => (
        <div key={index} className={classes.row}>
          <Select
            aria-label={`Dependency ${index + 1}`}
            placeholder="Choose a service"
            searchable
            data={choices(line.serviceId)}
            value={line.serviceId || null}
            onChange={(value) => change(index, { serviceId: value ?? '' })}
          />
          <SegmentedControl
            aria-label={`Strength of dependency ${index + 1}`}
            value={line.strength}
            onChange={(value) => change(index, { strength: value as Line['strength'] })}
            data={[
              { value: 'hard', label: 'Hard' },
              { value: 'soft', label: 'Soft' },
            ]}
          />
          <ActionIcon
            variant="default"
            size="lg"
            aria-label={`Take out dependency ${index + 1}`}
            onClick={() => setLines(lines.filter((_, at) => at !== index))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </div>
      ))}
      <ProblemAlert error={save.error} />
      <Row justify="space-between">
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          onClick={() => setLines([...lines, { serviceId: '', strength: 'hard' }])}
        >
          Add dependency
        </Button>
        <Button
          variant={changed ? 'filled' : 'default'}
          loading={save.isPending}
          onClick={() =>
            save.mutate({
              params: { id: service.id },
              body: {
                dependsOn: lines.filter((line) => line.serviceId !== ''),
              },
            })
          }
        >
          Save dependencies
        </Button>
      </Row>
    </div>
  );
}

function Remove({ service }: { service: ServiceDetail }) {
  const may = useMay('catalog.removeService');
  const go = useGo();
  const remove = useCommand(catalog.removeService, {
    done: 'Removed',
    problems: 'inline',
    onDone: () => go('/services'),
  });
  if (!may) return null;
  return (
    <Row justify="flex-end">
      <ConfirmButton
        danger
        title={`Remove ${service.name}?`}
        consequences={[
          'It disappears from the catalogue.',
          'A service with a history of alerts or incidents cannot be removed.',
        ]}
        confirm="Remove service"
        onConfirm={() => remove.mutateAsync({ params: { id: service.id } })}
      >
        Remove service
      </ConfirmButton>
    </Row>
  );
}
