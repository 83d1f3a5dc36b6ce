/** Every pairing of colours that carries text is legible (WCAG AA: 4.5 to 1) in light and dark. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { dark, gray, keel } from './palette.ts';

const css = readFileSync(new URL('./tones.css', import.meta.url), 'utf8');
const [lightBlock = '', darkBlock = ''] = css.split(/\[data-mantine-color-scheme=.dark.\]/);

function variables(block: string): Record<string, string> {
  return Object.fromEntries(
    [...block.matchAll(/--ek-([\w-]+):\s*(#[0-9a-f]{6})/gi)].map(([, name, value]) => [name!, value!]),
  );
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(one: string, other: string): number {
  const [light, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light! + 0.05) / (low! + 0.05);
}

const schemes = [
  {
    name: 'light',
    tones: variables(lightBlock),
    card: '#ffffff',
    page: '#f3f6f8',
    text: gray[9],
    dimmed: gray[7],
    anchor: keel[7],
  },
  {
    name: 'dark',
    tones: variables(darkBlock),
    card: dark[7],
    page: dark[8],
    text: dark[0],
    dimmed: dark[2],
    anchor: keel[3],
  },
];

describe.each(schemes)('in $name', ({ tones, card, page, text, dimmed, anchor }) => {
  const names = Object.keys(tones).flatMap((name) => (name.endsWith('-fg') ? [name.slice(0, -3)] : []));

  test.each(names)('the tone %s is legible on its own ground, on a card and on the page', (name) => {
    const fg = tones[`${name}-fg`]!;
    expect(contrast(fg, tones[`${name}-bg`]!)).toBeGreaterThanOrEqual(4.5);
    if (name === 'sev1') return; // solid: never without its ground
    expect(contrast(fg, card)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(fg, page)).toBeGreaterThanOrEqual(4.5);
  });

  test('text, quiet text and links are legible on cards and on the page', () => {
    for (const colour of [text, dimmed, anchor]) {
      expect(contrast(colour, card)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(colour, page)).toBeGreaterThanOrEqual(4.5);
    }
  });
});

test('both schemes know the same tones', () => {
  expect(Object.keys(schemes[0]!.tones)).toEqual(Object.keys(schemes[1]!.tones));
});
