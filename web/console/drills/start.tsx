/** Starting an exercise: a scenario, a service, who plays. What will happen is said before it does. */
import { Button, Checkbox, Modal, MultiSelect, NumberInput, Select, Text, Textarea, TextInput } from '@mantine/core';
import { endpoints as catalog } from '#contract/catalog';
import { endpoints as drills, type Scenario } from '#contract/drills';
import { endpoints as people } from '#contract/people';
import { CommandFormFrame, Hint, useCommandForm, useGo, useQueryOf } from '../../kit/index.ts';
import classes from './drills.module.css';

const FREE = 'free-form';

export function Start({ service, onClose }: { service?: string | undefined; onClose: () => void }) {
  const go = useGo();
  const scenarios = useQueryOf(drills.scenarios).data?.items ?? [];
  const services = useQueryOf(catalog.listServices, { query: { limit: 200 } }).data?.items ?? [];
  const everybody = useQueryOf(people.people).data?.items ?? [];
  const { form, submit, pending, problem } = useCommandForm(drills.startExercise, {
    initialValues: {
      scenario: 'card-payments-slow',
      serviceId: (service ?? null) as string | null,
      playerIds: [] as string[],
      cold: false,
      minutes: '' as number | string,
      title: '',
      brief: '',
    },
    validate: { serviceId: (value: string | null) => (value ? null : 'Choose the service whose alert it will be') },
    input: ({ scenario, serviceId, playerIds, cold, minutes, title, brief }) => ({
      body: {
        scenario,
        serviceId: serviceId ?? '',
        playerIds,
        cold,
        ...(minutes === '' ? {} : { minutes: Number(minutes) }),
        ...(scenario === FREE ? { title, brief } : {}),
      },
    }),
    done: ({ key }) => `${key} has begun`,
    onDone: ({ id }) => go(`/drills/${id}`),
  });
  const chosen = scenarios.find(({ name }) => name === form.values.scenario);
  return (
    <Modal opened onClose={onClose} title="Start an exercise" size="lg">
      <CommandFormFrame
        submit={submit as never}
        pending={pending}
        problem={problem}
        save="Start now"
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <Select
          label="Scenario"
          allowDeselect={false}
          data={[
            ...scenarios.map(({ name, title }) => ({ value: name, label: title })),
            { value: FREE, label: 'In my own words' },
          ]}
          {...form.getInputProps('scenario')}
        />
        {form.values.scenario === FREE ? (
          <>
            <TextInput label="What the alert says" maxLength={300} {...form.getInputProps('title')} />
            <Textarea label="What players should know" autosize minRows={2} {...form.getInputProps('brief')} />
          </>
        ) : (
          chosen && <Story scenario={chosen} />
        )}
        <Select
          label="Service"
          description="Its on-call is paged, with the words EXERCISE at both ends."
          searchable
          data={services.map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps('serviceId')}
        />
        <MultiSelect
          label="Players"
          description="They are told when it begins, what happens in the story, and when it ends."
          searchable
          data={everybody.filter(({ active }) => active).map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps('playerIds')}
        />
        <NumberInput
          label="Ends by itself after"
          suffix=" min"
          min={5}
          max={480}
          placeholder={`${chosen?.minutes ?? 60} min`}
          w={160}
          {...form.getInputProps('minutes')}
        />
        <Checkbox
          label="Do not announce it"
          description="The page is the first that anybody hears of it."
          {...form.getInputProps('cold', { type: 'checkbox' })}
        />
        <Hint tone="exercise">
          A real SEV1 or SEV2 stops it at once. Nothing reaches the public page, subscribers or the figures: the
          database refuses it.
        </Hint>
      </CommandFormFrame>
    </Modal>
  );
}

/** What players are told and what they should show; the later injects stay with whoever leads. */
function Story({ scenario }: { scenario: Scenario }) {
  return (
    <div className={classes.story}>
      <Text fz="sm">{scenario.brief}</Text>
      <ul>
        {scenario.objectives.map((objective) => (
          <li key={objective}>{objective}</li>
        ))}
      </ul>
    </div>
  );
}
