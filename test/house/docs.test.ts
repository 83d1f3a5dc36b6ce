/** Walls for the texts: a link leads somewhere, and what a guide names in the code is there. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Where texts live. The root itself is read without its folders. */
const FOLDERS = ['docs', 'src', 'web', 'contract', 'db', 'test', 'tools'];

interface Text {
  /** Path from the project's root. */
  path: string;
  text: string;
}

/** What a link may lead to: undefined when there is nothing, the content of a file, '' for a folder. */
type Reader = (path: string) => string | undefined;

const onDisk: Reader = (path) => {
  const full = join(root, path);
  if (!existsSync(full)) return undefined;
  return statSync(full).isFile() ? readFileSync(full, 'utf8') : '';
};

function texts(): Text[] {
  const below = FOLDERS.filter((folder) => existsSync(join(root, folder))).flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true }),
  );
  return [...readdirSync(root, { withFileTypes: true }), ...below]
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(root, file).replaceAll('\\', '/'), text: readFileSync(file, 'utf8') }));
}

interface Link {
  words: string;
  /** From the project's root. */
  target: string;
}

/** Relative links and pictures of a text; code blocks are not text. */
function linksOf({ path, text }: Text): Link[] {
  const prose = text.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '');
  return [...prose.matchAll(/\[((?:`[^`]*`|!\[[^\]]*\]\([^)]*\)|[^\]])*)\]\(([^()\s]+)\)/g)]
    .map((found) => ({ words: found[1] ?? '', href: found[2] ?? '' }))
    .filter(({ href }) => !/^([a-z][a-z0-9+.-]*:|#|\/)/i.test(href))
    .map(({ words, href }) => ({ words, target: posix.join(posix.dirname(path), href.replace(/#.*$/, '')) }));
}

/** Every relative link that leads to nothing. */
function deadLinks(list: Text[], read: Reader): string[] {
  return list.flatMap((text) =>
    linksOf(text)
      .filter(({ target }) => read(target) === undefined)
      .map(({ target }) => `${text.path}: ${target} does not exist`),
  );
}

/** The convention of `docs/tours/README.md`: a link whose text is code names something that stands in the linked file. */
function wrongNames(list: Text[], read: Reader): string[] {
  return list.flatMap((text) =>
    linksOf(text).flatMap(({ words, target }) => {
      const code = /^`([^`]+)`$/.exec(words)?.[1];
      const content = read(target);
      if (code === undefined || content === undefined) return [];
      if (`/${target}`.replace(/\/$/, '').endsWith(`/${code.replace(/\/$/, '')}`)) return [];
      const name = /^(\w+)\(\)$/.exec(code)?.[1];
      const there = name ? new RegExp(`\\b${name}\\b`).test(content) : content.includes(code);
      return there ? [] : [`${text.path}: ${target} does not contain ${code}`];
    }),
  );
}

const house = texts();

describe('links in texts', () => {
  test('every relative link leads to a file or folder that exists', () => {
    expect(house.map(({ path }) => path)).toContain('docs/tours/README.md');
    expect(deadLinks(house, onDisk)).toEqual([]);
  });

  test('a link to a file that is gone is caught, in words and around a picture', () => {
    const bad = {
      path: 'docs/tours/x.md',
      text: 'See [the door](../../src/gone.ts#L1) and ![a picture](no.png).\n```\n[not](this.ts)\n```\n[web](https://a.example/) [here](#a)',
    };
    expect(deadLinks([bad], () => undefined)).toEqual([
      'docs/tours/x.md: src/gone.ts does not exist',
      'docs/tours/x.md: docs/tours/no.png does not exist',
    ]);
  });
});

describe('names of code in texts', () => {
  test('every name that a text links to stands in the linked file', () => {
    expect(wrongNames(house, onDisk)).toEqual([]);
  });

  test('a function that was renamed, a rule that is gone and a wrong file name are caught', () => {
    const content = 'export const receiveExercise = 1; // rule: signals.key';
    const bad = {
      path: 'docs/tours/x.md',
      text: '[`receive()`](../a.ts) [`receiveExercise()`](../a.ts) [`signals.gone`](../a.ts) [`signals.key`](../a.ts) [`b.ts`](../a.ts) [`docs/a.ts`](../a.ts)',
    };
    expect(wrongNames([bad], () => content)).toEqual([
      'docs/tours/x.md: docs/a.ts does not contain receive()',
      'docs/tours/x.md: docs/a.ts does not contain signals.gone',
      'docs/tours/x.md: docs/a.ts does not contain b.ts',
    ]);
  });
});
