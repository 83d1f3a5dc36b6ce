/** The form of a service, for adding and for changing. */
import { Button, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { endpoints as catalog, type ServiceDetail } from '#contract/catalog';
import { endpoints as people } from '#contract/people';
import { CommandFormFrame, useCommandForm, useQueryOf } from '../../kit/index.ts';
import { kindWords } from './map-model.ts';
import { tierWords } from './tier.tsx';

interface Values extends Record<string, unknown> {
  name: string;
  kind: ServiceDetail['kind'];
  tier: 1 | 2 | 3;
  redundancy: ServiceDetail['redundancy'];
  description: string;
  teamId: string | null;
  policyId: string | null;
}

/** Without `service` it adds one. */
export function ServiceForm({
  service,
  onDone,
  onCancel,
}: {
  service?: ServiceDetail;
  onDone: (saved: ServiceDetail) => void;
  onCancel: () => void;
}) {
  const initialValues: Values = {
    name: service?.name ?? '',
    kind: service?.kind ?? 'service',
    tier: service?.tier ?? 2,
    redundancy: service?.redundancy ?? 'unknown',
    description: service?.description ?? '',
    teamId: service?.teamId ?? null,
    policyId: service?.policyId ?? null,
  };
  const adding = useCommandForm(catalog.createService, {
    initialValues,
    input: (body) => ({ body }),
    done: 'Service added',
    onDone,
  });
  const changing = useCommandForm(catalog.updateService, {
    initialValues,
    input: (body) => ({ params: { id: service?.id ?? '' }, body }),
    done: 'Saved',
    onDone,
  });
  const { form, submit, pending, problem } = service ? changing : adding;
  const teams = useQueryOf(people.teams);
  const policies = useQueryOf(people.policies);
  return (
    <CommandFormFrame
      submit={submit}
      pending={pending}
      problem={problem}
      save={service ? 'Save' : 'Add service'}
      secondary={
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      }
    >
      <TextInput
        label="Name"
        description="Alerts find it by this name, or by its address in lower case."
        required
        maxLength={120}
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Select
        label="Kind"
        allowDeselect={false}
        data={Object.entries(kindWords).map(([value, label]) => ({ value, label }))}
        {...form.getInputProps('kind')}
      />
      <Stack gap={6}>
        <Text fz="sm" fw={500}>
          Tier
        </Text>
        <SegmentedControl
          aria-label="Tier"
          value={String(form.values.tier)}
          onChange={(value) => form.setFieldValue('tier', Number(value) as 1 | 2 | 3)}
          data={([1, 2, 3] as const).map((tier) => ({
            value: String(tier),
            label: `${tier} · ${tierWords[tier]}`,
          }))}
        />
      </Stack>
      {(form.values.kind === 'service' || form.values.kind === 'store') && (
        <Select
          label="Copies"
          description="If there is one only and a journey needs it, it is a single point of failure."
          allowDeselect={false}
          data={[
            { value: 'unknown', label: 'Not known' },
            { value: 'single', label: 'One instance, one region' },
            { value: 'several', label: 'Several' },
          ]}
          {...form.getInputProps('redundancy')}
        />
      )}
      <Select
        label="Owner"
        description="The team that answers for it."
        placeholder="Nobody yet"
        clearable
        searchable
        data={
          teams.data?.items.map(({ id, name }) => ({
            value: id,
            label: name,
          })) ?? []
        }
        {...form.getInputProps('teamId')}
      />
      <Select
        label="Escalation policy"
        description="Who is called when an alert comes in. Without one: the team’s leads, then the emergency contact."
        placeholder="None"
        clearable
        searchable
        data={
          policies.data?.items.map(({ id, name }) => ({
            value: id,
            label: name,
          })) ?? []
        }
        {...form.getInputProps('policyId')}
      />
      <Textarea
        label="What it does"
        description="In a sentence a new colleague understands at 3 in the morning."
        autosize
        minRows={2}
        maxLength={4000}
        {...form.getInputProps('description')}
      />
    </CommandFormFrame>
  );
}
