import type { TFunction } from '@/lib/i18n';
import type { KeyPart } from '@/ui/KeysHelp';

export const INTERFACE_KEYS = {
  view: ['[', ']'],
  edit: 'e',
  failed: 'f',
  add: { in: 'n', out: 'N' },
  replay: 'r',
  correct: 'e',
  dismiss: 'd',
  apply: 'a',
  back: 'Escape',
} as const;

/** The keys of the page of interfaces: of the lines, and of the messages that failed. */
export function interfaceKeyParts(t: TFunction): KeyPart[] {
  return [
    {
      title: t('interfaces.title'),
      lines: [
        { keys: INTERFACE_KEYS.view, does: t('keys.view') },
        { keys: ['j', 'ArrowDown'], does: t('keys.next') },
        { keys: ['k', 'ArrowUp'], does: t('keys.previous') },
        { keys: ['?'], does: t('keys.help') },
      ],
    },
    {
      title: t('interfaces.lines'),
      lines: [
        { keys: [INTERFACE_KEYS.failed], does: t('keys.failed') },
        { keys: [INTERFACE_KEYS.edit], does: t('interfaces.edit') },
        { keys: [INTERFACE_KEYS.add.in], does: t('interfaces.addSource') },
        { keys: [INTERFACE_KEYS.add.out], does: t('interfaces.addDestination') },
      ],
    },
    {
      title: t('keys.failed'),
      lines: [
        { keys: ['x', 'X'], does: t('keys.chooseRow') },
        { keys: [INTERFACE_KEYS.replay], does: `${t('interfaces.replay.in', { count: 1 })}, ${t('interfaces.replay.out', { count: 1 })}` },
        { keys: [INTERFACE_KEYS.correct], does: t('interfaces.correct') },
        { keys: [INTERFACE_KEYS.apply], does: t('interfaces.apply.in') },
        { keys: [INTERFACE_KEYS.dismiss], does: t('interfaces.dismiss', { count: 1 }) },
        { keys: [INTERFACE_KEYS.back], does: t('interfaces.all') },
      ],
    },
  ];
}
