import { Button, Checkbox, NumberInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type Address, type Peer, setAddress } from '@/lib/api/archive';
import { useWords } from '@/lib/i18n';
import { useAct } from '@/ui/useAct';
import { ActNotice } from '../ActNotice';
import form from '@/ui/form.module.css';
import styles from './DevicesPage.module.css';

const DICOM_PORT = 104;
const HIGHEST_PORT = 65_535;

interface FieldsProps {
  address: Address;
  onAddress: (address: Address) => void;
}

export const NO_ADDRESS: Address = { host: '', port: DICOM_PORT, is_tls: false };

/** Where a machine listens, if it takes images itself. */
export function AddressFields({ address, onAddress }: FieldsProps) {
  const t = useWords();
  return (
    <div className={`${form.address} ${styles.fields}`}>
      <TextInput
        label={t('devices.host')}
        placeholder="10.1.2.3"
        value={address.host}
        onChange={(event) => onAddress({ ...address, host: event.currentTarget.value })}
      />
      <NumberInput
        label={t('devices.port')}
        min={1}
        max={HIGHEST_PORT}
        hideControls
        value={address.port}
        onChange={(port) => onAddress({ ...address, port: Number(port) })}
      />
      <Checkbox
        label={t('devices.tls')}
        checked={address.is_tls}
        onChange={(event) => onAddress({ ...address, is_tls: event.currentTarget.checked })}
      />
    </div>
  );
}

interface Props {
  peer: Peer;
  onDone: () => void;
  onClose: () => void;
}

export function AddressForm({ peer, onDone, onClose }: Props) {
  const t = useWords();
  const { isBusy, error, run } = useAct();
  const [address, setForm] = useState<Address>({ host: peer.host ?? '', port: peer.port ?? DICOM_PORT, is_tls: peer.is_tls });

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!(await run(() => setAddress(peer.id, address)))) return;
    onDone();
    onClose();
  }

  return (
    <form onSubmit={(event) => void save(event)}>
      <AddressFields address={address} onAddress={setForm} />
      <ActNotice error={error} />
      <div className={styles.acts}>
        <Button size="xs" type="submit" loading={isBusy}>
          {t('act.save')}
        </Button>
        <Button size="xs" variant="subtle" onClick={onClose}>
          {t('act.cancel')}
        </Button>
      </div>
    </form>
  );
}
