/** What to paste where: the key and ready snippets with the real address. */
import { Tabs } from '@mantine/core';
import type { IntegrationKey } from '#contract/signals';
import { CopyBlock, Hint } from '../../kit/index.ts';
import classes from './signals.module.css';

export function SetUp({ made }: { made: IntegrationKey }) {
  return (
    <div className={classes.stacked}>
      <Hint>
        Whoever has this key can raise alerts and page people. Keep it like a password; you can look it up again here.
      </Hint>
      <CopyBlock label="Key" value={made.key} />
      <Tabs defaultValue={made.snippets[0]?.title}>
        <Tabs.List>
          {made.snippets.map((snippet) => (
            <Tabs.Tab key={snippet.title} value={snippet.title}>
              {snippet.title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {made.snippets.map((snippet) => (
          <Tabs.Panel key={snippet.title} value={snippet.title} pt="md">
            <CopyBlock label={snippet.title} value={snippet.text} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  );
}
