/** Playbooks that fit the incident, each with why, and what it wants to know before it starts. */
import { Button, Modal, NumberInput, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconChevronDown, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints as playbooks, type Suggestion } from '#contract/playbooks';
import {
  CommandFormFrame,
  EmptyState,
  LinkButton,
  Loaded,
  useCommandForm,
  useMay,
  useQueryOf,
} from '../../../kit/index.ts';
import classes from './containment.module.css';

/** So many are shown at once, the best first; a choice of eight at three in the morning is none. */
const SHOWN = 2;

export function Suggestions({ incidentId }: { incidentId: string }) {
  const query = useQueryOf(playbooks.suggested, { params: { id: incidentId } });
  const mayWrite = useMay('playbooks.savePlaybook');
  const [starting, setStarting] = useState<Suggestion>();
  const [all, setAll] = useState(false);
  return (
    <Loaded query={query} lines={2}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState
            title="No playbook fits"
            action={
              mayWrite && (
                <LinkButton to="/playbooks" variant="default">
                  See playbooks
                </LinkButton>
              )
            }
          >
            Contain by hand: write what you do on the timeline, or use an action below. A playbook appears here once it
            is approved for this service.
          </EmptyState>
        ) : (
          <>
            <ul className={classes.suggestions} aria-label="Playbooks that fit">
              {(all ? items : items.slice(0, SHOWN)).map((one, index) => (
                <li key={one.versionId}>
                  <div>
                    <Text fw={600}>{one.title}</Text>
                    <Text fz="sm">{one.useWhen ?? one.summary}</Text>
                    <Text fz="xs" c="dimmed">
                      {one.reasons.join(' · ')} · version {one.version}
                    </Text>
                  </div>
                  <Button
                    variant={index === 0 ? 'filled' : 'default'}
                    leftSection={<IconPlayerPlay size={16} />}
                    aria-label={`Start ${one.title}`}
                    onClick={() => setStarting(one)}
                  >
                    Start
                  </Button>
                </li>
              ))}
            </ul>
            {!all && items.length > SHOWN && (
              <Button variant="subtle" leftSection={<IconChevronDown size={16} />} onClick={() => setAll(true)}>
                {items.length - SHOWN} more that could fit
              </Button>
            )}
            {starting && (
              <StartForm incidentId={incidentId} suggestion={starting} onClose={() => setStarting(undefined)} />
            )}
          </>
        )
      }
    </Loaded>
  );
}

function StartForm({
  incidentId,
  suggestion,
  onClose,
}: {
  incidentId: string;
  suggestion: Suggestion;
  onClose: () => void;
}) {
  const { form, submit, pending, problem } = useCommandForm(playbooks.startRun, {
    initialValues: {
      inputs: Object.fromEntries(suggestion.inputs.map((input) => [input.id, input.default ?? ''])) as Record<
        string,
        unknown
      >,
    },
    input: ({ inputs }) => ({ params: { id: incidentId }, body: { playbookId: suggestion.playbookId, inputs } }),
    done: `"${suggestion.title}" started`,
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={`Start "${suggestion.title}"`}>
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save="Start playbook"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <Text fz="sm">
          {suggestion.summary} Starting it does nothing yet: every action is shown first and waits for approval. Version{' '}
          {suggestion.version} stays the one that is followed.
        </Text>
        <Stack gap="sm">
          {suggestion.inputs.map((input) => {
            const field = form.getInputProps(`inputs.${input.id}`);
            const shared = {
              key: input.id,
              label: input.id.replaceAll('_', ' '),
              description: input.description,
              ...field,
            };
            if (input.type === 'boolean') {
              return (
                <Switch
                  {...shared}
                  key={input.id}
                  checked={Boolean(field.value)}
                  onChange={(event) => field.onChange(event.currentTarget.checked)}
                />
              );
            }
            if (input.type === 'integer' || input.type === 'number')
              return <NumberInput {...shared} key={input.id} allowDecimal={input.type === 'number'} />;
            return <TextInput {...shared} key={input.id} />;
          })}
        </Stack>
      </CommandFormFrame>
    </Modal>
  );
}
