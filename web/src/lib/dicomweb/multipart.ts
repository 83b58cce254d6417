export interface Part {
  type: string;
  transferSyntax: string | null;
  bytes: Uint8Array<ArrayBuffer>;
}

const HEADER_LIMIT = 8_192;
const latin = new TextDecoder('latin1');

function indexOf(bytes: Uint8Array, wanted: string, from: number): number {
  const pattern = Uint8Array.from(wanted, (char) => char.charCodeAt(0));
  const last = bytes.length - pattern.length;
  for (let at = from; at <= last; at += 1) {
    let length = 0;
    while (length < pattern.length && bytes[at + length] === pattern[length]) length += 1;
    if (length === pattern.length) return at;
  }
  return -1;
}

function lastIndexOf(bytes: Uint8Array, wanted: string): number {
  const pattern = Uint8Array.from(wanted, (char) => char.charCodeAt(0));
  for (let at = bytes.length - pattern.length; at >= 0; at -= 1) {
    let length = 0;
    while (length < pattern.length && bytes[at + length] === pattern[length]) length += 1;
    if (length === pattern.length) return at;
  }
  return -1;
}

function parameter(type: string, name: string): string | null {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*("([^"]*)"|[^;\\s]+)`, 'i').exec(type);
  return match ? (match[2] ?? match[1] ?? null) : null;
}

function contentType(header: string): string {
  return /^content-type:\s*(.+)$/im.exec(header)?.[1]?.trim() ?? '';
}

/** The only part of a `multipart/related` answer that holds one frame. */
export function onlyPart(type: string, body: ArrayBuffer): Part {
  const boundary = parameter(type, 'boundary');
  const bytes = new Uint8Array(body);
  if (!boundary) return { type, transferSyntax: parameter(type, 'transfer-syntax'), bytes };
  const start = indexOf(bytes.subarray(0, HEADER_LIMIT), `--${boundary}`, 0);
  const headerEnd = indexOf(bytes.subarray(0, HEADER_LIMIT), '\r\n\r\n', start);
  const end = lastIndexOf(bytes, `\r\n--${boundary}`);
  if (start < 0 || headerEnd < 0 || end < headerEnd) throw new Error('multipart/related without a part');
  const partType = contentType(latin.decode(bytes.subarray(start, headerEnd)));
  return {
    type: partType,
    transferSyntax: parameter(partType, 'transfer-syntax'),
    bytes: bytes.slice(headerEnd + 4, end),
  };
}
