import { Problem, problemOf } from './problem';
import { Patience, STALLED_MS, textOf } from './stalling';

const GUARD = { 'X-Lightwell': '1' };

/** One request to our own server: the cookie travels with it, an error answer becomes a `Problem`. */
export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem('unreachable', 0);
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

/** Asks for what is told in JSON; a server that says nothing for `patienceMs` is not there. */
export async function getJson<T>(path: string, signal?: AbortSignal, accept = 'application/json', patienceMs = STALLED_MS): Promise<T> {
  const patience = new Patience(patienceMs, signal);
  try {
    const response = await send(path, { headers: { Accept: accept }, signal: patience.signal });
    return response.status === 204 ? ([] as T) : (JSON.parse(await textOf(response, patience)) as T);
  } catch (error) {
    throw patience.isLost ? new Problem('unreachable', 0) : error;
  } finally {
    patience.end();
  }
}

export function change(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { ...GUARD, Accept: 'application/json' };
  if (body === undefined) return send(path, { method, headers });
  headers['Content-Type'] = 'application/json';
  return send(path, { method, headers, body: JSON.stringify(body) });
}
