import { afterEach, describe, expect, it, vi } from 'vitest';
import { NO_ROOM, UNREADABLE, UploadQueue } from '@/archive/upload/queue';
import * as sending from '@/archive/upload/sending';
import { Problem } from '@/lib/api/problem';

const dicom = (name: string) => new File([new Uint8Array(128), 'DICM', name], name);
const settled = (queue: UploadQueue) =>
  vi.waitFor(() => expect(queue.get().items.every((item) => !['waiting', 'sending'].includes(item.state))).toBe(true));

afterEach(() => vi.restoreAllMocks());

describe('the queue', () => {
  it('names what is no DICOM file and sends nothing of it', async () => {
    const send = vi.spyOn(sending, 'sendFile');
    const queue = new UploadQueue();
    queue.add([new File(['hello'], 'notes.txt')], null);
    await settled(queue);
    expect(queue.get().items[0]?.state).toBe('skipped');
    expect(send).not.toHaveBeenCalled();
  });

  it('sends each file for the hospital that was chosen when it was added', async () => {
    const send = vi.spyOn(sending, 'sendFile').mockResolvedValue({ study: '1' });
    const queue = new UploadQueue();
    queue.add([dicom('1'), dicom('2'), dicom('3'), dicom('4'), dicom('5')], 'a');
    queue.add([dicom('6')], 'b');
    await settled(queue);
    expect(send.mock.calls.map(([file, organisation]) => [(file as File).name, organisation])).toEqual([
      ...['1', '2', '3', '4', '5'].map((name) => [name, 'a']),
      ['6', 'b'],
    ]);
  });

  it('tries again what the archive had no room for', async () => {
    const send = vi.spyOn(sending, 'sendFile').mockResolvedValueOnce({ status: NO_ROOM }).mockResolvedValueOnce({ study: '1' });
    const queue = new UploadQueue();
    queue.add([dicom('1')], null);
    await settled(queue);
    expect(queue.get().items[0]?.state).toBe('failed');
    queue.tryAgain();
    await settled(queue);
    expect(queue.get().items[0]?.state).toBe('stored');
    expect(send).toHaveBeenCalledTimes(2);
  });

  it('stops on pause, and goes on from the beginning of a file', async () => {
    const send = vi.spyOn(sending, 'sendFile').mockImplementation(
      (_file, _organisation, _onProgress, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))),
    );
    const queue = new UploadQueue();
    queue.add([dicom('1')], null);
    await vi.waitFor(() => expect(send).toHaveBeenCalledTimes(1));
    queue.pause();
    await vi.waitFor(() => expect(queue.get().items[0]?.state).toBe('waiting'));
    send.mockResolvedValue({ study: '1' });
    queue.resume();
    await settled(queue);
    expect(queue.get().items[0]?.state).toBe('stored');
  });

  it('forgets all when it is cleared, and what ends late changes nothing that comes after', async () => {
    let finish: (taken: sending.Taken) => void = () => undefined;
    const send = vi.spyOn(sending, 'sendFile').mockImplementationOnce(() => new Promise((resolve) => (finish = resolve))).mockResolvedValue({ status: 0xa900 });
    const queue = new UploadQueue();
    queue.add([dicom('1')], null);
    await vi.waitFor(() => expect(send).toHaveBeenCalledTimes(1));
    queue.clear();
    queue.add([dicom('2')], null);
    finish({ study: '1' });
    await settled(queue);
    expect(queue.get().items.map((item) => [item.file.name, item.state])).toEqual([['2', 'refused']]);
  });

});

describe('a queue of many files', () => {
  it('keeps the order, and sends no more than three at a time', async () => {
    let atOnce = 0;
    let most = 0;
    const order: string[] = [];
    vi.spyOn(sending, 'sendFile').mockImplementation(async (file) => {
      order.push((file as File).name);
      most = Math.max(most, (atOnce += 1));
      await Promise.resolve();
      atOnce -= 1;
      return { study: '1' };
    });
    const queue = new UploadQueue();
    const names = Array.from({ length: 20 }, (_, place) => String(place));
    queue.add(names.map(dicom), null);
    await settled(queue);
    expect(most).toBe(3);
    expect(order).toEqual(names);
    expect(queue.get().items.map((item) => item.file.name)).toEqual(names);
  });

  it('goes on with the others when one is refused', async () => {
    vi.spyOn(sending, 'sendFile').mockImplementation(async (file) => ((file as File).name === '2' ? { status: 0xc000 } : { study: '1' }));
    const queue = new UploadQueue();
    queue.add(['1', '2', '3'].map(dicom), null);
    await settled(queue);
    expect(queue.get().items.map((item) => item.state)).toEqual(['stored', 'refused', 'stored']);
    queue.tryAgain();
    await settled(queue);
    expect(sending.sendFile).toHaveBeenCalledTimes(3);
  });

  it('tells how far it is, and listeners not more often than ten times a second', async () => {
    vi.useFakeTimers();
    let tell: (sent: number) => void = () => undefined;
    vi.spyOn(sending, 'sendFile').mockImplementation((_file, _organisation, onProgress) => {
      tell = onProgress;
      return new Promise(() => undefined);
    });
    const queue = new UploadQueue();
    const heard = vi.fn();
    queue.subscribe(heard);
    queue.add([dicom('1')], null);
    await vi.advanceTimersByTimeAsync(1);
    for (let sent = 1; sent <= 100; sent += 1) tell(sent);
    expect(queue.get().items[0]).toMatchObject({ state: 'sending', sent: 100 });
    expect(queue.get()).toBe(queue.get());
    await vi.advanceTimersByTimeAsync(100);
    expect(heard).toHaveBeenCalledTimes(1);
    vi.useRealTimers();
  });

});

describe('a queue that is disturbed', () => {
  it('sends nothing more of a file whose upload was cancelled while it was looked at', async () => {
    const send = vi.spyOn(sending, 'sendFile').mockResolvedValue({ study: '1' });
    let look: (isImage: boolean) => void = () => undefined;
    vi.spyOn(sending, 'isImage').mockImplementation(() => new Promise((resolve) => (look = resolve)));
    const queue = new UploadQueue();
    queue.add([dicom('1')], null);
    queue.clear();
    look(true);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(send).not.toHaveBeenCalled();
    expect(queue.get().items).toEqual([]);
  });

  it('does not look again and again at a file of a disc that was taken out', async () => {
    const look = vi.spyOn(sending, 'isImage').mockRejectedValue(new DOMException('', 'NotReadableError'));
    const queue = new UploadQueue();
    queue.add([dicom('1')], null);
    await settled(queue);
    expect(queue.get().items[0]).toMatchObject({ state: 'failed', status: UNREADABLE });
    expect(look).toHaveBeenCalledTimes(1);
  });

  it.each(['not_signed_in', 'session_locked'] as const)('stops on %s, fails no file over it, and goes on later', async (code) => {
    const send = vi.spyOn(sending, 'sendFile').mockResolvedValueOnce({ study: '1' }).mockRejectedValue(new Problem(code, 401));
    const queue = new UploadQueue();
    queue.add(Array.from({ length: 50 }, (_, place) => dicom(String(place))), null);
    await vi.waitFor(() => expect(queue.get().isPaused).toBe(true));
    await vi.waitFor(() => expect(queue.get().items.some((item) => item.state === 'sending')).toBe(false));
    expect(queue.get().stopped).toBe(code);
    expect(send.mock.calls.length).toBeLessThan(6);
    expect(queue.get().items.map((item) => item.state)).toEqual(['stored', ...Array(49).fill('waiting')]);
    send.mockResolvedValue({ study: '1' });
    queue.resume();
    await settled(queue);
    expect(queue.get().items.every((item) => item.state === 'stored')).toBe(true);
    expect(queue.get().stopped).toBeNull();
  });

  it('sends a file again when the line breaks for a moment', async () => {
    vi.useFakeTimers();
    const gone = new Problem('unreachable', 0);
    const send = vi.spyOn(sending, 'sendFile').mockRejectedValueOnce(gone).mockRejectedValueOnce(gone).mockResolvedValue({ study: '1' });
    const queue = new UploadQueue();
    queue.add([dicom('1')], null);
    await vi.advanceTimersByTimeAsync(5000);
    expect(send).toHaveBeenCalledTimes(3);
    expect(queue.get().items[0]?.state).toBe('stored');
    vi.useRealTimers();
  });

  it('stops when the line stays broken, instead of failing every file', async () => {
    vi.useFakeTimers();
    const send = vi.spyOn(sending, 'sendFile').mockRejectedValue(new Problem('unreachable', 0));
    const queue = new UploadQueue();
    queue.add(Array.from({ length: 9 }, (_, place) => dicom(String(place))), null);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(queue.get()).toMatchObject({ stopped: 'unreachable', isPaused: true });
    expect(queue.get().items.every((item) => item.state === 'waiting')).toBe(true);
    expect(send.mock.calls.length).toBeLessThanOrEqual(12);
    vi.useRealTimers();
  });

  it('takes a disc of 50,000 files without a stall', async () => {
    vi.spyOn(sending, 'isImage').mockResolvedValue(true);
    vi.spyOn(sending, 'sendFile').mockResolvedValue({ study: '1' });
    const file = dicom('1');
    const queue = new UploadQueue();
    queue.add(Array<File>(50_000).fill(file), null);
    await vi.waitFor(() => expect(queue.get().items.at(-1)?.state).toBe('stored'), { timeout: 60_000 });
  }, 70_000);
});
