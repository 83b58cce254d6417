import { listKeyLines } from '@/archive/studies/useListKeys';
import { unsettledKeyParts } from '@/archive/unsettled/keys';
import { identityKeyParts } from '@/clinical/identity/keys';
import { interfaceKeyParts } from '@/clinical/interfaces/keys';
import { patientsKeyParts } from '@/clinical/patients/keys';
import { queueKeyParts } from '@/clinical/queue/keys';
import { useWords } from '@/lib/i18n';
import { hangingKeyParts } from '@/settings/hanging/keys';
import { type KeyPart, KeySheet } from '@/ui/KeysHelp';
import { studyKeyParts } from '@/viewer/desk/sheet';

/** The parts of a page, each by the page's name too. */
const under = (page: string, parts: KeyPart[]) => parts.map(({ title, lines }) => ({ title: title === page ? page : `${page} · ${title}`, lines }));

/** Every key of the house, page by page. */
export function AllKeys({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const parts = [
    { title: t('palette.everywhere'), lines: [{ keys: ['Ctrl', 'k'], does: t('palette.title') }, { keys: ['?'], does: t('keys.help') }] },
    { title: t('studies.table'), lines: listKeyLines(t) },
    ...under(t('study.title'), studyKeyParts(t)),
    ...patientsKeyParts(t),
    ...under(t('queue.title'), queueKeyParts(t)),
    ...under(t('identity.title'), identityKeyParts(t)),
    ...under(t('interfaces.title'), interfaceKeyParts(t)),
    ...unsettledKeyParts(t),
    ...under(t('hanging.title'), hangingKeyParts(t)),
  ];
  return <KeySheet parts={parts} onClose={onClose} />;
}
