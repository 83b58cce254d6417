import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconTimeline } from '@tabler/icons-react';
import { patientOfStudyQuery } from '@/lib/api/record';
import type { StudyAt } from '@/lib/api/studyAddress';
import { useWords } from '@/lib/i18n';
import { hotkey } from '@/ui/hotkey';
import { useKeys } from '@/ui/useKeys';
import { KEYS } from '@/viewer/desk/keys';

/** Leads from the images of a patient to everything else that is known of them. */
export function RecordButton({ at, onOpen }: { at: StudyAt; onOpen: (patient: string) => void }) {
  const t = useWords();
  const { data: patient } = useQuery(patientOfStudyQuery(at));
  useKeys(patient ? { [KEYS.record]: () => onOpen(patient) } : {});
  if (!patient) return null;
  return (
    <Button variant="default" size="compact-sm" leftSection={<IconTimeline size={16} stroke={1.5} aria-hidden />} {...hotkey(t('patients.record'), KEYS.record)} onClick={() => onOpen(patient)}>
      {t('patients.record')}
    </Button>
  );
}
