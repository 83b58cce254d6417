import type { TFunction } from '@/lib/i18n';
import type { KeyPart } from '@/ui/KeysHelp';

/** The keys of the page that finds patients. */
export function patientsKeyParts(t: TFunction): KeyPart[] {
  return [
    {
      title: t('patients.title'),
      lines: [
        { keys: ['/'], does: t('keys.searchPatient') },
        { keys: ['j', 'ArrowDown'], does: t('keys.next') },
        { keys: ['k', 'ArrowUp'], does: t('keys.previous') },
        { keys: ['Enter'], does: t('keys.patientOpen') },
        { keys: ['?'], does: t('keys.help') },
      ],
    },
  ];
}
