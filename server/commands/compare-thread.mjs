/**
 * Entry of the second thread of a comparison. Each thread keeps compiled modules for itself, so it must say so before it loads any.
 * In JavaScript: an entry in TypeScript is no such module yet, and loading what strips its types takes a thread longer than all the rest.
 */
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./share-comparison.ts');
