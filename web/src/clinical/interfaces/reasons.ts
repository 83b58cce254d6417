import type { TFunction } from '@/lib/i18n';

/** What the server says of why, and how it is said here; what stands in brackets is said with it. */
const KNOWN = [
  ['date', /^expected YYYY/],
  ['noDate', /^expected a date and time that exist/],
  ['kind', /^(\S+) is not made part of the record here/],
  ['noNumber', /^expected a patient with a number \(PID-3\)/],
  ['numbers', /belong to (\d+) patients here/],
  ['noPatient', /^expected a patient (?:\(PID\)|whose record is here)/],
  ['noMessage', /^expected a message that begins with MSH/],
  ['delimiters', /^expected distinct delimiters/],
  ['characters', /^expected (?:text in|a character set|characters of)/],
  ['cut', /^expected 1C 0D/],
  ['noOrder', /^expected an order/],
  ['noReport', /^expected a report/],
  ['noDocument', /^expected a document with a number/],
  ['noSource', /^expected a source that is still known/],
  ['value', /^expected a value that an OBX can hold, (\w+) came/],
  ['noFinding', /^expected every finding/],
  ['removed', /is told no more$/],
  ['superseded', /^a newer version was sent already/],
  ['tooMany', /^expected at most (\d+) findings/],
  ['noFile', /^expected a file that is kept in this record/],
  ['notAllowed', /LIGHTWELL_HL7_TARGETS/],
  ['tls', /TLS failed/],
  ['unmatched', /what came answered no message of ours$/],
  ['silent', /^an answer was waited for, none came/],
  ['hungUp', /^the peer hung up/],
  ['unreachable', /^a connection was waited for/],
  ['slow', /^room on the line was waited for, none came/],
  ['broken', /the line failed/],
  ['refused', /^((?:AE|AR|CE|CR)\b.*)$/],
  ['ours', /^a fault of ours/],
] as const;

/** Why a message failed, in the language of the page; as the server says it where that is not known here. */
export function reasonWords(t: TFunction, reason: string): string {
  for (const [key, pattern] of KNOWN) {
    const found = pattern.exec(reason);
    if (found) return t(`interfaces.reason.${key}`, { what: found[1] ?? '' });
  }
  return reason;
}
