import { Button, Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconSearch } from '@tabler/icons-react';
import { useDeferredValue, useState } from 'react';
import { ActNotice } from '@/archive/ActNotice';
import { FOUND, patientsQuery } from '@/lib/api/identity';
import { checkIn, type Given, type Queue } from '@/lib/api/queues';
import type { Patient } from '@/lib/api/record';
import { useWords } from '@/lib/i18n';
import { shownSex } from '../identity/said';
import { namesOf, numbersOf } from '../patients/said';
import styles from './Queue.module.css';
import { useQueueActs } from './useQueueActs';

interface Props {
  queue: Queue;
  /** The code of the hospital whose patients are looked for. */
  hospital: string;
  onClose: () => void;
}

/** Gives somebody who has come to the counter the next number. */
export function CheckIn({ queue, hospital, onClose }: Props) {
  const t = useWords();
  const acts = useQueueActs();
  const [given, setGiven] = useState<(Given & { name: string }) | null>(null);
  const take = (patient: Patient, name: string) =>
    void acts.act(async () => setGiven({ ...(await checkIn(queue.id, patient.id)), name }));

  return (
    <Modal opened onClose={onClose} size="lg" title={t('queue.checkInTo', { queue: queue.name })} closeButtonProps={{ 'aria-label': t('keys.close') }}>
      {given ? <NumberGiven {...given} onClose={onClose} /> : <WhoComes hospital={hospital} acts={acts} onTake={take} />}
    </Modal>
  );
}

interface WhoComesProps {
  hospital: string;
  acts: ReturnType<typeof useQueueActs>;
  onTake: (patient: Patient, name: string) => void;
}

/** Finds the one at the counter by name, pinyin or number. */
function WhoComes({ hospital, acts, onTake }: WhoComesProps) {
  const t = useWords();
  const [text, setText] = useState('');
  const { data: found } = useQuery(patientsQuery(useDeferredValue(text.trim()), hospital));
  const nameOf = (patient: Patient) => namesOf(patient)[0] ?? t('identity.nameless');
  return (
    <>
      <TextInput
        size="lg"
        data-autofocus
        label={t('queue.who')}
        placeholder={t('identity.assignExample')}
        leftSection={<IconSearch size={20} stroke={1.5} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <ActNotice error={acts.error} />
      {text.trim() && found?.length === 0 && <p className={styles.quiet}>{t('identity.nobody')}</p>}
      {found?.length === FOUND && <p className={styles.quiet}>{t('identity.typeMore', { count: FOUND })}</p>}
      <ul className={styles.found} aria-label={t('identity.found')}>
        {found?.map((patient) => (
          <li key={patient.id}>
            <button type="button" disabled={acts.isBusy} onClick={() => onTake(patient, nameOf(patient))}>
              <strong>{nameOf(patient)}</strong>
              <span>{[shownSex(t, patient.gender ?? ''), patient.birthDate, ...numbersOf(patient)].filter(Boolean).join(' · ')}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The number to tell somebody at the counter; one that they have already stays theirs. Enter is ready for the next one. */
function NumberGiven({ number, is_new: isNew, name, onClose }: Given & { name: string; onClose: () => void }) {
  const t = useWords();
  return (
    <>
      <div className={styles.given} role="status">
        <p className={styles.number}>{number}</p>
        <p className={styles.name}>{name}</p>
        {!isNew && <p className={styles.quiet}>{t('queue.hadNumber')}</p>}
      </div>
      <Button fullWidth size="lg" autoFocus onClick={onClose}>
        {t('keys.close')}
      </Button>
    </>
  );
}
