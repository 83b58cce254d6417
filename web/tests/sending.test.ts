import { afterEach, describe, expect, it, vi } from 'vitest';
import { filesOf } from '@/archive/upload/dropped';
import { NO_ROOM } from '@/archive/upload/queue';
import * as sending from '@/archive/upload/sending';

const dicom = (name: string) => new File([new Uint8Array(128), 'DICM', name], name);
const REFERENCED = { '00081199': { vr: 'SQ', Value: [{}] } };

describe('what the archive answers', () => {
  it('is the study that the image is in', () => {
    const answer = { ...REFERENCED, '00081190': { vr: 'UR', Value: ['http://x/dicom-web/studies/1.2.3'] } };
    expect(sending.takenOf(answer as never, 200)).toEqual({ study: '1.2.3' });
  });

  it('or why it was refused', () => {
    const failed = { vr: 'SQ', Value: [{ '00081197': { vr: 'US', Value: [0xa900] } }] };
    expect(sending.takenOf({ '00081198': failed } as never, 409)).toEqual({ status: 0xa900 });
  });

  it('is never taken for "stored" unless it says so', () => {
    expect(() => sending.takenOf({}, 200)).toThrow('does not say');
    expect(() => sending.takenOf({}, 409)).toThrow('does not say');
    expect(sending.takenOf({}, 507)).toEqual({ status: NO_ROOM });
  });
});

describe('a file', () => {
  it('is an image by how it begins, unless it is the index of a disc', async () => {
    expect(await sending.isImage(dicom('1'))).toBe(true);
    expect(await sending.isImage(dicom('DICOMDIR'))).toBe(false);
    expect(await sending.isImage(new File(['DICM'], 'short'))).toBe(false);
    expect(await sending.isImage(new File([], 'empty'))).toBe(false);
  });
});

interface Sent {
  file: unknown;
  finish: (status: number, response: unknown) => void;
  fail: () => void;
  isAborted: boolean;
  progress: (loaded: number) => void;
  headers: Record<string, string>;
  url: string;
}

/** A request that does what the test says. */
function stubRequests(): Sent[] {
  const sent: Sent[] = [];
  class Request extends EventTarget {
    upload = new EventTarget();
    status = 0;
    response: unknown = null;
    private readonly note: Sent = {
      file: null,
      finish: (status, response) => {
        Object.assign(this, { status, response });
        this.dispatchEvent(new Event('load'));
      },
      fail: () => this.dispatchEvent(new Event('error')),
      isAborted: false,
      progress: (loaded) => this.upload.dispatchEvent(Object.assign(new Event('progress'), { loaded })),
      headers: {},
      url: '',
    };

    open(_method: string, url: string): void {
      this.note.url = url;
    }

    setRequestHeader(name: string, value: string): void {
      this.note.headers[name] = value;
    }

    send(file: unknown): void {
      this.note.file = file;
      sent.push(this.note);
    }

    abort(): void {
      this.note.isAborted = true;
      this.dispatchEvent(new Event('abort'));
    }
  }
  vi.stubGlobal('XMLHttpRequest', Request);
  return sent;
}

describe('a request', () => {
  afterEach(() => vi.unstubAllGlobals());
  const go = (signal = new AbortController().signal, onProgress: (sent: number) => void = () => undefined) => {
    const sent = stubRequests();
    const taken = sending.sendFile(dicom('1'), 'qujing', onProgress, signal);
    return { taken, request: sent[0] };
  };

  it('names the hospital, carries the guard header, and tells how far it is', async () => {
    const heard: number[] = [];
    const { taken, request } = go(undefined, (sent) => heard.push(sent));
    request?.progress(70);
    request?.finish(200, REFERENCED);
    expect(await taken).toEqual({ study: '' });
    expect(request).toMatchObject({ url: '/dicom-web/studies?organisation=qujing', headers: { 'X-Lightwell': '1' } });
    expect(heard).toEqual([70]);
  });

  it.each([
    [401, { code: 'not_signed_in' }, 'not_signed_in'],
    [423, null, 'session_locked'],
    [403, { code: 'forbidden' }, 'forbidden'],
    [413, null, 'unexpected'],
    [502, null, 'unreachable'],
    [503, { code: 'database_unavailable' }, 'database_unavailable'],
    [200, null, 'unexpected'],
  ])('that is answered with %i is no image stored', async (status, body, code) => {
    const { taken, request } = go();
    request?.finish(status, body);
    await expect(taken).rejects.toMatchObject({ code });
  });

  it('that finds nobody is "unreachable", one that is stopped is aborted', async () => {
    const { taken, request } = go();
    request?.fail();
    await expect(taken).rejects.toMatchObject({ code: 'unreachable' });
    const stop = new AbortController();
    const second = go(stop.signal);
    stop.abort();
    await expect(second.taken).rejects.toMatchObject({ name: 'AbortError' });
    expect(second.request?.isAborted).toBe(true);
  });
});

type Tree = { [name: string]: Tree | string | null };

/** Entries of a drop as browsers give them: a folder in portions of two, null for what cannot be read. */
function entry(name: string, below: Tree | string | null): FileSystemEntry {
  if (below === null || typeof below === 'string') {
    const file = (resolve: (file: File) => void, reject: (error: unknown) => void) =>
      below === null ? reject(new DOMException('', 'NotReadableError')) : resolve(new File([below], name));
    return { isFile: true, name, fullPath: `/${name}`, file } as unknown as FileSystemEntry;
  }
  const entries = Object.entries(below).map(([inner, tree]) => entry(inner, tree));
  const readEntries = (resolve: (portion: FileSystemEntry[]) => void) => resolve(entries.splice(0, 2));
  return { isFile: false, name, fullPath: `/${name}`, createReader: () => ({ readEntries }) } as unknown as FileSystemEntry;
}

describe('what was dropped', () => {
  const drop = (tree: Tree) => {
    const items = Object.entries(tree).map(([name, below]) => ({ webkitGetAsEntry: () => entry(name, below) }));
    return filesOf([...items, { webkitGetAsEntry: () => null }] as unknown as DataTransferItemList);
  };

  it('is read to the last portion and the deepest folder, in the order of the names', async () => {
    const slices = Object.fromEntries([10, 9, 2, 1, 3].map((number) => [`IM${number}`, 'x']));
    const { files, unreadable } = await drop({ disc: { b: slices, a: { deep: { IM1: 'x' } } }, 'one.dcm': 'x' });
    expect(files.map((file) => file.name)).toEqual(['IM1', 'IM1', 'IM2', 'IM3', 'IM9', 'IM10', 'one.dcm']);
    expect(unreadable).toEqual([]);
  });

  it('loses no file over one that cannot be read', async () => {
    const { files, unreadable } = await drop({ disc: { a: 'x', b: null, c: 'x' } });
    expect(files.map((file) => file.name)).toEqual(['a', 'c']);
    expect(unreadable).toEqual(['/b']);
  });
});
