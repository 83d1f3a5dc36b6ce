/** A page that failed: what happened, what is safe, what to do. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { Page, ProblemAlert } from '../../../kit/index.ts';

export function Crash({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Page title="This page could not be shown" width="narrow">
      <Stack>
        <Text>Only this page failed. Pages to people, updates and running actions go on without it.</Text>
        <ProblemAlert error={error} />
        <Group gap="xs">
          <Button onClick={again}>Try again</Button>
          <Button variant="default" onClick={() => location.reload()}>
            Reload the console
          </Button>
          <Button variant="subtle" component="a" href="/">
            Go home
          </Button>
        </Group>
      </Stack>
    </Page>
  );
}
