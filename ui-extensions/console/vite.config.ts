import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `vite` in development finds the server; the built page is served by the server itself. */
const server = 'http://127.0.0.1:3000';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: { proxy: { '/api': server } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Chart code is one lazy chunk of its own; the warning limit is for the rest.
    chunkSizeWarningLimit: 700,
    // data: URLs for small assets would need img-src data: in the security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
