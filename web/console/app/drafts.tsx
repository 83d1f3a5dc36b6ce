/** “Draft with assistant” in the war room: only where one is set up. Sentences with the entries they rest on, for a person to check and use. */
import { Anchor, Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconSparkles } from '@tabler/icons-react';
import { useState } from 'react';
import { endpoints } from '#contract/app';
import { CopyAction, Hint, ProblemAlert, useCommand, useMay, useQueryOf, When } from '../../kit/index.ts';

type Kind = 'situation' | 'update' | 'review';
const KINDS: { value: Kind; label: string }[] = [
  { value: 'situation', label: 'Situation' },
  { value: 'update', label: 'Customer update' },
  { value: 'review', label: 'Facts for the review' },
];

export function AssistantButton({ incidentId }: { incidentId: string }) {
  const may = useMay('app.draft');
  const assistant = useQueryOf(endpoints.assistant).data;
  const [open, setOpen] = useState(false);
  if (!may || !assistant?.on) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconSparkles size={16} />} onClick={() => setOpen(true)}>
        Draft with assistant
      </Button>
      {open && <Drafting incidentId={incidentId} host={assistant.host ?? ''} onClose={() => setOpen(false)} />}
    </>
  );
}

function Drafting({ incidentId, host, onClose }: { incidentId: string; host: string; onClose: () => void }) {
  const [kind, setKind] = useState<Kind>('situation');
  const make = useCommand(endpoints.draft, { problems: 'inline' });
  const made = make.data?.kind === kind ? make.data : undefined;
  const left = made ? made.dropped.uncited + made.dropped.links + made.dropped.odd : 0;
  return (
    <Modal opened onClose={onClose} title="Draft with assistant" size="lg">
      <Stack>
        <SegmentedControl
          aria-label="What to draft"
          value={kind}
          onChange={(value) => setKind(value as Kind)}
          data={KINDS}
          fullWidth
        />
        <Text fz="sm" c="dimmed">
          {kind === 'update'
            ? `Reads the public entries only. They are sent to ${host}.`
            : `Reads the entries that are not restricted, without names and addresses. They are sent to ${host}.`}
        </Text>
        <ProblemAlert error={make.error} />
        {made && (
          <div role="status">
            <Stack gap="xs">
              <Hint tone="notice" title="Written by a machine.">
                {made.model}, <When at={made.madeAt} />. Check every sentence against its entries before you use it.
                {left > 0 &&
                  ` ${left} ${left === 1 ? 'sentence was' : 'sentences were'} left out: no entry bears them out.`}
              </Hint>
              {made.sentences.length === 0 && <Text fz="sm">Nothing could be said that the record bears out.</Text>}
              {made.sentences.map((sentence) => (
                <Text key={sentence.text} fz="sm">
                  {sentence.text}{' '}
                  {sentence.entries.map((seq) => (
                    <Anchor key={seq} href={`#entry-${seq}`} fz="xs" underline="always" onClick={onClose} mr={4}>
                      {seq}
                    </Anchor>
                  ))}
                  {sentence.doubt && (
                    <Text span fz="xs" fw={550}>
                      Check: {sentence.doubt}.
                    </Text>
                  )}
                </Text>
              ))}
            </Stack>
          </div>
        )}
        <Group justify="flex-end">
          {made && made.sentences.length > 0 && (
            <CopyAction value={made.sentences.map(({ text }) => text).join(' ')} label="Copy the draft" />
          )}
          <Button loading={make.isPending} onClick={() => make.mutate({ params: { id: incidentId }, body: { kind } })}>
            {made ? 'Make another' : 'Make a draft'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
