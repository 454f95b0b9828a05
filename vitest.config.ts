import { configDefaults, defineConfig } from 'vitest/config';

// A project that extended the settings below would start a browser and a database of its own.
const limits = {
  // Files leave nothing behind in their process, so the next one there need not load the program again, and finds it warm. What a file
  // changes of the process (environment, clock) it puts back; a database, a server and a port are each file's own.
  isolate: false,
  testTimeout: 30_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 10_000 } },
  // Node runs these files as they stand, as it runs the program: nothing here is mocked, so nothing needs to be rewritten and compiled
  // anew for each file and worker.
  experimental: { viteModuleRunner: false, nodeLoader: false },
};
const setupFiles = ['test/fixed-seed.ts'];
const consolePages = ['test/ui-extensions/**/*.test.ts'];
// What looks at the panels' sources by tools of their own trees: processes that wait for nobody, and no browser.
const panelSources = [
  'test/ui-extensions/hubspot/{panel-types,project}.test.ts',
  'test/ui-extensions/salesforce/{apex,components,metadata,own-tools}.test.ts',
];
const pure = ['test/server/core/**/*.test.ts', 'test/connectors/**/*.test.ts'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/postgres.ts', 'test/chromium.ts', 'test/openssh.ts', 'test/java.ts'],
    // Workers as a small machine has use for them: a browser takes both cores by itself, many server tests wait for processes and for time.
    projects: [
      {
        extends: false,
        test: {
          ...limits,
          name: 'console',
          include: consolePages,
          exclude: [...panelSources, ...configDefaults.exclude],
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: false,
        test: { ...limits, name: 'panels', include: panelSources, maxWorkers: 2, sequence: { groupOrder: 2 } },
      },
      {
        extends: false,
        test: { ...limits, name: 'pure', include: pure, maxWorkers: 2, sequence: { groupOrder: 2 }, setupFiles },
      },
      {
        extends: false,
        test: {
          ...limits,
          name: 'server',
          include: ['test/**/*.test.ts'],
          exclude: [...consolePages, ...pure, ...configDefaults.exclude],
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          setupFiles,
        },
      },
    ],
  },
});
