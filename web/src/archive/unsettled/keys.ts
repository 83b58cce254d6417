import type { TFunction } from '@/lib/i18n';
import type { KeyPart } from '@/ui/KeysHelp';

export const UNSETTLED_KEYS = { view: ['[', ']'], keep: 's', take: 't', file: 'f', reject: 'b', choose: 'x', chooseAll: 'X' } as const;

/** The keys of the page of what waits for a decision. */
export function unsettledKeyParts(t: TFunction): KeyPart[] {
  return [
    {
      title: t('unsettled.title'),
      lines: [
        { keys: UNSETTLED_KEYS.view, does: t('keys.view') },
        { keys: ['j', 'ArrowDown'], does: t('keys.next') },
        { keys: ['k', 'ArrowUp'], does: t('keys.previous') },
        { keys: [UNSETTLED_KEYS.choose, UNSETTLED_KEYS.chooseAll], does: t('keys.chooseRow') },
        { keys: [UNSETTLED_KEYS.keep], does: t('unsettled.keepStanding') },
        { keys: [UNSETTLED_KEYS.take], does: t('unsettled.takeArrived') },
        { keys: [UNSETTLED_KEYS.file], does: t('unsettled.accept') },
        { keys: [UNSETTLED_KEYS.reject], does: t('unsettled.reject') },
        { keys: ['?'], does: t('keys.help') },
      ],
    },
  ];
}
