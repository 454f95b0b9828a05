import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

test('the lock file names no address to download from, so that every machine installs from its own registry', async () => {
  const addresses = (await readFile('package-lock.json', 'utf8')).match(/"resolved": "(?!ui-extensions\/)[^"]*"/g);
  expect(addresses).toBeNull();
});

test('the console alone shares this tree: a second React in it leaves the page blank', () => {
  expect(manifest.workspaces).toEqual(['ui-extensions/console']);
});

test('every dependency is pinned: a range lets an old Node pick an old job engine, or a new one a database nobody tried', () => {
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }))
    expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
});

test('the charts are a part of their own, which a page loads when it shows one: with them a page is 246 kB', async () => {
  const sources = globSync('ui-extensions/console/src/**/*.{ts,tsx}');
  const texts = await Promise.all(sources.map(async (file) => ({ file, text: await readFile(file, 'utf8') })));
  const charts = texts.filter(({ text }) => /from '(@mantine\/charts|recharts)'/.test(text)).map(({ file }) => file.replace(/^.*\//, './'));
  expect(charts.sort()).toEqual(['./match-trend.tsx', './rate-trend.tsx', './trend.tsx', './usage-trend.tsx']);
  for (const chart of charts) {
    const name = chart.slice(1);
    const importers = texts.filter(({ text }) => text.includes(name));
    expect(importers.length, chart).toBeGreaterThan(0);
    for (const { file, text } of importers)
      expect(
        text.split('\n').filter((line) => /^import (?!type)/u.test(line) && line.includes(name)),
        file,
      ).toEqual([]);
  }
});
