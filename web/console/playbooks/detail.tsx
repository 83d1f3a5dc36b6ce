/** One playbook: what it says, its versions, its source, and the second person's approval. */
import { Button, Tabs, Text } from '@mantine/core';
import { useState } from 'react';
import { type PlaybookDetail, type PlaybookVersion, endpoints as playbooks } from '#contract/playbooks';
import {
  Columns,
  ConfirmButton,
  Hint,
  Loaded,
  Page,
  PersonName,
  Section,
  StateBadge,
  useCommand,
  useGo,
  useMay,
  useMe,
  usePageParams,
  useQueryOf,
  When,
} from '../../kit/index.ts';
import { SourceEditor, SourceView } from './editor.tsx';
import { OutlineFacts, OutlineView } from './outline.tsx';
import classes from './playbooks.module.css';

export function OnePlaybook() {
  const { id } = usePageParams<'id'>();
  const query = useQueryOf(playbooks.detail, { params: { id } });
  return <Loaded query={query}>{(playbook) => <Detail playbook={playbook} />}</Loaded>;
}

/** Out of use: saving it again brings it back. */
function Retire({ playbook }: { playbook: PlaybookDetail }) {
  const may = useMay('playbooks.retirePlaybook');
  const go = useGo();
  const retire = useCommand(playbooks.retirePlaybook, { done: 'Out of use', onDone: () => go('/playbooks') });
  if (!may) return null;
  return (
    <ConfirmButton
      danger
      title={`Take “${playbook.title}” out of use?`}
      consequences={['It is proposed in no incident any more.', 'Services that rely on it show a gap.']}
      confirm="Take out of use"
      onConfirm={() => retire.mutateAsync({ params: { id: playbook.id } })}
    >
      Take out of use
    </ConfirmButton>
  );
}

function Detail({ playbook }: { playbook: PlaybookDetail }) {
  const mayWrite = useMay('playbooks.savePlaybook');
  const [editing, setEditing] = useState(false);
  const shown = playbook.versions.find(({ id }) => id === playbook.shown);
  const draft = shown?.state === 'draft' ? shown : undefined;
  return (
    <Page
      title={playbook.title}
      crumbs={[{ label: 'Playbooks', to: '/playbooks' }]}
      subtitle={playbook.outline.summary}
      badges={
        <StateBadge
          state={shown?.state ?? 'draft'}
          label={`Version ${playbook.outline.version}, ${shown?.state ?? 'draft'}`}
        />
      }
      actions={
        <>
          {mayWrite && !editing && (
            <Button variant="default" onClick={() => setEditing(true)}>
              Edit source
            </Button>
          )}
          {!editing && <Retire playbook={playbook} />}
          {draft && <Approve version={draft} blocked={playbook.problems.some(({ level }) => level === 'error')} />}
        </>
      }
    >
      {draft && <DraftHint draft={draft} inForce={playbook.versions.find(({ state }) => state === 'approved')} />}
      {editing ? (
        <Section label="Source">
          <SourceEditor source={playbook.source} onSaved={() => setEditing(false)} onCancel={() => setEditing(false)} />
        </Section>
      ) : (
        <Columns
          side={
            <>
              <OutlineFacts outline={playbook.outline} />
              <Versions versions={playbook.versions} />
            </>
          }
        >
          <Tabs defaultValue="read" keepMounted={false}>
            <Tabs.List>
              <Tabs.Tab value="read">What it says</Tabs.Tab>
              <Tabs.Tab value="source">
                Source{playbook.problems.length > 0 ? ` (${playbook.problems.length})` : ''}
              </Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="read" pt="md">
              <div className={classes.stack}>
                <OutlineView outline={playbook.outline} />
              </div>
            </Tabs.Panel>
            <Tabs.Panel value="source" pt="md">
              <Section label="Source">
                <SourceView source={playbook.source} problems={playbook.problems} />
              </Section>
            </Tabs.Panel>
          </Tabs>
        </Columns>
      )}
    </Page>
  );
}

function DraftHint({ draft, inForce }: { draft: PlaybookVersion; inForce: PlaybookVersion | undefined }) {
  const me = useMe();
  const own = draft.createdBy.id === me.user.id;
  return (
    <Hint tone="notice">
      Version {draft.version} is a draft by {draft.createdBy.name}.{' '}
      {own ? 'Somebody else approves it.' : 'You can approve it as the second person.'}{' '}
      {inForce
        ? `Until then incidents are offered version ${inForce.version}.`
        : 'Until then no incident is offered it.'}
    </Hint>
  );
}

function Approve({ version, blocked }: { version: PlaybookVersion; blocked: boolean }) {
  const may = useMay('playbooks.approveVersion');
  const me = useMe();
  const approve = useCommand(playbooks.approveVersion, {
    done: `Version ${version.version} is in force`,
    problems: 'inline',
  });
  if (!may || version.createdBy.id === me.user.id) return null;
  return (
    <ConfirmButton
      variant="filled"
      disabled={blocked}
      title={`Approve version ${version.version}?`}
      consequences={[
        'You have read its steps and its actions, and stand for them as the second person.',
        'From now on it is offered in incidents. Runs already under way keep the version they started with.',
      ]}
      confirm="Approve version"
      onConfirm={() => approve.mutateAsync({ params: { id: version.id } })}
    >
      Approve
    </ConfirmButton>
  );
}

const Versions = ({ versions }: { versions: PlaybookVersion[] }) => (
  <Section title="Versions">
    <ol className={classes.versions}>
      {versions.map((version) => (
        <li key={version.id}>
          <StateBadge state={version.state} label={`${version.version} ${version.state}`} quiet />
          <Text fz="xs" c="dimmed" component="div">
            <PersonName person={version.createdBy} />, <When at={version.createdAt} />
            {version.approvedBy && (
              <>
                {' '}
                · approved by {version.approvedBy.name}, <When at={version.approvedAt} />
              </>
            )}
          </Text>
        </li>
      ))}
    </ol>
  </Section>
);
