import { Select } from '@mantine/core';
import { useWords } from '@/lib/i18n';

interface Props {
  value: string;
  description?: string;
  /** Whether it is written in: only those that carry every name will do then. */
  isSending?: boolean;
  onChange: (charset: string) => void;
}

const SENDING = ['UNICODE UTF-8', 'GB 18030-2000'];
const READING = [...SENDING, 'BIG-5', '8859/1', 'ASCII'];

export function Charset({ value, description, isSending = false, onChange }: Props) {
  const t = useWords();
  const known = isSending ? SENDING : READING;
  return (
    <Select
      label={t('interfaces.field.charset')}
      description={description}
      data={known.includes(value) ? known : [value, ...known]}
      value={value}
      allowDeselect={false}
      onChange={(chosen) => onChange(chosen ?? value)}
    />
  );
}
