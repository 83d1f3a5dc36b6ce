/** The sections of a review as plain text, each with the question that opens it and a hint where words look for a guilty one. */
import { Stack, Text, Textarea } from '@mantine/core';
import { lintText } from '#contract/comms-lint/index';
import type { Taxonomy } from '#contract/learning';
import { Section } from '../../../kit/index.ts';
import classes from '../learning.module.css';
import type { Draft } from './draft.ts';

export interface PartProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
  words: Taxonomy | undefined;
  readOnly: boolean;
}

const BLAME = ['B1', 'B2', 'B3', 'B4'];

/** Words that look for a guilty person, under the text they stand in. A hint, never a lock. */
export function Blame({ text }: { text: string }) {
  const marks = lintText(text, { audience: 'internal' }).filter(({ rule }) => BLAME.includes(rule));
  if (marks.length === 0) return null;
  return (
    <ul className={classes.hintList} aria-label="About the wording">
      {marks.map((mark) => (
        <li key={`${mark.rule}${mark.from}`}>
          “{mark.words}”: {mark.reason}. What made it possible, and how did it make sense at the time?
        </li>
      ))}
    </ul>
  );
}

/** A text for reading: paragraphs kept, nothing interpreted. */
export const Prose = ({ children, none = 'Nothing written.' }: { children: string; none?: string }) =>
  children.trim() ? (
    <Text fz="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {children}
    </Text>
  ) : (
    <Text fz="sm" c="dimmed">
      {none}
    </Text>
  );

export function Texts({ draft, onChange, words, readOnly }: PartProps) {
  return (
    <Section title="What happened" description="Filled in from the record. Write over it: effect first, plain words.">
      <Stack gap="md">
        {(words?.sections ?? []).map(({ name, title, prompt }) =>
          readOnly ? (
            <div key={name}>
              <Text fz="sm" fw={600} mb={4}>
                {title}
              </Text>
              <Prose>{draft.sections[name]}</Prose>
            </div>
          ) : (
            <div key={name}>
              <Textarea
                label={title}
                description={prompt}
                autosize
                minRows={name === 'summary' ? 3 : 2}
                maxRows={24}
                maxLength={20_000}
                value={draft.sections[name]}
                onChange={(event) =>
                  onChange({ ...draft, sections: { ...draft.sections, [name]: event.currentTarget.value } })
                }
              />
              <Blame text={draft.sections[name]} />
            </div>
          ),
        )}
      </Stack>
    </Section>
  );
}
