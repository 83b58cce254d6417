/** The parts of the HTJ2K codec (OpenJPH built for browsers) that are used here. */
declare module '@cornerstonejs/codec-openjph' {
  export interface FrameInfo {
    width: number;
    height: number;
    bitsPerSample: number;
    componentCount: number;
    isSigned: boolean;
  }

  export interface Decoder {
    getEncodedBuffer(length: number): Uint8Array;
    decode(): void;
    getDecodedBuffer(): Uint8Array;
    getFrameInfo(): FrameInfo;
    delete(): void;
  }

  export interface Codec {
    HTJ2KDecoder: new () => Decoder;
  }

  export default function create(options: { locateFile: () => string }): Promise<Codec>;
}
