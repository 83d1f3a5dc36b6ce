/** The form of a watch: which series, from where, and how readily people are called. */
import { NumberInput, PasswordInput, SegmentedControl, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { endpoints as catalog } from '#contract/catalog';
import { type MetricWatch, endpoints as signals } from '#contract/signals';
import { CommandFormFrame, useCommandForm, useQueryOf } from '../../../kit/index.ts';
import classes from '../monitors/monitors.module.css';

const valuesOf = (watch: MetricWatch | undefined) => ({
  name: watch?.name ?? '',
  source: watch?.source ?? ('write' as const),
  selector: watch?.selector ?? '',
  integrationId: watch?.integration?.id ?? null,
  reading: watch?.reading ?? ('value' as const),
  url: watch?.url ?? '',
  query: watch?.query ?? '',
  token: '',
  serviceId: watch?.service?.id ?? null,
  severity: watch?.severity ?? ('warning' as const),
  sensitivity: watch?.sensitivity ?? ('usual' as const),
  stepSeconds: watch?.stepSeconds ?? 60,
  maxSeries: watch?.maxSeries ?? 50,
  enabled: watch?.enabled ?? true,
});

interface WatchFormProps {
  watch?: MetricWatch;
  senders: { id: string; name: string }[];
  onDone: () => void;
}

export function WatchForm({ watch, senders, onDone }: WatchFormProps) {
  const services = useQueryOf(catalog.listServices, { query: { limit: 200 } });
  const { form, submit, pending, problem } = useCommandForm(
    watch ? signals.updateMetricWatch : signals.createMetricWatch,
    {
      initialValues: valuesOf(watch),
      input: ({ token, source, selector, integrationId, reading, url, query, ...values }) => {
        const asks = {
          url,
          query,
          authorization: token || watch?.secrets.length ? 'Bearer {{token}}' : '',
          ...(token ? { secrets: { token } } : {}),
        };
        const body = { ...values, ...(source === 'write' ? { selector, integrationId, reading } : asks) };
        return (watch ? { params: { id: watch.id }, body } : { body: { ...body, source } }) as never;
      },
      done: watch ? 'Saved' : 'It is watched',
      onDone,
    },
  );
  const { values } = form;
  return (
    <CommandFormFrame submit={submit} pending={pending} problem={problem} save={watch ? 'Save' : 'Watch it'}>
      <TextInput
        label="Name"
        description="What the numbers are: “Orders a minute”."
        required
        maxLength={200}
        data-autofocus
        {...form.getInputProps('name')}
      />
      {!watch && (
        <SegmentedControl
          aria-label="Where the numbers come from"
          data={[
            { value: 'write', label: 'Prometheus sends them' },
            { value: 'query', label: 'Ask Prometheus' },
          ]}
          {...form.getInputProps('source')}
        />
      )}
      {values.source === 'write' ? (
        <Sent form={form as never} senders={senders} />
      ) : (
        <div className={classes.group}>
          <TextInput label="Address of Prometheus" required inputMode="url" {...form.getInputProps('url')} />
          <Textarea
            label="Query"
            description="Every series that it returns is watched."
            required
            autosize
            ff="monospace"
            placeholder="sum by (service) (rate(http_requests_total[5m]))"
            {...form.getInputProps('query')}
          />
          <PasswordInput
            label="Bearer token"
            placeholder={watch?.secrets.length ? 'Kept. Type to replace it.' : 'None'}
            autoComplete="off"
            {...form.getInputProps('token')}
          />
        </div>
      )}
      <div className={classes.pair}>
        <Select
          label="Calls people"
          data={[
            { value: 'low', label: 'seldom: only for what is very unusual' },
            { value: 'usual', label: 'as usual' },
            { value: 'high', label: 'readily' },
          ]}
          allowDeselect={false}
          {...form.getInputProps('sensitivity')}
        />
        <Select
          label="As an alert that is"
          data={[
            { value: 'info', label: 'information: calls nobody' },
            { value: 'warning', label: 'a warning: low urgency' },
            { value: 'error', label: 'an error: pages' },
            { value: 'critical', label: 'critical: pages' },
          ]}
          allowDeselect={false}
          {...form.getInputProps('severity')}
        />
        <NumberInput
          label="Step, in seconds"
          description="Values of a step become one: their mean."
          min={10}
          max={3600}
          {...form.getInputProps('stepSeconds')}
        />
        <NumberInput
          label="At most so many series"
          description="More are named, not watched."
          min={1}
          max={1000}
          {...form.getInputProps('maxSeries')}
        />
      </div>
      <Select
        label="Service"
        description="Of series whose labels name none that the catalogue knows."
        placeholder="None"
        data={services.data?.items.map((one) => ({ value: one.id, label: one.name })) ?? []}
        clearable
        searchable
        {...form.getInputProps('serviceId')}
      />
      {watch && <Switch label="Watch it" {...form.getInputProps('enabled', { type: 'checkbox' })} />}
    </CommandFormFrame>
  );
}

interface SentProps {
  form: ReturnType<typeof useCommandForm>['form'];
  senders: WatchFormProps['senders'];
}

/** Of remote write: which of what comes in. */
function Sent({ form, senders }: SentProps) {
  const { selector } = form.values as { selector: string };
  const metric = /^[a-zA-Z_:][\w:]*/.exec(selector.trim())?.[0];
  const names = useQueryOf(signals.listMetricNames, { query: metric ? { text: metric } : {} }, { keepPrevious: true });
  const items = names.data?.items ?? [];
  const same = items.find((one) => one.name === metric);
  const help = same
    ? `About ${same.series} series of ${same.name} come in.`
    : items.length > 0
      ? `Comes in: ${items
          .slice(0, 6)
          .map((one) => one.name)
          .join(', ')}${items.length > 6 ? ' …' : ''}`
      : 'No metric like this comes in yet.';
  return (
    <div className={classes.group}>
      <Textarea
        label="Which series"
        description={help}
        required
        autosize
        ff="monospace"
        spellCheck={false}
        placeholder={'http_requests_total{job="api",code=~"5.."}'}
        {...form.getInputProps('selector')}
      />
      <div className={classes.pair}>
        <Select
          label="Watched is"
          data={[
            { value: 'value', label: 'the value' },
            { value: 'rate', label: 'what a counter gains in a second' },
          ]}
          allowDeselect={false}
          {...form.getInputProps('reading')}
        />
        <Select
          label="From"
          placeholder="Every Prometheus"
          data={senders.map((one) => ({ value: one.id, label: one.name }))}
          clearable
          {...form.getInputProps('integrationId')}
        />
      </div>
    </div>
  );
}
