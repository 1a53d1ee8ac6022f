import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('../../../../.cache/inbox', import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0, // the page's policy loads nothing from `data:`
    modulePreload: { polyfill: false },
  },
});
