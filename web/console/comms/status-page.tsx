/** The status page from inside: its components, how well each is said to be, and where that may be doubted. */
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { type Component, endpoints as comms } from '#contract/comms';
import {
  Ago,
  ConfirmButton,
  DataList,
  EmptyState,
  Hint,
  LinkButton,
  Page,
  ProblemAlert,
  Section,
  StateBadge,
  TextLink,
  useCommand,
  useMay,
  useQueryOf,
} from '../../kit/index.ts';
import { ComponentForm } from './component-form.tsx';
import classes from './comms.module.css';
import { StateForm } from './state-form.tsx';
import { stateTone, stateWord } from './words.ts';

export function StatusPage() {
  const list = useQueryOf(comms.listComponents);
  const may = useMay('comms.saveComponent');
  const [editing, setEditing] = useState<Component | 'new' | null>(null);
  const [setting, setSetting] = useState<Component | null>(null);
  const items = list.data?.items;
  const doubtful = (items ?? []).filter(({ doubts }) => doubts.length > 0);
  return (
    <Page
      title="Status page"
      subtitle="What customers see. Messages set these states when they are published; here you set them by hand, with the reason."
      actions={
        <>
          {useMay('subscribers.read') && (
            <LinkButton to="/status-page/subscribers" variant="default">
              Subscribers
            </LinkButton>
          )}
          <LinkButton to="/status-page/copies" variant="default">
            Copies elsewhere
          </LinkButton>
          <LinkButton to="/status-page/measures" variant="default">
            Our word
          </LinkButton>
          <LinkButton to="/status-page/emergency" variant="default">
            When everything is down
          </LinkButton>
          {list.data && (
            <Button component="a" href="/status" target="_blank" rel="noreferrer" variant="default">
              Open the public page
            </Button>
          )}
          {may && <Button onClick={() => setEditing('new')}>Add component</Button>}
        </>
      }
    >
      <ProblemAlert error={list.error} retry={() => void list.refetch()} />
      {doubtful.length > 0 && (
        <Hint tone="warn" title="The page may be too good.">
          {doubtful.map(({ id, name, doubts }) => (
            <span key={id} className={classes.doubt}>
              {name} says “operational”, while{' '}
              {doubts.map(({ key, severity }, at) => (
                <span key={key}>
                  {at > 0 && ', '}
                  <TextLink to={`/incidents/${key}`}>{key}</TextLink> (SEV{severity})
                </span>
              ))}{' '}
              affects it.
            </span>
          ))}
        </Hint>
      )}
      {!list.error && (
        <Section label="Components" flush>
          <DataList
            label="Components"
            items={items}
            rowKey={({ id }) => id}
            empty={<Nothing add={may ? () => setEditing('new') : undefined} />}
            columns={[
              {
                key: 'name',
                label: 'Component',
                primary: true,
                render: (item) => (
                  <>
                    {item.name} {!item.visible && <StateBadge state="hidden" tone="idle" quiet />}
                    {item.group && <span className={classes.soft}> · {item.group}</span>}
                  </>
                ),
              },
              {
                key: 'state',
                label: 'State',
                render: (item) => (
                  <>
                    <StateBadge state={item.state} tone={stateTone(item.state)} label={stateWord(item.state)} />
                    {item.stateReason && <span className={classes.soft}> by hand: {item.stateReason}</span>}
                  </>
                ),
              },
              { key: 'since', label: 'Since', width: '9rem', render: ({ stateSince }) => <Ago at={stateSince} /> },
              {
                key: 'services',
                label: 'Services',
                width: '7rem',
                wideOnly: true,
                render: ({ serviceIds }) => serviceIds.length || <span className={classes.late}>None</span>,
              },
              {
                key: 'do',
                label: 'Actions',
                labelHidden: true,
                align: 'right',
                width: '16rem',
                render: (item) =>
                  may && <Actions item={item} edit={() => setEditing(item)} set={() => setSetting(item)} />,
              },
            ]}
          />
        </Section>
      )}
      {editing && <ComponentForm component={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      {setting && <StateForm component={setting} onClose={() => setSetting(null)} />}
    </Page>
  );
}

function Actions({ item, edit, set }: { item: Component; edit: () => void; set: () => void }) {
  const archive = useCommand(comms.archiveComponent, { done: 'Taken off the page', problems: 'inline' });
  return (
    <Group gap={6} justify="flex-end" wrap="nowrap">
      <Button size="compact-sm" variant="light" onClick={set} aria-label={`Set the state of ${item.name}`}>
        Set state
      </Button>
      <Button size="compact-sm" variant="default" onClick={edit} aria-label={`Edit ${item.name}`}>
        Edit
      </Button>
      <ConfirmButton
        size="compact-sm"
        variant="subtle"
        title={`Take ${item.name} off the page?`}
        consequences={[
          'It disappears from the public page at once.',
          'Its history stays in the record.',
          'To hide it for a while, edit it instead.',
        ]}
        confirm="Take off the page"
        danger
        onConfirm={() => archive.mutateAsync({ params: { id: item.id } })}
      >
        Remove
      </ConfirmButton>
    </Group>
  );
}

function Nothing({ add }: { add: (() => void) | undefined }) {
  return (
    <EmptyState title="The page has no components yet" action={add && <Button onClick={add}>Add component</Button>}>
      A component is a part of your product as customers name it: “Checkout”, “Sign-in”, “Reports”. Tie each to the
      services behind it, and a message is filled in with the right ones.
    </EmptyState>
  );
}
