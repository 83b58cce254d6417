import { Checkbox, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type Destination, type DestinationTerms, keepDestination, removeDestination } from '@/lib/api/interfaces';
import type { Organisation } from '@/lib/api/types';
import { useWords } from '@/lib/i18n';
import { Charset } from './Charset';
import { HospitalChoice } from './HospitalChoice';
import form from '@/ui/form.module.css';
import styles from './Interfaces.module.css';
import { LineForm } from './LineForm';

interface Props {
  destination: Destination | null;
  /** How many messages were not taken yet. */
  waiting: number;
  hospitals: Organisation[];
  onDone: () => void;
  onClose: () => void;
}

const KINDS = ['ORU^R01', 'RAS^O17', 'MDM^T02'] as const;
const HL7_PORT = 2575;
const HIGHEST_PORT = 65_535;

/** Has a system told what the record says, or describes one that is. */
export function DestinationForm({ destination, waiting, hospitals, onDone, onClose }: Props) {
  const t = useWords();
  const [terms, setTerms] = useState<DestinationTerms>(destination ?? newDestination(hospitals[0]?.id ?? 0));
  const set = (change: Partial<DestinationTerms>) => setTerms({ ...terms, ...change });
  const text = (name: 'label' | 'host' | 'receiving_application' | 'receiving_facility' | 'sending_application' | 'sending_facility') => ({
    label: t(`interfaces.field.${name}`),
    value: terms[name],
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
  });
  return (
    <LineForm
      title={t(destination ? 'interfaces.changeDestination' : 'interfaces.addDestination')}
      removeWords={destination && t(waiting ? 'interfaces.removeWaiting' : 'interfaces.removeDestination', { name: destination.label, count: waiting })}
      isRemovable={waiting === 0}
      onKeep={() => keepDestination(destination?.id ?? null, terms)}
      onRemove={() => removeDestination(destination?.id ?? 0)}
      onDone={onDone}
      onClose={onClose}
    >
      <HospitalChoice
        hospitals={hospitals}
        value={terms.organisation_id}
        isFixed={destination !== null}
        onChange={(organisation_id) => set({ organisation_id })}
      />
      <TextInput {...text('label')} data-autofocus required placeholder={t('interfaces.example.destination')} />
      <div className={form.address}>
        <TextInput {...text('host')} required placeholder="10.1.2.3" />
        <NumberInput label={t('interfaces.field.port')} min={1} max={HIGHEST_PORT} hideControls value={terms.port} onChange={(port) => set({ port: Number(port) })} />
        <Checkbox label={t('devices.tls')} checked={terms.is_tls} onChange={(event) => set({ is_tls: event.currentTarget.checked })} />
      </div>
      <div className={form.pair}>
        <TextInput {...text('receiving_application')} required description="MSH-5" />
        <TextInput {...text('receiving_facility')} description="MSH-6" />
        <TextInput {...text('sending_application')} description="MSH-3" />
        <TextInput {...text('sending_facility')} description="MSH-4" />
      </div>
      <Charset value={terms.charset} isSending onChange={(charset) => set({ charset })} />
      <Checkbox.Group label={t('interfaces.field.kinds')} value={terms.kinds} onChange={(kinds) => set({ kinds })}>
        <div className={styles.kinds}>
          {KINDS.map((kind) => (
            <Checkbox key={kind} value={kind} label={t(`interfaces.kind.${kind}`)} />
          ))}
        </div>
      </Checkbox.Group>
    </LineForm>
  );
}

const newDestination = (organisation_id: number): DestinationTerms => ({
  organisation_id,
  label: '',
  host: '',
  port: HL7_PORT,
  is_tls: false,
  charset: 'UNICODE UTF-8',
  sending_application: 'LIGHTWELL',
  sending_facility: '',
  receiving_application: '',
  receiving_facility: '',
  kinds: [...KINDS],
});
