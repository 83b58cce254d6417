import type { Name } from '@/lib/hanging/types';
import { useWords } from '@/lib/i18n';
import { TextField } from './fields';

interface Props {
  name: Name;
  isOff: boolean;
  onChange: (name: Name) => void;
}

/** A name in both languages; where one is left empty, the other stands for both. */
export function NameFields({ name, isOff, onChange }: Props) {
  const t = useWords();
  const both = typeof name === 'string' ? { 'zh-CN': name, en: '' } : name;
  const put = (changed: { 'zh-CN': string; en: string }) => {
    const only = changed['zh-CN'] || changed.en;
    if (only) onChange(changed['zh-CN'] && changed.en ? changed : only);
  };
  return (
    <>
      <TextField label={t('hanging.nameZh')} value={both['zh-CN']} isOff={isOff} onChange={(text) => put({ ...both, 'zh-CN': text })} />
      <TextField label={t('hanging.nameEn')} value={both.en} isOff={isOff} onChange={(text) => put({ ...both, en: text })} />
    </>
  );
}
