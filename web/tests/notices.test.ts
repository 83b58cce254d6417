import { describe, expect, it } from 'vitest';
import { deviceNews, unsettledNews } from '../src/app/notices/news';
import type { Association } from '../src/lib/api/associations';
import { Notices } from '../src/lib/notices/Notices';

function place() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

const CT = { kind: 'arrived', name: 'CT', count: 1 } as const;

describe('notices', () => {
  it('of one kind and name that nobody saw are one, the newest first', () => {
    const notices = new Notices(place());
    notices.own('li');
    notices.add(CT);
    notices.add({ kind: 'quarantine', name: '', count: 2 });
    notices.add({ ...CT, count: 3 }, new Date('2026-11-20T08:00:00Z'));
    expect(notices.all().map(({ kind, count }) => [kind, count])).toEqual([['arrived', 4], ['quarantine', 2]]);
    expect(notices.all()[0]?.at).toBe('2026-11-20T08:00:00.000Z');
    notices.readAll();
    notices.add(CT);
    expect(notices.all().map(({ count, isRead }) => [count, isRead])).toEqual([[1, false], [4, true], [2, true]]);
  });

  it('outlive a reload, and are not shown to anybody else', () => {
    const session = place();
    const before = new Notices(session);
    before.own('li');
    before.add(CT);
    const after = new Notices(session);
    after.own('li');
    after.add({ ...CT, name: 'MR' });
    expect(after.all().map(({ name }) => name)).toEqual(['MR', 'CT']);
    expect(new Set(after.all().map(({ id }) => id)).size).toBe(2);
    after.own('wang');
    expect(after.all()).toEqual([]);
    after.own('li');
    expect(after.all()).toEqual([]);
  });

  it('are for nobody while nobody is signed in, and have an end', () => {
    const notices = new Notices(place());
    notices.add(CT);
    expect(notices.all()).toEqual([]);
    notices.own('li');
    for (let count = 0; count < 150; count += 1) notices.add({ ...CT, name: `${count}` });
    expect(notices.all()).toHaveLength(100);
    expect(notices.all()[0]?.name).toBe('149');
  });

  it('start anew over what cannot be read', () => {
    const session = place();
    session.setItem('lightwell.notices', '{');
    const notices = new Notices(session);
    notices.own('li');
    expect(notices.all()).toEqual([]);
  });
});

describe('news', () => {
  it('is what is more than before', () => {
    expect(unsettledNews(undefined, { conflicts: 5, quarantine: 5 })).toEqual([]);
    expect(unsettledNews({ conflicts: 5, quarantine: 5 }, { conflicts: 4, quarantine: 7 })).toEqual([{ kind: 'quarantine', name: '', count: 2 }]);
  });

  it('tells of each machine whose associations broke since the last look', () => {
    const of = (id: number, peer_id: number | null, outcome: Association['outcome'], times = 1) => ({ id, peer_id, outcome, times }) as Association;
    const all = [of(9, 1, 'lost'), of(8, 1, 'timed_out', 2), of(7, 2, 'released'), of(6, null, 'lost'), of(5, 2, 'aborted_by_us'), of(3, 2, 'lost')];
    expect(deviceNews(4, all, (peer) => `CT ${peer}`)).toEqual([{ kind: 'device', name: 'CT 1', count: 3 }]);
    expect(deviceNews(9, all, String)).toEqual([]);
  });
});
