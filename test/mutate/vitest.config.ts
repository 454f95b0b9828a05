import { defineConfig } from 'vitest/config';

/** The guards' tests alone: they are pure and need neither database nor browser. */
export default defineConfig({ test: { include: ['test/server/core/guard*.test.ts'] } });
