/** The demo story adds up: as many improvements, open and late ones as it tells of. */
import { expect, test } from 'vitest';
import { improvements } from './improvements.ts';
import { pastIncidents } from './incidents.ts';
import { people, teams } from './people.ts';
import { components, dependencies, journeys, services, softDependencies, suppliers } from './services.ts';

const open = improvements.filter((one) => one.state === 'confirmed' || one.state === 'in_progress');

test('there are 31 improvements, 18 open, 4 of them late', () => {
  expect([improvements.length, open.length, open.filter((one) => one.due < 0).length]).toEqual([31, 18, 4]);
});

test('every owner, story, service and team that is named exists', () => {
  const names = new Set(people.map((one) => one.name));
  const stories = new Set(pastIncidents.map((one) => one.story));
  const slugs = new Set(services.map((one) => one.slug));
  expect(improvements.filter((one) => !names.has(one.owner) || !stories.has(one.story))).toEqual([]);
  expect(pastIncidents.filter((one) => !slugs.has(one.service))).toEqual([]);
  const nodes = new Set([...slugs, ...journeys.map((one) => one.slug), ...suppliers.map((one) => one.slug)]);
  expect([...dependencies, ...softDependencies].flat().filter((slug) => !nodes.has(slug))).toEqual([]);
  expect(components.flatMap((one) => one.services).filter((slug) => !slugs.has(slug))).toEqual([]);
  expect(new Set(people.flatMap((one) => one.team ?? []))).toEqual(new Set(teams.map((one) => one.slug)));
});

test('the company is as large as its story: 22 people in six teams, 25 services and 7 stores', () => {
  expect([people.length, teams.length]).toEqual([22, 6]);
  const stores = services.filter((one) => one.description.startsWith('Store:'));
  expect([services.length - stores.length, stores.length]).toEqual([25, 7]);
});
