/** Who signs for recovery before its last stage, on what evidence. */
import { Button, Group, Modal, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { endpoints, type Signoff } from '#contract/recovery-stages';
import { CommandFormFrame, sentence, StateBadge, useCommandForm, When } from '../../kit/index.ts';
import classes from './staircase.module.css';

type May = { start: boolean; loosen: boolean };

export function Signoffs({ signoffs, may, live }: { signoffs: Signoff[]; may: May; live: boolean }) {
  const [asked, setAsked] = useState<{ signoff: Signoff; verdict: 'signed' | 'waived' } | null>(null);
  return (
    <ul className={classes.checks} aria-label="Sign-offs">
      {signoffs.map((one) => (
        <li key={one.id}>
          <StateBadge
            state={one.state}
            label={one.state === 'open' ? 'Not signed' : one.state === 'signed' ? 'Signed' : 'Waived'}
            tone={one.state === 'open' ? 'notice' : one.state === 'signed' ? 'ok' : 'warn'}
          />
          <div>
            <span className={classes.title}>{one.lane === 'qa' ? 'QA' : sentence(one.lane)}</span>
            <Text span fz="xs" c="dimmed">
              {` ${one.of.replaceAll('_', ' ')}`}
            </Text>
            {(one.reopened ?? one.evidence) && (
              <Text fz="xs" c="dimmed" component="div">
                {one.state === 'open' ? one.reopened : one.evidence}
                {one.evidenceUrl && one.state !== 'open' && (
                  <>
                    {' '}
                    <a href={one.evidenceUrl} rel="noreferrer" target="_blank">
                      evidence
                    </a>
                  </>
                )}
              </Text>
            )}
          </div>
          <div className={classes.side}>
            {one.state !== 'open' ? (
              <Text fz="xs" c="dimmed" component="div">
                {one.byName}, <When at={one.at} />
              </Text>
            ) : (
              live && (
                <Group gap={4} justify="flex-end">
                  {may.start && (
                    <Button size="compact-xs" onClick={() => setAsked({ signoff: one, verdict: 'signed' })}>
                      Sign
                    </Button>
                  )}
                  {may.loosen && (
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      onClick={() => setAsked({ signoff: one, verdict: 'waived' })}
                    >
                      Waive
                    </Button>
                  )}
                </Group>
              )
            )}
          </div>
        </li>
      ))}
      {asked && <Sign {...asked} onClose={() => setAsked(null)} />}
    </ul>
  );
}

function Sign({ signoff, verdict, onClose }: { signoff: Signoff; verdict: 'signed' | 'waived'; onClose: () => void }) {
  const signs = verdict === 'signed';
  const { form, submit, pending, problem } = useCommandForm(endpoints.sign, {
    initialValues: { evidence: '', url: '' },
    input: ({ evidence, url }) => ({ params: { id: signoff.id }, body: { verdict, evidence, ...(url && { url }) } }),
    done: signs ? 'Signed' : 'Waived',
    onDone: onClose,
  });
  return (
    <Modal opened onClose={onClose} title={`${signs ? 'Sign' : 'Waive'} “${signoff.of.replaceAll('_', ' ')}”`}>
      <CommandFormFrame
        submit={submit}
        pending={pending}
        problem={problem}
        save={signs ? 'Sign' : 'Waive'}
        secondary={
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        }
      >
        <Textarea
          label={signs ? 'What shows it' : 'Why it can be done without'}
          autosize
          minRows={2}
          required
          {...form.getInputProps('evidence')}
        />
        {signs && <TextInput label="Where it can be seen" placeholder="https://…" {...form.getInputProps('url')} />}
      </CommandFormFrame>
    </Modal>
  );
}
