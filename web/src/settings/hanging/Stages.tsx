import { ActionIcon, Button } from '@mantine/core';
import { type Icon, IconArrowLeft, IconArrowRight, IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { nameIn } from '@/lib/hanging/words';
import type { Matches, Stage } from '@/lib/hanging/types';
import { useLanguage, useWords } from '@/lib/i18n';
import { hotkey, saidKeys } from '@/ui/hotkey';
import { useKeys } from '@/ui/useKeys';
import { moved, replaced, without } from '../lists';
import { newStage } from './edits';
import { exampleFor } from './examples';
import styles from './Hanging.module.css';
import { HANGING_KEYS } from './keys';
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
  const add = () => {
    onChange([...stages, newStage(t('hanging.newStage', { number: stages.length + 1 }))]);
    setCurrent(stages.length);
  };
  const remove = () => onChange(without(stages, at));
  const may = { add: stages.length < MOST, earlier: at > 0, later: at < stages.length - 1, remove: stages.length > 1 };
  useKeys({
    [HANGING_KEYS.stage[0]]: () => setCurrent(Math.max(0, at - 1)),
    [HANGING_KEYS.stage[1]]: () => setCurrent(Math.min(stages.length - 1, at + 1)),
    ...(!isOff && {
      ...(may.add && { [HANGING_KEYS.addStage]: add }),
      ...(may.earlier && { [HANGING_KEYS.earlier]: () => move(-1) }),
      ...(may.later && { [HANGING_KEYS.later]: () => move(1) }),
      ...(may.remove && { [HANGING_KEYS.removeStage]: remove }),
    }),
  });
  return (
    <section className={styles.part} aria-labelledby="hanging-stages">
      <h2 id="hanging-stages">{t('hanging.stages')}</h2>
      <div className={styles.stages} role="group" aria-label={t('hanging.stages')}>
        {stages.map((one, place) => (
          <button key={`${place} ${stages.length}`} type="button" aria-pressed={place === at} {...saidKeys(...HANGING_KEYS.stage)} onClick={() => setCurrent(place)}>
            {`${place + 1} ${nameIn(one.name, language)}`}
          </button>
        ))}
        {!isOff && (
          <>
            <Button variant="default" size="compact-sm" {...hotkey(t('hanging.addStage'), HANGING_KEYS.addStage)} leftSection={<IconPlus size={14} stroke={1.5} aria-hidden />} disabled={!may.add} onClick={add}>
              {t('hanging.addStage')}
            </Button>
            <IconAct words={t('hanging.earlier')} hotkey={HANGING_KEYS.earlier} sign={IconArrowLeft} isOff={!may.earlier} onAct={() => move(-1)} />
            <IconAct words={t('hanging.later')} hotkey={HANGING_KEYS.later} sign={IconArrowRight} isOff={!may.later} onAct={() => move(1)} />
            <IconAct words={t('hanging.removeStage')} hotkey={HANGING_KEYS.removeStage} sign={IconX} isOff={!may.remove} onAct={remove} />
          </>
        )}
      </div>
      {stage && <StageEditor key={at} stage={stage} tried={tried} isOff={isOff} onTry={setTried} onChange={(changed) => onChange(replaced(stages, at, changed))} />}
    </section>
  );
}

interface IconActProps {
  words: string;
  hotkey: string;
  sign: Icon;
  isOff: boolean;
  onAct: () => void;
}

function IconAct({ words, hotkey: key, sign: Sign, isOff, onAct }: IconActProps) {
  return (
    <ActionIcon variant="subtle" aria-label={words} {...hotkey(words, key)} disabled={isOff} onClick={onAct}>
      <Sign size={16} stroke={1.5} aria-hidden />
    </ActionIcon>
  );
}
