import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ActNotice } from '@/archive/ActNotice';
import { createOrganisation } from '@/lib/api/administration';
import { useWords } from '@/lib/i18n';
import { DataTable } from '@/ui/tables/DataTable';
import styles from './Admin.module.css';
import { useAdministering, useHospitals } from './useAdministration';

const NOTHING = { code: '', name: '', name_en: '' };

export function Hospitals() {
  const t = useWords();
  const { hospitals } = useHospitals();
  const [current, setCurrent] = useState<string | null>(null);
  return (
    <>
      <NewHospital />
      <DataTable
        label={t('admin.part.hospitals')}
        columns={[
          { key: 'name', title: t('admin.name'), render: (one) => one.name },
          { key: 'name_en', title: t('admin.nameEn'), render: (one) => one.name_en },
          { key: 'code', title: t('admin.code'), width: '200px', isQuiet: true, render: (one) => one.code },
        ]}
        rows={hospitals}
        rowKey={(one) => String(one.id)}
        current={current}
        onCurrent={setCurrent}
        onOpen={() => undefined}
      />
    </>
  );
}

function NewHospital() {
  const t = useWords();
  const { isBusy, error, administer } = useAdministering();
  const [hospital, setHospital] = useState(NOTHING);
  const field = (key: keyof typeof NOTHING) => ({
    value: hospital[key],
    onChange: (event: { currentTarget: HTMLInputElement }) => setHospital({ ...hospital, [key]: event.currentTarget.value }),
  });

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (await administer(() => createOrganisation(hospital))) setHospital(NOTHING);
  }

  return (
    <form className={styles.new} onSubmit={(event) => void save(event)}>
      <TextInput label={t('admin.name')} required {...field('name')} />
      <TextInput label={t('admin.nameEn')} required {...field('name_en')} />
      <TextInput label={t('admin.code')} placeholder={t('admin.codeExample')} required pattern="[a-z0-9][a-z0-9\-]*" {...field('code')} />
      <Button type="submit" variant="default" loading={isBusy}>
        {t('admin.addHospital')}
      </Button>
      <ActNotice error={error} />
    </form>
  );
}
