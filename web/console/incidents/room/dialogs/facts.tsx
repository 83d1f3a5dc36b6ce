/** Changing what the incident says: severity, words, services, reach. And reading it out: the situation report. */
import { Modal, MultiSelect, NumberInput, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { endpoints as catalog } from '#contract/catalog';
import { endpoints as incidents } from '#contract/incidents';
import { CopyBlock, Loaded, severityText, useCommand, useQueryOf } from '../../../../kit/index.ts';
import { EFFECTS, useRoom } from '../context.tsx';
import { useCommandView } from '../lanes.tsx';
import { SeverityHistory } from '../severity.tsx';
import { StepDialog } from './frame.tsx';

type Severity = 1 | 2 | 3 | 4;
type Effect = (typeof EFFECTS)[number]['value'];

export function ChangeSeverity({ target, onClose }: { target?: string | undefined; onClose: () => void }) {
  const { incident } = useRoom();
  const proposal = useCommandView()?.severity.proposal;
  const [severity, setSeverity] = useState<Severity>((Number(target) || incident.severity) as Severity);
  const [reason, setReason] = useState('');
  const command = useCommand(incidents.changeSeverity, { problems: 'inline', done: 'Severity changed' });
  const lower = severity > incident.severity;
  // The same severity with a reason decides against what is proposed.
  const keeps = severity === incident.severity;
  const ready = keeps ? proposal !== null && reason.trim() !== '' : !lower || reason.trim() !== '';
  return (
    <StepDialog
      title="Change severity"
      lead={
        <>
          Raise freely. Lowering needs a reason, and cancels nothing that is already owed.
          {proposal && ` The matrix proposes SEV${proposal.severity}: ${proposal.because}. You decide.`}
        </>
      }
      save={keeps ? `Keep SEV${severity}` : `Set SEV${severity}`}
      command={command}
      input={
        ready ? { params: { id: incident.id }, body: { severity, reason: reason.trim() || undefined } } : undefined
      }
      onClose={onClose}
    >
      <Select
        label="Severity"
        allowDeselect={false}
        data={([1, 2, 3, 4] as const).map((level) => ({
          value: String(level),
          label: `SEV${level} ${severityText(level).word}: ${severityText(level).help}`,
        }))}
        value={String(severity)}
        onChange={(next) => setSeverity(Number(next) as Severity)}
        data-autofocus
      />
      <TextInput
        label="Reason"
        required={lower || keeps}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <SeverityHistory />
    </StepDialog>
  );
}

export function Edit({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const [title, setTitle] = useState(incident.title);
  const [summary, setSummary] = useState(incident.summary);
  const command = useCommand(incidents.edit, { problems: 'inline', done: 'Saved' });
  return (
    <StepDialog
      title="Edit title and summary"
      save="Save"
      command={command}
      input={
        title.trim()
          ? { params: { id: incident.id }, body: { title: title.trim(), summary: summary.trim() } }
          : undefined
      }
      onClose={onClose}
    >
      <TextInput
        label="Title"
        required
        maxLength={200}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        data-autofocus
      />
      <Textarea
        label="Summary"
        autosize
        minRows={3}
        maxLength={5000}
        value={summary}
        onChange={(event) => setSummary(event.currentTarget.value)}
      />
    </StepDialog>
  );
}

export function SetService({ serviceId, onClose }: { serviceId?: string; onClose: () => void }) {
  const { incident } = useRoom();
  const known = incident.affected.find((service) => service.serviceId === serviceId);
  const [chosen, setChosen] = useState<string | null>(serviceId ?? null);
  const [effect, setEffect] = useState<Effect>(known?.effect ?? 'partial');
  const services = useQueryOf(catalog.listServices, { query: { limit: 200, sort: 'name' } });
  const command = useCommand(incidents.setService, { problems: 'inline' });
  return (
    <StepDialog
      title={known ? `${known.name}: how is it affected?` : 'Which service is affected?'}
      save={known ? 'Save' : 'Add service'}
      command={command}
      input={chosen ? { params: { id: incident.id }, body: { serviceId: chosen, effect } } : undefined}
      onClose={onClose}
    >
      {!known && (
        <Select
          label="Service"
          required
          searchable
          data={(services.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          nothingFoundMessage="No such service in the catalogue"
          value={chosen}
          onChange={setChosen}
          data-autofocus
        />
      )}
      <Select
        label="Effect for customers"
        allowDeselect={false}
        data={[...EFFECTS]}
        value={effect}
        onChange={(next) => setEffect((next ?? 'partial') as Effect)}
      />
    </StepDialog>
  );
}

export function RecordImpact({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const [customers, setCustomers] = useState<number | ''>('');
  const [share, setShare] = useState<number | ''>('');
  const [method, setMethod] = useState('');
  const [region, setRegion] = useState('');
  const [serviceIds, setServices] = useState<string[]>([]);
  const command = useCommand(incidents.recordImpact, { problems: 'inline', done: 'Impact noted' });
  const body = {
    ...(customers !== '' && { customers }),
    ...(share !== '' && { pctRequests: share }),
    ...(method.trim() && { method: method.trim() }),
    ...(region.trim() && { region: region.trim() }),
    ...(serviceIds.length > 0 && { serviceIds }),
  };
  const ready = customers !== '' || share !== '';
  return (
    <StepDialog
      title="How far does it reach, now?"
      lead="One of the two is enough. Each note holds until the next; peak and customer minutes are computed."
      save="Note it"
      command={command}
      input={ready ? { params: { id: incident.id }, body } : undefined}
      onClose={onClose}
    >
      <Stack gap="sm">
        <NumberInput
          label="Customers affected"
          min={0}
          allowDecimal={false}
          thousandSeparator=" "
          value={customers}
          onChange={(next) => setCustomers(next === '' ? '' : Number(next))}
          data-autofocus
        />
        <NumberInput
          label="Share of requests affected"
          suffix=" %"
          min={0}
          max={100}
          value={share}
          onChange={(next) => setShare(next === '' ? '' : Number(next))}
        />
        {incident.affected.length > 1 && (
          <MultiSelect
            label="Counted for"
            placeholder={serviceIds.length === 0 ? 'Everything affected' : ''}
            data={incident.affected.map(({ serviceId, name }) => ({ value: serviceId, label: name }))}
            value={serviceIds}
            onChange={setServices}
          />
        )}
        <TextInput
          label="Where, if not everywhere?"
          placeholder="eu-west"
          value={region}
          onChange={(event) => setRegion(event.currentTarget.value)}
        />
        <TextInput
          label="How was it counted?"
          placeholder="Failed logins in the gateway"
          value={method}
          onChange={(event) => setMethod(event.currentTarget.value)}
        />
      </Stack>
    </StepDialog>
  );
}

export function SituationReport({ onClose }: { onClose: () => void }) {
  const { incident } = useRoom();
  const report = useQueryOf(incidents.situation, { params: { id: incident.id } });
  return (
    <Modal opened onClose={onClose} title="Situation report" size="xl">
      <Loaded query={report} lines={8}>
        {({ text }) => <CopyBlock label="Situation report" value={text} />}
      </Loaded>
    </Modal>
  );
}
