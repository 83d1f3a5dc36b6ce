/** What an integration lets its owner set: a vendor's signing secret, a mapping. */
import { Button, PasswordInput, Textarea, TextInput } from '@mantine/core';
import { type Integration, endpoints as signals } from '#contract/signals';
import { CommandFormFrame, useCommandForm } from '../../kit/index.ts';

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
    </CommandFormFrame>
  );
}
