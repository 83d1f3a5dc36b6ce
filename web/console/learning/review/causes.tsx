/** What set it off and what contributed: one trigger, as many factors as there is evidence for, no person among them. */
import { ActionIcon, Select, Stack, Text, Textarea } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { Taxonomy } from '#contract/learning';
import { Section } from '../../../kit/index.ts';
import classes from '../learning.module.css';
import { Blame, type PartProps, Prose } from './texts.tsx';

type Words = Taxonomy | undefined;
const labelOf = (words: Words, code: string) => words?.factors.find((factor) => factor.code === code)?.label ?? code;

/** The factors not named yet, by group. */
function choices(words: Words, named: readonly string[]) {
  const groups = new Map<string, { value: string; label: string }[]>();
  for (const { code, label, group } of words?.factors ?? []) {
    if (named.includes(code)) continue;
    groups.set(group, [...(groups.get(group) ?? []), { value: code, label: `${code} ${label}` }]);
  }
  return [...groups].map(([group, items]) => ({ group, items }));
}

export function Causes({ draft, onChange, words, readOnly }: PartProps) {
  const trigger = words?.triggers.find(({ code }) => code === draft.trigger)?.label;
  return (
    <Section
      title="Trigger and contributing factors"
      description="One thing set it off; several things let it happen and grow. The list has no word for a person."
    >
      <Stack gap="md">
        {readOnly ? (
          <Text fz="sm">
            <b>Trigger:</b> {trigger ?? 'not named'}
          </Text>
        ) : (
          <Select
            label="Trigger"
            placeholder="What set it off?"
            searchable
            clearable
            data={(words?.triggers ?? []).map(({ code, label }) => ({ value: code, label }))}
            value={draft.trigger}
            onChange={(value) => onChange({ ...draft, trigger: value })}
            maw={440}
          />
        )}
        <div>
          {draft.factors.map((factor, index) => (
            <div key={factor.code} className={classes.factor}>
              <div className={classes.line}>
                <Text fz="sm" fw={550}>
                  <span className={classes.key}>{factor.code}</span> {labelOf(words, factor.code)}
                </Text>
                {!readOnly && (
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={`Remove ${factor.code}`}
                    onClick={() => onChange({ ...draft, factors: draft.factors.filter((_, i) => i !== index) })}
                  >
                    <IconX size={16} />
                  </ActionIcon>
                )}
              </div>
              {readOnly ? (
                <Prose none="No note.">{factor.note}</Prose>
              ) : (
                <>
                  <Textarea
                    aria-label={`What shows ${factor.code}`}
                    placeholder="What shows it?"
                    autosize
                    minRows={1}
                    maxLength={2_000}
                    value={factor.note}
                    onChange={(event) => {
                      const note = event.currentTarget.value;
                      const factors = draft.factors.map((one, i) => (i === index ? { ...one, note } : one));
                      onChange({ ...draft, factors });
                    }}
                  />
                  <Blame text={factor.note} />
                </>
              )}
            </div>
          ))}
          {draft.factors.length === 0 && readOnly && <Prose none="No factor was named.">{''}</Prose>}
        </div>
        {!readOnly && (
          <Select
            aria-label="Add a factor"
            placeholder="Add a factor"
            searchable
            value={null}
            data={choices(
              words,
              draft.factors.map(({ code }) => code),
            )}
            onChange={(code) => code && onChange({ ...draft, factors: [...draft.factors, { code, note: '' }] })}
            maw={440}
          />
        )}
      </Stack>
    </Section>
  );
}
