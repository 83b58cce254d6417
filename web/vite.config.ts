import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { firstPicture } from './build/firstPicture.ts';
import { precompress } from './build/precompress.ts';

const SERVER = process.env.LIGHTWELL_SERVER ?? 'http://127.0.0.1:8080';
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [react(), firstPicture(), precompress()],
  resolve: { alias: { '@': here('./src') } },
  build: {
    target: 'chrome109',
    outDir: here('../src/lightwell/app/pages'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    rolldownOptions: { input: { index: here('./index.html'), view: here('./view.html') } },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': SERVER, '/dicom-web': SERVER } },
  test: { environment: 'node', include: ['tests/**/*.test.ts'] },
});
