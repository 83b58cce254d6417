import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const COMPRESSIBLE = /\.(html|js|css|svg|json|wasm)$/;

const gzipped = promisify(gzip);
const brotlied = promisify(brotliCompress);

async function compress(path: string): Promise<void> {
  const bytes = await readFile(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  await Promise.all([
    gzipped(bytes, { level: 9 }).then((packed) => writeFile(`${path}.gz`, packed)),
    brotlied(bytes, { params }).then((packed) => writeFile(`${path}.br`, packed)),
  ]);
}

/** Writes `.gz` and `.br` next to every page and asset that has none yet, so that the server never compresses. */
export function precompress(): Plugin {
  return {
    name: 'lightwell-precompress',
    apply: 'build',
    async writeBundle(options) {
      const folder = options.dir ?? '';
      const names = new Set(await readdir(folder, { recursive: true }));
      const bare = [...names].filter((name) => COMPRESSIBLE.test(name) && !names.has(`${name}.br`));
      await Promise.all(bare.map((name) => compress(join(folder, name))));
    },
  };
}
