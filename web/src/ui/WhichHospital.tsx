import { Button } from '@mantine/core';
import { IconArrowLeft, IconBuildingHospital } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { saidKeys } from './hotkey';
import { useKeys } from './useKeys';
import styles from './WhichHospital.module.css';

/** What one hospital has. */
export interface Copy {
  /** The hospital's code. */
  code: string;
  hospital: string;
  /** By what it is told from the others. */
  facts: ReactNode;
}

interface Props {
  title: string;
  line: string;
  back: string;
  copies: Copy[];
  onChoose: (code: string) => void;
  onBack: () => void;
}

/** Asks whose copy of something is meant: each has patient data of its own, and nobody may mix them up. */
export function WhichHospital({ title, line, back, copies, onChoose, onBack }: Props) {
  const keys = copies.map(({ code }, place) => [String(place + 1), () => onChoose(code)] as const);
  useKeys({ ...Object.fromEntries(keys), Escape: onBack });
  return (
    <section className={styles.page}>
      <Button variant="subtle" size="compact-sm" leftSection={<IconArrowLeft size={16} stroke={1.5} aria-hidden />} {...saidKeys('Escape')} onClick={onBack}>
        {back}
      </Button>
      <h1>{title}</h1>
      <p>{line}</p>
      <ol>
        {copies.map(({ code, hospital, facts }, place) => (
          <li key={code}>
            <button type="button" className={styles.copy} {...saidKeys(String(place + 1))} onClick={() => onChoose(code)}>
              <span className={styles.hospital}>
                <IconBuildingHospital size={18} stroke={1.5} aria-hidden />
                {hospital || code}
                <kbd aria-hidden>{place + 1}</kbd>
              </span>
              {facts}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

interface FactsProps {
  name: string;
  otherName: string;
  numberLabel: string;
  number: ReactNode;
  /** What else is known: sex, day of birth. */
  children: ReactNode;
}

/** Who somebody is, as each copy says it. */
export function CopyFacts({ name, otherName, numberLabel, number, children }: FactsProps) {
  return (
    <>
      <span className={styles.name}>
        {name} <small>{otherName}</small>
      </span>
      <span>
        {numberLabel} <strong>{number}</strong>
      </span>
      <span className={styles.facts}>{children}</span>
    </>
  );
}
