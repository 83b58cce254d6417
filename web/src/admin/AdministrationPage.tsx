import { useState } from 'react';
import { useWords } from '@/lib/i18n';
import { Segments } from '@/ui/choices/Segments';
import { Page } from '@/ui/Page';
import { Hospitals } from './Hospitals';
import { People } from './People';
import { Tokens } from './Tokens';

const PARTS = { people: People, hospitals: Hospitals, tokens: Tokens };
type Part = keyof typeof PARTS;

/** Hospitals, the people who work there with their roles, and keys for programs. */
export function AdministrationPage() {
  const t = useWords();
  const [part, setPart] = useState<Part>('people');
  const Shown = PARTS[part];
  const parts = (
    <Segments
      label={t('admin.title')}
      options={(Object.keys(PARTS) as Part[]).map((value) => ({ value, label: t(`admin.part.${value}`) }))}
      value={part}
      onChange={setPart}
    />
  );
  return (
    <Page title={t('admin.title')} acts={parts}>
      <Shown />
    </Page>
  );
}
