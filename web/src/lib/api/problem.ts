export const PROBLEM_CODES = [
  'sign_in_failed',
  'not_signed_in',
  'session_locked',
  'too_many_attempts',
  'forbidden',
  'not_found',
  'invalid_request',
  'undecodable',
  'measurement_mismatch',
  'no_spacing',
  'measurements_changed',
  'mixed_presentation',
  'not_enhanceable',
  'no_volume',
  'caller_taken',
  'database_unavailable',
  'unreachable',
  'unexpected',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

const CODE_OF_STATUS: Record<number, ProblemCode> = {
  400: 'invalid_request',
  401: 'not_signed_in',
  403: 'forbidden',
  404: 'not_found',
  423: 'session_locked',
  429: 'too_many_attempts',
  503: 'database_unavailable',
};

/** An answer that is an error (RFC 9457), or no answer at all (`unreachable`). */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: ProblemCode,
    readonly status: number,
    readonly detail: string = '',
    readonly retryAfterS: number | null = null,
    /** A word for what exactly is refused, that stays the same; empty where the code says all. */
    readonly reason: string = '',
  ) {
    super(`${code} ${detail}`.trim());
  }
}

function isCode(value: unknown): value is ProblemCode {
  return PROBLEM_CODES.some((code) => code === value);
}

/** The code of an error, or what its status means where something between us and the server answered. */
export function toCode(code: unknown, status: number): ProblemCode {
  return isCode(code) ? code : (CODE_OF_STATUS[status] ?? 'unexpected');
}

function seconds(value: unknown): number | null {
  const number = Number(value ?? Number.NaN);
  return Number.isFinite(number) ? Math.max(1, Math.ceil(number)) : null;
}

export async function problemOf(response: Response): Promise<Problem> {
  const body: Record<string, unknown> = await response.json().catch(() => ({}));
  const code = toCode(body.code, response.status);
  const wait = seconds(body.retry_after_s ?? response.headers.get('Retry-After') ?? undefined);
  return new Problem(code, response.status, typeof body.detail === 'string' ? body.detail : '', wait, typeof body.reason === 'string' ? body.reason : '');
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem('unexpected', 0, error instanceof Error ? error.message : String(error));
}
