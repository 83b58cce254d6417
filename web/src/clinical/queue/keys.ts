import type { TFunction } from '@/lib/i18n';
import type { PlaceState, TicketAct } from '@/lib/api/queues';
import type { KeyPart } from '@/ui/KeysHelp';

const ACT_KEYS = { done: 'd', call: 'a', pass: 'p', return: 'r', leave: 'l' } as const satisfies Record<TicketAct, string>;

export const QUEUE_KEYS = { queue: ['[', ']'], room: 'm', next: 'n', checkIn: 'c', board: 'b', open: 'o', ...ACT_KEYS } as const;

/** What can be done with somebody, by where they are; those who wait are called in their order alone. */
export const ACTS_OF: Record<PlaceState, readonly TicketAct[]> = { called: ['done', 'call', 'pass'], passed: ['return', 'leave'], waiting: [] };

/** The keys of the queue page. */
export function queueKeyParts(t: TFunction): KeyPart[] {
  return [
    {
      title: t('queue.title'),
      lines: [
        { keys: QUEUE_KEYS.queue, does: t('keys.queue') },
        { keys: [QUEUE_KEYS.room], does: t('queue.room') },
        { keys: [QUEUE_KEYS.checkIn], does: t('queue.checkIn') },
        { keys: [QUEUE_KEYS.board], does: t('queue.board') },
        { keys: [QUEUE_KEYS.open], does: t('queue.open') },
        { keys: ['?'], does: t('keys.help') },
      ],
    },
    {
      title: t('queue.called'),
      lines: [
        { keys: [QUEUE_KEYS.next], does: t('keys.callNext') },
        { keys: ['j', 'ArrowDown'], does: t('keys.next') },
        { keys: ['k', 'ArrowUp'], does: t('keys.previous') },
        ...[...ACTS_OF.called, ...ACTS_OF.passed].map((act) => ({ keys: [ACT_KEYS[act]], does: t(`queue.act.${act}`) })),
      ],
    },
  ];
}
