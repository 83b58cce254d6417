import { Button, Modal, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ActNotice } from '@/archive/ActNotice';
import { openQueue } from '@/lib/api/queues';
import type { Organisation } from '@/lib/api/types';
import { useWords } from '@/lib/i18n';
import { useHospitalName } from '@/lib/i18n/hospitals';
import form from '@/ui/form.module.css';
import styles from './Queue.module.css';
import { useQueueActs } from './useQueueActs';

interface Props {
  hospitals: Organisation[];
  onClose: () => void;
}

/** Opens a queue of a service or a clinic. */
export function NewQueue({ hospitals, onClose }: Props) {
  const t = useWords();
  const nameOf = useHospitalName();
  const acts = useQueueActs();
  const [hospital, setHospital] = useState(String(hospitals[0]?.id ?? ''));
  const [name, setName] = useState('');
  const [prefix, setPrefix] = useState('A');
  const [code, setCode] = useState('');

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (await acts.act(() => openQueue({ organisation_id: Number(hospital), name, prefix, code }))) onClose();
  }

  return (
    <Modal opened onClose={onClose} title={t('queue.open')} closeButtonProps={{ 'aria-label': t('keys.close') }}>
      <form className={form.form} onSubmit={(event) => void save(event)}>
        {hospitals.length > 1 && (
          <Select
            label={t('devices.hospital')}
            data={hospitals.map((one) => ({ value: String(one.id), label: nameOf(one) }))}
            value={hospital}
            allowDeselect={false}
            onChange={(chosen) => setHospital(chosen ?? hospital)}
          />
        )}
        <TextInput data-autofocus label={t('queue.name')} placeholder={t('queue.nameExample')} required maxLength={64} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput label={t('queue.prefix')} maxLength={2} value={prefix} onChange={(event) => setPrefix(event.currentTarget.value)} />
        <TextInput label={t('queue.code')} description={t('queue.codeHow')} maxLength={64} value={code} onChange={(event) => setCode(event.currentTarget.value)} />
        <ActNotice error={acts.error} />
        <div className={styles.acts}>
          <Button type="submit" loading={acts.isBusy}>
            {t('act.save')}
          </Button>
          <Button variant="subtle" onClick={onClose}>
            {t('act.cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
