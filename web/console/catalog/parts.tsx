/** What belongs to one node besides its name: a store's facts, and a third party's entry in the register. */
import { Group as Row, NumberInput, Select, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { endpoints as catalog, type ServiceDetail } from '#contract/catalog';
import { endpoints as people } from '#contract/people';
import { CommandFormFrame, useCommandForm, useQueryOf } from '../../kit/index.ts';

interface Props {
  service: ServiceDetail;
  onDone: () => void;
}

export function StoreForm({ service, onDone }: Props) {
  const { store } = service;
  const { form, submit, pending, problem } = useCommandForm(catalog.setStore, {
    initialValues: {
      engine: store?.engine ?? '',
      region: store?.region ?? '',
      replicas: store?.replicas ?? ('' as number | ''),
      rebuildable: store?.rebuildable ?? false,
      backup: store?.backup ?? '',
    },
    input: (values) => ({
      params: { id: service.id },
      body: { ...values, replicas: values.replicas === '' ? null : values.replicas },
    }),
    done: 'Saved',
    onDone,
  });
  return (
    <CommandFormFrame submit={submit} pending={pending} problem={problem} save="Save the store">
      <Row grow align="flex-start">
        <TextInput label="Engine" placeholder="PostgreSQL 17" maxLength={200} {...form.getInputProps('engine')} />
        <TextInput label="Region" placeholder="eu-west" maxLength={200} {...form.getInputProps('region')} />
      </Row>
      <NumberInput
        label="Copies besides the primary"
        description="Empty: nobody has said. 0 makes it a single point of failure."
        min={0}
        max={1000}
        allowDecimal={false}
        {...form.getInputProps('replicas')}
      />
      <Switch
        label="Can be rebuilt from elsewhere"
        description="A cache, a search index: losing it loses no data."
        {...form.getInputProps('rebuildable', { type: 'checkbox' })}
      />
      <Textarea
        label="Backup"
        description="What is kept, how often, where, and when a restore was last tried."
        autosize
        minRows={2}
        maxLength={2000}
        {...form.getInputProps('backup')}
      />
    </CommandFormFrame>
  );
}

export function ThirdPartyForm({ service, onDone }: Props) {
  const party = service.thirdParty;
  const users = useQueryOf(people.people);
  const { form, submit, pending, problem } = useCommandForm(catalog.setThirdParty, {
    initialValues: {
      legalName: party?.legalName ?? '',
      provides: party?.provides ?? '',
      dataCategories: party?.dataCategories ?? [],
      regions: party?.regions ?? [],
      contacts: party?.contacts ?? '',
      statusUrl: party?.statusUrl ?? '',
      exitPlan: party?.exitPlan ?? '',
      contractEnd: party?.contractEnd ?? '',
      ownerId: party?.owner?.id ?? null,
      reviewEveryDays: party?.reviewEveryDays ?? 365,
    },
    input: (values) => ({
      params: { id: service.id },
      body: { ...values, statusUrl: values.statusUrl || null, contractEnd: values.contractEnd || null },
    }),
    done: 'Saved',
    onDone,
  });
  return (
    <CommandFormFrame submit={submit} pending={pending} problem={problem} save="Save the entry">
      <Row grow align="flex-start">
        <TextInput label="Legal name" maxLength={200} {...form.getInputProps('legalName')} />
        <Select
          label="Who answers for it"
          description="Is told when the review is overdue."
          placeholder="Nobody"
          clearable
          searchable
          data={users.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          {...form.getInputProps('ownerId')}
        />
      </Row>
      <Textarea label="Does for us" autosize maxLength={2000} {...form.getInputProps('provides')} />
      <Row grow align="flex-start">
        <TagsInput label="Data it holds" placeholder="card data" {...form.getInputProps('dataCategories')} />
        <TagsInput label="Regions" placeholder="eu" {...form.getInputProps('regions')} />
      </Row>
      <Textarea
        label="Whom to call there"
        description="Names, numbers, contract number: what is needed at night."
        autosize
        maxLength={2000}
        {...form.getInputProps('contacts')}
      />
      <TextInput
        label="Their status page"
        inputMode="url"
        placeholder="https://"
        {...form.getInputProps('statusUrl')}
      />
      <Textarea label="How we leave" autosize maxLength={4000} {...form.getInputProps('exitPlan')} />
      <Row grow align="flex-start">
        <TextInput label="Contract ends" type="date" {...form.getInputProps('contractEnd')} />
        <NumberInput
          label="Review every so many days"
          min={1}
          max={3650}
          allowDecimal={false}
          {...form.getInputProps('reviewEveryDays')}
        />
      </Row>
    </CommandFormFrame>
  );
}
