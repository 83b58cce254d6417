import type { TFunction } from '@/lib/i18n';
import type { KeyPart } from '@/ui/KeysHelp';

export const IDENTITY_KEYS = { view: ['[', ']'], different: 'd', link: 'l', confirm: 'c', search: '/', decide: 'Enter', undoMerge: 'r', undo: 'u' } as const;

/** The keys of the identity page, tab by tab. */
export function identityKeyParts(t: TFunction): KeyPart[] {
  return [
    {
      title: t('identity.title'),
      lines: [
        { keys: ['j', 'ArrowDown'], does: t('keys.next') },
        { keys: ['k', 'ArrowUp'], does: t('keys.previous') },
        { keys: IDENTITY_KEYS.view, does: t('keys.view') },
        { keys: [IDENTITY_KEYS.undo], does: t('keys.undo') },
        { keys: ['?'], does: t('keys.help') },
      ],
    },
    {
      title: t('identity.candidates'),
      lines: [
        { keys: ['1', '2', 'ArrowLeft', 'ArrowRight'], does: t('keys.survivor') },
        { keys: [IDENTITY_KEYS.decide], does: t('identity.merge') },
        { keys: [IDENTITY_KEYS.link], does: t('identity.link') },
        { keys: [IDENTITY_KEYS.different], does: t('identity.different') },
      ],
    },
    {
      title: t('identity.provisional'),
      lines: [
        { keys: [IDENTITY_KEYS.search], does: t('keys.searchPatient') },
        { keys: ['1–9'], does: t('keys.candidate') },
        { keys: [IDENTITY_KEYS.decide], does: t('keys.assign') },
        { keys: [IDENTITY_KEYS.confirm], does: t('identity.confirm') },
      ],
    },
    { title: t('identity.merges'), lines: [{ keys: [IDENTITY_KEYS.undoMerge], does: t('identity.undo') }] },
  ];
}
