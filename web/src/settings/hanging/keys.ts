import type { TFunction } from '@/lib/i18n';
import type { KeyPart } from '@/ui/KeysHelp';

export const HANGING_KEYS = {
  add: 'n',
  copy: 'c',
  save: 's',
  undo: 'u',
  remove: 'Delete',
  json: 'v',
  stage: ['[', ']'],
  addStage: '+',
  earlier: '<',
  later: '>',
  removeStage: '-',
  pane: '\\',
} as const;

/** The keys of the page of hanging protocols: of the list, of the one in hand, and of its stages. */
export function hangingKeyParts(t: TFunction): KeyPart[] {
  return [
    {
      title: t('hanging.title'),
      lines: [
        { keys: ['j', 'ArrowDown'], does: t('keys.next') },
        { keys: ['k', 'ArrowUp'], does: t('keys.previous') },
        { keys: [HANGING_KEYS.add], does: t('hanging.new') },
        { keys: [HANGING_KEYS.copy], does: t('hanging.copy') },
        { keys: [HANGING_KEYS.save], does: t('act.save') },
        { keys: [HANGING_KEYS.undo], does: t('act.undo') },
        { keys: [HANGING_KEYS.remove], does: t('settings.remove') },
        { keys: [HANGING_KEYS.json], does: t('hanging.jsonTitle') },
        { keys: ['?'], does: t('keys.help') },
      ],
    },
    {
      title: t('hanging.stages'),
      lines: [
        { keys: HANGING_KEYS.stage, does: t('keys.stages') },
        { keys: [HANGING_KEYS.addStage], does: t('hanging.addStage') },
        { keys: [HANGING_KEYS.earlier], does: t('hanging.earlier') },
        { keys: [HANGING_KEYS.later], does: t('hanging.later') },
        { keys: [HANGING_KEYS.removeStage], does: t('hanging.removeStage') },
        { keys: [HANGING_KEYS.pane], does: t('keys.pane') },
      ],
    },
  ];
}
