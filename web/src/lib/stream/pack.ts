/** A preview of one frame (from 1). */
export interface Preview {
  sopInstanceUid: string;
  frame: number;
  bytes: Uint8Array<ArrayBuffer>;
}

interface Entry {
  sopInstanceUid: string;
  frame: number;
  length: number;
}

const HEAD = 4;
/** No series has a longer table of contents; what claims one is no pack. */
const LONGEST_CONTENTS = 1 << 26;

/** Takes a preview pack apart while it arrives: a table of contents, then the previews in its order. */
export class PackReader {
  private rest: Uint8Array<ArrayBuffer> = new Uint8Array();
  private entries: Entry[] | null = null;

  /** Takes the next bytes, and returns the previews that are whole by now. */
  take(chunk: Uint8Array): Preview[] {
    const joined = new Uint8Array(this.rest.length + chunk.length);
    joined.set(this.rest);
    joined.set(chunk, this.rest.length);
    this.rest = joined;
    this.entries ??= this.contents();
    return this.entries ? this.previews(this.entries) : [];
  }

  private contents(): Entry[] | null {
    if (this.rest.length < HEAD) return null;
    const length = new DataView(this.rest.buffer).getUint32(0, true);
    if (length > LONGEST_CONTENTS) throw new Error('no preview pack');
    if (this.rest.length < HEAD + length) return null;
    const listed = JSON.parse(new TextDecoder().decode(this.rest.subarray(HEAD, HEAD + length)));
    this.rest = this.rest.slice(HEAD + length);
    return (listed as { instance: string; lengths: number[] }[]).flatMap(({ instance, lengths }) =>
      lengths.map((size, index) => ({ sopInstanceUid: instance, frame: index + 1, length: size })),
    );
  }

  private previews(entries: Entry[]): Preview[] {
    const whole: Preview[] = [];
    let from = 0;
    while (entries[0] && from + entries[0].length <= this.rest.length) {
      const { sopInstanceUid, frame, length } = entries.shift() as Entry;
      if (length) whole.push({ sopInstanceUid, frame, bytes: this.rest.slice(from, from + length) });
      from += length;
    }
    this.rest = this.rest.slice(from);
    return whole;
  }
}
