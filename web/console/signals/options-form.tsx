/** What an integration lets its owner set: a vendor's signing secret, a mapping. */
import { Button, PasswordInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type Integration, endpoints as signals } from '#contract/signals';
import { CommandFormFrame, Hint, useCommand, useCommandForm } from '../../kit/index.ts';

/** Secrets start empty and stay as they are unless something is typed. */
export function OptionsForm({ integration, onDone }: { integration: Integration; onDone: () => void }) {
  const { form, submit, pending, problem } = useCommandForm(signals.configureIntegration, {
    initialValues: {
      options: Object.fromEntries(integration.options.map((one) => [one.name, one.value ?? ''])) as Record<
        string,
        string
      >,
    },
    input: ({ options }) => ({
      params: { id: integration.id },
      body: {
        options: Object.fromEntries(
          integration.options
            .filter((one) => !one.secret || options[one.name] !== '')
            .map((one) => [one.name, options[one.name] ?? '']),
        ),
      },
    }),
    done: 'Saved',
    onDone,
  });
  return (
    <CommandFormFrame
      submit={submit}
      pending={pending}
      problem={problem}
      save="Save"
      secondary={
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      }
    >
      {integration.options.map((one) => {
        const common = {
          label: one.label,
          description: one.help,
          ...form.getInputProps(`options.${one.name}`),
        };
        if (one.secret)
          return (
            <PasswordInput key={one.name} {...common} placeholder={one.isSet ? 'Set. Type to replace it' : 'Not set'} />
          );
        return one.multiline ? (
          <Textarea key={one.name} {...common} autosize minRows={1} maxRows={8} />
        ) : (
          <TextInput key={one.name} {...common} />
        );
      })}
      {integration.options.some((one) => one.multiline) && <Try id={integration.id} options={form.values.options} />}
    </CommandFormFrame>
  );
}

/** A pasted post, and what it becomes with what is typed above. */
function Try({ id, options }: { id: string; options: Record<string, string> }) {
  const [payload, setPayload] = useState('');
  const preview = useCommand(signals.previewReading, {});
  const found = preview.data;
  return (
    <>
      <Textarea
        label="A post to try"
        description="Paste what the sender posts. Nothing is stored."
        value={payload}
        onChange={(event) => setPayload(event.currentTarget.value)}
        autosize
        minRows={2}
        maxRows={10}
      />
      <div>
        <Button
          size="xs"
          variant="default"
          disabled={payload.trim() === ''}
          loading={preview.isPending}
          onClick={() => preview.mutate({ params: { id }, body: { payload, options } })}
        >
          What does it become?
        </Button>
      </div>
      {found?.errors.map((error) => (
        <Hint key={error} tone="warn" title="It cannot be read.">
          {error}
        </Hint>
      ))}
      {found?.events.map((event) => (
        <Hint key={event.key} tone="notice" title={event.title || event.key}>
          {event.action}, {event.severity}, key “{event.key}”{event.service ? `, service “${event.service}”` : ''}
          {event.marks.length > 0 ? `. Marks: ${event.marks.join(', ')}` : ''}
        </Hint>
      ))}
    </>
  );
}
