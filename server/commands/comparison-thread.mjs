/**
 * Entry of the thread that compares for the server. Each thread keeps compiled modules for itself, so it must say so before it loads any;
 * in JavaScript for the reason that compare-thread.mjs has: without this every comparison began with stripping and compiling all of them.
 */
import { enableCompileCache, flushCompileCache } from 'node:module';

enableCompileCache();
await import('./comparison-thread.ts');
flushCompileCache();
