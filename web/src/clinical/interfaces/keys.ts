import type { TFunction } from '@/lib/i18n';
import type { KeyPart } from '@/ui/KeysHelp';

export const INTERFACE_KEYS = { view: ['[', ']'], replay: 'r', correct: 'e', dismiss: 'd', apply: 'a', back: 'Escape' } as const;

/** The keys of the page of interfaces: of the messages that failed. */
export function interfaceKeyParts(t: TFunction): KeyPart[] {
  return [
    {
      title: t('interfaces.title'),
      lines: [
        { keys: INTERFACE_KEYS.view, does: t('keys.view') },
        { keys: ['j', 'ArrowDown'], does: t('keys.next') },
        { keys: ['k', 'ArrowUp'], does: t('keys.previous') },
        { keys: ['x', 'X'], does: t('keys.chooseRow') },
        { keys: [INTERFACE_KEYS.replay], does: `${t('interfaces.replay.in', { count: 1 })}, ${t('interfaces.replay.out', { count: 1 })}` },
        { keys: [INTERFACE_KEYS.correct], does: t('interfaces.correct') },
        { keys: [INTERFACE_KEYS.apply], does: t('interfaces.apply.in') },
        { keys: [INTERFACE_KEYS.dismiss], does: t('interfaces.dismiss', { count: 1 }) },
        { keys: ['?'], does: t('keys.help') },
      ],
    },
  ];
}
