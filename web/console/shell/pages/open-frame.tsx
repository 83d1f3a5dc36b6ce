/** The frame of pages before signing in: one card on a calm horizon. */
import { Paper, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { Wordmark } from '../mark.tsx';
import classes from './open-frame.module.css';

export function OpenFrame({
  title,
  lead,
  children,
  foot,
}: {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Evenkeel`;
  }, [title]);
  return (
    <main className={classes.frame}>
      <div className={classes.horizon} aria-hidden="true" />
      <div className={classes.place}>
        <div className={classes.brand}>
          <Wordmark size={30} />
        </div>
        <Paper className={classes.card}>
          <Stack gap="lg">
            <div>
              <Title order={1} fz="1.375rem">
                {title}
              </Title>
              {lead && (
                <Text c="dimmed" fz="sm" mt={4} component="div">
                  {lead}
                </Text>
              )}
            </div>
            {children}
          </Stack>
        </Paper>
        {foot && (
          <Text c="dimmed" fz="xs" ta="center" component="div">
            {foot}
          </Text>
        )}
      </div>
    </main>
  );
}
