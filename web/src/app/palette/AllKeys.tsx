import { listKeyLines } from '@/archive/studies/useListKeys';
import { unsettledKeyParts } from '@/archive/unsettled/keys';
import { identityKeyParts } from '@/clinical/identity/keys';
import { interfaceKeyParts } from '@/clinical/interfaces/keys';
import { patientsKeyParts } from '@/clinical/patients/keys';
import { useWords } from '@/lib/i18n';
import { KeySheet } from '@/ui/KeysHelp';
import { studyKeyParts } from '@/viewer/desk/sheet';

/** Every key of the house, page by page. */
export function AllKeys({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const ofStudy = studyKeyParts(t).map(({ title, lines }) => ({ title: `${t('study.title')} · ${title}`, lines }));
  const [ofIdentity, ...tabs] = identityKeyParts(t);
  const parts = [
    { title: t('palette.everywhere'), lines: [{ keys: ['Ctrl', 'k'], does: t('palette.title') }, { keys: ['?'], does: t('keys.help') }] },
    { title: t('studies.table'), lines: listKeyLines(t) },
    ...ofStudy,
    ...patientsKeyParts(t),
    ...(ofIdentity ? [ofIdentity] : []),
    ...tabs.map(({ title, lines }) => ({ title: `${t('identity.title')} · ${title}`, lines })),
    ...interfaceKeyParts(t),
    ...unsettledKeyParts(t),
  ];
  return <KeySheet parts={parts} onClose={onClose} />;
}
