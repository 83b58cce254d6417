import { useNavigate, useSearch } from '@tanstack/react-router';
import { AuditPage } from '@/admin/AuditPage';

export function Audit() {
  const { patient } = useSearch({ from: '/audit' });
  const navigate = useNavigate();
  return (
    <AuditPage
      patient={patient ?? ''}
      onPatient={(chosen) => void navigate({ to: '/audit', search: chosen ? { patient: chosen } : {} })}
    />
  );
}
