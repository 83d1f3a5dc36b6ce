/** The one obvious button of a page: taking it. */
import { Button } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { type Page, endpoints as people } from '#contract/people';
import { useCommand, useMay, useMe } from '../../kit/index.ts';

export const isOpen = (page: Page): boolean => page.state === 'paging' || page.state === 'unanswered';

/** Nothing when the page has ended, is taken, or may not be taken by the person signed in. */
export function TakeButton({ page, size = 'sm' }: { page: Page; size?: string }) {
  const me = useMe();
  const mayAcknowledge = useMay('people.acknowledge');
  const take = useCommand(people.acknowledge, { done: 'You have this page. Nobody else is being called.' });
  const called = page.called.some(({ id }) => id === me.user.id);
  const responds = me.user.roles.some((role) => role === 'responder' || role === 'manager' || role === 'admin');
  if (!isOpen(page) || !mayAcknowledge || !(called || responds)) return null;
  return (
    <Button
      size={size}
      leftSection={<IconHandStop size={16} />}
      loading={take.isPending}
      onClick={() => take.mutate({ params: { id: page.id } })}
    >
      Take this page
    </Button>
  );
}
