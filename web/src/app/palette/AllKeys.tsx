import { Modal } from '@mantine/core';
import { listKeyLines } from '@/archive/studies/useListKeys';
import { studyKeyLines } from '@/archive/study/useStudyKeys';
import { useWords } from '@/lib/i18n';
import { KeyList } from '@/ui/KeysHelp';
import styles from './AllKeys.module.css';

/** Every key of the house, page by page. */
export function AllKeys({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const parts = [
    { title: t('palette.everywhere'), lines: [{ keys: ['Ctrl', 'K'], does: t('palette.title') }] },
    { title: t('studies.table'), lines: listKeyLines(t) },
    { title: t('study.title'), lines: studyKeyLines(t) },
  ];
  return (
    <Modal opened onClose={onClose} title={t('keys.title')} closeButtonProps={{ 'aria-label': t('keys.close') }}>
      {parts.map(({ title, lines }) => (
        <section key={title} className={styles.part}>
          <h3>{title}</h3>
          <KeyList lines={lines} />
        </section>
      ))}
    </Modal>
  );
}
