/** One integration: is it heard, does it send garbage, and everything one does with it. */
import { Button, Checkbox, Menu, Modal, NumberInput, Group as Row } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { type Integration, type IntegrationKey, endpoints as signals } from '#contract/signals';
import {
  Ago,
  ConfirmButton,
  Facts,
  Hint,
  LinkButton,
  Section,
  StateBadge,
  TextLink,
  useCommand,
  useGo,
  useMay,
  When,
} from '../../kit/index.ts';
import { EditForm } from './edit-form.tsx';
import { OptionsForm } from './options-form.tsx';
import classes from './signals.module.css';

export function IntegrationCard({
  integration,
  onKey,
}: {
  integration: Integration;
  onKey: (key: IntegrationKey) => void;
}) {
  const mayChange = useMay('signals.updateIntegration');
  const reveal = useCommand(signals.revealKey, { onDone: onKey });
  const [editing, setEditing] = useState(false);
  const [setting, setSetting] = useState(false);
  const missing = integration.options.some((option) => option.secret && !option.isSet);
  return (
    <Section
      title={integration.name}
      description={integration.kindTitle}
      actions={<Health integration={integration} />}
    >
      <div className={classes.card}>
        {integration.garbage && (
          <Hint tone="warn" title="It sends what cannot be read.">
            {integration.garbage.reason.replace(/\.$/, '')}. <Ago at={integration.garbage.at} />,{' '}
            {integration.garbageCount} in all.{' '}
            {integration.garbage.signalId && (
              <TextLink to={`/settings/integrations/${integration.id}`}>Look at it</TextLink>
            )}
          </Hint>
        )}
        {!integration.enabled && integration.droppedCount > 0 && (
          <Hint tone="warn">
            Switched off: {integration.droppedCount} posts were refused, the last <Ago at={integration.lastDroppedAt} />
            .
          </Hint>
        )}
        <Facts
          items={[
            {
              label: 'Last heard',
              value: <Ago at={integration.lastHeardAt} none="never" />,
            },
            {
              label: 'In 24 hours',
              value: `${integration.signalsLastDay} ${integration.signalsLastDay === 1 ? 'post' : 'posts'}`,
            },
            {
              label: 'Service',
              value: integration.service?.name ?? 'by labels only',
            },
            {
              label: integration.keys.length > 1 ? 'Keys' : 'Key',
              value: <Keys integration={integration} />,
            },
          ]}
        />
        <Row gap="xs">
          {mayChange && (
            <Button
              variant="light"
              size="xs"
              loading={reveal.isPending}
              onClick={() => reveal.mutate({ params: { id: integration.id } })}
            >
              Set-up and key
            </Button>
          )}
          <TestButton integration={integration} />
          <LinkButton size="xs" variant="default" to={`/settings/integrations/${integration.id}`}>
            {integration.kind === 'generic' ? 'Mapping and posts' : 'Posts'}
          </LinkButton>
          {mayChange && integration.kind !== 'generic' && integration.options.length > 0 && (
            <Button
              size="xs"
              variant={missing ? 'light' : 'default'}
              aria-label={`Options of ${integration.name}`}
              onClick={() => setSetting(true)}
            >
              Options
            </Button>
          )}
          {mayChange && <More integration={integration} onKey={onKey} onEdit={() => setEditing(true)} />}
        </Row>
      </div>
      <Modal opened={setting} onClose={() => setSetting(false)} title={`Options of “${integration.name}”`} size="lg">
        <OptionsForm integration={integration} onDone={() => setSetting(false)} />
      </Modal>
      <Modal opened={editing} onClose={() => setEditing(false)} title={`Change “${integration.name}”`}>
        <EditForm
          id={integration.id}
          name={integration.name}
          serviceId={integration.service?.id ?? null}
          onDone={() => setEditing(false)}
        />
      </Modal>
    </Section>
  );
}

/** Heard, not heard yet, switched off, or sending garbage. */
export function Health({ integration }: { integration: Integration }) {
  if (!integration.enabled) return <StateBadge state="disabled" label="Switched off" />;
  if (integration.garbage) return <StateBadge state="garbage" tone="danger" label="Sends garbage" />;
  if (!integration.lastHeardAt) return <StateBadge state="never_heard" tone="notice" label="Not heard yet" />;
  return <StateBadge state="heard" tone="ok" label="Heard" />;
}

const Keys = ({ integration }: { integration: Integration }) => (
  <>
    {integration.keys.map((key) => (
      <div key={key.id}>
        …{key.hint}
        {key.validUntil && (
          <span className={classes.dim}>
            {' '}
            until <When at={key.validUntil} />
          </span>
        )}
      </div>
    ))}
  </>
);

/** Sends a harmless alert through the real way. */
export function TestButton({ integration }: { integration: Integration }) {
  const may = useMay('signals.testIntegration');
  const [page, setPage] = useState(false);
  const go = useGo();
  const test = useCommand(signals.testIntegration, {
    problems: 'inline',
    onDone: ({ groupId }) => groupId && go(`/alerts/${groupId}`),
  });
  if (!may) return null;
  return (
    <ConfirmButton
      size="xs"
      title="Send a test alert?"
      consequences={['It takes the same way as a real one, is marked as a test, and is never part of an incident.']}
      extra={
        <Checkbox
          label="Page people, as a real alert of this severity would"
          checked={page}
          onChange={(event) => setPage(event.currentTarget.checked)}
        />
      }
      confirm="Send test alert"
      onConfirm={() => test.mutateAsync({ params: { id: integration.id }, body: { page } })}
    >
      Send test alert
    </ConfirmButton>
  );
}

function More({
  integration,
  onKey,
  onEdit,
}: {
  integration: Integration;
  onKey: (key: IntegrationKey) => void;
  onEdit: () => void;
}) {
  const [rotating, setRotating] = useState(false);
  const [hours, setHours] = useState<number>(24);
  const update = useCommand(signals.updateIntegration, {
    done: ({ enabled }) => (enabled ? 'Switched on' : 'Switched off: what it sends is refused and counted'),
  });
  const rotate = useCommand(signals.rotateKey, {
    done: 'New key made',
    onDone: (key) => {
      setRotating(false);
      onKey(key);
    },
  });
  const remove = useCommand(signals.removeIntegration, { done: 'Removed' });
  const params = { id: integration.id };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="xs" variant="default" aria-label={`More for ${integration.name}`} px={8}>
            <IconDots size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onEdit}>Change name or service</Menu.Item>
          <Menu.Item onClick={() => setRotating(true)}>Rotate key</Menu.Item>
          <Menu.Item onClick={() => update.mutate({ params, body: { enabled: !integration.enabled } })}>
            {integration.enabled ? 'Switch off' : 'Switch on'}
          </Menu.Item>
          {!integration.lastHeardAt && (
            <Menu.Item color="red" onClick={() => remove.mutate({ params })}>
              Remove
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={rotating} onClose={() => setRotating(false)} title={`Rotate the key of “${integration.name}”`}>
        <div className={classes.card}>
          <NumberInput
            label="The old key works for so many hours more"
            description="Time to change the sender without losing an alert. 0 ends it now, for a key that leaked."
            min={0}
            max={720}
            value={hours}
            onChange={(value) => setHours(Number(value) || 0)}
          />
          <Row justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => setRotating(false)}>
              Cancel
            </Button>
            <Button
              color={hours === 0 ? 'red' : undefined}
              loading={rotate.isPending}
              onClick={() => rotate.mutate({ params, body: { overlapHours: hours } })}
            >
              {hours === 0 ? 'Revoke and make a new key' : 'Make a new key'}
            </Button>
          </Row>
        </div>
      </Modal>
    </>
  );
}
