import { fileURLToPath } from 'node:url';
import babel from '@rolldown/plugin-babel';
import react, { reactCompilerPreset } from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { firstPicture } from './build/firstPicture.ts';
import { leaveOut } from './build/leaveOut.ts';
import { precompress } from './build/precompress.ts';

const SERVER = process.env.LIGHTWELL_SERVER ?? 'http://127.0.0.1:8080';
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The lean viewer is built by itself (`--mode view`): its script is one file, with nothing in it that other pages need. */
export default defineConfig(({ mode }) => ({
  plugins: [leaveOut(), react(), babel({ presets: [reactCompilerPreset()] }), firstPicture(), precompress()],
  resolve: {
    alias: { '@': here('./src') },
  },
  build: {
    target: 'chrome109',
    outDir: here('../src/lightwell/app/pages'),
    emptyOutDir: mode !== 'view',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    rolldownOptions: { input: mode === 'view' ? { view: here('./view.html') } : { index: here('./index.html') } },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': SERVER, '/dicom-web': SERVER } },
  test: { environment: 'node', include: ['tests/**/*.test.ts'] },
}));
