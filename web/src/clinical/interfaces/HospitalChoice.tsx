import { Select } from '@mantine/core';
import type { Organisation } from '@/lib/api/types';
import { useWords } from '@/lib/i18n';
import { useHospitalName } from '@/lib/i18n/hospitals';

interface Props {
  hospitals: Organisation[];
  value: number;
  isFixed: boolean;
  onChange: (organisation: number) => void;
}

/** Whose line it is; there is nothing to choose where somebody has one hospital. */
export function HospitalChoice({ hospitals, value, isFixed, onChange }: Props) {
  const t = useWords();
  const nameOf = useHospitalName();
  if (hospitals.length < 2) return null;
  return (
    <Select
      label={t('devices.hospital')}
      data={hospitals.map((one) => ({ value: String(one.id), label: nameOf(one) }))}
      value={String(value)}
      disabled={isFixed}
      allowDeselect={false}
      onChange={(chosen) => onChange(Number(chosen ?? value))}
    />
  );
}
