import { QueryClient } from '@tanstack/react-query';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Entry, patientOfStudyQuery, patientQuery, timelineQuery } from '../src/lib/api/record';

const entry = (kind: string, id: string, more: object) => ({ resource: { resourceType: kind, id, ...more } });
const report = entry('DiagnosticReport', 'r', { issued: '2026-11-21T07:05:00+08:00', result: [{ reference: 'Observation/old' }] });
const old = entry('Observation', 'old', { effectiveDateTime: '2026-01-01T06:40:00+08:00' });

afterEach(() => vi.unstubAllGlobals());

function answering(answer: (url: URL) => object): string[] {
  const asked: string[] = [];
  vi.stubGlobal('location', { href: 'http://here/' });
  vi.stubGlobal('fetch', (address: string) => {
    asked.push(address);
    return Promise.resolve(new Response(JSON.stringify(answer(new URL(address, 'http://here'))), { headers: { 'Content-Type': 'application/fhir+json' } }));
  });
  return asked;
}

async function timelineOf(hospital: string) {
  const { select, ...query } = timelineQuery({ id: 'p', hospital });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const data = await client.fetchInfiniteQuery(query);
  return select!(data);
}

describe('a timeline', () => {
  it('has the results of a report, however old they are, and shows them nowhere else', async () => {
    answering(({ pathname }) => ({ entry: pathname === '/fhir/DiagnosticReport' ? [report, old] : [] }));
    const { entries, byName } = await timelineOf('');
    expect(entries.map(({ id }) => id)).toEqual(['r']);
    expect(byName.get('Observation/old')?.id).toBe('old');
  });

  it('waits with what is older than a kind is known of, in whatever zone its moment is written', async () => {
    const visit = (id: string, start: string) => entry('Encounter', id, { period: { start } });
    answering(({ pathname }) => {
      if (pathname === '/fhir/Observation')
        return { entry: [entry('Observation', 'o', { effectiveDateTime: '2026-11-21T00:30:00+08:00' })], link: [{ relation: 'next', url: 'http://here/fhir/Observation?_page=2' }] };
      return { entry: pathname === '/fhir/Encounter' ? [visit('after', '2026-11-20T17:00:00Z'), visit('before', '2026-11-20T16:00:00Z')] : [] };
    });
    const { entries } = await timelineOf('');
    expect(entries.map(({ id }: Entry) => id).sort()).toEqual(['after', 'o']);
  });
});

describe('undated entries', () => {
  it('hide nothing that has a date, though there are more of them', async () => {
    const link = [{ relation: 'next', url: 'http://here/fhir/ServiceRequest?_page=2' }];
    answering(({ pathname }) => {
      if (pathname === '/fhir/ServiceRequest') return { entry: [entry('ServiceRequest', 'undated', {})], link };
      return { entry: pathname === '/fhir/Observation' ? [old] : [] };
    });
    const { entries } = await timelineOf('');
    expect(entries.map(({ id }) => id).sort()).toEqual(['old', 'undated']);
  });
});

describe('whose record is asked for', () => {
  it('is said with every question where it was said', async () => {
    const asked = answering(() => ({ entry: [] }));
    await timelineOf('b');
    const client = new QueryClient();
    await client.fetchQuery(patientQuery({ id: 'p', hospital: 'b' }));
    await client.fetchQuery(patientOfStudyQuery({ uid: '1.2', hospital: 'b' }));
    expect(asked.filter((address) => new URL(address, 'http://here').searchParams.get('organisation') !== 'b')).toEqual([]);
    expect(patientQuery({ id: 'p', hospital: 'a' }).queryKey).not.toEqual(patientQuery({ id: 'p', hospital: 'b' }).queryKey);
  });
});
