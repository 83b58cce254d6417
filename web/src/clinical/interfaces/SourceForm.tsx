import { Checkbox, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { keepSource, removeSource, type Source, type SourceTerms } from '@/lib/api/interfaces';
import type { Organisation } from '@/lib/api/types';
import { useWords } from '@/lib/i18n';
import { Charset } from './Charset';
import { HospitalChoice } from './HospitalChoice';
import form from '@/ui/form.module.css';
import { LineForm } from './LineForm';

interface Props {
  source: Source | null;
  hospitals: Organisation[];
  onDone: () => void;
  onClose: () => void;
}

const OFFSETS = ['+08:00', '+00:00', '+06:00', '+07:00', '+09:00'];

/** Lets a system send for a hospital, or describes one that does. */
export function SourceForm({ source, hospitals, onDone, onClose }: Props) {
  const t = useWords();
  const [terms, setTerms] = useState<SourceTerms>(source ?? newSource(hospitals[0]?.id ?? 0));
  const set = (change: Partial<SourceTerms>) => setTerms({ ...terms, ...change });
  const text = (name: 'label' | 'sending_application' | 'sending_facility' | 'network' | 'issuer' | 'certificate_sha256') => ({
    label: t(`interfaces.field.${name}`),
    value: terms[name],
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
  });
  return (
    <LineForm
      title={t(source ? 'interfaces.changeSource' : 'interfaces.addSource')}
      removeWords={source && t('interfaces.removeSource', { name: source.label })}
      onKeep={() => keepSource(source?.id ?? null, terms)}
      onRemove={() => removeSource(source?.id ?? 0)}
      onDone={onDone}
      onClose={onClose}
    >
      <HospitalChoice hospitals={hospitals} value={terms.organisation_id} isFixed={source !== null} onChange={(organisation_id) => set({ organisation_id })} />
      <TextInput {...text('label')} data-autofocus required placeholder={t('interfaces.example.source')} />
      <div className={form.pair}>
        <TextInput {...text('sending_application')} required description="MSH-3" />
        <TextInput {...text('sending_facility')} required description="MSH-4" />
      </div>
      <TextInput {...text('network')} required description={t('interfaces.how.network')} />
      <div className={form.pair}>
        <Charset value={terms.charset} description={t('interfaces.how.charset')} onChange={(charset) => set({ charset })} />
        <Select
          label={t('interfaces.field.utc_offset')}
          description={t('interfaces.how.utc_offset')}
          data={OFFSETS.includes(terms.utc_offset) ? OFFSETS : [terms.utc_offset, ...OFFSETS]}
          value={terms.utc_offset}
          allowDeselect={false}
          onChange={(utc_offset) => set({ utc_offset: utc_offset ?? terms.utc_offset })}
        />
      </div>
      <TextInput {...text('issuer')} description={t('interfaces.how.issuer')} />
      <TextInput {...text('certificate_sha256')} description={t('interfaces.how.certificate')} />
      <Checkbox
        label={t('interfaces.field.is_enhanced')}
        checked={terms.is_enhanced}
        onChange={(event) => set({ is_enhanced: event.currentTarget.checked })}
      />
    </LineForm>
  );
}

const newSource = (organisation_id: number): SourceTerms => ({
  organisation_id,
  label: '',
  sending_application: '',
  sending_facility: '*',
  network: '0.0.0.0/0',
  certificate_sha256: '',
  issuer: '',
  charset: 'UNICODE UTF-8',
  utc_offset: '+08:00',
  is_enhanced: false,
});
