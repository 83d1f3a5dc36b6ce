/** Proposing an improvement in one line; owner, day and type come with its confirmation. */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { endpoints as learning } from '#contract/learning';
import { useCommand } from '../../../kit/index.ts';
import classes from '../learning.module.css';

export function Propose({ reviewId, onDone }: { reviewId?: string; onDone?: () => void }) {
  const [title, setTitle] = useState('');
  const propose = useCommand(learning.proposeAction, {
    done: ({ key }) => `${key} is proposed`,
    onDone: () => {
      setTitle('');
      onDone?.();
    },
  });
  return (
    <form
      className={classes.add}
      onSubmit={(event) => {
        event.preventDefault();
        if (title.trim()) propose.mutate({ body: { title, ...(reviewId ? { reviewId } : {}) } });
      }}
    >
      <div className={classes.line}>
        <TextInput
          aria-label="What would make it better"
          placeholder="What would keep this from happening again, or make it smaller?"
          value={title}
          maxLength={300}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={propose.isPending} disabled={!title.trim()}>
          Propose
        </Button>
      </div>
    </form>
  );
}
