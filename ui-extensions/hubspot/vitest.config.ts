import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['tests/**/*.test.{ts,tsx}'], maxWorkers: 1, isolate: false, testTimeout: 30_000 } });
