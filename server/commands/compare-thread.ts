/** Entry of the second thread of a comparison. Each thread keeps compiled modules for itself, so it must say so before it loads any. */
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./share-comparison.ts');
