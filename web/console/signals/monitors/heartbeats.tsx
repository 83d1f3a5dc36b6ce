/** Heartbeats: what must call in time. Silence is the alarm. */
import { Button, Modal, Select, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { type Heartbeat, endpoints as signals } from '#contract/signals';
import {
  Ago,
  CommandFormFrame,
  ConfirmButton,
  CopyBlock,
  DataList,
  DurationInput,
  EmptyState,
  formatDuration,
  Loaded,
  Loading,
  Page,
  ProblemAlert,
  Section,
  StateBadge,
  useCommand,
  useCommandForm,
  useMay,
  useQueryOf,
} from '../../../kit/index.ts';
import classes from './monitors.module.css';
import { EyesTabs } from './words.tsx';

const stateOf = (beat: Heartbeat) =>
  !beat.enabled
    ? ({ label: 'Paused', tone: 'idle' } as const)
    : beat.expiredAt
      ? ({ label: 'Missing', tone: 'danger' } as const)
      : beat.lastPingAt
        ? ({ label: 'In time', tone: 'ok' } as const)
        : ({ label: 'Waiting for the first', tone: 'notice' } as const);

export function Heartbeats() {
  const list = useQueryOf(signals.listHeartbeats, undefined, { refetchInterval: 30_000 });
  const may = useMay('signals.saveHeartbeat');
  const [adding, setAdding] = useState(false);
  const [shown, setShown] = useState<Heartbeat>();
  const add = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      Add a heartbeat
    </Button>
  );
  return (
    <Page
      title="Heartbeats"
      subtitle="What must call in time: backups, imports, clean-ups. When a call does not come, people are told."
      actions={list.data?.items.length !== 0 && add}
      width="wide"
    >
      <EyesTabs here="/monitors/heartbeats" />
      <Loaded query={list} lines={4}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="Nothing has to call yet" action={add}>
              A nightly job that silently stops is noticed when somebody needs its work. Let it call here when it is
              done.
            </EmptyState>
          ) : (
            <Section label="Heartbeats" flush>
              <Table items={items} may={may} onShow={setShown} />
            </Section>
          )
        }
      </Loaded>
      <Modal opened={adding} onClose={() => setAdding(false)} title="Add a heartbeat">
        <HeartbeatForm
          onDone={(beat) => {
            setAdding(false);
            setShown(beat);
          }}
        />
      </Modal>
      <Modal
        opened={shown !== undefined}
        onClose={() => setShown(undefined)}
        title={`How “${shown?.name ?? ''}” calls`}
        size="xl"
      >
        {shown && <HowToCall beat={shown} />}
      </Modal>
    </Page>
  );
}

function Table({ items, may, onShow }: { items: Heartbeat[]; may: boolean; onShow: (beat: Heartbeat) => void }) {
  const remove = useCommand(signals.removeHeartbeat, { done: 'It need not call any more' });
  return (
    <DataList
      label="Heartbeats"
      items={items}
      rowKey={(beat) => beat.id}
      columns={[
        {
          key: 'state',
          label: 'State',
          width: '11rem',
          corner: true,
          labelHidden: true,
          render: (beat) => (
            <StateBadge state={stateOf(beat).label} label={stateOf(beat).label} tone={stateOf(beat).tone} />
          ),
        },
        {
          key: 'name',
          label: 'Heartbeat',
          primary: true,
          render: (beat) => (
            <span className={classes.name}>
              <span>{beat.name}</span>
              <small>{beat.description || beat.integration.name}</small>
            </span>
          ),
        },
        {
          key: 'every',
          label: 'At least every',
          width: '9rem',
          render: (beat) => formatDuration(beat.intervalSeconds),
        },
        { key: 'last', label: 'Last call', width: '9rem', render: (beat) => <Ago at={beat.lastPingAt} none="never" /> },
        {
          key: 'due',
          label: 'Due',
          width: '9rem',
          render: (beat) =>
            beat.expiredAt ? (
              <>
                since <Ago at={beat.dueAt} />
              </>
            ) : (
              <Ago at={beat.dueAt} />
            ),
        },
        {
          key: 'do',
          label: 'Actions',
          labelHidden: true,
          width: '15rem',
          render: (beat) =>
            may && (
              <span className={classes.line}>
                <Button size="xs" variant="default" onClick={() => onShow(beat)} aria-label={`How ${beat.name} calls`}>
                  How it calls
                </Button>
                <ConfirmButton
                  size="xs"
                  danger
                  title={`Let “${beat.name}” be?`}
                  consequences={['It need not call any more.', 'What still calls gets 404, and its source shows it.']}
                  confirm="Remove"
                  onConfirm={() => remove.mutateAsync({ params: { id: beat.id } })}
                >
                  Remove
                </ConfirmButton>
              </span>
            ),
        },
      ]}
    />
  );
}

const NEW = 'new';

function HeartbeatForm({ onDone }: { onDone: (beat: Heartbeat) => void }) {
  const integrations = useQueryOf(signals.listIntegrations);
  const create = useCommand(signals.createIntegration);
  const { form, submit, pending, problem } = useCommandForm(signals.saveHeartbeat, {
    initialValues: {
      name: '',
      description: '',
      intervalSeconds: 86_400 + 3600,
      severity: 'error' as const,
      integrationId: NEW,
    },
    input: (values) => ({ body: values }),
    done: 'It is waited for',
    onDone,
  });
  const known = integrations.data?.items ?? [];
  const home = known.find((one) => one.name === 'Heartbeats');
  const sender = form.values.integrationId === NEW ? (home?.id ?? NEW) : form.values.integrationId;
  const save = async (event?: React.FormEvent<HTMLFormElement>) => {
    event?.preventDefault();
    // The first heartbeat brings the sender that carries its key.
    const id =
      sender === NEW
        ? (await create.mutateAsync({ body: { kind: 'generic', name: 'Heartbeats', serviceId: null } })).id
        : sender;
    form.setFieldValue('integrationId', id);
    queueMicrotask(() => submit());
  };
  return (
    <CommandFormFrame
      submit={(event) => void save(event)}
      pending={pending || create.isPending}
      problem={problem}
      save="Wait for it"
    >
      <TextInput
        label="Name"
        description="As the job calls itself: letters, digits, - and _ keep its address short."
        required
        maxLength={200}
        data-autofocus
        {...form.getInputProps('name')}
      />
      <DurationInput
        label="At least every"
        description="With some room: a nightly job may take an hour longer."
        value={form.values.intervalSeconds}
        onChange={(seconds) => form.setFieldValue('intervalSeconds', seconds ?? 86_400)}
        error={form.errors.intervalSeconds}
      />
      <TextInput label="What it is" maxLength={1000} {...form.getInputProps('description')} />
      <Select
        label="Severity of its alert"
        data={['critical', 'error', 'warning', 'info'].map((value) => ({
          value,
          label: value[0]!.toUpperCase() + value.slice(1),
        }))}
        allowDeselect={false}
        {...form.getInputProps('severity')}
      />
      <Select
        label="Sender"
        description="Whose key it calls with, and whose service is told."
        data={[
          ...(home ? [] : [{ value: NEW, label: 'A new one called “Heartbeats”' }]),
          ...known.map((one) => ({ value: one.id, label: one.name })),
        ]}
        allowDeselect={false}
        value={sender}
        onChange={(next) => form.setFieldValue('integrationId', next ?? NEW)}
      />
    </CommandFormFrame>
  );
}

/** The address with its key: revealing it leaves an entry in the audit log. */
function HowToCall({ beat }: { beat: Heartbeat }) {
  const reveal = useCommand(signals.revealKey, { problems: 'inline' });
  const [key, setKey] = useState<string>();
  if (key === undefined)
    return (
      <div className={classes.group}>
        <span>
          The address holds the key of “{beat.integration.name}”. Showing it leaves an entry in the audit log.
        </span>
        <ProblemAlert error={reveal.error} />
        <div>
          <Button
            loading={reveal.isPending}
            onClick={() =>
              reveal.mutate({ params: { id: beat.integration.id } }, { onSuccess: (found) => setKey(found.key) })
            }
          >
            Show the address
          </Button>
        </div>
        {reveal.isPending && <Loading lines={2} />}
      </div>
    );
  const url = `${location.origin}/heartbeat/${key}/${encodeURIComponent(beat.name)}`;
  const cron = `# m h dom mon dow\n30 2 * * * /usr/local/bin/backup && curl -fsS -m 10 --retry 3 -o /dev/null ${url}`;
  const unit = `[Service]\nType=oneshot\nExecStart=/usr/local/bin/backup\nExecStartPost=/usr/bin/curl -fsS -m 10 --retry 3 -o /dev/null ${url}`;
  const job = `containers:\n  - name: backup\n    image: backup:1\n    command: ["sh", "-c", "backup && wget -q -T 10 -O /dev/null ${url}"]`;
  return (
    <div className={classes.group}>
      <CopyBlock
        label="When the job is done"
        value={`curl -fsS -m 10 --retry 3 ${url}`}
        hint="GET, HEAD or POST; 200 when it counts, 404 when there is no such heartbeat."
      />
      <CopyBlock label="crontab" value={cron} hint="&& lets only a job that went well call." />
      <CopyBlock label="systemd" value={unit} />
      <CopyBlock label="Kubernetes CronJob" value={job} />
    </div>
  );
}
