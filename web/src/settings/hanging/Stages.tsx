import { ActionIcon, Button } from '@mantine/core';
import { IconArrowLeft, IconArrowRight, IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { nameIn } from '@/lib/hanging/words';
import type { Matches, Stage } from '@/lib/hanging/types';
import { useLanguage, useWords } from '@/lib/i18n';
import { moved, replaced, without } from '../lists';
import { newStage } from './edits';
import { exampleFor } from './examples';
import styles from './Hanging.module.css';
import { StageEditor, type Tried } from './StageEditor';

const MOST = 12;

interface Props {
  stages: Stage[];
  matches: Matches;
  isOff: boolean;
  onChange: (stages: Stage[]) => void;
}

/** The stages in the order in which a reader goes through them. */
export function Stages({ stages, matches, isOff, onChange }: Props) {
  const t = useWords();
  const language = useLanguage();
  const [current, setCurrent] = useState(0);
  const [tried, setTried] = useState<Tried>(() => ({ example: exampleFor(matches), hasPrior: true }));
  const at = Math.min(current, stages.length - 1);
  const stage = stages[at];
  const move = (by: -1 | 1) => {
    onChange(moved(stages, at, by));
    setCurrent(at + by);
  };
  return (
    <section className={styles.part} aria-labelledby="hanging-stages">
      <h2 id="hanging-stages">{t('hanging.stages')}</h2>
      <div className={styles.stages} role="group" aria-label={t('hanging.stages')}>
        {stages.map((one, place) => (
          <button key={`${place} ${stages.length}`} type="button" aria-pressed={place === at} onClick={() => setCurrent(place)}>
            {`${place + 1} ${nameIn(one.name, language)}`}
          </button>
        ))}
        {!isOff && (
          <>
            <Button
              variant="default"
              size="compact-sm"
              leftSection={<IconPlus size={14} stroke={1.5} aria-hidden />}
              disabled={stages.length >= MOST}
              onClick={() => {
                onChange([...stages, newStage(t('hanging.newStage', { number: stages.length + 1 }))]);
                setCurrent(stages.length);
              }}
            >
              {t('hanging.addStage')}
            </Button>
            <ActionIcon variant="subtle" aria-label={t('hanging.earlier')} disabled={at === 0} onClick={() => move(-1)}>
              <IconArrowLeft size={16} stroke={1.5} aria-hidden />
            </ActionIcon>
            <ActionIcon variant="subtle" aria-label={t('hanging.later')} disabled={at === stages.length - 1} onClick={() => move(1)}>
              <IconArrowRight size={16} stroke={1.5} aria-hidden />
            </ActionIcon>
            <ActionIcon variant="subtle" aria-label={t('hanging.removeStage')} disabled={stages.length === 1} onClick={() => onChange(without(stages, at))}>
              <IconX size={16} stroke={1.5} aria-hidden />
            </ActionIcon>
          </>
        )}
      </div>
      {stage && <StageEditor key={at} stage={stage} tried={tried} isOff={isOff} onTry={setTried} onChange={(changed) => onChange(replaced(stages, at, changed))} />}
    </section>
  );
}
