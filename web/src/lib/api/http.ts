import { Problem, problemOf } from './problem';

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

export async function getJson<T>(path: string, signal?: AbortSignal, accept = 'application/json'): Promise<T> {
  const response = await send(path, { headers: { Accept: accept }, ...(signal && { signal }) });
  if (response.status === 204) return [] as T;
  return (await response.json()) as T;
}

export function change(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { ...GUARD, Accept: 'application/json' };
  if (body === undefined) return send(path, { method, headers });
  headers['Content-Type'] = 'application/json';
  return send(path, { method, headers, body: JSON.stringify(body) });
}
