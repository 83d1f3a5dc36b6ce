/** The console's order of modules is the house's. */
import { expect, test } from 'vitest';
import { MODULES } from '../../../src/modules.ts';
import { liveMap } from './live-map.ts';

test('the console refreshes in the order of the modules', () => {
  expect(liveMap.modules).toEqual(MODULES.filter((name) => name !== 'kernel' && name !== 'app'));
  for (const module of Object.values(liveMap.prefixes)) expect(liveMap.modules).toContain(module);
});
