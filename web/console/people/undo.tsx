/** A notice with a way back: what was just done can be undone while it is shown. */
import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';

/** Long enough to see that it was wrong. */
const SHOWN_MS = 12_000;

/** `undo('Rui takes over', () => call(…))`. */
export function useUndo(): (message: string, back: () => Promise<unknown>) => void {
  const client = useQueryClient();
  return (message, back) => {
    const id = notifications.show({
      message: (
        <Group justify="space-between" wrap="nowrap">
          <span>{message}</span>
          <Button
            size="compact-sm"
            variant="default"
            onClick={async () => {
              notifications.hide(id);
              try {
                await back();
                notifications.show({ message: 'Undone', autoClose: 3_000 });
              } catch (error) {
                notifications.show({ message: (error as Error).message, color: 'red' });
              }
              await client.invalidateQueries();
            }}
          >
            Undo
          </Button>
        </Group>
      ),
      color: 'green',
      autoClose: SHOWN_MS,
    });
  };
}
