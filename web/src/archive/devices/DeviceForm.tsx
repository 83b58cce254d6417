import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { addPeer, type Address } from '@/lib/api/archive';
import type { Association } from '@/lib/api/associations';
import { serverQuery } from '@/lib/api/session';
import type { Organisation } from '@/lib/api/types';
import { useLanguage, useWords } from '@/lib/i18n';
import { useAct } from '@/ui/useAct';
import { ActNotice } from '../ActNotice';
import { AddressFields, NO_ADDRESS } from './AddressForm';
import form from '@/ui/form.module.css';
import styles from './DevicesPage.module.css';

interface Props {
  hospitals: Organisation[];
  /** The caller that shall become a device; what it said fills the form. */
  stranger: Association | undefined;
  onDone: () => void;
  onClose: () => void;
}

const LONGEST_TITLE = 16;

/** Lets a machine send for a hospital. */
export function DeviceForm({ hospitals, stranger, onDone, onClose }: Props) {
  const t = useWords();
  const language = useLanguage();
  const { isBusy, error, run } = useAct();
  const { data: server } = useQuery(serverQuery);
  const [hospital, setHospital] = useState(String(stranger?.organisation_id ?? hospitals[0]?.id ?? ''));
  const [label, setLabel] = useState('');
  const [title, setTitle] = useState(stranger?.calling_ae ?? '');
  const [called, setCalled] = useState(stranger?.called_ae ?? '');
  const [network, setNetwork] = useState(stranger?.address ?? '');
  const [address, setAddress] = useState<Address>(NO_ADDRESS);
  const nameOf = (one: Organisation) => (language === 'en' && one.name_en) || one.name;

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    const named = { organisation_id: Number(hospital), label, calling_ae: title, called_ae: called.trim() };
    const peer = { ...named, ...(network.trim() && { network: network.trim() }), ...(address.host && { address }) };
    if (!(await run(() => addPeer(peer)))) return;
    onDone();
    onClose();
  }

  return (
    <Modal opened onClose={onClose} title={t('devices.add')} closeButtonProps={{ 'aria-label': t('keys.close') }}>
      <form className={form.form} onSubmit={(event) => void save(event)}>
        <Select
          label={t('devices.hospital')}
          data={hospitals.map((one) => ({ value: String(one.id), label: nameOf(one) }))}
          value={hospital}
          onChange={(chosen) => setHospital(chosen ?? '')}
          allowDeselect={false}
        />
        <TextInput data-autofocus label={t('devices.label')} placeholder={t('devices.labelExample')} value={label} onChange={(event) => setLabel(event.currentTarget.value)} />
        <TextInput
          label={t('devices.aeTitle')}
          placeholder={t('devices.titleExample')}
          required
          maxLength={LONGEST_TITLE}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <div className={form.pair}>
          <TextInput
            label={t('devices.called')}
            placeholder={server?.ae_title}
            maxLength={LONGEST_TITLE}
            value={called}
            onChange={(event) => setCalled(event.currentTarget.value)}
          />
          <TextInput
            label={t('devices.network')}
            placeholder={t('devices.anyNetwork')}
            value={network}
            onChange={(event) => setNetwork(event.currentTarget.value)}
          />
        </div>
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
