/** What the console says back: refusals one can act on, empty places with a next step, waiting without a jump. */
import { Alert, Button, Code, Group, Skeleton, Stack, Text } from '@mantine/core';
import type { NotificationData } from '@mantine/notifications';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ProblemBody } from '#contract/core';
import { asProblem } from './api.ts';
import classes from './feedback.module.css';
import { Shape } from './shapes.tsx';

function ProblemDetails({ problem, withFields = true }: { problem: ProblemBody; withFields?: boolean }) {
  const fields = withFields ? (problem.errors ?? []) : [];
  const trace = [problem.rule && `rule ${problem.rule}`, problem.requestId && `request ${problem.requestId}`].filter(
    Boolean,
  );
  return (
    <Stack gap={6}>
      {problem.detail && <Text fz="sm">{problem.detail}</Text>}
      {fields.length > 0 && (
        <ul className={classes.fields}>
          {fields.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              {path && <b>{fieldName(path)}: </b>}
              {message}
            </li>
          ))}
        </ul>
      )}
      {trace.length > 0 && <p className={classes.trace}>{trace.join(' · ')}</p>}
    </Stack>
  );
}

/** `body.alertSeverity` -> `alert severity`. */
const fieldName = (path: string): string =>
  path
    .replace(/^\/?(body|query|params)[./]/, '')
    .replaceAll(/[/_.]/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();

/** A refusal or failure with what to do about it; nothing when `error` is empty. `retry` adds a button. */
export function ProblemAlert({
  error,
  retry,
  withFields,
}: {
  error: unknown;
  retry?: () => void;
  withFields?: boolean;
}) {
  if (!error) return null;
  const problem = asProblem(error);
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      title={problem.title}
      icon={<Shape tone="danger" size={16} />}
      classNames={{ root: classes.alert }}
    >
      <ProblemDetails problem={problem} withFields={withFields} />
      {retry && (
        <Button mt="sm" size="xs" variant="default" onClick={retry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}

/** A problem as a notice in the corner; it stays until closed, since somebody must act on it. */
export const problemNotice = (problem: ProblemBody): NotificationData => ({
  title: problem.title,
  message: <ProblemDetails problem={problem} />,
  color: 'red',
  autoClose: false,
  role: 'alert',
});

/** A place with nothing in it yet: says what will be here and offers the next step. */
export function EmptyState({
  title,
  children,
  action,
  icon,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  icon?: ReactNode;
}) {
  return (
    <div className={classes.empty}>
      <span className={classes.emptyIcon} aria-hidden="true">
        {icon ?? <HorizonLine />}
      </span>
      <Text fw={600}>{title}</Text>
      {children && (
        <Text c="dimmed" fz="sm" component="div" maw={440}>
          {children}
        </Text>
      )}
      {action && (
        <Group mt="xs" justify="center" gap="xs">
          {action}
        </Group>
      )}
    </div>
  );
}

const HorizonLine = () => (
  <svg
    width="56"
    height="20"
    viewBox="0 0 56 20"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.5"
    strokeLinecap="round"
    role="presentation"
  >
    <path d="M2 10h52" />
    <path d="M20 10a8 8 0 0 0 16 0" />
  </svg>
);

/** Grey lines in the place of what is coming. They appear only after a moment, so that quick answers do not flicker. */
export function Loading({ lines = 3, label = 'Loading' }: { lines?: number; label?: string }) {
  return (
    <div className={classes.loading} role="status" aria-busy="true" aria-label={label}>
      {numbers(lines).map((index) => (
        <Skeleton key={index} height={14} width={`${[92, 74, 83, 60, 88][index % 5]}%`} />
      ))}
    </div>
  );
}

/** Shows a query: waiting, refused or its data. Data already here stays while it is read again. */
export function Loaded<T>({
  query,
  lines,
  children,
}: {
  query: UseQueryResult<T, Error>;
  lines?: number;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <ProblemAlert error={query.error} retry={() => void query.refetch()} />;
  return <Loading lines={lines} />;
}

/** A short, calm remark: what to know before acting. */
export function Hint({
  children,
  tone = 'progress',
  title,
}: {
  children: ReactNode;
  tone?: 'progress' | 'notice' | 'warn' | 'ok' | 'exercise';
  title?: string;
}) {
  return (
    <div className={classes.hint} data-tone={tone}>
      <Shape tone={tone} size={14} />
      <div>
        {title && <b>{title} </b>}
        {children}
      </div>
    </div>
  );
}

/** Inline code, e.g. an id. */
export const Mono = ({ children }: { children: ReactNode }) => <Code className={classes.mono}>{children}</Code>;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
