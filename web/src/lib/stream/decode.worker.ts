/// <reference lib="webworker" />
import type { PixelFormat } from '@/lib/dicomweb/images';
import { greyOf, readNative, type Samples } from '@/lib/pixels/picture';
import createCodec, { type Codec } from '@cornerstonejs/codec-openjph';
import wasm from '@cornerstonejs/codec-openjph/wasm?url';
import type { Work, Worked } from './decoding';

declare const self: DedicatedWorkerGlobalScope;

const codec: Promise<Codec> = createCodec({ locateFile: () => wasm });

/** Copies the values out of the memory of the codec, which is used again for the next frame. */
function valuesOf(bytes: Uint8Array, isWide: boolean, isSigned: boolean): Samples {
  const { buffer } = bytes.slice();
  if (isWide) return isSigned ? new Int16Array(buffer) : new Uint16Array(buffer);
  return isSigned ? new Int8Array(buffer) : new Uint8Array(buffer);
}

function readHtj2k({ HTJ2KDecoder }: Codec, bytes: Uint8Array) {
  const decoder = new HTJ2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const { width, height, bitsPerSample, isSigned } = decoder.getFrameInfo();
    return greyOf(valuesOf(decoder.getDecodedBuffer(), bitsPerSample > 8, isSigned), width, height);
  } finally {
    decoder.delete();
  }
}

function shapeOf(format: PixelFormat, width: number, height: number): void {
  if (width > format.columns || height > format.rows) throw new Error('frame larger than its matrix');
}

async function read({ bytes, transferSyntax, format, isHtj2k }: Work) {
  if (!isHtj2k) return readNative(bytes, transferSyntax, format);
  const picture = readHtj2k(await codec, bytes);
  shapeOf(format, picture.width, picture.height);
  return picture;
}

async function answer({ data }: MessageEvent<Work>): Promise<void> {
  try {
    const picture = await read(data);
    const done: Worked = { id: data.id, picture };
    self.postMessage(done, { transfer: [picture.samples.buffer] });
  } catch (error) {
    const failed: Worked = { id: data.id, error: error instanceof Error ? error.message : 'the frame cannot be decoded' };
    self.postMessage(failed, {});
  }
}

self.addEventListener('message', (event: MessageEvent<Work>) => void answer(event));
