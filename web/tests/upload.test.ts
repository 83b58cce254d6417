import { afterEach, describe, expect, it, vi } from 'vitest';
import { NO_ROOM, UploadQueue } from '@/archive/upload/queue';
import * as sending from '@/archive/upload/sending';

const dicom = (name: string) => new File([new Uint8Array(128), 'DICM', name], name);
const settled = (queue: UploadQueue) =>
  vi.waitFor(() => expect(queue.get().items.every((item) => !['waiting', 'sending'].includes(item.state))).toBe(true));

afterEach(() => vi.restoreAllMocks());

describe('what the archive answers', () => {
  it('is the study that the image is in', () => {
    expect(sending.takenOf({ '00081190': { vr: 'UR', Value: ['http://x/dicom-web/studies/1.2.3'] } })).toEqual({ study: '1.2.3' });
  });

  it('or why it was refused', () => {
    const failed = { vr: 'SQ', Value: [{ '00081197': { vr: 'US', Value: [0xa900] } }] };
    expect(sending.takenOf({ '00081198': failed } as never)).toEqual({ status: 0xa900 });
  });
});

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
    queue.add([dicom('1'), dicom('2'), dicom('3'), dicom('4'), dicom('5')], 1);
    queue.add([dicom('6')], 2);
    await settled(queue);
    expect(send.mock.calls.map(([file, organisation]) => [(file as File).name, organisation])).toEqual([
      ...['1', '2', '3', '4', '5'].map((name) => [name, 1]),
      ['6', 2],
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
    vi.spyOn(sending, 'sendFile').mockImplementationOnce(() => new Promise((resolve) => (finish = resolve))).mockResolvedValue({ status: 0xa900 });
    const queue = new UploadQueue();
    queue.add([dicom('1')], null);
    await vi.waitFor(() => expect(queue.get().items[0]?.state).toBe('sending'));
    queue.clear();
    queue.add([dicom('2')], null);
    finish({ study: '1' });
    await settled(queue);
    expect(queue.get().items.map((item) => [item.file.name, item.state])).toEqual([['2', 'refused']]);
  });
});
