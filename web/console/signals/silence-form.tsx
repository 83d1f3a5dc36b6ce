/** Setting a silence: matchers, how long, why; and what it would have hidden in the last week. */
import { Button, Group as Row, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { endpoints as signals } from '#contract/signals';
import { CommandFormFrame, Hint, serverNow, useCommand, useCommandForm } from '../../kit/index.ts';

interface Line {
  name: string;
  how: '=' | '!=' | '=~' | '!~';
  value: string;
}

const matcherOf = (line: Line) => ({
  name: line.name.trim(),
  value: line.value,
  isRegex: line.how.includes('~'),
  isEqual: !line.how.startsWith('!'),
});

export function SilenceForm({ onDone }: { onDone: () => void }) {
  const [shown, setShown] = useState<{ hidden: number; total: number; examples: string[] }>();
  const preview = useCommand(signals.previewSilence, { onDone: setShown });
  const { form, submit, pending, problem } = useCommandForm(signals.createSilence, {
    initialValues: { lines: [{ name: 'alertname', how: '=', value: '' }] as Line[], hours: 2, comment: '' },
    input: ({ lines, hours, comment }) => ({
      body: {
        matchers: lines.map(matcherOf),
        endsAt: new Date(serverNow() + hours * 3_600_000).toISOString(),
        comment,
      },
    }),
    done: 'Silenced',
    onDone,
  });
  return (
    <CommandFormFrame
      submit={submit}
      pending={pending}
      problem={problem}
      save="Silence"
      secondary={
        <Button
          variant="default"
          loading={preview.isPending}
          onClick={() => preview.mutate({ body: { matchers: form.values.lines.map(matcherOf) } })}
        >
          What would it hide?
        </Button>
      }
    >
      {form.values.lines.map((line, n) => (
        <Row key={n} gap="xs" align="flex-end" wrap="wrap">
          <TextInput label="Label" required maxLength={200} {...form.getInputProps(`lines.${n}.name`)} />
          <Select
            label="Is"
            w={90}
            data={['=', '!=', '=~', '!~']}
            allowDeselect={false}
            {...form.getInputProps(`lines.${n}.how`)}
          />
          <TextInput label="Value" maxLength={500} {...form.getInputProps(`lines.${n}.value`)} />
          {form.values.lines.length > 1 && (
            <Button variant="subtle" onClick={() => form.removeListItem('lines', n)} aria-label={`Remove ${line.name}`}>
              Remove
            </Button>
          )}
        </Row>
      ))}
      <Row>
        <Button
          size="xs"
          variant="subtle"
          onClick={() => form.insertListItem('lines', { name: '', how: '=', value: '' })}
        >
          And another
        </Button>
      </Row>
      <NumberInput label="For so many hours" min={0.25} max={8760} required {...form.getInputProps('hours')} />
      <Textarea
        label="Why"
        description="Shown on every alert that it hides."
        required
        maxLength={2000}
        autosize
        {...form.getInputProps('comment')}
      />
      {shown && (
        <Hint
          tone={shown.total > 0 && shown.hidden === shown.total ? 'warn' : 'notice'}
          title={`It would have hidden ${shown.hidden} of the last week’s ${shown.total} alerts.`}
        >
          {shown.examples.length > 0 ? `The newest: ${shown.examples.join('; ')}.` : 'None of them matches.'}
        </Hint>
      )}
    </CommandFormFrame>
  );
}
