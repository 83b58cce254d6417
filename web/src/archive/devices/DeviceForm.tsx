import { Button, Modal, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { addPeer, type Address } from '@/lib/api/archive';
import type { Organisation } from '@/lib/api/types';
import { useLanguage, useWords } from '@/lib/i18n';
import { useAct } from '@/ui/useAct';
import { ActNotice } from '../ActNotice';
import { AddressFields, NO_ADDRESS } from './AddressForm';
import styles from './DevicesPage.module.css';

interface Props {
  hospitals: Organisation[];
  onDone: () => void;
  onClose: () => void;
}

const LONGEST_TITLE = 16;

/** Lets a machine send for a hospital. */
export function DeviceForm({ hospitals, onDone, onClose }: Props) {
  const t = useWords();
  const language = useLanguage();
  const { isBusy, error, run } = useAct();
  const [hospital, setHospital] = useState(String(hospitals[0]?.id ?? ''));
  const [label, setLabel] = useState('');
  const [title, setTitle] = useState('');
  const [address, setAddress] = useState<Address>(NO_ADDRESS);
  const nameOf = (one: Organisation) => (language === 'en' && one.name_en) || one.name;

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    const peer = { organisation_id: Number(hospital), label, calling_ae: title, ...(address.host && { address }) };
    if (!(await run(() => addPeer(peer)))) return;
    onDone();
    onClose();
  }

  return (
    <Modal opened onClose={onClose} title={t('devices.add')} closeButtonProps={{ 'aria-label': t('keys.close') }}>
      <form className={styles.form} onSubmit={(event) => void save(event)}>
        <Select
          label={t('devices.hospital')}
          data={hospitals.map((one) => ({ value: String(one.id), label: nameOf(one) }))}
          value={hospital}
          onChange={(chosen) => setHospital(chosen ?? '')}
          allowDeselect={false}
        />
        <TextInput label={t('devices.label')} placeholder={t('devices.labelExample')} value={label} onChange={(event) => setLabel(event.currentTarget.value)} />
        <TextInput
          label={t('devices.aeTitle')}
          placeholder={t('devices.titleExample')}
          required
          maxLength={LONGEST_TITLE}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <p className={styles.quiet}>{t('devices.addressWhy')}</p>
        <AddressFields address={address} onAddress={setAddress} />
        <ActNotice error={error} />
        <div className={styles.acts}>
          <Button type="submit" loading={isBusy}>
            {t('devices.add')}
          </Button>
          <Button variant="subtle" onClick={onClose}>
            {t('act.cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
