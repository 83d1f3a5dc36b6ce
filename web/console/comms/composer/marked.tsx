/** A text field with the lint's marks drawn behind its words and listed below, each with its replacement in one click. */
import { Button, Textarea, type TextareaProps } from '@mantine/core';
import { useRef } from 'react';
import { applySuggestion, type Finding } from '#contract/comms-lint/index';
import classes from '../comms.module.css';

export interface MarkedProps extends Omit<TextareaProps, 'value' | 'onChange'> {
  value: string;
  onChange: (text: string) => void;
  marks: Finding[];
}

/** The words of the text with their marks; overlapping marks are drawn as one, the worse level first. */
function Backdrop({ text, marks }: { text: string; marks: Finding[] }) {
  const parts: React.ReactNode[] = [];
  let at = 0;
  for (const mark of [...marks].sort((a, b) => a.from - b.from || (a.level === 'error' ? -1 : 1))) {
    if (mark.from < at || mark.to <= mark.from) continue;
    parts.push(text.slice(at, mark.from));
    parts.push(
      <mark key={mark.from} data-level={mark.level}>
        {text.slice(mark.from, mark.to)}
      </mark>,
    );
    at = mark.to;
  }
  parts.push(text.slice(at));
  return <>{parts}</>;
}

export function Marked({ value, onChange, marks, ...field }: MarkedProps) {
  const backdrop = useRef<HTMLDivElement>(null);
  return (
    <div>
      <Textarea
        autosize
        minRows={1}
        maxRows={12}
        {...field}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onScroll={(event) => {
          if (backdrop.current) backdrop.current.scrollTop = event.currentTarget.scrollTop;
        }}
        inputContainer={(input) => (
          <div className={classes.marked}>
            {input}
            <div ref={backdrop} className={classes.backdrop} aria-hidden="true">
              <Backdrop text={value} marks={marks} />
            </div>
          </div>
        )}
      />
      <Marks marks={marks} apply={(mark) => onChange(applySuggestion(value, mark))} />
    </div>
  );
}

/** What the lint says about a field, in words. */
export function Marks({ marks, apply }: { marks: Finding[]; apply?: (mark: Finding) => void }) {
  if (marks.length === 0) return null;
  return (
    <ul className={classes.marks} aria-live="polite">
      {marks.map((mark) => (
        <li key={`${mark.rule} ${mark.field} ${mark.from}`} data-level={mark.level}>
          <span>
            {mark.rule}
            {mark.level === 'error' ? ' stops it' : ''}
          </span>
          <span>
            {mark.words && `“${mark.words}”: `}
            {mark.reason}.
          </span>
          {mark.suggestion?.replaces && apply ? (
            <Button size="compact-xs" variant="light" onClick={() => apply(mark)}>
              Use “{mark.suggestion.text}”
            </Button>
          ) : (
            mark.suggestion && <span className={classes.soft}>{mark.suggestion.text}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
