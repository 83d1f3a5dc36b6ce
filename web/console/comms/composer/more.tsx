/** The further parts of a message: what became of the last unknowns, when we expect an end, earlier incidents, words for one audience. */
import { Button, Checkbox, Group, Input, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core';
import type { UpdateFields } from '#contract/comms-lint/index';
import { Hint, serverNow, When } from '../../../kit/index.ts';
import classes from '../comms.module.css';
import type { FormProps } from './form.tsx';
import { Marked, Marks } from './marked.tsx';

const of = ({ lint }: FormProps, field: string) =>
  lint.findings.filter((found) => found.field === field || found.field.startsWith(`${field}.`));

/** Each unknown of the message before: said again, answered, or no longer asked. */
export function Settled(props: FormProps & { before: string[] }) {
  const { fields, change, before } = props;
  const plain = (line: string) => line.trim().toLowerCase();
  const known = fields.known.map(plain);
  const open = before.filter((line) => line.trim() !== '' && !known.includes(plain(line)));
  if (open.length === 0) return null;
  const settled = fields.settled ?? [];
  const others = (line: string) => settled.filter(({ unknown }) => plain(unknown) !== plain(line));
  const without = (line: string) => fields.unknown.filter((one) => plain(one) !== plain(line));
  const set = (line: string, how: string) => {
    if (how === 'again') change({ unknown: [...without(line), line], settled: others(line) });
    else
      change({
        unknown: without(line),
        settled: [
          ...others(line),
          {
            unknown: line,
            how: how as 'answered',
            answer: settled.find(({ unknown }) => unknown === line)?.answer ?? '',
          },
        ],
      });
  };
  return (
    <Input.Wrapper
      label="What we did not know last time"
      description="Each is answered, said again, or withdrawn."
      labelElement="div"
    >
      <Stack gap="sm" mt={6}>
        {open.map((line) => {
          const end = settled.find(({ unknown }) => plain(unknown) === plain(line));
          const again = fields.unknown.some((one) => plain(one) === plain(line));
          return (
            <div key={line}>
              <div className={classes.row}>
                <span>“{line}”</span>
                <SegmentedControl
                  size="xs"
                  aria-label={`What became of “${line}”`}
                  value={end?.how ?? (again ? 'again' : '')}
                  onChange={(how) => set(line, how)}
                  data={[
                    { value: 'again', label: 'Say it again' },
                    { value: 'answered', label: 'Answer' },
                    { value: 'withdrawn', label: 'Withdraw' },
                  ]}
                />
              </div>
              {end && (
                <TextInput
                  mt={4}
                  aria-label={end.how === 'answered' ? `The answer to “${line}”` : `Why “${line}” is no longer asked`}
                  placeholder={
                    end.how === 'answered'
                      ? 'The answer, as customers read it'
                      : 'Why it no longer matters to customers'
                  }
                  value={end.answer}
                  maxLength={600}
                  onChange={(event) =>
                    change({ settled: [...others(line), { ...end, answer: event.currentTarget.value }] })
                  }
                />
              )}
            </div>
          );
        })}
      </Stack>
    </Input.Wrapper>
  );
}

const later = (minutes: number) =>
  new Date(Math.round((serverNow() + minutes * 60_000) / 300_000) * 300_000).toISOString();

/** An end is expected as a range, with what it rests on and when it is confirmed; never as one time. */
export function Estimate(props: FormProps) {
  const { fields, change } = props;
  const { estimate } = fields;
  const set = (part: Partial<NonNullable<UpdateFields['estimate']>>) =>
    estimate && change({ estimate: { ...estimate, ...part } });
  if (!estimate)
    return (
      <div>
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() =>
            change({
              estimate: {
                from: later(30),
                to: later(60),
                basis: '',
                measured: false,
                confirmAt: fields.nextUpdateBy ?? later(20),
              },
            })
          }
        >
          Add when we expect an end
        </Button>
        <Marks marks={of(props, 'estimate')} />
      </div>
    );
  const move = (key: 'from' | 'to' | 'confirmAt', minutes: number) =>
    set({ [key]: new Date(new Date(estimate[key]).getTime() + minutes * 60_000).toISOString() });
  const row = (key: 'from' | 'to' | 'confirmAt', label: string) => (
    <Group gap="xs">
      <span className={classes.soft}>{label}</span> <When at={estimate[key]} />
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`${label}: 15 minutes earlier`}
        onClick={() => move(key, -15)}
      >
        − 15 min
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`${label}: 15 minutes later`}
        onClick={() => move(key, 15)}
      >
        + 15 min
      </Button>
    </Group>
  );
  return (
    <Input.Wrapper
      label="What we expect"
      description="A range, never one time. Missed, it opens a correction."
      labelElement="div"
    >
      <Stack gap="xs" mt={6}>
        {row('from', 'Between')}
        {row('to', 'and')}
        {row('confirmAt', 'Confirmed by')}
        <TextInput
          label="Based on"
          placeholder="the first two steps"
          value={estimate.basis}
          maxLength={400}
          onChange={(event) => set({ basis: event.currentTarget.value })}
        />
        <Group justify="space-between">
          <Checkbox
            size="sm"
            label="It rests on measured progress"
            checked={estimate.measured}
            onChange={(event) => set({ measured: event.currentTarget.checked })}
          />
          <Button size="compact-sm" variant="subtle" color="red" onClick={() => change({ estimate: null })}>
            Leave it out
          </Button>
        </Group>
      </Stack>
      <Marks marks={of(props, 'estimate')} />
    </Input.Wrapper>
  );
}

/** Earlier incidents like this one: the paragraph customers read, or the reason why there is none. */
export function Recurrence(props: FormProps & { earlier: number }) {
  const { fields, change, earlier } = props;
  if (earlier === 0 && !fields.recurrence) return null;
  return (
    <>
      <Marked
        label="Earlier incidents like this one"
        description="When, what was alike, what is changed since and what is still in work, and how it compares."
        minRows={2}
        maxLength={1200}
        value={fields.recurrence?.text ?? ''}
        onChange={(text) => change({ recurrence: text === '' ? null : { text, refs: fields.recurrence?.refs ?? [] } })}
        marks={of(props, 'recurrence')}
      />
      {!fields.recurrence?.text && (
        <TextInput
          label="Why they are not named"
          description="Stays inside."
          value={fields.recurrenceReason ?? ''}
          maxLength={400}
          onChange={(event) => change({ recurrenceReason: event.currentTarget.value })}
        />
      )}
    </>
  );
}

/** A report says what we are changing, which role owns it, and by when. */
export function Changes(props: FormProps) {
  const { fields, change } = props;
  const list = fields.changes ?? [];
  const set = (at: number, part: Partial<(typeof list)[number]>) =>
    change({ changes: list.map((one, n) => (n === at ? { ...one, ...part } : one)) });
  return (
    <Input.Wrapper
      label="What we are changing"
      description="Each with the role that owns it, and a day."
      labelElement="div"
    >
      <Stack gap="sm" mt={6}>
        {list.map((one, at) => (
          <Group key={at} gap="xs" align="flex-end">
            <TextInput
              label="What"
              value={one.what}
              style={{ flex: '2 1 14rem' }}
              onChange={(event) => set(at, { what: event.currentTarget.value })}
            />
            <TextInput
              label="Role"
              value={one.owner}
              style={{ flex: '1 1 8rem' }}
              onChange={(event) => set(at, { owner: event.currentTarget.value })}
            />
            <TextInput
              label="By"
              type="date"
              value={one.due}
              onChange={(event) => set(at, { due: event.currentTarget.value })}
            />
            <Button
              variant="subtle"
              color="red"
              onClick={() => change({ changes: list.filter((_, n) => n !== at) })}
              aria-label={`Remove change ${at + 1}`}
            >
              Remove
            </Button>
          </Group>
        ))}
        <div>
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => change({ changes: [...list, { what: '', owner: '', due: later(14 * 1440).slice(0, 10) }] })}
          >
            Add a change
          </Button>
        </div>
      </Stack>
    </Input.Wrapper>
  );
}

/** Words one audience gets beyond the shared ones. The check stops what the others are not told. */
export function ForOne(props: FormProps) {
  const { fields, change } = props;
  const own = fields.variants ?? {};
  const set = (key: keyof typeof own, text: string) => change({ variants: { ...own, [key]: text } });
  const field = (key: 'workaround' | 'developer', label: string, description: string) => (
    <Marked
      label={label}
      description={description}
      maxLength={600}
      value={own[key] ?? ''}
      onChange={(text) => set(key, text)}
      marks={of(props, `variants.${key}`)}
    />
  );
  return (
    <details className={classes.more}>
      <summary>Words for one audience</summary>
      <Stack gap="md" mt="md">
        {field(
          'workaround',
          'Critical operations: how to go on meanwhile',
          'Those who rely on us for critical work get it directly.',
        )}
        <TextInput
          label="Their direct contact"
          value={own.criticalContact ?? ''}
          maxLength={200}
          onChange={(event) => set('criticalContact', event.currentTarget.value)}
        />
        {field('developer', 'Developers', 'End points, error behaviour, advice on repeating.')}
        <Textarea
          autosize
          label="Executives: money"
          value={own.money ?? ''}
          maxLength={300}
          onChange={(event) => set('money', event.currentTarget.value)}
        />
        <Textarea
          autosize
          label="Executives: clocks of the law"
          value={own.legal ?? ''}
          maxLength={300}
          onChange={(event) => set('legal', event.currentTarget.value)}
        />
        <TextInput
          label="A supplier has said it in public"
          description="The address; only then may it be named. Stays inside."
          value={fields.supplierPublished ?? ''}
          maxLength={300}
          onChange={(event) => change({ supplierPublished: event.currentTarget.value })}
        />
      </Stack>
    </details>
  );
}

/** How well it works now, by the record's last measure. */
export function Expectation({ fields, change, lint }: FormProps) {
  const { expectation } = fields;
  if (!expectation) return null;
  const stale = lint.findings.some(({ rule }) => rule === 'EXP');
  return (
    <Hint tone={stale ? 'warn' : 'notice'} title={expectation.text}>
      Measured <When at={expectation.asOf} />.{' '}
      {stale ? 'That is too old to say “now”: record a new measure, or ' : 'It is told with its time. '}
      <Button size="compact-xs" variant="subtle" onClick={() => change({ expectation: null })}>
        leave it out
      </Button>
    </Hint>
  );
}
