/** What worked, what was hard, where we were lucky, what surprised us: one line each. */
import { ActionIcon, Button, Stack, Text, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { FindingKind } from '#contract/learning';
import { Section } from '../../../kit/index.ts';
import classes from '../learning.module.css';
import { Blame, type PartProps, Prose } from './texts.tsx';

export function Findings({ draft, onChange, words, readOnly }: PartProps) {
  const set = (index: number, text: string) =>
    onChange({ ...draft, findings: draft.findings.map((one, i) => (i === index ? { ...one, text } : one)) });
  const remove = (index: number) => onChange({ ...draft, findings: draft.findings.filter((_, i) => i !== index) });
  const add = (kind: FindingKind) => onChange({ ...draft, findings: [...draft.findings, { kind, text: '' }] });
  return (
    <Section title="What we learned">
      <Stack gap="md">
        {(words?.findings ?? []).map(({ kind, title, prompt }) => (
          <div key={kind}>
            <Text fz="sm" fw={600}>
              {title}
            </Text>
            <Text fz="xs" c="dimmed" mb={6}>
              {prompt}
            </Text>
            <Stack gap={6}>
              {draft.findings.map((finding, index) =>
                finding.kind !== kind ? null : readOnly ? (
                  <Prose key={index}>{`– ${finding.text}`}</Prose>
                ) : (
                  <div key={index}>
                    <div className={classes.line}>
                      <TextInput
                        aria-label={`${title}, line`}
                        value={finding.text}
                        maxLength={300}
                        autoFocus={finding.text === ''}
                        onChange={(event) => set(index, event.currentTarget.value)}
                      />
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        aria-label="Remove this line"
                        onClick={() => remove(index)}
                      >
                        <IconX size={16} />
                      </ActionIcon>
                    </div>
                    <Blame text={finding.text} />
                  </div>
                ),
              )}
            </Stack>
            {!readOnly && (
              <Button
                size="compact-sm"
                variant="subtle"
                mt={4}
                onClick={() => add(kind)}
                aria-label={`Add to: ${title}`}
              >
                Add a line
              </Button>
            )}
          </div>
        ))}
      </Stack>
    </Section>
  );
}
