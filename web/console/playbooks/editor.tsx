/** The source of a playbook with its problems at their lines, checked while one types. */
import { Button, Group, Select, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { endpoints as playbooks, type SourceProblem } from '#contract/playbooks';
import { call, Page, ProblemAlert, Section, Shape, useCommand, useGo, useQueryOf } from '../../kit/index.ts';
import classes from './playbooks.module.css';

/** Line numbers in a column beside the text; marked where something is wrong. */
function Gutter({ source, problems }: { source: string; problems: SourceProblem[] }) {
  const marked = new Map(problems.map((one) => [one.line, one.level] as const));
  return (
    <div className={classes.gutter} aria-hidden="true">
      {source.split('\n').map((_, index) => (
        // A line's number is what it is.
        <div key={index} data-level={marked.get(index + 1)}>
          {index + 1}
        </div>
      ))}
    </div>
  );
}

function Problems({ problems, onPick }: { problems: SourceProblem[]; onPick?: (problem: SourceProblem) => void }) {
  if (problems.length === 0) {
    return (
      <Text fz="sm" className={classes.clean} component="div">
        <Shape tone="ok" size={14} /> No problems found
      </Text>
    );
  }
  return (
    <ul className={classes.problems} aria-label="Problems in the source">
      {problems.map((one) => (
        <li key={`${one.rule}:${one.line}:${one.column}:${one.message}`} data-level={one.level}>
          <Shape tone={one.level === 'error' ? 'danger' : 'warn'} size={14} />
          <div>
            {onPick ? (
              <button type="button" className={classes.pick} onClick={() => onPick(one)}>
                Line {one.line}, column {one.column}
              </button>
            ) : (
              <b>
                Line {one.line}, column {one.column}
              </b>
            )}
            : {one.message} <code>{one.rule}</code>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Read only. */
export const SourceView = ({ source, problems }: { source: string; problems: SourceProblem[] }) => (
  <>
    {problems.length > 0 && <Problems problems={problems} />}
    <section className={classes.source} tabIndex={0} aria-label="Source of the playbook">
      <Gutter source={source} problems={problems} />
      <pre>{source}</pre>
    </section>
  </>
);

/** Checks the source half a second after the last key. */
function useProblems(source: string): { problems: SourceProblem[]; ok: boolean; checking: boolean } {
  const [settled] = useDebouncedValue(source, 500);
  const { data, isFetching } = useQuery({
    queryKey: ['playbooks.validate', settled],
    queryFn: ({ signal }) => call(playbooks.validate, { body: { source: settled } }, { signal }),
    placeholderData: (before) => before,
    enabled: settled.trim() !== '',
  });
  return { problems: data?.problems ?? [], ok: data?.ok ?? false, checking: isFetching || settled !== source };
}

export function SourceEditor(props: {
  source: string;
  /** A template may be saved as it is. */
  mayBeUnchanged?: boolean;
  onSaved: (playbookId: string) => void;
  onCancel: () => void;
}) {
  const [source, setSource] = useState(props.source);
  const { problems, ok, checking } = useProblems(source);
  const area = useRef<HTMLTextAreaElement>(null);
  const save = useCommand(playbooks.savePlaybook, {
    done: ({ version }) => `Saved as draft ${version}. Somebody else approves it.`,
    problems: 'inline',
    onDone: ({ playbookId }) => props.onSaved(playbookId),
  });
  const pick = ({ line, column }: SourceProblem) => {
    const before =
      source
        .split('\n')
        .slice(0, line - 1)
        .join('\n').length + (line > 1 ? 1 : 0);
    area.current?.focus();
    area.current?.setSelectionRange(before + column - 1, before + column - 1);
    area.current?.scrollTo({ top: Math.max(0, (line - 6) * 20) });
  };
  return (
    <div className={classes.editor}>
      <div className={classes.source} data-editing>
        <Gutter source={source} problems={problems} />
        <textarea
          ref={area}
          aria-label="Source of the playbook (YAML)"
          spellCheck={false}
          value={source}
          rows={Math.max(24, source.split('\n').length + 1)}
          onChange={(event) => setSource(event.currentTarget.value)}
        />
      </div>
      <div aria-live="polite">{source.trim() !== '' && <Problems problems={problems} onPick={pick} />}</div>
      <ProblemAlert error={save.error} withFields={false} />
      <Group justify="flex-end" gap="xs">
        {checking && (
          <Text fz="xs" c="dimmed">
            Checking…
          </Text>
        )}
        <Button variant="default" onClick={props.onCancel}>
          Cancel
        </Button>
        <Button
          loading={save.isPending}
          disabled={source.trim() === '' || (source === props.source && !props.mayBeUnchanged)}
          onClick={() => save.mutate({ body: { source } })}
        >
          {ok ? 'Save draft' : 'Save draft with problems'}
        </Button>
      </Group>
    </div>
  );
}

export function NewPlaybook() {
  const go = useGo();
  const templates = useQueryOf(playbooks.templates);
  const [chosen, setChosen] = useState<string | null>(null);
  const template = templates.data?.items.find(({ name }) => name === chosen) ?? templates.data?.items[0];
  return (
    <Page
      title="Write a playbook"
      crumbs={[{ label: 'Playbooks', to: '/playbooks' }]}
      subtitle="Start from a template, give it a name of its own, and change what is yours. A second person approves it."
    >
      <Section label="Source">
        {templates.data && (
          <Select
            label="Template"
            maw={360}
            mb="md"
            allowDeselect={false}
            data={templates.data.items.map(({ name, title }) => ({ value: name, label: title }))}
            value={template?.name ?? null}
            onChange={setChosen}
          />
        )}
        {template && (
          <SourceEditor
            key={template.name}
            source={template.source}
            mayBeUnchanged
            onSaved={(id) => go(`/playbooks/${id}`)}
            onCancel={() => go('/playbooks')}
          />
        )}
      </Section>
    </Page>
  );
}
