/** Text to take away: snippets, links, tokens. */
import { Button, CopyButton, Text } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './copy.module.css';

/** A button that copies `value` and says so for a moment. Its width does not change. */
export function CopyAction({ value, label = 'Copy' }: { value: string; label?: string }) {
  return (
    <CopyButton value={value} timeout={2_000}>
      {({ copied, copy }) => (
        <Button
          size="compact-xs"
          variant="default"
          onClick={copy}
          leftSection={copied ? <IconCheck size={13} /> : <IconCopy size={13} />}
          aria-label={copied ? 'Copied' : label}
          miw={78}
        >
          {copied ? 'Copied' : 'Copy'}
        </Button>
      )}
    </CopyButton>
  );
}

/** A snippet or secret in a box with a copy button. Long lines scroll inside it. */
export function CopyBlock({ label, value, hint }: { label: string; value: string; hint?: ReactNode }) {
  return (
    <div className={classes.block}>
      <div className={classes.head}>
        <Text fz="xs" fw={550}>
          {label}
        </Text>
        <CopyAction value={value} label={`Copy ${label}`} />
      </div>
      {/* It scrolls, so the keyboard must reach it. */}
      <section className={classes.text} tabIndex={0} aria-label={label}>
        <code>{value}</code>
      </section>
      {hint && (
        <Text fz="xs" c="dimmed" component="div">
          {hint}
        </Text>
      )}
    </div>
  );
}
