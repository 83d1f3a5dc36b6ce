/** The console's order of modules is the house's, and it knows whose every event is. */
import { expect, test } from 'vitest';
import { loadModules } from '../../src/app/modules.ts';
import { MODULES } from '../../src/modules.ts';
import { moduleOf } from '../../web/kit/live-map.ts';
import { liveMap } from '../../web/console/shell/live-map.ts';

test('the console refreshes in the order of the modules', () => {
  expect(liveMap.modules).toEqual(MODULES.filter((name) => name !== 'kernel'));
});

test('every event refreshes the screens of the module that announced it', async () => {
  const wrong = (await loadModules()).flatMap(({ name, events }) =>
    events.filter(({ type }) => moduleOf(type, liveMap) !== name).map(({ type }) => `${type} is of ${name}`),
  );
  expect(wrong).toEqual([]);
});
