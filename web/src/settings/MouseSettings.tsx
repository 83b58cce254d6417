import { Button, Select } from '@mantine/core';
import { ActNotice } from '@/archive/ActNotice';
import { type MouseAct, type MouseBindings, usePreference, USUAL_MOUSE, useSetPreference } from '@/lib/api/preferences';
import { useWords } from '@/lib/i18n';
import styles from './Settings.module.css';

const ACTS: MouseAct[] = ['window', 'pan', 'zoom', 'scroll'];
const PARTS: (keyof MouseBindings)[] = ['left', 'middle', 'right', 'wheel'];

/** What the mouse does to an image: dragging with each button, and rolling the wheel. */
export function MouseSettings() {
  const t = useWords();
  const chosen = usePreference('viewer.mouse');
  const { set, error } = useSetPreference('viewer.mouse');
  const mouse = chosen ?? USUAL_MOUSE;
  return (
    <section aria-labelledby="settings-mouse">
      <h2 id="settings-mouse">{t('settings.mouse.title')}</h2>
      <div className={styles.fields}>
        {PARTS.map((part) => (
          <Select
            key={part}
            label={t(`settings.mouse.${part}`)}
            data={ACTS.map((act) => ({ value: act, label: t(`settings.mouse.act.${act}`) }))}
            value={mouse[part]}
            onChange={(act) => act && set({ ...mouse, [part]: act as MouseAct })}
            allowDeselect={false}
          />
        ))}
      </div>
      {chosen && (
        <Button variant="subtle" size="sm" onClick={() => set(undefined)}>
          {t('settings.usual')}
        </Button>
      )}
      <ActNotice error={error} />
    </section>
  );
}
