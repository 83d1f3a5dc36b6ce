/** No page at this address: says so and offers ways on. */
import { Button } from '@mantine/core';
import { EmptyState, LinkButton, Page } from '../../../kit/index.ts';
import { openFinder } from '../finder.tsx';

export function NotFound() {
  return (
    <Page title="There is no such page" width="narrow">
      <EmptyState
        title="This address leads nowhere"
        action={
          <>
            <Button variant="default" onClick={openFinder}>
              Find something
            </Button>
            <LinkButton to="/">Go home</LinkButton>
          </>
        }
      >
        The link may be old, or something was renamed. Nothing is wrong with the incident or service you were looking
        for.
      </EmptyState>
    </Page>
  );
}
