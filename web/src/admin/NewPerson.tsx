import { Button, Modal, Select, TextInput } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { ActNotice } from '@/archive/ActNotice';
import { createPerson } from '@/lib/api/administration';
import { useLanguage, useWords } from '@/lib/i18n';
import { PasswordField } from '@/ui/PasswordField';
import form from '@/ui/form.module.css';
import styles from './Admin.module.css';
import { useRoles } from './roles';
import { useAdministering, useHospitals } from './useAdministration';

export function NewPerson() {
  const t = useWords();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className={styles.new}>
      <Button variant="default" leftSection={<IconUserPlus size={16} stroke={1.5} />} onClick={() => setIsOpen(true)}>
        {t('admin.addPerson')}
      </Button>
      {isOpen && (
        <Modal opened onClose={() => setIsOpen(false)} title={t('admin.addPerson')} closeButtonProps={{ 'aria-label': t('keys.close') }}>
          <PersonForm onClose={() => setIsOpen(false)} />
        </Modal>
      )}
    </div>
  );
}

function PersonForm({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const locale = useLanguage();
  const { isBusy, error, administer } = useAdministering();
  const { named } = useHospitals();
  const roles = useRoles();
  const [person, setPerson] = useState({ username: '', display_name: '', password: '' });
  const [hospital, setHospital] = useState<string | null>(null);
  const [role, setRole] = useState('reader');
  const field = (key: keyof typeof person) => ({
    value: person[key],
    onChange: (event: { currentTarget: HTMLInputElement }) => setPerson({ ...person, [key]: event.currentTarget.value }),
  });

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    const place = { organisation_id: Number(hospital ?? named[0]?.value), role, locale };
    if (await administer(() => createPerson({ ...person, ...place }))) onClose();
  }

  return (
    <form className={form.form} onSubmit={(event) => void save(event)}>
      <TextInput data-autofocus label={t('admin.person')} placeholder={t('admin.personExample')} {...field('display_name')} />
      <TextInput label={t('signIn.userName')} required autoComplete="off" {...field('username')} />
      <PasswordField size="sm" label={t('signIn.password')} required autoComplete="new-password" {...field('password')} />
      <Select label={t('studies.hospital')} data={named} value={hospital ?? named[0]?.value ?? null} onChange={setHospital} allowDeselect={false} />
      <Select label={t('admin.roles')} data={roles} value={role} onChange={(chosen) => chosen && setRole(chosen)} allowDeselect={false} />
      <ActNotice error={error} />
      <div className={styles.acts}>
        <Button type="submit" loading={isBusy}>
          {t('admin.addPerson')}
        </Button>
        <Button variant="subtle" onClick={onClose}>
          {t('act.cancel')}
        </Button>
      </div>
    </form>
  );
}
