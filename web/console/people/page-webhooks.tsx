/** Programs that steps of policies can tell: added with a secret that is shown once, removed when no policy tells them. */
import { Button, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { endpoints as people } from '#contract/people';
import {
  CommandFormFrame,
  ConfirmButton,
  call,
  CopyBlock,
  Section,
  StateBadge,
  useCommandForm,
  useMay,
  useQueryOf,
} from '../../kit/index.ts';
import classes from './people.module.css';

export function PageWebhooks() {
  const webhooks = useQueryOf(people.pageWebhooks);
  const mayAdd = useMay('people.createPageWebhook');
  const [adding, setAdding] = useState(false);
  const items = webhooks.data?.items ?? [];
  if (items.length === 0 && !mayAdd) return null;
  return (
    <Section
      title="Webhooks"
      description="Programs that a step can tell. Each call is signed by the Standard Webhooks rules; a page that is taken or over is told, too."
      actions={
        mayAdd && (
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
            Add a webhook
          </Button>
        )
      }
    >
      {items.length === 0 ? (
        <Text fz="sm" c="dimmed">
          None yet.
        </Text>
      ) : (
        <ul className={classes.lines}>
          {items.map(({ id, name, url, disabledReason }) => (
            <li key={id}>
              <span>
                <b>{name}</b> <span className={classes.sub}>{url}</span>{' '}
                {disabledReason && <StateBadge state="disabled" tone="danger" label={`Off: ${disabledReason}`} />}
              </span>
              <Remove id={id} name={name} />
            </li>
          ))}
        </ul>
      )}
      {adding && <AddWebhook onClose={() => setAdding(false)} />}
    </Section>
  );
}

function Remove({ id, name }: { id: string; name: string }) {
  const client = useQueryClient();
  if (!useMay('people.deletePageWebhook')) return null;
  return (
    <ConfirmButton
      danger
      size="compact-sm"
      aria-label={`Remove ${name}`}
      title={`Remove “${name}”?`}
      consequences={['Nothing more is sent to it.', 'It is refused while a policy still tells it.']}
      confirm="Remove webhook"
      onConfirm={async () => {
        await call(people.deletePageWebhook, { params: { id } });
        await client.invalidateQueries();
      }}
    >
      Remove
    </ConfirmButton>
  );
}

function AddWebhook({ onClose }: { onClose: () => void }) {
  const [secret, setSecret] = useState<string>();
  const { form, submit, pending, problem } = useCommandForm(people.createPageWebhook, {
    initialValues: { name: '', url: '' },
    input: (body) => ({ body }),
    onDone: (made) => setSecret(made.secret),
  });
  return (
    <Modal opened onClose={onClose} title={secret ? 'Keep this secret' : 'Add a webhook'}>
      {secret ? (
        <Stack>
          <Text fz="sm">The program checks our calls with it. It is shown this once.</Text>
          <CopyBlock label="Secret" value={secret} />
          <Button onClick={onClose}>I have kept it</Button>
        </Stack>
      ) : (
        <CommandFormFrame
          submit={submit}
          pending={pending}
          problem={problem}
          save="Add webhook"
          secondary={
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          }
        >
          <TextInput label="Name" placeholder="Status bot" data-autofocus {...form.getInputProps('name')} />
          <TextInput label="Address" placeholder="https://…" type="url" {...form.getInputProps('url')} />
        </CommandFormFrame>
      )}
    </Modal>
  );
}
