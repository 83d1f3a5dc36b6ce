/** A list of sentences: one field each, a new one below, empty ones are left out when saved. */
import { ActionIcon, Button, Input } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Finding } from '#contract/comms-lint/index';
import classes from '../comms.module.css';
import { Marked } from './marked.tsx';

export function Lines({
  label,
  description,
  field,
  value,
  onChange,
  marks,
  add,
  error,
  children,
}: {
  label: string;
  description?: string;
  /** Its name in the message: `known`. */
  field: string;
  value: string[];
  onChange: (lines: string[]) => void;
  marks: Finding[];
  /** The words of the button: "Add what is known". */
  add: string;
  error?: string;
  children?: ReactNode;
}) {
  const shown = value.length === 0 ? [''] : value;
  const change = (at: number, text: string) => onChange(shown.map((line, other) => (other === at ? text : line)));
  const own = (at: number) => marks.filter((mark) => mark.field === `${field}.${at}`);
  const onField = marks.filter((mark) => mark.field === field);
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div">
      <div className={classes.lines}>
        {shown.map((line, at) => (
          // Lines have no identity but their place.
          <div key={at} className={classes.line}>
            <Marked
              aria-label={`${label}, line ${at + 1}`}
              value={line}
              maxLength={600}
              onChange={(text) => change(at, text)}
              marks={own(at)}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              mt={2}
              aria-label={`Remove line ${at + 1} of ${label}`}
              disabled={shown.length === 1 && line === ''}
              onClick={() => onChange(shown.filter((_, other) => other !== at))}
            >
              <IconX size={16} />
            </ActionIcon>
          </div>
        ))}
        {onField.map((mark) => (
          <div key={mark.reason} className={classes.soft}>
            {mark.reason}
          </div>
        ))}
        <div className={classes.row}>
          <Button
            size="compact-sm"
            variant="subtle"
            disabled={shown.length >= 12}
            onClick={() => onChange([...shown, ''])}
          >
            {add}
          </Button>
          {children}
        </div>
      </div>
    </Input.Wrapper>
  );
}
