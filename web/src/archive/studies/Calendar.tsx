import { DatePicker, DatesProvider } from '@mantine/dates';
import { useState } from 'react';
import { useLanguage, useWords } from '@/lib/i18n';
import 'dayjs/locale/zh-cn';
import '@mantine/dates/styles.css';
import './calendar.css';

export interface DayRange {
  date: 'range';
  from: string;
  to: string;
}

interface Props {
  from: string | undefined;
  to: string | undefined;
  onChange: (range: DayRange) => void;
}

export default function Calendar({ from, to, onChange }: Props) {
  const t = useWords();
  const language = useLanguage();
  const [value, setValue] = useState<[string | null, string | null]>([from ?? null, to ?? null]);

  function choose([first, last]: [string | null, string | null]): void {
    setValue([first, last]);
    if (first && last) onChange({ date: 'range', from: first, to: last });
  }

  return (
    <DatesProvider settings={{ locale: language === 'en' ? 'en' : 'zh-cn', firstDayOfWeek: 1 }}>
      <DatePicker
        type="range"
        size="sm"
        allowSingleDateInRange
        numberOfColumns={2}
        monthLabelFormat={t('calendar.month')}
        yearLabelFormat={t('calendar.year')}
        ariaLabels={{
          previousMonth: t('calendar.previousMonth'),
          nextMonth: t('calendar.nextMonth'),
          previousYear: t('calendar.previousYear'),
          nextYear: t('calendar.nextYear'),
          previousDecade: t('calendar.previousDecade'),
          nextDecade: t('calendar.nextDecade'),
        }}
        value={value}
        onChange={choose}
      />
    </DatesProvider>
  );
}
