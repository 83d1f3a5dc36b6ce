/** Where people talk about this incident: the call, and its room in a chat with how far that is behind. */
import { Anchor, Button } from '@mantine/core';
import { IconMessageCircle, IconPhoneCall } from '@tabler/icons-react';
import { endpoints as incidents } from '#contract/incidents';
import { useQueryOf } from '../../../kit/index.ts';

const NAME = { slack: 'Slack', teams: 'Teams' } as const;

/** The button that joins the call; nothing without a conference. */
export function JoinCall({ incidentId }: { incidentId: string }) {
  const url = useQueryOf(incidents.chat, { params: { id: incidentId } }).data?.conference;
  if (!url) return null;
  return (
    <Button
      component="a"
      href={url}
      target="_blank"
      rel="noreferrer"
      variant="default"
      leftSection={<IconPhoneCall size={16} />}
    >
      Join the call
    </Button>
  );
}

/** The rooms in one line of the header; nothing without any. A chat that is away is said, and that nothing waits for it. */
export function ChatRooms({ incidentId }: { incidentId: string }) {
  const rooms = useQueryOf(incidents.chat, { params: { id: incidentId } }).data?.items ?? [];
  return rooms.map((room) => {
    const words = room.name ? `${NAME[room.provider]} #${room.name}` : `${NAME[room.provider]}: no room yet`;
    const late = room.error ? `, behind by ${room.behind}` : '';
    return (
      <span key={room.provider} title={room.error ? `It is told when the chat is back. ${room.error}` : undefined}>
        <IconMessageCircle size={13} aria-hidden />{' '}
        {room.url ? (
          <Anchor href={room.url} target="_blank" rel="noreferrer" inherit>
            {words}
          </Anchor>
        ) : (
          words
        )}
        {room.state === 'archived' ? ' (archived)' : late}
      </span>
    );
  });
}
