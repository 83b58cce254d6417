export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';
/** HTJ2K without loss, the resolutions one after the other. */
export const HTJ2K = '1.2.840.10008.1.2.4.202';

const NATIVE = new Set([
  '1.2.840.10008.1.2',
  EXPLICIT_LITTLE_ENDIAN,
  '1.2.840.10008.1.2.1.98',
  '1.2.840.10008.1.2.1.99',
  EXPLICIT_BIG_ENDIAN,
]);

export function isNative(transferSyntax: string): boolean {
  return NATIVE.has(transferSyntax);
}
