/** The form of a monitor: its kind describes the fields, so that a new kind needs nothing here. With a look at once. */
import { Button, Collapse, MultiSelect, NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { endpoints as catalog } from '#contract/catalog';
import { type MonitorDetail, type MonitorKindInfo, endpoints as signals } from '#contract/signals';
import {
  CommandFormFrame,
  DurationInput,
  Hint,
  LinkButton,
  Loaded,
  Page,
  Section,
  useCommandForm,
  useGo,
  usePageParams,
  useQueryOf,
} from '../../../kit/index.ts';
import { KindField, type SpecForm } from './fields.tsx';
import classes from './monitors.module.css';
import { TryIt } from './try-it.tsx';

/** Adding: first what, then how. */
export function NewMonitor() {
  const kinds = useQueryOf(signals.listMonitorKinds);
  const [kind, setKind] = useState<MonitorKindInfo>();
  return (
    <Page
      title={kind ? `Watch: ${kind.title}` : 'What is to be watched?'}
      subtitle={kind?.description}
      crumbs={[{ label: 'Monitors', to: '/monitors' }]}
      actions={
        kind && (
          <Button variant="default" onClick={() => setKind(undefined)}>
            Something else
          </Button>
        )
      }
    >
      {kind ? (
        <MonitorForm key={kind.kind} kind={kind} />
      ) : (
        <Loaded query={kinds} lines={6}>
          {({ items }) => (
            <div className={classes.kinds}>
              {items.map((one) => (
                <button key={one.kind} type="button" className={classes.kind} onClick={() => setKind(one)}>
                  <b>{one.title}</b>
                  <span>{one.description}</span>
                  {one.lacks && <span>Not from this node: {one.lacks}</span>}
                </button>
              ))}
            </div>
          )}
        </Loaded>
      )}
    </Page>
  );
}

export function EditMonitor() {
  const { id } = usePageParams<'id'>();
  const monitor = useQueryOf(signals.getMonitor, { params: { id } });
  const kinds = useQueryOf(signals.listMonitorKinds);
  const kind = kinds.data?.items.find((one) => one.kind === monitor.data?.kind);
  return (
    <Page
      title={monitor.data ? `Edit ${monitor.data.name}` : 'Edit'}
      crumbs={[
        { label: 'Monitors', to: '/monitors' },
        { label: monitor.data?.name ?? 'Monitor', to: `/monitors/${id}` },
      ]}
    >
      <Loaded query={monitor} lines={8}>
        {(one) => (kind ? <MonitorForm kind={kind} monitor={one} /> : null)}
      </Loaded>
    </Page>
  );
}

const SEVERITIES = [
  { value: 'critical', label: 'Critical: pages, and declares an incident' },
  { value: 'error', label: 'Error: pages' },
  { value: 'warning', label: 'Warning: asks in low urgency' },
  { value: 'info', label: 'Info: only shown' },
];

const valuesOf = (kind: MonitorKindInfo, monitor: MonitorDetail | undefined) => ({
  name: monitor?.name ?? '',
  serviceId: monitor?.service?.id ?? null,
  severity: monitor?.severity ?? ('error' as const),
  intervalSeconds: monitor?.intervalSeconds ?? 60,
  timeoutSeconds: monitor?.timeoutSeconds ?? (kind.kind === 'browser' ? 30 : 10),
  failAfter: monitor?.failAfter ?? 2,
  recoverAfter: monitor?.recoverAfter ?? 2,
  quorum: monitor?.quorum ?? 1,
  places: monitor?.placeIds ?? [],
  spec: structuredClone({ ...kind.start, ...monitor?.spec }),
  secrets: {} as Record<string, string>,
});

function MonitorForm({ kind, monitor }: { kind: MonitorKindInfo; monitor?: MonitorDetail }) {
  const go = useGo();
  const [more, setMore] = useState(false);
  const places = useQueryOf(signals.listPlaces);
  const home = places.data?.nodes[0]?.place ?? 'main';
  const input = (values: ReturnType<typeof valuesOf>) => {
    const body = { ...values, places: values.places.length > 0 ? values.places : [home] };
    return (monitor ? { params: { id: monitor.id }, body } : { body: { ...body, kind: kind.kind } }) as never;
  };
  const { form, submit, pending, problem } = useCommandForm(monitor ? signals.updateMonitor : signals.createMonitor, {
    initialValues: valuesOf(kind, monitor),
    input,
    done: monitor ? 'Saved' : 'It is being watched',
    onDone: (saved) => go(`/monitors/${saved.id}`),
  });
  const spec = form as unknown as SpecForm;
  const first = kind.fields.filter((field) => !field.advanced);
  const rest = kind.fields.filter((field) => field.advanced);
  const kept = monitor?.secrets ?? [];
  return (
    <CommandFormFrame
      submit={submit}
      pending={pending}
      problem={problem}
      save={monitor ? 'Save' : 'Watch it'}
      secondary={
        <LinkButton variant="default" to={monitor ? `/monitors/${monitor.id}` : '/monitors'}>
          Cancel
        </LinkButton>
      }
    >
      {kind.lacks && (
        <Hint tone="warn" title="This node cannot look with it">
          {kind.lacks} Until then what only this node looks at stays unknown; a probe elsewhere may be able to.
        </Hint>
      )}
      <Section title="What">
        <div className={classes.group}>
          <TextInput
            label="Name"
            description="Stands in the alert: “Shop front is down”."
            required
            maxLength={200}
            {...form.getInputProps('name')}
          />
          {first.map((field) => (
            <KindField key={field.name} field={field} form={spec} kept={kept} />
          ))}
          {rest.length > 0 && (
            <>
              <div>
                <Button size="xs" variant="subtle" onClick={() => setMore(!more)} aria-expanded={more}>
                  {more ? 'Fewer settings' : 'More settings'}
                </Button>
              </div>
              <Collapse expanded={more}>
                <div className={classes.group}>
                  {rest.map((field) => (
                    <KindField key={field.name} field={field} form={spec} kept={kept} />
                  ))}
                </div>
              </Collapse>
            </>
          )}
          <TryIt
            input={() => ({
              kind: kind.kind,
              spec: form.values.spec,
              secrets: form.values.secrets,
              timeoutSeconds: form.values.timeoutSeconds,
              ...(monitor ? { id: monitor.id } : {}),
            })}
          />
        </div>
      </Section>
      <Rhythm form={form as never} places={places.data} home={home} />
    </CommandFormFrame>
  );
}

interface RhythmForm {
  values: ReturnType<typeof valuesOf>;
  errors: Record<string, React.ReactNode>;
  setFieldValue(name: string, value: unknown): void;
  getInputProps(name: string): Record<string, unknown>;
}
type Places = { nodes: { place: string }[]; probes: { id: string; name: string }[] };

/** How often, from where, and when people are called. */
function Rhythm({ form, places, home }: { form: RhythmForm; places: Places | undefined; home: string }) {
  const services = useQueryOf(catalog.listServices, { query: { limit: 200 } });
  const { values, errors } = form;
  const chosen = values.places.length > 0 ? values.places : [home];
  const all = [
    ...new Map([
      ...(places?.nodes ?? []).map((node) => [node.place, `${node.place} (this product’s nodes)`] as const),
      ...(places?.probes ?? []).map((probe) => [probe.id, `${probe.name} (probe)`] as const),
      ...(places?.nodes.length === 0 ? [[home, `${home} (this product’s nodes)`] as const] : []),
    ]),
  ].map(([value, label]) => ({ value, label }));
  return (
    <Section title="How often, from where, and who is told">
      <div className={classes.group}>
        <div className={classes.pair}>
          <DurationInput
            label="Look every"
            value={values.intervalSeconds}
            onChange={(seconds) => form.setFieldValue('intervalSeconds', seconds ?? 60)}
            error={errors.intervalSeconds}
          />
          <NumberInput label="At most so many seconds" min={1} max={60} {...form.getInputProps('timeoutSeconds')} />
        </div>
        <MultiSelect
          label="Look from"
          data={all}
          value={chosen}
          onChange={(next) => form.setFieldValue('places', next)}
          error={errors.places}
        />
        <div className={classes.pair}>
          {chosen.length > 1 && (
            <NumberInput
              label="So many places must agree"
              description={`Of ${chosen.length}.`}
              min={1}
              max={chosen.length}
              {...form.getInputProps('quorum')}
            />
          )}
          <NumberInput
            label="Down after so many failures in a row"
            min={1}
            max={20}
            {...form.getInputProps('failAfter')}
          />
          <NumberInput
            label="Up again after so many successes"
            min={1}
            max={20}
            {...form.getInputProps('recoverAfter')}
          />
        </div>
        <div className={classes.pair}>
          <Select
            label="Severity of its alert"
            data={SEVERITIES}
            allowDeselect={false}
            {...form.getInputProps('severity')}
          />
          <Select
            label="Service"
            description="Its people are called."
            placeholder="None: the emergency contact"
            data={services.data?.items.map((one) => ({ value: one.id, label: one.name })) ?? []}
            clearable
            searchable
            {...form.getInputProps('serviceId')}
          />
        </div>
      </div>
    </Section>
  );
}
