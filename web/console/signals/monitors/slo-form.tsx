/** The form of an objective: how much, over how long, counted from what. */
import {
  MultiSelect,
  NumberInput,
  PasswordInput,
  SegmentedControl,
  Select,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core';
import { endpoints as catalog } from '#contract/catalog';
import { type Slo, endpoints as signals } from '#contract/signals';
import { CommandFormFrame, useCommandForm, useQueryOf } from '../../../kit/index.ts';
import classes from './monitors.module.css';

const PROMETHEUS = { url: '', good: '', bad: '', total: '', counter: true, authorization: '' };

const valuesOf = (slo: Slo | undefined) => ({
  name: slo?.name ?? '',
  description: slo?.description ?? '',
  serviceId: slo?.service?.id ?? null,
  targetPercent: slo ? Math.round(slo.target * 1e7) / 1e5 : 99.9,
  windowDays: slo?.windowDays ?? 30,
  budgeting: slo?.budgeting ?? ('occurrences' as const),
  from: slo?.source.kind ?? ('monitors' as const),
  monitorIds: slo?.source.kind === 'monitors' ? slo.source.monitorIds : ([] as string[]),
  source: slo?.source.kind === 'prometheus' ? slo.source : { ...PROMETHEUS },
  token: '',
});

export function SloForm({ slo, onDone }: { slo?: Slo; onDone: () => void }) {
  const monitors = useQueryOf(signals.listMonitors, { query: { limit: 200 } });
  const services = useQueryOf(catalog.listServices, { query: { limit: 200 } });
  const { form, submit, pending, problem } = useCommandForm(slo ? signals.updateSlo : signals.createSlo, {
    initialValues: valuesOf(slo),
    input: ({ targetPercent, from, monitorIds, source, token, ...values }) => {
      const body = {
        ...values,
        target: Math.round(targetPercent * 1e7) / 1e9,
        source:
          from === 'monitors'
            ? { kind: 'monitors', monitorIds }
            : { ...source, kind: 'prometheus', authorization: token || slo?.secrets.length ? 'Bearer {{token}}' : '' },
        ...(token ? { secrets: { token } } : {}),
      };
      return (slo ? { params: { id: slo.id }, body } : { body }) as never;
    },
    done: slo ? 'Saved' : 'The objective stands',
    onDone,
  });
  const { values } = form;
  return (
    <CommandFormFrame submit={submit} pending={pending} problem={problem} save={slo ? 'Save' : 'Set it'}>
      <TextInput
        label="Name"
        description="What is promised: “Checkout answers”."
        required
        maxLength={200}
        data-autofocus
        {...form.getInputProps('name')}
      />
      <div className={classes.pair}>
        <NumberInput
          label="Good, in percent"
          min={1}
          max={99.9999}
          decimalScale={5}
          required
          {...form.getInputProps('targetPercent')}
        />
        <NumberInput label="Over so many days" min={1} max={90} {...form.getInputProps('windowDays')} />
      </div>
      <Select
        label="The budget counts"
        data={[
          { value: 'occurrences', label: 'events: each bad one uses it' },
          { value: 'timeslices', label: 'minutes: each bad minute uses it' },
        ]}
        allowDeselect={false}
        {...form.getInputProps('budgeting')}
      />
      <SegmentedControl
        aria-label="Counted from"
        data={[
          { value: 'monitors', label: 'Counted from monitors' },
          { value: 'prometheus', label: 'Counted from Prometheus' },
        ]}
        {...form.getInputProps('from')}
      />
      {values.from === 'monitors' ? (
        <MultiSelect
          label="Monitors"
          description="Every look from every place is an event."
          data={monitors.data?.items.map((one) => ({ value: one.id, label: one.name })) ?? []}
          searchable
          required
          error={form.errors['source.monitorIds']}
          {...form.getInputProps('monitorIds')}
        />
      ) : (
        <div className={classes.group}>
          <TextInput label="Address of Prometheus" required inputMode="url" {...form.getInputProps('source.url')} />
          <Textarea
            label="Bad events"
            description="Or good ones below; one of the two."
            autosize
            ff="monospace"
            {...form.getInputProps('source.bad')}
            placeholder={'sum(http_requests_total{code=~"5.."})'}
          />
          <Textarea label="Good events" autosize ff="monospace" {...form.getInputProps('source.good')} />
          <Textarea
            label="All events"
            required
            autosize
            ff="monospace"
            {...form.getInputProps('source.total')}
            placeholder="sum(http_requests_total)"
          />
          <Switch
            label="These are counters"
            description="What they gained in each minute is counted. Otherwise the queries give the count of the last minute."
            {...form.getInputProps('source.counter', { type: 'checkbox' })}
          />
          <PasswordInput
            label="Bearer token"
            placeholder={slo?.secrets.length ? 'Kept. Type to replace it.' : 'None'}
            autoComplete="off"
            {...form.getInputProps('token')}
          />
        </div>
      )}
      <Select
        label="Service"
        placeholder="None"
        data={services.data?.items.map((one) => ({ value: one.id, label: one.name })) ?? []}
        clearable
        searchable
        {...form.getInputProps('serviceId')}
      />
      <TextInput label="What it means" maxLength={2000} {...form.getInputProps('description')} />
    </CommandFormFrame>
  );
}
